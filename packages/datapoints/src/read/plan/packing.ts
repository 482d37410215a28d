/** Series in one request. */
export const MOST_SERIES = 100;

/** Something that wants a share of a request's points. */
export interface Load<T> {
  readonly value: T;
  /** Points that probably come: what requests are filled by. */
  readonly expected: number;
  /** Points that are enough most of the time: the limit, where there is room. */
  readonly wanted: number;
  /** More than this cannot be of use. */
  readonly most: number;
}

export interface Packed<T> {
  readonly value: T;
  readonly limit: number;
}

export interface PackingLimits {
  readonly mostItems: number;
  readonly mostPoints: number;
  /** Most requests. Loads that do not fit are left out. */
  readonly slots: number;
}

/**
 * A guess that is a little over what fits is still one request: what is cut off rides along with
 * later ones.
 */
const TOLERANCE = 0.02;
/** The share of a request that is worth asking for part of a series. */
const WORTH_A_PART = 0.05;

/**
 * Spreads loads over as few requests as have room for what is expected, or over `slots` when that
 * is fewer: then the points of a request are shared. A request is always filled: spare room
 * goes to loads that can use more.
 */
export function packRequests<T>(loads: readonly Load<T>[], limits: PackingLimits): Packed<T>[][] {
  const { mostItems, mostPoints, slots } = limits;
  const largestFirst = [...loads]
    .sort((left, right) => right.expected - left.expected)
    .slice(0, slots * mostItems);
  const expected = largestFirst.reduce((sum, load) => sum + load.expected, 0);
  const count = Math.min(
    slots,
    Math.max(
      Math.ceil(largestFirst.length / mostItems),
      Math.ceil(expected / mostPoints - TOLERANCE),
    ),
  );
  const bins = Array.from({ length: Math.min(count, largestFirst.length) }, () => ({
    sum: 0,
    loads: [] as Load<T>[],
  }));
  for (const load of largestFirst) {
    let emptiest = bins[0];
    for (const bin of bins)
      if (
        emptiest === undefined ||
        emptiest.loads.length >= mostItems ||
        (bin.sum < emptiest.sum && bin.loads.length < mostItems)
      )
        emptiest = bin;
    emptiest?.loads.push(load);
    if (emptiest !== undefined) emptiest.sum += load.expected;
  }
  return bins.map((bin) => share(bin.loads, mostPoints));
}

/**
 * The first loads that fill so many points. The last is taken in part, where the others leave room:
 * what is left of it rides along later.
 */
export function firstThatFill<T>(loads: readonly Load<T>[], points: number): Load<T>[] {
  let left = points;
  let unwanted = points;
  const filling: Load<T>[] = [];
  for (const load of loads) {
    if (load.expected > left && filling.length > 0) {
      if (unwanted >= points * WORTH_A_PART)
        filling.push({ ...load, expected: unwanted, wanted: unwanted });
      break;
    }
    left -= load.expected;
    unwanted -= load.wanted;
    filling.push(load);
  }
  return filling;
}

function share<T>(loads: readonly Load<T>[], points: number): Packed<T>[] {
  const limits = fill(
    loads.map((load) => load.wanted),
    points,
  );
  const left = points - limits.reduce((sum, limit) => sum + limit, 0);
  const extra = fill(
    loads.map((load, index) => load.most - (limits[index] as number)),
    left,
  );
  return loads.map(({ value }, index) => ({
    value,
    limit: (limits[index] as number) + (extra[index] as number),
  }));
}

/**
 * Shares points evenly, each wish getting at most itself: small wishes leave room to large ones.
 * Always whole numbers.
 */
function fill(wishes: readonly number[], points: number): number[] {
  const shares: number[] = new Array(wishes.length).fill(0);
  let left = Math.floor(points);
  let takers = wishes.length;
  const smallestFirst = wishes
    .map((_, index) => index)
    .sort((a, b) => (wishes[a] as number) - (wishes[b] as number));
  for (const index of smallestFirst) {
    const given = Math.max(0, Math.min(wishes[index] as number, Math.floor(left / takers)));
    shares[index] = given;
    left -= given;
    takers--;
  }
  return shares;
}
