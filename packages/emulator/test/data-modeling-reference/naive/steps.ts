import type { Json } from '../../helpers.js';
import { checkFilter } from './filter-check.js';
import { matches } from './filter-match.js';
import { sourceProperty, storedOf } from './properties.js';
import { checkSort, type Page, sortedBy } from './read.js';
import {
  type Instance,
  isObject,
  keyOf,
  type Reference,
  refuse,
  type State,
  same,
  violation,
} from './state.js';

type Kind = 'node' | 'edge';

interface Done {
  readonly page: Page;
  readonly kind: Kind;
  /** For edges: the walk's direction. */
  readonly near: 'startNode' | 'endNode';
  readonly limit: number;
  readonly step: Json;
}

/** A query while it is answered: steps that are done, and the path to the one being done. */
export interface Walk {
  readonly state: State;
  readonly steps: Record<string, Json>;
  readonly done: Map<string, Done>;
  readonly active: string[];
  readonly cut: (name: string, found: readonly Instance[], limit: number) => Page;
  readonly run: (walk: Walk, name: string) => Done;
}

export interface Found {
  readonly found: Instance[];
  readonly kind: Kind;
  readonly near: 'startNode' | 'endNode';
}

export function nodeStep(walk: Walk, step: Json): Found {
  const { state } = walk;
  const { from, through, chainTo, direction, filter } = step.nodes;
  checkWords(direction, chainTo);
  const context = { state, instanceType: 'node' as const };
  const passes = filterOf(context, filter);
  const keys = checkSort(context, step.sort);
  let found = [...state.instances.values()].filter(({ instanceType }) => instanceType === 'node');
  if (from !== undefined && from !== null) {
    const origin = walk.run(walk, from);
    const reached =
      origin.kind === 'edge'
        ? ends(origin, chainTo ?? 'destination')
        : relation(walk, origin, through, direction, found);
    found = found.filter((node) => reached.has(keyOf(node)));
  } else if (through !== undefined && through !== null) refuse('through needs from');
  return { found: sortedBy(found.filter(passes), keys), kind: 'node', near: 'startNode' };
}

function ends({ page, near }: Done, chainTo: string): Set<string> {
  const far = near === 'startNode' ? 'endNode' : 'startNode';
  return new Set(
    page.items.map((edge) => keyOf(edge[chainTo === 'source' ? near : far] as Reference)),
  );
}

function relation(
  walk: Walk,
  origin: Done,
  through: Json,
  direction: Json,
  nodes: readonly Instance[],
): Set<string> {
  if (!isObject(through)) refuse('Nodes from nodes need through');
  const source = through.source ?? { type: 'view', ...through.view };
  const property = sourceProperty(walk.state, source, through.identifier);
  if (property?.type.type !== 'direct')
    refuse(`Unknown property '${through.identifier}' in through`);
  const targets = (node: Instance): string[] =>
    [storedOf(node, property) ?? []].flat().map(keyOf as never);
  if (direction === 'outwards') return new Set(origin.page.items.flatMap(targets));
  if (property.type.list) refuse('Cannot traverse lists of direct relations inwards.');
  const keys = new Set(origin.page.items.map(keyOf));
  return new Set(
    nodes.filter((node) => targets(node).some((target) => keys.has(target))).map(keyOf),
  );
}

