import { DecodeError } from '../errors.js';

/**
 * The JSON of an answer; undefined for an empty one, which ky 2 hands on.
 *
 * @throws {DecodeError} when it is something else. The parser's own message repeats the body.
 */
export function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    const found = /^\s*</.test(text) ? 'HTML, probably of a proxy in between,' : 'not valid JSON';
    throw new DecodeError(`the answer is ${found}, expected JSON`, { delivery: 'unknown' });
  }
}
