import { badRequest } from '../errors.js';
import type { Entry } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { CompiledProperty } from '../schema/compiled-view.js';
import { containerKey, versionedKey } from '../schema/keys.js';
import type { Schema } from '../schema/schema.js';
import type { Condition } from './condition.js';
import type { Direction, Through } from './query-body.js';
import type { Order } from './sort.js';

/**
 * The direct relation through which a step goes; it always names the property that holds the
 * relation.
 */
export function throughProperty(schema: Schema, { source, identifier }: Through): CompiledProperty {
  const compiled = schema.source(source);
  const name = source.type === 'view' ? versionedKey(source) : containerKey(source);
  if (compiled === undefined)
    throw badRequest(`One or more ${source.type}s do not exist: '${name}'`);
  const property = compiled.properties.get(identifier);
  if (property === undefined)
    throw badRequest(`Unknown property '${identifier}' in ${source.type} '${name}'.`);
  if (property.property.type.type !== 'direct')
    throw badRequest(`Cannot go through '${identifier}': it is not a direct relation.`);
  return property;
}

/**
 * The nodes that direct relations lead to: those that `from` points at, or those that point at
 * `from`.
 */
export function relatedNodes(
  instances: InstanceStore,
  from: Iterable<Entry>,
  { code, identifier, property }: CompiledProperty,
  direction: Direction,
): Set<Entry> {
  const found = new Set<Entry>();
  if (direction === 'inwards') {
    if (property.type.list === true)
      throw badRequest('Cannot traverse lists of direct relations inwards.');
    const index = instances.indexes.byValue(code, identifier);
    for (const { key } of from) for (const entry of index.get(key)) found.add(entry);
    return found;
  }
  for (const { data } of from) {
    const value = data[code]?.[identifier];
    if (value === undefined) continue;
    for (const key of (Array.isArray(value) ? value : [value]) as readonly string[]) {
      const entry = instances.get(key);
      if (entry !== undefined) found.add(entry);
    }
  }
  return found;
}

/** The far end of an edge. */
export function farEnd({ start = '', end = '' }: Entry, direction: Direction): string {
  return direction === 'outwards' ? end : start;
}

export function nearEnd({ start = '', end = '' }: Entry, direction: Direction): string {
  return direction === 'outwards' ? start : end;
}

/** The edges that a walk takes. */
export interface Walk {
  readonly direction: Direction;
  readonly maxDistance: number;
  /** The most edges of each node. */
  readonly limitEach: number;
  /** The order of a node's edges; `undefined` for that of creation. */
  readonly order: Order | undefined;
  readonly edge: Condition;
  readonly node: Condition;
  /** Nodes behind which the walk does not go on. */
  readonly termination: Condition;
}

function sorted(edges: readonly Entry[], order: Order | undefined): Entry[] {
  if (order === undefined) return [...edges].sort((left, right) => left.seq - right.seq);
  return edges
    .map((edge) => ({ edge, position: order.positionOf(edge) }))
    .sort((left, right) => order.compare(left.position, right.position))
    .map(({ edge }) => edge);
}

/** The edges of a walk, breadth first; each edge comes once, though several paths lead over it. */
export function walkedEdges(
  instances: InstanceStore,
  from: Iterable<string>,
  walk: Walk,
): Set<Entry> {
  const { direction, maxDistance, limitEach, edge, node, termination } = walk;
  const index = instances.indexes.byEnd(direction === 'outwards' ? 'start' : 'end');
  const found = new Set<Entry>();
  const visited = new Set<string>();
  let frontier = new Set(from);
  for (let distance = 1; distance <= maxDistance && frontier.size > 0; distance += 1) {
    const next = new Set<string>();
    for (const key of frontier) {
      if (visited.has(key)) continue;
      visited.add(key);
      const own = sorted(
        [...index.get(key)].filter((each) => edge.test(each)),
        walk.order,
      );
      let taken = 0;
      for (const each of own) {
        if (taken === limitEach) break;
        const far = instances.get(farEnd(each, direction));
        if (far === undefined || !node.test(far)) continue;
        taken += 1;
        found.add(each);
        if (!termination.test(far)) next.add(far.key);
      }
    }
    frontier = next;
  }
  return found;
}
