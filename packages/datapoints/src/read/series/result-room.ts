import type { Columns, NumberRoom } from '../../points/columns.js';
import { trim } from '../../wire/growing.js';
import type { PageRoom } from '../../wire/points.js';
import type { Segment } from './segment.js';
import type { SeriesRequest } from './series-request.js';

/** Where a page goes. */
interface Lease extends PageRoom {
  readonly time: number;
  readonly from: number;
  to: number;
}

/** What irregular times take more, so that a page that brings more than expected has room too. */
const SLACK = 1.02;
/**
 * So many times the points there are is the most to make room for: more is a guess. What is not
 * touched takes no memory.
 */
const MOST_AHEAD = 64;
/**
 * Places beyond the points that have come: at most 1 GB of addresses, whatever an answer promises.
 */
const MOST_MORE = 64_000_000;
/** A place that is so little more than a whole one is that one. */
const ROUNDING = 1e-6;

/** The part of a series task that a room is made for. */
interface SeriesState {
  readonly request: SeriesRequest;
  readonly info: { readonly isString: boolean } | undefined;
  readonly segments: readonly Segment[];
  readonly useful: number;
  readonly isDone: boolean;
}

/**
 * The columns of a whole result of raw numbers, made as soon as it can be told how many points
 * there will be. Pages are decoded into them, each where its time lets expect it, so that in the
 * end there is nothing to join: regular points are where they belong, others move a little.
 */
export class ResultRoom implements NumberRoom {
  readonly #timestamps: Float64Array;
  readonly #values: Float64Array;
  /** The time of the first point, and how many places there are for a millisecond. */
  readonly #origin: number;
  readonly #perMs: number;
  /** In the order of time, and apart from each other. */
  readonly #leases: Lease[] = [];

  private constructor(origin: number, perMs: number, places: number) {
    this.#origin = origin;
    this.#perMs = perMs;
    this.#timestamps = new Float64Array(places);
    this.#values = new Float64Array(places);
  }

  /** The room for a series, with the pages there are; undefined where it cannot be told yet. */
  static make({ request, info, segments, useful, isDone }: SeriesState): ResultRoom | undefined {
    const { layout, outside, limit, end } = request;
    if (isDone || outside || layout !== undefined || info?.isString !== false) return undefined;
    const first = segments.flatMap(({ pages }) => pages).find(isLong);
    if (first === undefined) return undefined;
    const [origin = 0] = first.timestamps;
    const step = ((first.timestamps.at(-1) ?? 0) - origin) / (first.timestamps.length - 1);
    const perMs = (Number.isInteger(step) ? 1 : SLACK) / step;
    const places = Math.min(limit, placeOf(end, origin, perMs));
    if (!(places > useful && places <= Math.min(useful * MOST_AHEAD, useful + MOST_MORE)))
      return undefined;
    try {
      const room = new ResultRoom(origin, perMs, places);
      for (const { pages } of segments)
        for (const [index, page] of pages.entries()) pages[index] = room.#take(page);
      return room;
    } catch {
      // There is not as much memory in one piece.
      return undefined;
    }
  }

  /**
   * Room for a page, with as many places as are free there; undefined where there is none.
   *
   * @param time that its points begin at
   * @param most points that it may bring
   */
  lease(time: number, most: number): PageRoom | undefined {
    const leases = this.#leases;
    let index = leases.length;
    while (index > 0 && (leases[index - 1] as Lease).time > time) index--;
    const from = Math.max(placeOf(time, this.#origin, this.#perMs), leases[index - 1]?.to ?? 0);
    const end = leases[index]?.from ?? this.#timestamps.length;
    const to = Math.min(end, from + most);
    if (from >= to) return undefined;
    const lease: Lease = {
      time,
      from,
      to,
      timestamps: this.#timestamps.subarray(from, to),
      values: this.#values.subarray(from, to),
    };
    leases.splice(index, 0, lease);
    return lease;
  }

  /** The last page of a lease is there: it may be shorter, or have been decoded elsewhere. */
  settle(lease: PageRoom, page: Columns | undefined): void {
    const index = this.#leases.indexOf(lease as Lease);
    const own = this.#leases[index];
    if (own === undefined) return;
    const { buffer, byteOffset } = own.timestamps;
    if (page?.timestamps.buffer === buffer && page.timestamps.byteOffset === byteOffset)
      own.to = own.from + page.timestamps.length;
    else this.#leases.splice(index, 1);
  }

  /** Takes in a page that was decoded before there was room. */
  #take(page: Columns): Columns {
    const { timestamps, values } = page;
    const lease = this.lease(timestamps[0] as number, timestamps.length);
    if (lease === undefined) return page;
    if (lease.timestamps.length < timestamps.length) {
      this.settle(lease, undefined);
      return page;
    }
    lease.timestamps.set(timestamps);
    lease.values.set(values as Float64Array);
    return { ...page, timestamps: lease.timestamps, values: lease.values };
  }

  /** Puts the parts of a column together, where there is room for all of them. */
  join(
    column: 'timestamps' | 'values',
    parts: readonly Float64Array[],
    offsets: readonly number[],
    length: number,
  ): Float64Array | undefined {
    const whole = column === 'timestamps' ? this.#timestamps : this.#values;
    if (length > whole.length) return undefined;
    const move = (part: Float64Array, by: (from: number, to: number) => boolean, to = 0): void => {
      const from = part.byteOffset / Float64Array.BYTES_PER_ELEMENT;
      if (part.buffer === whole.buffer && by(from, to))
        whole.copyWithin(to, from, from + part.length);
    };
    // What moves to the front goes first, the first of them first, and what moves to the back
    // last, the last of them first: so nothing is written over that is still to be moved.
    for (const [index, part] of parts.entries())
      move(part, (from, to) => to < from, offsets[index]);
    for (let index = parts.length - 1; index >= 0; index--)
      move(parts[index] as Float64Array, (from, to) => to > from, offsets[index]);
    for (const [index, part] of parts.entries())
      if (part.buffer !== whole.buffer) whole.set(part, offsets[index]);
    return trim(whole, length);
  }
}

/** The place of the first point at or after a time, if points are as dense as at first. */
function placeOf(time: number, origin: number, perMs: number): number {
  return Math.max(0, Math.ceil((time - origin) * perMs - ROUNDING));
}

/** A page that shows the distance of its points. */
function isLong({ timestamps }: Columns): boolean {
  return timestamps.length > 1;
}
