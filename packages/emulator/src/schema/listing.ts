import { badRequest } from '../errors.js';
import { markOf, positionCursor, readPosition } from '../http/position-cursor.js';
import { needed, object, parse } from '../validation/schema.js';
import type { Stored } from './model.js';
import { spaceName } from './names.js';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

/** A page of a GET listing, in the order of the keys. */
export function schemaPage<T>(
  kind: string,
  query: URLSearchParams,
  all: readonly Stored<T>[],
): { readonly items: readonly Stored<T>[]; readonly nextCursor: string | undefined } {
  const limit = limitOf(query);
  const rest = [...query].filter(([name]) => name !== 'cursor' && name !== 'limit');
  const mark = markOf([kind, rest]);
  const cursor = query.get('cursor');
  const after = cursor === null ? '' : String(readPosition(cursor, mark));
  const found = all.filter(({ externalId }) => externalId > after);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items,
    nextCursor: last === undefined ? undefined : positionCursor(mark, last.externalId),
  };
}

/** The newest version of each; versions of one time by the order in which they were made. */
export function newestVersions<T extends { readonly space: string; readonly externalId: string }>(
  all: Iterable<Stored<T>>,
): Set<Stored<T>> {
  const newest = new Map<string, Stored<T>>();
  for (const each of all) {
    const name = `${each.body.space}:${each.body.externalId}`;
    const other = newest.get(name);
    if (other === undefined || other.createdTime <= each.createdTime) newest.set(name, each);
  }
  return new Set(newest.values());
}

export function flagOf(query: URLSearchParams, name: string, byDefault: boolean): boolean {
  const text = query.get(name);
  if (text === null) return byDefault;
  if (text !== 'true' && text !== 'false') throw badRequest(`${name} must be true or false`);
  return text === 'true';
}

/** The space to which a listing is restricted. */
export function spaceOf(query: URLSearchParams): string | undefined {
  const space = query.get('space');
  return space === null ? undefined : parse(object({ space: needed(spaceName) }), { space }).space;
}

/** The values of a parameter that may be repeated, or be a JSON list. */
export function wordsOf(
  query: URLSearchParams,
  name: string,
  known: readonly string[],
): readonly string[] | undefined {
  const texts = query.getAll(name);
  if (texts.length === 0) return undefined;
  const found = texts.flatMap((text) => text.replace(/^\[|\]$|"/g, '').split(','));
  const wrong = found.find((each) => !known.includes(each));
  if (wrong !== undefined) throw badRequest(`${name} must be one of ${known.join(', ')}`);
  return found;
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (text.trim() === '' || !Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw badRequest(`limit must be between 1 and ${MAX_LIMIT}`);
  return limit;
}
