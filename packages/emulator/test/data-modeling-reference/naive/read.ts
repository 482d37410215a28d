import type { Json } from '../../helpers.js';
import { stringifyExact } from '../exact-json.js';
import { checkIdentity, itemsOf, limitOf, listOf } from './body.js';
import { checkFilter } from './filter-check.js';
import { hasData, matches } from './filter-match.js';
import { type Context, type Property, resolve, storedOf } from './properties.js';
import {
  type Answer,
  containerReference,
  type Instance,
  isObject,
  keyOf,
  needView,
  refuse,
  type State,
  viewReference,
  violation,
} from './state.js';
import { compareValues } from './values.js';
import { containerProperty, effectiveProperties, mappedContainers, usedFor } from './views.js';

/** An instance with its properties in views; `names` picks properties of one. */
export function shown(state: State, instance: Instance, sources: readonly Json[]): Json {
  const { id: _, change: __, rows, ...base } = instance;
  const properties: Json = {};
  for (const { source, properties: names } of sources) {
    // The filter of a view chooses the instances of a list; it does not apply to the shown
    // properties.
    if (!mappedContainers(state, needView(state, source)).every((key) => rows.has(key))) continue;
    const values: Json = {};
    for (const [id, property] of Object.entries(
      effectiveProperties(state, needView(state, source)),
    )) {
      if (property.container === undefined) continue;
      if (names !== undefined && !names.includes('*') && !names.includes(id)) continue;
      const value = rows.get(keyOf(property.container))?.get(property.containerPropertyIdentifier);
      if (value !== undefined) values[id] = value;
    }
    properties[source.space] = {
      ...properties[source.space],
      [`${source.externalId}/${source.version}`]: values,
    };
  }
  return sources.length === 0 ? base : { ...base, properties };
}

/** Types of all mapped properties of views, as containers define them. */
export function typingOf(state: State, sources: readonly Json[]): Json {
  const typing: Json = {};
  for (const { source } of sources) {
    const types: Json = {};
    for (const [id, property] of Object.entries(
      effectiveProperties(state, needView(state, source)),
    ))
      if (property.container !== undefined) types[id] = containerProperty(state, property);
    typing[source.space] = {
      ...typing[source.space],
      [`${source.externalId}/${source.version}`]: types,
    };
  }
  return typing;
}

export function checkSources(state: State, value: Json): Json[] {
  const sources = listOf(value, 10, 'sources');
  for (const entry of sources) {
    if (!isObject(entry) || !isObject(entry.source)) violation('source must not be null');
    needView(state, entry.source);
  }
  return sources;
}

export function checkUse(state: State, view: Json, instanceType: string): void {
  const use = usedFor(state, needView(state, view));
  if (use !== 'all' && use !== instanceType)
    refuse(`The view ${keyOf(view)} is not for ${instanceType}s`);
}

export function instanceTypeOf(value: Json): 'node' | 'edge' {
  const type = value ?? 'node';
  if (type !== 'node' && type !== 'edge') violation('instanceType must be node or edge');
  return type;
}

interface SortKey extends Property {
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
}

export function checkSort(context: Context, value: Json, name = 'sort'): SortKey[] {
  return listOf(value, 5, name).map((key) => {
    if (!isObject(key)) violation(`${name} must hold objects`);
    if (
      key.direction !== undefined &&
      key.direction !== 'ascending' &&
      key.direction !== 'descending'
    )
      violation('direction must be ascending or descending');
    const property = resolve(context, key.property);
    if (property.type.list || property.type.type === 'json')
      refuse(`Cannot sort by the property '${property.name}'`);
    return {
      ...property,
      isDescending: key.direction === 'descending',
      nullsFirst: key.nullsFirst === true,
    };
  });
}

