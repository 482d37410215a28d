import type { NodeReference } from '../view/definition.js';
import { ReferenceMap } from '../wire/reference-map.js';

/** The order in which items are written. */
export interface WriteOrder {
  /** Places of items by the transactions that they are in. */
  readonly chunks: readonly (readonly number[])[];
  /** For each transaction the earlier ones with items that those of it refer to. */
  readonly behind: readonly (readonly number[])[];
  /** For each place that is in a circle a number, which the items of one share. */
  readonly circles: readonly (number | undefined)[];
}

/**
 * For each item the places of those that it refers to. `undefined` when no item refers to another.
 *
 * @param referencesOf the nodes that the item at a place refers to
 */
export function targetsAmong(
  items: readonly NodeReference[],
  referencesOf: (place: number) => readonly NodeReference[],
): (readonly number[])[] | undefined {
  const places = new ReferenceMap<number>();
  for (const [place, item] of items.entries()) places.set(item, place);
  let isLinked = false;
  const targets = items.map((_, place) => {
    const found = referencesOf(place)
      .map((name) => places.get(name))
      .filter((target) => target !== undefined && target !== place) as number[];
    isLinked ||= found.length > 0;
    return found;
  });
  return isLinked ? targets : undefined;
}

/**
 * Orders items so that those that others refer to come first, in transactions of so many. Items of
 * a circle are beside one another, in one transaction where they fit.
 *
 * @param targets for each item the places of those that it refers to
 */
export function orderOf(targets: readonly (readonly number[])[], most: number): WriteOrder {
  const circles: (number | undefined)[] = new Array(targets.length).fill(undefined);
  const chunks: number[][] = [];
  let chunk: number[] = [];
  const end = (): void => {
    if (chunk.length > 0) chunks.push(chunk);
    chunk = [];
  };
  for (const [number, circle] of circlesOf(targets).entries()) {
    if (chunk.length + circle.length > most && circle.length <= most) end();
    for (const place of circle) {
      if (circle.length > 1) circles[place] = number;
      chunk.push(place);
      if (chunk.length === most) end();
    }
  }
  end();
  const chunkOf = chunksByPlace(chunks, targets.length);
  const behind = chunks.map((places, number) => {
    const before = new Set<number>();
    for (const place of places)
      for (const target of targets[place] as readonly number[])
        if ((chunkOf[target] as number) < number) before.add(chunkOf[target] as number);
    return [...before];
  });
  return { chunks, behind, circles };
}

/** The places that an earlier transaction refers to: of circles that do not fit into one. */
export function lateTargets(
  targets: readonly (readonly number[])[],
  { chunks }: Pick<WriteOrder, 'chunks'>,
): number[] {
  const chunkOf = chunksByPlace(chunks, targets.length);
  const late = targets.flatMap((each, place) =>
    each.filter((target) => (chunkOf[target] as number) > (chunkOf[place] as number)),
  );
  return [...new Set(late)];
}

function chunksByPlace(chunks: readonly (readonly number[])[], length: number): Int32Array {
  const chunkOf = new Int32Array(length);
  for (const [number, places] of chunks.entries())
    for (const place of places) chunkOf[place] = number;
  return chunkOf;
}

/**
 * The circles of a graph, those that others refer to first; a place that is in none is one of its
 * own. Tarjan's algorithm, without recursion: a chain may have a million items.
 */
function circlesOf(targets: readonly (readonly number[])[]): number[][] {
  const found: number[][] = [];
  /** The turn in which a place was seen, from 1 on; `DONE` once its circle is known. */
  const seen = new Int32Array(targets.length);
  const DONE = targets.length + 1;
  /** The earliest place on the way that can be reached from a place. */
  const low = new Int32Array(targets.length);
  const next = new Int32Array(targets.length);
  const open: number[] = [];
  const way: number[] = [];
  let turn = 0;
  const enter = (place: number): void => {
    seen[place] = low[place] = ++turn;
    open.push(place);
    way.push(place);
  };
  for (let start = 0; start < targets.length; start++) {
    if (seen[start] === 0) enter(start);
    while (way.length > 0) {
      const place = way.at(-1) as number;
      const target = (targets[place] as readonly number[])[next[place] as number];
      if (target !== undefined) {
        next[place] = (next[place] as number) + 1;
        if (seen[target] === 0) enter(target);
        else if (seen[target] !== DONE)
          low[place] = Math.min(low[place] as number, seen[target] as number);
        continue;
      }
      way.pop();
      const before = way.at(-1);
      if (before !== undefined) low[before] = Math.min(low[before] as number, low[place] as number);
      if (low[place] !== seen[place]) continue;
      const circle = open.splice(open.lastIndexOf(place));
      for (const each of circle) seen[each] = DONE;
      found.push(circle.sort((left, right) => left - right));
    }
  }
  return found;
}
