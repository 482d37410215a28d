import type { Value } from '../schema/values.js';
import type { Entry } from './entry.js';

export type IndexKey = string | number | bigint | boolean;

/**
 * Instances by a key that is read from them; most keys have one instance, which is then kept
 * without a set.
 */
export class EntryIndex {
  readonly #keysOf: (entry: Entry) => Iterable<IndexKey>;
  readonly #entries = new Map<IndexKey, Entry | Set<Entry>>();

  constructor(keysOf: (entry: Entry) => Iterable<IndexKey>) {
    this.#keysOf = keysOf;
  }

  add(entry: Entry): void {
    for (const key of this.#keysOf(entry)) {
      const present = this.#entries.get(key);
      if (present === undefined) this.#entries.set(key, entry);
      else if (present instanceof Set) present.add(entry);
      else if (present !== entry) this.#entries.set(key, new Set([present, entry]));
    }
  }

  remove(entry: Entry): void {
    for (const key of this.#keysOf(entry)) {
      const present = this.#entries.get(key);
      if (present === entry) this.#entries.delete(key);
      else if (present instanceof Set && present.delete(entry) && present.size === 0)
        this.#entries.delete(key);
    }
  }

  count(key: IndexKey): number {
    const present = this.#entries.get(key);
    return present === undefined ? 0 : present instanceof Set ? present.size : 1;
  }

  get(key: IndexKey): Iterable<Entry> {
    const present = this.#entries.get(key);
    return present === undefined ? [] : present instanceof Set ? present : [present];
  }
}

/**
 * The indexes of the living instances. Each is made when it is first needed, and kept up from then
 * on.
 */
export class EntryIndexes {
  readonly #all: () => Iterable<Entry>;
  readonly #made = new Map<string, EntryIndex>();

  constructor(all: () => Iterable<Entry>) {
    this.#all = all;
  }

  /** By the containers in which they have data. */
  byContainer(): EntryIndex {
    return this.#index('container', ({ data }) => Object.keys(data));
  }

  /** By the values of a property; those of a list one by one. */
  byValue(code: string, identifier: string): EntryIndex {
    return this.#index(`value ${code} ${identifier}`, ({ data }) =>
      keysOf(data[code]?.[identifier]),
    );
  }

  /** Edges by the node in which they start or end. */
  byEnd(end: 'start' | 'end'): EntryIndex {
    return this.#index(end, (entry) => {
      const key = entry[end];
      return key === undefined ? [] : [key];
    });
  }

  /** Instances by the node that is their type. */
  byType(): EntryIndex {
    return this.#index('type', ({ type }) => (type === undefined ? [] : [type]));
  }

  /** By the values of several properties together; instances without one of them are not in it. */
  byValues(code: string, identifiers: readonly string[], bySpace: boolean): EntryIndex {
    return this.#index(`values ${code} ${bySpace} ${identifiers.join()}`, (entry) => {
      const key = valuesKey(entry, code, identifiers, bySpace);
      return key === undefined ? [] : [key];
    });
  }

  add(entry: Entry): void {
    for (const index of this.#made.values()) index.add(entry);
  }

  remove(entry: Entry): void {
    for (const index of this.#made.values()) index.remove(entry);
  }

  clear(): void {
    this.#made.clear();
  }

  #index(name: string, keys: (entry: Entry) => Iterable<IndexKey>): EntryIndex {
    let index = this.#made.get(name);
    if (index === undefined) {
      index = new EntryIndex(keys);
      for (const entry of this.#all()) index.add(entry);
      this.#made.set(name, index);
    }
    return index;
  }
}

/** The values of several properties as one text; `undefined` when one of them is missing. */
export function valuesKey(
  entry: Entry,
  code: string,
  identifiers: readonly string[],
  bySpace: boolean,
): string | undefined {
  const row = entry.data[code];
  if (row === undefined) return undefined;
  const values: unknown[] = bySpace ? [entry.space] : [];
  for (const identifier of identifiers) {
    const value = row[identifier];
    if (value === undefined) return undefined;
    values.push(typeof value === 'bigint' ? `${value}n` : value);
  }
  return JSON.stringify(values);
}

function keysOf(value: Value | undefined): readonly IndexKey[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return [...new Set((value as readonly Value[]).filter(isKey))];
  return isKey(value) ? [value] : [];
}

function isKey(value: Value): value is IndexKey {
  return typeof value !== 'object';
}
