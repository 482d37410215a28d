import { badRequest } from '../errors.js';
import { array, type Check, object, text, where } from '../validation/schema.js';
import { type MetadataLimits, metadata, metadataProblem } from './checks.js';

/**
 * How one field can be changed: the form of its patch, and how the patch changes the present value.
 */
export interface PatchField {
  readonly check: Check<unknown>;
  readonly apply: (current: unknown, patch: unknown) => unknown;
}

export type PatchFields = Readonly<Record<string, PatchField>>;

interface ScalarPatch {
  readonly set?: unknown;
  readonly setNull?: boolean | undefined;
}

interface ListPatch {
  readonly set?: readonly unknown[] | undefined;
  readonly add?: readonly unknown[] | undefined;
  readonly remove?: readonly unknown[] | undefined;
  readonly setNull?: boolean | undefined;
}

interface MetadataPatch {
  readonly set?: Record<string, string> | undefined;
  readonly add?: Record<string, string> | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly setNull?: boolean | undefined;
}

const yes: Check<true> = (value, path, problems) => {
  if (value !== true) problems.push(`${path} must be true`);
  return true;
};

/** A field that can be set, and emptied unless `required`. */
export function scalar(check: Check<unknown>, options: { required?: boolean } = {}): PatchField {
  const shape =
    options.required === true ? object({ set: check }) : object({ set: check, setNull: yes });
  return {
    check: where(shape as Check<ScalarPatch>, (patch) =>
      (patch.set === undefined) === (patch.setNull === undefined)
        ? 'must have exactly one of set, setNull'
        : undefined,
    ),
    apply: (_current, patch) => (patch as ScalarPatch).set,
  };
}

/** A list that can be set, or added to and removed from. */
export function list(
  element: Check<unknown>,
  options: {
    max?: number;
    nullable?: boolean;
    /**
     * True if an empty list is left out of the item, where the API has no lists without elements.
     */
    dropsEmpty?: boolean;
    keyOf?: (element: unknown) => unknown;
  } = {},
): PatchField {
  const { max = 10_000, nullable = false, dropsEmpty = false, keyOf = (value) => value } = options;
  const finished = (result: readonly unknown[]): readonly unknown[] | undefined =>
    dropsEmpty && result.length === 0 ? undefined : result;
  const elements = array(element, { max });
  const shape = nullable
    ? object({ set: elements, add: elements, remove: elements, setNull: yes })
    : object({ set: elements, add: elements, remove: elements });
  return {
    check: where(shape as Check<ListPatch>, (patch) => listPatchProblem(patch)),
    apply: (current, patch) => {
      const { set, add = [], remove = [], setNull } = patch as ListPatch;
      if (setNull === true) return undefined;
      if (set !== undefined) return finished(unique(set, keyOf));
      const gone = new Set(remove.map(keyOf));
      const kept = ((current as readonly unknown[] | undefined) ?? []).filter(
        (value) => !gone.has(keyOf(value)),
      );
      const result = unique([...kept, ...add], keyOf);
      if (result.length > max)
        throw badRequest(`A list must have at most ${max} elements after the update`);
      return finished(result);
    },
  };
}

/** Metadata: replaced, merged or thinned out; the limits hold for the outcome. */
export function metadataField(limits: MetadataLimits): PatchField {
  const pairs = metadata(limits);
  const shape = object({ set: pairs, add: pairs, remove: array(text()), setNull: yes });
  return {
    check: where(shape as Check<MetadataPatch>, (patch) => listPatchProblem(patch)),
    apply: (current, patch) => {
      const { set, add = {}, remove = [], setNull } = patch as MetadataPatch;
      if (setNull === true) return {};
      if (set !== undefined) return set;
      const result = { ...((current as Record<string, string> | undefined) ?? {}), ...add };
      for (const key of remove) delete result[key];
      const problem = metadataProblem(result, limits);
      if (problem !== undefined) throw badRequest(`metadata ${problem}`);
      return result;
    },
  };
}

/** The check for the `update` member of an update item. */
export function patchOf(fields: PatchFields): Check<Record<string, unknown>> {
  const shape = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.check]),
  );
  return object(shape) as Check<Record<string, unknown>>;
}

/** The item after the patch; fields that the patch does not name stay. */
export function applyPatch<T extends object>(
  item: T,
  patch: Record<string, unknown>,
  fields: PatchFields,
): T {
  const result = { ...item } as Record<string, unknown>;
  for (const [name, change] of Object.entries(patch)) {
    if (change === undefined) continue;
    const value = (fields[name] as PatchField).apply(result[name], change);
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result as T;
}

function listPatchProblem(patch: {
  set?: unknown;
  add?: unknown;
  remove?: unknown;
  setNull?: unknown;
}): string | undefined {
  const whole = Number(patch.set !== undefined) + Number(patch.setNull !== undefined);
  const parts = Number(patch.add !== undefined || patch.remove !== undefined);
  // An empty patch changes nothing.
  return whole + parts <= 1 ? undefined : 'must have either set or add and remove';
}

function unique(values: readonly unknown[], keyOf: (element: unknown) => unknown): unknown[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
