import type { Json } from '../../helpers.js';
import { type Property, sourceProperty } from './properties.js';
import {
  type Instance,
  keyOf,
  needView,
  type Reference,
  type Row,
  refuse,
  type State,
  same,
} from './state.js';
import { storedValue } from './values.js';
import { mappedContainers } from './views.js';

/** Rows as an item wants them, before required properties are checked. */
export interface Draft {
  readonly rows: Map<string, Row>;
  readonly relations: { readonly target: Reference; readonly container: Json | undefined }[];
}

export function draftRows(
  state: State,
  item: Json,
  before: Instance | undefined,
  isReplace: boolean,
): Draft {
  const draft: Draft = { rows: new Map(), relations: [] };
  const named = new Map<string, Set<string>>();
  for (const { source, properties } of item.sources ?? []) {
    for (const key of touchedContainers(state, source)) {
      if (!draft.rows.has(key)) draft.rows.set(key, new Map(before?.rows.get(key)));
      if (!named.has(key)) named.set(key, new Set());
    }
    for (const [name, value] of Object.entries<Json>(properties ?? {})) {
      const property: Property | undefined = sourceProperty(state, source, name);
      if (property?.containerKey === undefined)
        refuse(`Unknown property '${name}' of ${keyOf(source)}`);
      const { containerKey, type } = property;
      const row = draft.rows.get(containerKey) as Row;
      named.get(containerKey)?.add(property.name);
      const definition = state.containers.get(containerKey).properties[property.name];
      if (value === null) {
        if (!definition.nullable)
          refuse(`Invalid value for non-nullable property '${name}'. Value cannot be null.`);
        row.delete(property.name);
        continue;
      }
      const stored = storedValue(type, name, value);
      row.set(property.name, stored);
      if (type.type === 'direct')
        for (const target of [stored].flat())
          draft.relations.push({ target, container: type.container });
    }
  }
  for (const [key, row] of draft.rows)
    fill(state, key, row, named.get(key), before?.rows.has(key) !== true, isReplace);
  return draft;
}

/** A new row, and a row that is replaced, takes defaults where the request names no value. */
function fill(
  state: State,
  key: string,
  row: Row,
  named: ReadonlySet<string> | undefined,
  isNew: boolean,
  isReplace: boolean,
): void {
  if (!isNew && !isReplace) return;
  for (const [id, { type, defaultValue, autoIncrement }] of Object.entries<Json>(
    state.containers.get(key).properties,
  )) {
    if (named?.has(id)) continue;
    if (autoIncrement && row.has(id)) continue;
    if (defaultValue !== undefined) row.set(id, storedValue(type, id, defaultValue));
    else row.delete(id);
    if (autoIncrement && defaultValue === undefined)
      row.set(id, storedValue(type, id, highest(state, key, id) + 1));
  }
}

function highest(state: State, key: string, id: string): number {
  const values = [...state.instances.values()].map(({ rows }) =>
    Number(rows.get(key)?.get(id) ?? 0),
  );
  return Math.max(0, ...values);
}

/** Refuses another value where the first one stays. */
export function checkImmutable(state: State, key: string, before: Row | undefined, row: Row): void {
  for (const [id, { immutable }] of Object.entries<Json>(state.containers.get(key).properties)) {
    const old = before?.get(id);
    if (immutable && old !== undefined && !same(old, row.get(id) ?? null))
      refuse(`The property '${id}' is immutable and has a value already.`);
  }
}

/** Refuses a row without a required value. */
export function checkRequired(state: State, key: string, row: Row): void {
  for (const [id, { nullable }] of Object.entries<Json>(state.containers.get(key).properties))
    if (!nullable && !row.has(id))
      refuse(`The non-nullable property '${id}' of ${key} has no value.`);
}

/** The containers in which a write through this source makes rows. */
function touchedContainers(state: State, source: Json): string[] {
  return source.type === 'container'
    ? [keyOf(source)]
    : mappedContainers(state, needView(state, source));
}
