import { badRequest } from '../errors.js';
import type { Entry } from '../instances/entry.js';
import type { CompiledView } from '../schema/compiled-view.js';
import { versionedKey } from '../schema/keys.js';
import type { PropertyType } from '../schema/model.js';
import { plainValue, type Value } from '../schema/values.js';

const GROUPED = ['text', 'direct', 'int32', 'int64', 'float32', 'float64', 'boolean'];
/** The most groups that one instance may be in, by lists, and all of them together. */
const MAX_COMBINATIONS = 10_000;
const MAX_MEMBERSHIPS = 1_000_000;
const TEXT: PropertyType = { type: 'text' };

export interface Group {
  readonly group: Readonly<Record<string, unknown>>;
  readonly entries: readonly Entry[];
}

interface Key {
  readonly name: string;
  readonly type: PropertyType;
  readonly valuesOf: (entry: Entry) => readonly Value[];
}

/**
 * Instances by their values; one with a list is in the group of each element. The largest groups
 * come first.
 */
export function groupsOf(
  view: CompiledView,
  names: readonly string[],
  entries: readonly Entry[],
): Group[] {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw badRequest(`Property '${repeated}' is repeated in group by.`);
  const keys = names.map((name) => keyOf(view, name));
  const groups = new Map<string, { values: readonly Value[]; entries: Entry[] }>();
  let memberships = 0;
  for (const entry of entries) {
    for (const values of combinations(keys.map(({ valuesOf }) => valuesOf(entry)))) {
      if (++memberships > MAX_MEMBERSHIPS)
        throw badRequest('The instances are in too many groups by their lists.');
      const text = JSON.stringify(
        values.map((value) => (typeof value === 'bigint' ? `${value}n` : value)),
      );
      const group = groups.get(text);
      if (group === undefined) groups.set(text, { values, entries: [entry] });
      else group.entries.push(entry);
    }
  }
  const sorted = [...groups].sort(
    ([one, a], [other, b]) => b.entries.length - a.entries.length || (one < other ? -1 : 1),
  );
  return sorted.map(([, { values, entries: own }]) => ({
    group: Object.fromEntries(
      keys.map(({ name, type }, index) => [
        name,
        plainValue({ ...type, list: false }, values[index] as Value),
      ]),
    ),
    entries: own,
  }));
}

function keyOf(view: CompiledView, name: string): Key {
  if (name === 'externalId' || name === 'space')
    return {
      name,
      type: TEXT,
      valuesOf: (entry) => [name === 'space' ? entry.space : entry.externalId],
    };
  const found = view.properties.get(name);
  if (found === undefined)
    throw badRequest(`Unknown property '${name}' in view '${versionedKey(view.reference)}'.`);
  const { code, identifier, property } = found;
  const { type } = property;
  const isGrouped =
    type.list === true
      ? type.type === 'text' || type.type === 'direct'
      : GROUPED.includes(type.type);
  if (!isGrouped)
    throw badRequest(
      `Property '${name}' of type ${type.type}${type.list === true ? '[]' : ''} cannot be used in group by. Supported types are [text, text[], direct, direct[], int32, int64, float32, float64, boolean].`,
    );
  const valuesOf = ({ data }: Entry): readonly Value[] => {
    const value = data[code]?.[identifier];
    if (value === undefined) return [];
    return Array.isArray(value) ? [...new Set(value as readonly Value[])] : [value];
  };
  return { name, type, valuesOf };
}

function combinations(parts: readonly (readonly Value[])[]): readonly Value[][] {
  if (parts.reduce((count, part) => count * part.length, 1) > MAX_COMBINATIONS)
    throw badRequest(`An instance is in more than ${MAX_COMBINATIONS} groups by its lists.`);
  return parts.reduce<Value[][]>(
    (found, part) => found.flatMap((each) => part.map((value) => [...each, value])),
    [[]],
  );
}
