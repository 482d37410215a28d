import type { HierarchyLinks } from './links.js';

/** Positions that travel in one request, in no particular order. */
export type Pack = number[];

/**
 * Cuts trees into the fewest packs there can be, ceil(n / capacity), so that whole subtrees travel
 * together where they can. Packs of one wave depend on packs of earlier waves only, so that they
 * may be sent at the same time.
 *
 * @param width packs that are sent at the same time: a subtree too large for one pack is spread
 *   over so many
 */
export function packWaves(links: HierarchyLinks, capacity: number, width: number): Pack[][] {
  const waves: Pack[][] = [];
  let open = links.parent.reduce<number[]>((roots, above, index) => {
    if (above === -1) roots.push(index);
    return roots;
  }, []);
  while (open.length > 0) {
    const { packs, rest } = packWave(links, open, capacity, width);
    waves.push(packs);
    open = rest;
  }
  return waves;
}

interface Wave {
  readonly packs: Pack[];
  /** Subtrees for later waves: those below the packs, and those too small for a full pack. */
  readonly rest: number[];
}

function packWave(
  links: HierarchyLinks,
  roots: readonly number[],
  capacity: number,
  width: number,
): Wave {
  const sizeOf = (index: number): number => links.size[index] as number;
  const heavy = roots.filter((index) => sizeOf(index) > capacity);
  const light = roots.filter((index) => sizeOf(index) <= capacity);
  if (heavy.length === 0) {
    const total = light.reduce((sum, index) => sum + sizeOf(index), 0);
    const whole = packLight(links, light, capacity, false);
    // Subtrees stay whole when that costs no request more.
    if (whole.packs.length <= Math.ceil(total / capacity)) return whole;
    return withFullPacks(links, packLight(links, light, capacity, true), capacity);
  }
  const subtrees = new SubtreesBySize(sizeOf, capacity, light);
  const packs: Pack[] = [];
  const rest: number[] = [];
  for (const share of shareOut(heavy, sizeOf, width)) {
    const { pack, frontier } = takeTops(links, share, capacity);
    const own = new SubtreesBySize(sizeOf, capacity, []);
    for (const index of frontier) {
      if (sizeOf(index) > capacity) rest.push(index);
      else own.add(index);
    }
    fill(links, pack, capacity, [own, subtrees], true);
    packs.push(pack);
    append(rest, own.drain());
  }
  const others = packLight(links, subtrees.drain(), capacity, true);
  return withFullPacks(
    links,
    { packs: append(packs, others.packs), rest: append(rest, others.rest) },
    capacity,
  );
}

/** While more is to come from below, subtrees that do not fill a pack wait to travel with it. */
function withFullPacks(links: HierarchyLinks, { packs, rest }: Wave, capacity: number): Wave {
  if (rest.length === 0) return { packs, rest };
  const waiting = new Set(packs.filter((pack) => pack.length < capacity).flat());
  const isTop = (index: number): boolean => !waiting.has(links.parent[index] as number);
  return {
    packs: packs.filter((pack) => pack.length === capacity),
    rest: append([...waiting].filter(isTop), rest.filter(isTop)),
  };
}

/** Packs subtrees of bounded size. With `split`, packs are filled up with the tops of subtrees. */
function packLight(
  links: HierarchyLinks,
  roots: readonly number[],
  capacity: number,
  split: boolean,
): Wave {
  const subtrees = new SubtreesBySize((index) => links.size[index] as number, capacity, roots);
  const packs: Pack[] = [];
  const rest: number[] = [];
  while (subtrees.count > 0) {
    const pack: Pack = [];
    const own = new SubtreesBySize((index) => links.size[index] as number, capacity, []);
    fill(links, pack, capacity, [own, subtrees], split);
    packs.push(pack);
    append(rest, own.drain());
  }
  return { packs, rest };
}

/**
 * Fills a pack: the largest subtrees that fit, then, with `split`, the top of one that does not.
 * Those of the first source go first.
 */
