import { ConfigError } from '../errors.js';
import { type Identified, type Identifier, toIdentifier } from '../values/identifiers.js';
import { isPartial } from './partial.js';

/** A change of one field: a new value, or none. */
export type FieldPatch<V> = { readonly set: V } | { readonly setNull: true };

/** A change of a list field: a new list, or what to add to and remove from the present one. */
export type ListPatch<V> =
  | { readonly set: readonly V[] }
  | { readonly add?: readonly V[]; readonly remove?: readonly V[] };

/** A change of metadata: new pairs altogether, or pairs to add and keys to remove. */
export type MetadataPatch =
  | { readonly set: Readonly<Record<string, string>> }
  | { readonly add?: Readonly<Record<string, string>>; readonly remove?: readonly string[] };

/**
 * What whole objects do to fields that they do not carry, and to lists and metadata:
 * - `replaceIgnoreNull` (default): present fields replace, absent ones stay;
 * - `patch`: like it, but lists and metadata are added to;
 * - `replace`: absent fields are cleared, the object becomes what CDF has.
 */
export type UpdateMode = 'replaceIgnoreNull' | 'patch' | 'replace';

/** How whole objects change what CDF has. */
export interface UpdateOptions {
  /** @default 'replaceIgnoreNull' */
  readonly mode?: UpdateMode | undefined;
}

/** How a field takes an update. A `required` one is never cleared. */
export type FieldKind = 'required' | 'nullable' | 'list' | 'metadata' | 'labels';

/** The fields that the API can update, by name. */
export type UpdatableFields = Readonly<Record<string, FieldKind>>;

/** One item of an update request. */
export interface WireUpdate {
  readonly update: Readonly<Record<string, unknown>>;
}

const MODES: Readonly<Record<UpdateMode, true>> = { replaceIgnoreNull: true, patch: true, replace: true };

/**
 * The wire form of an update: a patch as it is, a whole object turned into one.
 *
 * @throws {ConfigError} when nothing identifies the item, for a mode that there is not, or when `replace` is asked with an object that was read partially.
 */
export function toWireUpdate(
  input: object,
  fields: UpdatableFields,
  mode: UpdateMode = 'replaceIgnoreNull',
): Identifier & WireUpdate {
  if ('update' in input) {
    const patch = input as Identifier & WireUpdate;
    return { ...toIdentifier(patch, 'update'), update: patch.update };
  }
  if (!Object.hasOwn(MODES, mode))
    throw new ConfigError(
      `update: there is no mode ${JSON.stringify(mode)}; there are ${Object.keys(MODES).join(', ')}`,
    );
  const whole = input as Partial<Identified> & Readonly<Record<string, unknown>>;
  if (mode === 'replace' && isPartial(input))
    throw new ConfigError(
      'update with mode "replace": this object was read without its metadata, which would be cleared; read it again with metadata',
    );
  const identifier =
    whole.id !== undefined
      ? { id: whole.id }
      : whole.externalId !== undefined
        ? { externalId: whole.externalId }
        : toIdentifier(input as Identifier, 'update');
  const update: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fields)) {
    // The identifying field is no change of itself.
    if (name in identifier) continue;
    const patch = fieldPatch(whole[name], kind, mode);
    if (patch !== undefined) update[name] = patch;
  }
  return { ...identifier, update };
}

function fieldPatch(value: unknown, kind: FieldKind, mode: UpdateMode): unknown {
  if (value !== undefined && value !== null) {
    return mode === 'patch' && kind !== 'required' && kind !== 'nullable' ? { add: value } : { set: value };
  }
  if (mode !== 'replace' || kind === 'required') return undefined;
  if (kind === 'metadata') return { set: {} };
  return kind === 'nullable' ? { setNull: true } : { set: [] };
}