export function edgeStep(walk: Walk, step: Json): Found {
  const { state } = walk;
  const {
    from,
    maxDistance,
    direction,
    filter,
    nodeFilter,
    terminationFilter,
    limitEach,
    chainTo,
  } = step.edges;
  checkWords(direction, chainTo);
  const near = direction === 'inwards' ? 'endNode' : 'startNode';
  const far = direction === 'inwards' ? 'startNode' : 'endNode';
  const passes = filterOf({ state, instanceType: 'edge' }, filter);
  const nodePasses = filterOf({ state, instanceType: 'node' }, nodeFilter);
  const ends = terminationFilter
    ? filterOf({ state, instanceType: 'node' }, terminationFilter)
    : () => false;
  const isChained = from !== undefined && from !== null;
  if (limitEach !== undefined && limitEach !== null && (maxDistance !== 1 || !isChained))
    refuse('limitEach needs from and a maxDistance of 1');
  if (step.sort?.length > 0 && isChained && maxDistance !== 1)
    refuse('sort needs a maxDistance of 1; use postSort');
  const keys = checkSort({ state, instanceType: 'edge' }, step.sort ?? step.postSort);
  // `sort` says which edges are the first of their node; `postSort` only in which order they come.
  const firsts = step.sort?.length > 0 ? keys : [];
  const farNode = (edge: Instance): Instance | undefined =>
    state.instances.get(keyOf(edge[far] as Reference));
  const usable = sortedBy(
    [...state.instances.values()]
      .filter(({ instanceType }) => instanceType === 'edge')
      .filter((edge) => passes(edge))
      .filter((edge) => {
        const node = farNode(edge);
        return node !== undefined && nodePasses(node);
      }),
    firsts,
  );
  if (!isChained) return { found: sortedBy(usable, keys), kind: 'edge', near };
  let frontier = new Set(originKeys(walk.run(walk, from)));
  const reached = new Set<Instance>();
  for (
    let distance = 1;
    frontier.size > 0 && distance <= (maxDistance ?? Number.POSITIVE_INFINITY);
    distance += 1
  ) {
    const next = new Set<string>();
    const taken = new Map<string, number>();
    for (const edge of usable) {
      const start = keyOf(edge[near] as Reference);
      if (!frontier.has(start) || reached.has(edge)) continue;
      taken.set(start, (taken.get(start) ?? 0) + 1);
      if (limitEach && (taken.get(start) ?? 0) > limitEach) continue;
      reached.add(edge);
      const node = farNode(edge) as Instance;
      if (!ends(node)) next.add(keyOf(node));
    }
    frontier = next;
  }
  return { found: sortedBy([...reached], keys), kind: 'edge', near };
}

/** The nodes from which edges are followed: those of a node step, or the far ends of edges. */
function originKeys(origin: Done): Iterable<string> {
  return origin.kind === 'node' ? origin.page.items.map(keyOf) : ends(origin, 'destination');
}

export function setStep(walk: Walk, step: Json): Found {
  const operation = ['union', 'unionAll', 'intersection'].find(
    (name) => step[name] !== undefined,
  ) as string;
  if (!Array.isArray(step[operation])) violation(`${operation} must be an array`);
  const members = step[operation].map((member: Json) => memberOf(walk, member));
  const removed = (step.except ?? []).map((name: Json) => memberOf(walk, name));
  const kinds = new Set([...members, ...removed].map(({ kind }: Found) => kind));
  if (kinds.size > 1) refuse('A set operation has either nodes or edges');
  const lists: Instance[][] = members.map(({ found }: Found) => found);
  const gone = new Set(removed.flatMap(({ found }: Found) => found));
  let found = lists.flat();
  if (operation === 'intersection')
    found = found.filter((one) => lists.every((list) => list.includes(one)));
  if (operation !== 'unionAll') found = [...new Set(found)];
  const [first] = members;
  return {
    found: found.filter((one) => !gone.has(one)),
    kind: first?.kind ?? 'node',
    near: first?.near ?? 'startNode',
  };
}

function memberOf(walk: Walk, member: Json): Found {
  if (typeof member !== 'string') return setStep(walk, member);
  const { page, kind, near } = walk.run(walk, member);
  return { found: page.items, kind, near };
}

export function filterOf(
  context: { state: State; instanceType: Kind },
  filter: Json,
): (instance: Instance) => boolean {
  if (filter === undefined || filter === null) return () => true;
  checkFilter(context, filter);
  return (instance) => matches(context, filter, instance);
}

function checkWords(direction: Json, chainTo: Json): void {
  if (direction !== undefined && !['outwards', 'inwards'].some((word) => same(word, direction)))
    violation('direction must be outwards or inwards');
  if (chainTo !== undefined && !['destination', 'source'].some((word) => same(word, chainTo)))
    violation('chainTo must be destination or source');
}
