import { CdfError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { PropertyDefinition } from '../view/definition.js';
import { stringifyExact } from '../wire/exact-text.js';
import { isText } from '../wire/right-values.js';
import { toWireValue } from '../wire/values.js';

// What the API takes as a default: it would reject others after a container was deleted, where a
// push may lose data.

/** @unit bytes */
export const LARGEST_TEXT = 128_000;
const LONGEST_CLASSIC_ID = 255;
/** Sizes of json: all of it, a key and a value, in bytes, and how many keys. */
const JSON_LIMITS = { total: 40_960, key: 128, value: 10_240, keys: 256 };

type Fault = string | undefined;

/** The reason for which a default cannot be sent, or is beyond a limit of the API. */
export function defaultFault(definition: PropertyDefinition, isHeldByOthers: boolean): Fault {
  const { kind, list, maxSize, default: preset } = definition;
  if (preset === undefined) return undefined;
  if (isHeldByOthers) return 'a relation that others hold cannot have a default';
  if (list) return 'a list cannot have a default';
  let value: unknown;
  try {
    value = toWireValue(definition, preset, 'default');
  } catch (error) {
    if (CdfError.isInstance(error)) return error.message;
    throw error;
  }
  if (kind === 'json') return jsonFault(value as object);
  const texts: unknown[] = typeof value === 'object' ? Object.values(value as object) : [value];
  for (const each of texts) {
    const fault = typeof each === 'string' ? stringFault(each) : undefined;
    if (fault !== undefined) return fault;
  }
  if (kind === 'classic') return classicFault(value as string);
  return kind === 'text' ? sizeFault(value as string, maxSize) : undefined;
}

/** The reason for which a text with a size, the default one if none, does not take a default. */
export function sizeFault(text: string, size: number = LARGEST_TEXT): Fault {
  const bytes = bytesOf(text);
  return bytes > size ? `default has ${bytes} bytes, the property takes ${size}` : undefined;
}

function stringFault(text: string): Fault {
  if (!isText(text)) return 'default has half of a surrogate pair, which JSON cannot carry';
  return text.includes('\0') ? 'default has U+0000, which the API does not take' : undefined;
}

function classicFault({ length }: string): Fault {
  return length > LONGEST_CLASSIC_ID
    ? `default has ${length} characters, the API takes ${LONGEST_CLASSIC_ID}`
    : undefined;
}

function jsonFault(value: object): Fault {
  const members = Object.entries(value);
  if (members.length > JSON_LIMITS.keys)
    return `default has ${members.length} keys, the API takes ${JSON_LIMITS.keys}`;
  const halved = members.find(([key]) => !isText(key));
  if (halved !== undefined) return stringFault(halved[0]);
  for (const [key, member] of members) {
    const [length, size] = [bytesOf(key), bytesOf(stringifyExact(member))];
    if (length > JSON_LIMITS.key)
      return `default has a key of ${length} bytes, the API takes ${JSON_LIMITS.key}`;
    if (size > JSON_LIMITS.value)
      return `default.${quoted(key).slice(1, -1)} has ${size} bytes as JSON, the API takes ${JSON_LIMITS.value}`;
  }
  const total = bytesOf(stringifyExact(value));
  return total > JSON_LIMITS.total
    ? `default has ${total} bytes as JSON, the API takes ${JSON_LIMITS.total}`
    : undefined;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
