import type { NodeReference, PropertyDefinition } from '../view/definition.js';
import { toIsoTime } from './iso-time.js';
import type { JsonBytes } from './json-bytes.js';
import { isReference, isWritableTime } from './values.js';

// Most values are right. They are told from others, and written, without anything made of them.

/** Tells of most right values that are sent as they are. No label is made for them. */
export function isAsItIs(
  { kind, list, bits, values }: PropertyDefinition,
  value: unknown,
): boolean {
  if (list) return false;
  if (kind === 'text') return isText(value);
  if (kind === 'enum') return values?.includes(value as string) === true && isText(value);
  if (kind === 'bool') return typeof value === 'boolean';
  return kind === 'float' && bits !== 32 && Number.isFinite(value);
}

/**
 * Tells of most right values that they are: nothing is made of them to see it.
 *
 * @param out gets their JSON, of what was looked at: a getter may give something else next time
 */
export function isRight(definition: PropertyDefinition, value: unknown, out?: JsonBytes): boolean {
  const { kind, list } = definition;
  if (list) return kind === 'text' && Array.isArray(value) && isRightList(definition, value, out);
  if (kind === 'timestamp') {
    const epoch = value instanceof Date ? value.getTime() : Number.NaN;
    const isTime = isWritableTime(epoch);
    if (isTime) out?.json(`"${toIsoTime(epoch)}"`);
    return isTime;
  }
  if (kind !== 'ref') return false;
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  if (!isText(space) || !isText(externalId) || !isReference({ space, externalId })) return false;
  if (out !== undefined) writeReference(out, space, externalId);
  return true;
}

function isRightList(
  { maxListSize = Infinity }: PropertyDefinition,
  values: readonly unknown[],
  out: JsonBytes | undefined,
): boolean {
  const { length } = values;
  if (length > maxListSize) return false;
  const start = out?.length ?? 0;
  out?.json('[');
  // Holes are found too.
  for (let index = 0; index < length; index++) {
    const value = values[index];
    if (!isText(value)) {
      out?.cutTo(start);
      return false;
    }
    if (index > 0) out?.json(',');
    out?.string(value);
  }
  out?.json(']');
  return true;
}

function writeReference(out: JsonBytes, space: string, externalId: string): void {
  out.json('{"space":');
  out.string(space);
  out.json(',"externalId":');
  out.string(externalId);
  out.json('}');
}

/** Tells whether a value is a string that JSON can carry: without half of a surrogate pair. */
export function isText(value: unknown): value is string {
  // Engines that have the function need no search in strings of one byte a character.
  if (typeof value !== 'string') return false;
  const { isWellFormed } = value as { readonly isWellFormed?: () => boolean };
  return isWellFormed?.call(value) ?? !/\p{Cs}/u.test(value);
}
