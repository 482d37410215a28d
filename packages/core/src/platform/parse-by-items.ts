/// <reference types="node" />

import { Buffer } from 'node:buffer';
import { isObject } from '../resources/answers.js';
import * as web from './read-body.js';

/**
 * In bytes. Strings beyond 128 kB live outside the young heap of V8: making one can take as long as
 * parsing it. A character takes two bytes where one of them needs them.
 */
const LONGEST = 60_000;
const START = '{"items":[';
/** In bytes, of the beginning of an item up to its first colon. */
const LONGEST_START = 300;

/**
 * Parses the JSON of an answer. A long list is parsed some items at a time, which takes two thirds
 * of the time.
 *
 * @throws {SyntaxError} when the bytes are not JSON
 */
export function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  return (bytes.length > LONGEST && parseByItems(bytes)) || web.parseJson(bytes);
}

/**
 * The object of a list in the usual form, if these are the bytes of one.
 *
 * Items are separated by the beginning of the first one: `},{"id":`. That may also be in the middle
 * of an item; the part before it is not JSON then. Where the parts from the start are arrays of
 * JSON, so is the whole.
 */
function parseByItems({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): object | undefined {
  const bytes = Buffer.from(buffer, byteOffset, length);
  if (bytes.toString('latin1', 0, START.length) !== START) return undefined;
  let at = START.length;
  const first = bytes.toString('latin1', at, at + LONGEST_START);
  const separator = `},${first.slice(0, first.indexOf(':') + 1)}`;
  const items: unknown[] = [];
  try {
    while (length - at > LONGEST) {
      const end = bytes.lastIndexOf(separator, at + LONGEST, 'latin1') + 1;
      if (end <= at) return undefined;
      for (const item of JSON.parse(arrayText(bytes, at, end))) items.push(item);
      at = end + 1;
    }
    const rest = bytes.toString('utf8', at, length);
    // The second of two members of one name counts.
    if (rest.includes('"items"')) return undefined;
    const last: unknown = JSON.parse(START + rest);
    return isObject(last) && 'items' in last && Array.isArray(last.items)
      ? { ...last, items: items.concat(last.items) }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The text of some items as an array: its brackets take the places of what is around the items for
 * a moment. To put them around the text would take a copy of it.
 */
function arrayText(bytes: Buffer, from: number, to: number): string {
  const [first, last] = [from - 1, to];
  const [before = 0, after = 0] = [bytes[first], bytes[last]];
  bytes[first] = 0x5b;
  bytes[last] = 0x5d;
  const text = bytes.toString('utf8', first, last + 1);
  bytes[first] = before;
  bytes[last] = after;
  return text;
}
