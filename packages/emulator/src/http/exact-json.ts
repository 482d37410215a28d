import { randomUUID } from 'node:crypto';
import { parseJson } from './route.js';

/** Numbers of so many digits may be more than JavaScript can hold. */
const LONG_NUMBER = /\d{16}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** JSON text in which a floating point number may look like a 64-bit integer. */
const LONG_WHOLE = /(?<![.\d])\d{16}/;
/** Nothing that a client sends begins with it. */
const MARK = `${randomUUID()}:`;

/**
 * Parses JSON; whole numbers that are not safe come as `bigint`, so that 64-bit integers keep their
 * digits.
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return parseJson(text);
  let found = false;
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"') || !/^-?\d{16,}$/.test(token) || Number.isSafeInteger(Number(token)))
      return token;
    found = true;
    return `"${MARK}${token}"`;
  });
  return found ? unmarked(parseJson(marked)) : parseJson(text);
}

function unmarked(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  for (const name of Object.keys(record)) record[name] = unmarked(record[name]);
  return record;
}

/**
 * The text of a value that {@link parseExactJson} may have given, and that it gives again: large
 * floating point numbers have an exponent, as their digits alone would be read as a 64-bit integer.
 */
export function exactJsonText(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    return LONG_WHOLE.test(text) ? slowText(value) : text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return slowText(value);
  }
}

function slowText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return (value as number).toExponential();
  if (Array.isArray(value)) return `[${value.map((each) => slowText(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${slowText(member)}`).join(',')}}`;
}
