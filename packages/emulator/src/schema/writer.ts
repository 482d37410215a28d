import { badRequest } from '../errors.js';
import { sortedText } from './container-upsert.js';
import type { Stored } from './model.js';
import { SYSTEM_PREFIX } from './names.js';
import type { Parts, Schema } from './schema.js';

const CODE_BYTES = 8;

/** Refuses writes to spaces of the service, and to spaces that do not exist. */
export function checkWritableSpaces(schema: Schema, spaces: Iterable<string>): void {
  const named = [...new Set(spaces)];
  const missing = named.filter((space) => schema.spaces.get(space) === undefined);
  if (missing.length > 0)
    throw badRequest(
      `One or more spaces do not exist: ${missing.map((space) => `'${space}'`).join(', ')}`,
    );
  const system = named.find((space) => schema.spaces.get(space)?.isGlobal === true);
  if (system !== undefined) throw systemSpace(system);
}

export function systemSpace(space: string): Error {
  return badRequest(`The space '${space}' belongs to the system and cannot be changed.`);
}

export function isSystemSpace(space: string): boolean {
  return space.startsWith(SYSTEM_PREFIX);
}

/** Stores one part; one that does not change keeps its times. Runs inside a transaction. */
export function store<T>(parts: Parts<T>, key: string, body: T, now: number): Stored<T> {
  const { own } = parts;
  const before = own.getByExternalId(key);
  if (before !== undefined) {
    if (sortedText(before.body) === sortedText(body)) return before;
    const after = { ...before, body, lastUpdatedTime: now };
    own.replace(after);
    return after;
  }
  const code = Buffer.from(crypto.getRandomValues(new Uint8Array(CODE_BYTES))).toString(
    'base64url',
  );
  const times = { createdTime: now, lastUpdatedTime: now };
  const made: Stored<T> = {
    id: own.newId(),
    externalId: key,
    body,
    isGlobal: false,
    code,
    ...times,
  };
  own.create(made);
  return made;
}

/**
 * Removes parts by their keys and gives those that existed; parts of the service are refused. Runs
 * inside a transaction.
 */
export function remove<T>(parts: Parts<T>, keys: readonly string[]): Stored<T>[] {
  const removed: Stored<T>[] = [];
  for (const key of new Set(keys)) {
    const found = parts.get(key);
    if (found === undefined) continue;
    if (found.isGlobal) throw badRequest(`'${key}' belongs to the system and cannot be deleted.`);
    parts.own.delete(found.id);
    removed.push(found);
  }
  return removed;
}

/** The parts of these keys in the order asked, each once; unknown ones are left out. */
export function found<T>(parts: Parts<T>, keys: readonly string[]): Stored<T>[] {
  return [...new Set(keys)].flatMap((key) => parts.get(key) ?? []);
}

/** The keys of schema parts for the write log. */
export function keysOf(parts: readonly Stored<unknown>[]): { id: number; externalId: string }[] {
  return parts.map(({ id, externalId }) => ({ id, externalId }));
}