/** By the keys, then by order of creation. */
export function sortedBy(instances: readonly Instance[], keys: readonly SortKey[]): Instance[] {
  return [...instances].sort((left, right) => {
    for (const key of keys) {
      const [a, b] = [storedOf(left, key), storedOf(right, key)];
      if (a === undefined && b === undefined) continue;
      if (a === undefined || b === undefined) return (a === undefined) === key.nullsFirst ? -1 : 1;
      const order = compareValues(key.type, a, b) * (key.isDescending ? -1 : 1);
      if (order !== 0) return order;
    }
    return left.id - right.id;
  });
}

export function listInstances(state: State, body: Json): Answer {
  const instanceType = instanceTypeOf(body.instanceType);
  const limit = limitOf(body.limit, 1000, 1000);
  const sources = checkSources(state, body.sources);
  for (const { source } of sources) checkUse(state, source, instanceType);
  const context: Context = { state, instanceType };
  const filter = body.filter ?? { matchAll: {} };
  checkFilter(context, filter);
  const keys = checkSort(context, body.sort);
  const found = [...state.instances.values()]
    .filter((instance) => instance.instanceType === instanceType)
    .filter((instance) => sources.every(({ source }) => hasData(state, source, instance)))
    .filter((instance) => matches(context, filter, instance));
  const { cursor, limit: _, ...question } = body;
  const page = pageOf(sortedBy(found, keys), limit, cursor, question);
  const typing = body.includeTyping === true ? { typing: typingOf(state, sources) } : {};
  const items = page.items.map((instance) => shown(state, instance, sources));
  return {
    status: 200,
    body: { items, ...typing, ...(page.isLast ? {} : { nextCursor: page.cursor }) },
  };
}

export interface Page {
  readonly items: Instance[];
  readonly isLast: boolean;
  readonly cursor: string;
}

/** A cursor names the last item seen, and the question that it belongs to. */
export function pageOf(
  all: readonly Instance[],
  limit: number,
  cursor: Json,
  question: Json,
): Page {
  let from = 0;
  const text = stringifyExact(question);
  if (typeof cursor === 'string') {
    const [offset, asked] = JSON.parse(cursor);
    if (asked !== text) refuse('The cursor belongs to another request');
    from = offset;
  }
  const items = all.slice(from, from + limit);
  return {
    items,
    isLast: from + limit >= all.length,
    cursor: JSON.stringify([from + items.length, text]),
  };
}

export function instancesById(state: State, body: Json): Answer {
  const items = itemsOf(body, 1000);
  for (const item of items) checkIdentity(item);
  const sources = checkSources(state, body.sources);
  const found = items
    .map((item) => state.instances.get(keyOf(item)))
    .filter(
      (instance, index) =>
        instance !== undefined && instance.instanceType === items[index].instanceType,
    )
    .filter((instance) =>
      sources.every(({ source }) => hasData(state, source, instance as Instance)),
    )
    .map((instance) => shown(state, instance as Instance, sources));
  const typing = body.includeTyping === true ? { typing: typingOf(state, sources) } : {};
  return { status: 200, body: { items: found, ...typing } };
}

export function inspectInstances(state: State, body: Json): Answer {
  const items = itemsOf(body, 1000);
  for (const item of items) checkIdentity(item);
  if (!isObject(body.inspectionOperations)) violation('inspectionOperations must not be null');
  const { involvedViews, involvedContainers } = body.inspectionOperations;
  const found = items.flatMap((item) => {
    const instance = state.instances.get(keyOf(item));
    if (instance === undefined || instance.instanceType !== item.instanceType) return [];
    const views = [...state.views.values()].filter((view) => {
      const keys = mappedContainers(state, view);
      return keys.length > 0 && keys.every((key) => instance.rows.has(key));
    });
    const containers = [...instance.rows.keys()].map((key) =>
      containerReference(state.containers.get(key)),
    );
    const results = {
      ...(involvedViews ? { involvedViews: views.map(viewReference) } : {}),
      ...(involvedContainers ? { involvedContainers: containers } : {}),
    };
    const { instanceType, externalId, space } = instance;
    return [{ instanceType, externalId, space, inspectionResults: results }];
  });
  return { status: 200, body: { items: found } };
}
