import { DecodeError } from '../errors.js';
import type { Page } from './listing-source.js';

// Answers are input: servers, gateways and caches between them and us are read here, and believed
// nowhere else.

/**
 * The items of an answer, and the cursor of the next page.
 *
 * @param label the request, for messages: `POST /assets/list`
 * @throws {DecodeError} when the answer is not an object with an array of objects as `items`, or
 *   its cursor is not a string.
 */
export function readPage<T extends object>(answer: unknown, label: string): Page<T> {
  const { items, nextCursor } = readObject(answer, label) as {
    items?: unknown;
    nextCursor?: unknown;
  };
  if (!Array.isArray(items))
    throw unexpected(label, `items is ${typeName(items)}, expected an array`);
  const wrong = items.findIndex((item) => !isObject(item));
  if (wrong >= 0)
    throw unexpected(label, `items[${wrong}] is ${typeName(items[wrong])}, expected an object`);
  if (nextCursor === undefined || nextCursor === null || nextCursor === '') return { items };
  if (typeof nextCursor !== 'string')
    throw unexpected(label, `nextCursor is ${typeName(nextCursor)}, expected a string`);
  return { items, nextCursor };
}

/** True for an object that is not an array. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {DecodeError} when the answer is not an object. */
export function readObject(answer: unknown, label: string): object {
  if (isObject(answer)) return answer;
  throw unexpected(label, `it is ${typeName(answer)}, expected an object`);
}

/** The error for a faulty answer. */
export function unexpected(label: string, what: string): DecodeError {
  return new DecodeError(`${label}: unexpected answer: ${what}`, { delivery: 'unknown' });
}

/** What a member of an answer is, for messages. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}
