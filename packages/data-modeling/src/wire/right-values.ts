import type { NodeReference, PropertyDefinition } from '../view/definition.js';
import type { JsonBytes } from './json-bytes.js';
import { isWritableTime } from './values.js';

// Most values are right. They are told from others, and written, without anything made of them.

/**
 * Tells of most right values of a property that they are; of others the label and the message are
 * made elsewhere.
 *
 * @param out gets the JSON, of what was looked at: a getter may give something else next time
 */
export type RightValue = (value: unknown, out?: JsonBytes) => boolean;

/**
 * The function that tells the right values of a property. It is made once: definitions have members
 * in many orders, which engines read slowly.
 */
export function rightValueOf(definition: PropertyDefinition): RightValue {
  const { kind, list, bits, values = [], maxListSize = Infinity } = definition;
  if (list)
    return kind === 'text'
      ? (value, out) => Array.isArray(value) && isTextList(value, maxListSize, out)
      : isNone;
  if (kind === 'text') return isRightText;
  if (kind === 'enum')
    return (value, out) => values.includes(value as string) && isRightText(value, out);
  if (kind === 'bool') return isBoolean;
  if (kind === 'float') return bits === 32 ? isNone : isFinite64;
  if (kind === 'timestamp') return isTime;
  return kind === 'ref' ? isRelation : isNone;
}

const isNone: RightValue = () => false;

const isRightText: RightValue = (value, out) => {
  if (!isText(value)) return false;
  out?.string(value);
  return true;
};

const isBoolean: RightValue = (value, out) => {
  if (typeof value !== 'boolean') return false;
  out?.json(String(value));
  return true;
};

const isFinite64: RightValue = (value, out) => {
  if (!Number.isFinite(value)) return false;
  out?.json(String(value));
  return true;
};

const isTime: RightValue = (value, out) => {
  const epoch = value instanceof Date ? value.getTime() : Number.NaN;
  if (!isWritableTime(epoch)) return false;
  out?.time(epoch);
  return true;
};

const isRelation: RightValue = (value, out) => {
  if (typeof value !== 'object' || value === null) return false;
  const { space, externalId } = value as Partial<NodeReference>;
  if (!isText(space) || !isText(externalId) || space === '' || externalId === '') return false;
  if (out !== undefined) writeReference(out, space, externalId);
  return true;
};

function isTextList(
  values: readonly unknown[],
  maxListSize: number,
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
