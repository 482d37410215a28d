import type { RelationPlan } from '../graph/follow.js';
import type { NodeReference, PropertyDefinition, Times } from '../view/definition.js';
import { readAlong } from '../wire/read-along.js';
import { readEnds } from '../wire/read-ends.js';
import { InstanceReader, type WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import type { Branch } from './find-plan.js';

// The other side of a relation for each node on this side. Nodes are in maps by their names.

/** A node as it is read, with what has been joined to it. */
export type Node = Record<string, unknown>;
export type NodesByName = ReadonlyMap<string, Node>;

/** Nodes that their parents name, in the order of the relation. */
export function joinNamed(
  child: Branch,
  targets: NodesByName,
  parents: NodesByName,
): Map<string, unknown> {
  const { name, definition } = child.relation as RelationPlan;
  const joined = new Map<string, unknown>();
  const place = rankOf(targets);
  const rank = (target: unknown): number => place(target as object);
  for (const [key, parent] of parents) {
    // Every object has members of some names.
    const named = (Object.hasOwn(parent, name) ? parent[name] : undefined) as
      | NodeReference
      | readonly NodeReference[]
      | undefined;
    if (!definition.list) {
      const target = named && targets.get(referenceKey(named as NodeReference));
      if (target !== undefined) joined.set(key, target);
      continue;
    }
    const found = ((named ?? []) as readonly NodeReference[]).flatMap(
      (each) => targets.get(referenceKey(each)) ?? [],
    );
    joined.set(key, readAlong(cut(child, found, rank)));
  }
  return joined;
}

/**
 * Nodes that name their parents, in the order in which they came.
 *
 * @param wire nodes as they came: what is read along may have taken the place of a name
 */
export function joinReverse(
  { relation, limit }: Branch,
  targets: NodesByName,
  parents: ReadonlyMap<string, unknown>,
  wire: Pick<WeakMap<object, WireInstance>, 'get'>,
): Map<string, unknown> {
  const { definition, target } = relation as RelationPlan;
  const joined = new Map<string, object[]>([...parents.keys()].map((key) => [key, []]));
  for (const node of targets.values()) {
    const values =
      wire.get(node)?.properties?.[target.space]?.[`${target.externalId}/${target.version}`];
    const pointing = [values?.[definition.through as string]].flat();
    for (const name of pointing) {
      const group = joined.get(referenceKey(Object(name)));
      if (group !== undefined && group.length < limit && group.at(-1) !== node) group.push(node);
    }
  }
  return given(definition, joined);
}

/** A node on the other side of an edge. */
interface Ranked {
  readonly target: object;
  readonly edge: WireInstance;
}

/** Nodes behind edges, each with the edge's own properties where the relation has a view of them. */
export function joinEdges(
  child: Branch,
  targets: NodesByName,
  parents: ReadonlyMap<string, unknown>,
  edges: Iterable<WireInstance>,
  times: Times,
  label: string,
): Map<string, unknown> {
  const { definition } = child.relation as RelationPlan;
  const view = definition.edgeView?.();
  const reader = view && new InstanceReader(view, times, readEnds);
  const joined = new Map<string, Ranked[]>([...parents.keys()].map((key) => [key, []]));
  for (const edge of edges) {
    const outwards = definition.direction !== 'inwards';
    const ends: Partial<Record<'startNode' | 'endNode', NodeReference>> = {};
    readEnds(edge, ends, label);
    const { startNode, endNode } = ends as Required<typeof ends>;
    const [near, far] = outwards ? [startNode, endNode] : [endNode, startNode];
    const group = joined.get(referenceKey(near));
    const target = targets.get(referenceKey(far));
    if (group !== undefined && target !== undefined) group.push({ target, edge });
  }
  const rank = rankOf(targets);
  const give = ({ target, edge }: Ranked): object =>
    reader === undefined ? target : { ...target, edge: reader.read(edge, label) };
  const groups = new Map(
    [...joined].map(([key, group]) => [
      key,
      cut(child, group, (each) => rank(each.target)).map(give),
    ]),
  );
  return given(definition, groups);
}

/** The place of each node in the order of the step, which the API has sorted. */
function rankOf(targets: ReadonlyMap<string, object>): (target: object) => number {
  const places = new Map([...targets.values()].map((target, index) => [target, index]));
  return (target) => places.get(target) ?? 0;
}

/** As many of a group as are wanted, in the order that is wanted, else in that of the relation. */
function cut<T>({ sort, limit }: Branch, group: readonly T[], rank: (each: T) => number): T[] {
  const sorted = [...group];
  if (sort !== undefined) sorted.sort((left, right) => rank(left) - rank(right));
  return sorted.slice(0, limit);
}

/** What a relation that others hold gives: the node itself, for a relation to at most one. */
function given(
  { list }: PropertyDefinition,
  groups: ReadonlyMap<string, readonly object[]>,
): Map<string, object | undefined> {
  return new Map(
    [...groups].map(([key, group]) => {
      const value = list ? group : group[0];
      return [key, value && readAlong(value)];
    }),
  );
}