function fill(
  links: HierarchyLinks,
  pack: Pack,
  capacity: number,
  sources: readonly [own: SubtreesBySize, others: SubtreesBySize],
  split: boolean,
): void {
  while (pack.length < capacity) {
    const room = capacity - pack.length;
    const whole = sources[0].takeAtMost(room) ?? sources[1].takeAtMost(room);
    if (whole !== undefined) {
      addSubtree(links, pack, whole);
      continue;
    }
    const top = split
      ? (sources[0].takeAtMost(capacity) ?? sources[1].takeAtMost(capacity))
      : undefined;
    if (top === undefined) return;
    pack.push(top);
    // Assets below a top of this pack may follow into this pack only.
    for (
      let child = links.firstChild[top] as number;
      child !== -1;
      child = links.nextSibling[child] as number
    )
      sources[0].add(child);
  }
}

/**
 * The tops of subtrees that are too large for one pack, level by level, until the subtrees below
 * fit or the pack is full.
 */
function takeTops(
  links: HierarchyLinks,
  roots: readonly number[],
  capacity: number,
): { pack: Pack; frontier: number[] } {
  const pack: Pack = [];
  const frontier: number[] = [];
  const queue = [...roots];
  for (let next = 0; next < queue.length; next += 1) {
    const index = queue[next] as number;
    if (pack.length === capacity || (links.size[index] as number) <= capacity) {
      frontier.push(index);
      continue;
    }
    pack.push(index);
    for (
      let child = links.firstChild[index] as number;
      child !== -1;
      child = links.nextSibling[child] as number
    )
      queue.push(child);
  }
  return { pack, frontier };
}

/**
 * Spreads roots over at most `width` shares, the largest first and each to the share that has
 * least.
 */
function shareOut(
  roots: readonly number[],
  sizeOf: (index: number) => number,
  width: number,
): number[][] {
  const shares = Array.from({ length: Math.min(width, roots.length) }, () => ({
    roots: [] as number[],
    total: 0,
  }));
  for (const root of [...roots].sort((left, right) => sizeOf(right) - sizeOf(left))) {
    const least = shares.reduce((best, share) => (share.total < best.total ? share : best));
    least.roots.push(root);
    least.total += sizeOf(root);
  }
  return shares.map((share) => share.roots);
}

function addSubtree(links: HierarchyLinks, pack: Pack, root: number): void {
  let next = pack.length;
  pack.push(root);
  for (; next < pack.length; next += 1)
    for (
      let child = links.firstChild[pack[next] as number] as number;
      child !== -1;
      child = links.nextSibling[child] as number
    )
      pack.push(child);
}

/** Without spreading: there may be more than a call takes arguments. */
function append<T>(target: T[], more: readonly T[]): T[] {
  for (const item of more) target.push(item);
  return target;
}

/** Subtrees of 1 to `capacity` assets, to be had by size. */
class SubtreesBySize {
  readonly #sizeOf: (index: number) => number;
  readonly #stacks: number[][];
  #largest = 0;
  #count = 0;

  constructor(sizeOf: (index: number) => number, capacity: number, roots: readonly number[]) {
    this.#sizeOf = sizeOf;
    this.#stacks = Array.from({ length: capacity + 1 }, () => []);
    // Backwards, since stacks give the last first.
    for (let position = roots.length - 1; position >= 0; position -= 1)
      this.add(roots[position] as number);
  }

  get count(): number {
    return this.#count;
  }

  add(root: number): void {
    const size = this.#sizeOf(root);
    (this.#stacks[size] as number[]).push(root);
    this.#largest = Math.max(this.#largest, size);
    this.#count += 1;
  }

  /** The largest subtree of at most `room` assets, or `undefined`. */
  takeAtMost(room: number): number | undefined {
    if (this.#count === 0) return undefined;
    while (this.#largest > 0 && this.#stacks[this.#largest]?.length === 0) this.#largest -= 1;
    for (let size = Math.min(room, this.#largest); size > 0; size -= 1) {
      const root = this.#stacks[size]?.pop();
      if (root === undefined) continue;
      this.#count -= 1;
      return root;
    }
    return undefined;
  }

  drain(): number[] {
    const all = this.#stacks.flat();
    for (const stack of this.#stacks) stack.length = 0;
    this.#count = 0;
    return all;
  }
}
