import { ConfigError } from '../errors.js';
import type { Identified, Identifier, Metadata } from '../values/identifiers.js';
import { isOther } from '../values/is-other.js';
import { refuseUnknown } from '../values/known-names.js';
import { spelledIdentifier } from '../values/spelled-identifier.js';
import { shown } from '../values/text.js';
import type { FieldKind, UpdatableFields } from './definition.js';

/** A change of one field: a new value, or `setNull`. */
export type FieldPatch<V> = { readonly set: V } | { readonly setNull: true };

/** A change of a list field: a new list, or values to add to and remove from the present one. */
export type ListPatch<V> =
  | { readonly set: readonly V[] }
  | { readonly add?: readonly V[]; readonly remove?: readonly V[] };

/** A change of metadata: new pairs altogether, or pairs to add and keys to remove. */
export type MetadataPatch =
  | { readonly set: Readonly<Record<string, string>> }
  | { readonly add?: Readonly<Record<string, string>>; readonly remove?: readonly string[] };

/** The change of a field that holds `V`. */
type PatchOfField<V> = [V] extends [Readonly<Metadata>]
  ? MetadataPatch
  : [V] extends [readonly (infer Item)[]]
    ? ListPatch<Item>
    : FieldPatch<V>;

/**
 * Changes of single fields of the resource that `C` creates. Other fields stay. `Fixed` are the
 * fields that always have a value, `Constant` those that cannot be changed.
 */
export type PatchOf<
  C extends object,
  Fixed extends keyof C = never,
  Constant extends keyof C = never,
> = {
  readonly [Field in Exclude<keyof C, Constant>]?:
    | (Field extends Fixed
        ? { readonly set: NonNullable<C[Field]> }
        : PatchOfField<NonNullable<C[Field]>>)
    | undefined;
};

/**
 * Patches `P` of the item that the identifier names, or a whole item found by its id, else its
 * external id.
 */
export type UpdateOf<C extends object, P extends object> =
  | (Identifier & { readonly update: P })
  | (Partial<C> & { readonly id: number })
  | (Partial<C> & { readonly externalId: string });

/**
 * The effect of whole objects on absent fields, and on lists and metadata:
 * - `replaceIgnoreNull` (default): present fields replace, absent ones stay;
 * - `patch`: like it, but lists and metadata are added to;
 * - `replace`: absent fields are cleared, CDF has the object as it is.
 */
export type UpdateMode = 'replaceIgnoreNull' | 'patch' | 'replace';

/** How whole objects change those of CDF. */
export interface UpdateOptions {
  /** @default 'replaceIgnoreNull' */
  readonly mode?: UpdateMode | undefined;
}

/** One item of an update request. */
export interface WireUpdate {
  readonly update: Readonly<Record<string, unknown>>;
}

const MODES: Readonly<Record<UpdateMode, true>> = {
  replaceIgnoreNull: true,
  patch: true,
  replace: true,
};

/**
 * The wire form of an update: a patch as it is, a whole object turned into one.
 *
 * @param leftOut fields that a read may leave out: an object without one cannot replace, since that
 *   would clear fields that were not read
 * @throws {ConfigError} when nothing identifies the item, for an unknown mode, for a patch without
 * a value, or when `replace` is asked with an object that lacks one of `leftOut`.
 */
export function toWireUpdate(
  input: object,
  fields: UpdatableFields,
  mode: UpdateMode = 'replaceIgnoreNull',
  leftOut: readonly string[] = [],
): Identifier & WireUpdate {
  if ('update' in input) {
    const patch = input as Identifier & WireUpdate;
    checkChange(patch.update, 'update', 'an object of changes');
    for (const [name, change] of Object.entries(patch.update))
      checkPatch(name, change, fields[name]);
    return { ...spelledIdentifier(patch, 'update'), update: patch.update };
  }
  if (!Object.hasOwn(MODES, mode))
    throw new ConfigError(
      `update: unknown mode ${JSON.stringify(mode)}; known modes: ${Object.keys(MODES).join(', ')}`,
    );
  const whole = input as Partial<Identified> & Readonly<Record<string, unknown>>;
  const unread = mode === 'replace' ? leftOut.find((name) => whole[name] === undefined) : undefined;
  if (unread !== undefined)
    throw new ConfigError(
      `update with mode "replace": the object has no ${unread}, as one that was read without it; read it again with ${unread}, or pass ${unread}: {} to clear it`,
    );
  const { id, externalId } = 'space' in whole ? {} : whole;
  const identifier =
    id !== undefined
      ? { id }
      : externalId !== undefined
        ? { externalId }
        : spelledIdentifier(input as Identifier, 'update');
  const update: Record<string, unknown> = {};
  for (const [name, kind = 'required'] of Object.entries(fields)) {
    // The identifying field is not a change.
    if (name in identifier) continue;
    const patch = fieldPatch(whole[name], kind, mode);
    if (patch !== undefined) update[name] = patch;
  }
  return { ...identifier, update };
}

/**
 * Refuses a whole object that changes nothing, where it has a misspelt field. Others may have names
 * that are like ours: what CDF adds to an item, and what belongs to the program.
 *
 * @param readOnly the fields that CDF sets
 * @throws {ConfigError} with the field that was meant
 */
export function refuseMisspelt(
  items: readonly object[],
  updates: readonly WireUpdate[],
  fields: UpdatableFields,
  readOnly: Iterable<string>,
  what: string,
): void {
  const known = {
    ...fields,
    ...ALWAYS,
    ...Object.fromEntries([...readOnly].map((name) => [name, true])),
  };
  for (const [index, { update }] of updates.entries())
    if (Object.keys(update).length === 0)
      refuseUnknown(Object.keys(items[index] as object), known, `${what}: [${index}]`, true);
}

/** What an item may have besides its fields. */
const ALWAYS = { externalId: true, instanceId: true, space: true, update: true };

function checkChange(change: unknown, what: string, wanted: string): void {
  if (typeof change !== 'object' || change === null || Array.isArray(change))
    throw new ConfigError(`${what}: expected ${wanted}, got ${shown(change)}`);
}

/** A null where a value belongs changes nothing in CDF, without an error. */
function checkPatch(name: string, change: unknown, kind: FieldKind = 'nullable'): void {
  if (change === undefined) return;
  if (change !== null) checkChange(change, `update: ${name}`, 'an object such as { set: … }');
  const given = Object.entries(change ?? { set: null });
  for (const [key, value] of given)
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && isOther(value))
      throw new ConfigError(`update: ${name}: ${key}: expected an object, got ${shown(value)}`);
  const [empty] =
    given.find(([key, value]) => value === null || (key === 'set' && value === undefined)) ?? [];
  if (empty === undefined) return;
  const cleared = {
    required: undefined,
    metadata: '{ set: {} }',
    list: '{ set: [] }',
    labels: '{ set: [] }',
  };
  const clear = kind in cleared ? cleared[kind as keyof typeof cleared] : '{ setNull: true }';
  throw new ConfigError(
    `update: ${name}: ${empty} must have a value${clear === undefined ? '; the field cannot be cleared' : `; use ${clear} to clear the field`}`,
  );
}

function fieldPatch(value: unknown, kind: FieldKind, mode: UpdateMode): unknown {
  if (value !== undefined && value !== null) {
    return mode === 'patch' && (kind === 'list' || kind === 'metadata' || kind === 'labels')
      ? { add: value }
      : { set: value };
  }
  if (mode !== 'replace' || kind === 'required') return undefined;
  if (kind === 'metadata') return { set: {} };
  return kind === 'nullable' || kind === 'time' ? { setNull: true } : { set: [] };
}
