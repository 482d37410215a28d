import type { Entry, InstanceType } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { Condition } from './condition.js';
import type { Order, Position } from './sort.js';

/** Up to so many candidates are always quicker to collect than a walk through everything. */
const FEW = 1000;
const SHARE = 4;

/** The source of a page. */
export interface PageRequest {
  readonly instanceType: InstanceType;
  readonly condition: Condition;
  readonly order: Order | undefined;
  readonly limit: number;
  /** The last instance of the page before. */
  readonly after: Position | undefined;
  readonly isHidden?: ((entry: Entry) => boolean) | undefined;
}

export interface InstancePage {
  readonly entries: readonly Entry[];
  /** True if there are more. */
  readonly more: boolean;
  readonly last: Position | undefined;
}

/** One page of living instances. */
export function pageOf(instances: InstanceStore, request: PageRequest): InstancePage {
  const { order, limit, after, instanceType, condition, isHidden } = request;
  const fits = (entry: Entry): boolean =>
    entry.instanceType === instanceType && condition.test(entry) && isHidden?.(entry) !== true;
  if (order !== undefined) {
    const all = [...source(instances, condition, 0)].filter(fits);
    return sortedPage(all, order, limit, after);
  }
  const entries: Entry[] = [];
  for (const entry of source(instances, condition, after?.seq ?? 0)) {
    if (!fits(entry)) continue;
    if (entries.length === limit) return { entries, more: true, last: positionAt(entries.at(-1)) };
    entries.push(entry);
  }
  return { entries, more: false, last: positionAt(entries.at(-1)) };
}

/** All living instances that pass, in the order of creation. */
export function* matching(
  instances: InstanceStore,
  instanceType: InstanceType,
  condition: Condition,
): Generator<Entry> {
  for (const entry of source(instances, condition, 0))
    if (entry.instanceType === instanceType && condition.test(entry)) yield entry;
}

/** A page of instances that are already known, each once. */
export function pageOfEntries(
  entries: readonly Entry[],
  order: Order | undefined,
  limit: number,
  after: Position | undefined,
): InstancePage {
  return sortedPage(entries, order ?? CREATION, limit, after);
}

const CREATION: Order = {
  positionOf: ({ seq }) => ({ values: [], seq }),
  compare: (left, right) => left.seq - right.seq,
};

function sortedPage(
  all: readonly Entry[],
  { positionOf, compare }: Order,
  limit: number,
  after: Position | undefined,
): InstancePage {
  const placed = all.map((entry) => ({ entry, position: positionOf(entry) }));
  const rest =
    after === undefined ? placed : placed.filter(({ position }) => compare(position, after) > 0);
  rest.sort((left, right) => compare(left.position, right.position));
  const shown = rest.slice(0, limit);
  return {
    entries: shown.map(({ entry }) => entry),
    more: rest.length > limit,
    last: shown.at(-1)?.position,
  };
}

/** Instances in the order of creation, from an index where that is quicker. */
function source(
  instances: InstanceStore,
  { candidates }: Condition,
  afterSeq: number,
): Iterable<Entry> {
  if (candidates?.isGlobal === true) {
    const behind = afterSeq === 0 ? Number.NEGATIVE_INFINITY : afterSeq;
    return [...candidates.entries()].filter(({ seq }) => seq > behind);
  }
  if (
    candidates === undefined ||
    (candidates.size > FEW && candidates.size * SHARE > instances.size)
  )
    return instances.all(afterSeq);
  const found = [...new Set(candidates.entries())].filter(({ seq }) => seq > afterSeq);
  return found.sort((left, right) => left.seq - right.seq);
}

function positionAt(entry: Entry | undefined): Position | undefined {
  return entry === undefined ? undefined : { values: [], seq: entry.seq };
}
