import type { PointColumn } from '../../datapoints-types.js';
import { type Columns, type Layout, sliceColumns } from '../../points/columns.js';
import { lowerBound } from '../../points/sparse.js';
import type { AnswerItem } from '../../wire/answer-item.js';
import type { PageRoom } from '../../wire/points.js';
import { checkTimes, checkValues } from './check-points.js';
import { PageCursors } from './page-cursors.js';
import type { SeriesRequest } from './series-request.js';

/**
 * A part of the time of one series, fetched page after page. Every page adds to what is known: how
 * far it has come, and how dense its points are.
 */
export class Segment {
  readonly request: SeriesRequest;
  state: 'waiting' | 'flying' | 'done' | 'dormant' = 'waiting';
  /** Points before it have been fetched, or belong to another segment. */
  start: number;
  /**
   * Points from here on belong to another segment. Moves when the segment is cut, even while a
   * request is on its way.
   */
  end: number;
  readonly pages: Columns[] = [];
  received = 0;
  /** Points per millisecond, as far as it can be told. */
  density: number | undefined;
  /** Room for the points that the running request brings. */
  room: PageRoom | undefined;
  /** The most points that the running request may bring. */
  asked = 0;
  /**
   * Up to here the last answer has shown that there are no more points: further than `end`, where
   * that has moved since.
   */
  emptyTo: number = -Infinity;
  #cursor: string | undefined;
  /** Undefined before there is a cursor. */
  #cursors: PageCursors | undefined;
  #wireStart: number;
  #wireEnd: number;
  #last = -Infinity;
  /** False after an empty page: only the cursor knows then where to go on. */
  #restartable = true;

  constructor(request: SeriesRequest, start: number, end: number, density?: number) {
    this.request = request;
    this.start = start;
    this.end = end;
    this.density = density;
    this.#wireStart = start;
    this.#wireEnd = end;
  }

  /** How many points there are still to fetch; undefined before anything is known. */
  estimate(): number | undefined {
    if (this.density === undefined) return undefined;
    return Math.min(this.density * (this.end - this.start), this.mostBuckets());
  }

  /** Aggregates cannot be more than there are buckets. */
  mostBuckets(): number {
    const { grid } = this.request;
    return grid === undefined ? Infinity : grid.mostBetween(this.start, this.end);
  }

  /** Cuts off what begins at `time`. */
  cut(time: number): Segment {
    const rest = new Segment(this.request, time, this.end, this.density);
    this.end = time;
    if (this.state !== 'flying') this.#restart();
    return rest;
  }

  /** The last place at or before a time where the segment can be cut. */
  cutBefore(time: number): number | undefined {
    const cut =
      this.request.grid === undefined ? Math.floor(time) : this.request.grid.cutBefore(time);
    return cut !== undefined && this.#restartable && cut > this.start && cut < this.end
      ? cut
      : undefined;
  }

  wireItem(limit: number): Record<string, unknown> {
    this.asked = limit;
    const { wire } = this.request;
    const item = {
      ...wire,
      start: this.#wireStart,
      end: this.#wireEnd,
      limit,
      cursor: this.#cursor,
    };
    return this.#needsCount()
      ? { ...item, aggregates: [...(this.request.layout ?? []), 'count'] }
      : item;
  }

  /** Takes over a page. Returns how many points it brought. */
  receive(item: AnswerItem): number {
    const layout: Layout = this.#needsCount()
      ? [...(this.request.layout ?? []), 'count']
      : this.request.layout;
    const answered = item.read(layout, this.asked);
    this.#check(answered);
    const reachedEnd = (answered.timestamps.at(-1) ?? -Infinity) >= this.end;
    const page = this.#withoutForeign(answered);
    const { timestamps } = page;
    const count = timestamps.length;
    const cursor = item.nextCursor;
    if (count > 0) {
      this.#learn(timestamps);
      this.pages.push(page);
      this.received += count;
    }
    this.#restartable = count > 0 && this.#next() !== undefined;
    this.#cursor = cursor;
    if (cursor === undefined && !reachedEnd) this.emptyTo = this.#wireEnd;
    this.state = cursor === undefined || reachedEnd || this.start >= this.end ? 'done' : 'waiting';
    if (this.state === 'waiting' && this.end !== this.#wireEnd) this.#restart();
    if (this.state === 'waiting' && this.#cursor !== undefined) {
      this.#cursors ??= new PageCursors();
      this.#cursors.follow(this.request.identifier, this.#cursor, count);
    }
    return count;
  }

  /** @throws {DecodeError} when the points cannot be those of the request */
  #check(page: Columns): void {
    const { identifier, wire, grid, checkBuckets } = this.request;
    // The bucket that holds the start of the query may begin before it, by less than its length: of
    // months and days that varies.
    const from =
      this.#wireStart - (grid === undefined || this.#startsInside() ? 0 : grid.length * 1.1);
    checkTimes(identifier, page.timestamps, { from, to: this.#wireEnd, after: this.#last });
    checkValues(identifier, page, wire);
    checkBuckets?.(identifier, page);
  }

  /**
   * Goes on by time rather than by cursor, since a cursor belongs to the times that it was given
   * for.
   */
  #restart(): void {
    if (!this.#restartable) return;
    this.#cursor = undefined;
    this.#cursors = undefined;
    this.#wireStart = this.start;
    this.#wireEnd = this.end;
  }

  #next(): number | undefined {
    return this.request.grid === undefined ? this.#last + 1 : this.request.grid.after(this.#last);
  }

  #learn(timestamps: Float64Array): void {
    const first = timestamps[0] as number;
    const last = timestamps[timestamps.length - 1] as number;
    const step = this.request.grid?.length ?? 0;
    const points = step > 0 ? timestamps.length : timestamps.length - 1;
    const span = last - first + step;
    this.density = points > 0 && span > 0 ? points / span : 1 / Math.max(1, last - this.start + 1);
    this.#last = last;
    this.start = this.#next() ?? last + 1;
  }

  /**
   * stepInterpolation (and interpolation of a step series) has a point in the first bucket of a
   * request even where the bucket is empty. Inside of a query that bucket is not the first, so the
   * count tells whether it is empty.
   */
  #needsCount(): boolean {
    const { layout } = this.request;
    if (layout === undefined || !this.#startsInside() || layout.includes('count')) return false;
    return layout.includes('stepInterpolation') || layout.includes('interpolation');
  }

  #startsInside(): boolean {
    return this.request.continued === true || this.#wireStart !== this.request.start;
  }

  #withoutForeign(page: Columns): Columns {
    const { layout } = this.request;
    const { timestamps } = page;
    let from = 0;
    const count = page.aggregates?.get('count') as Float64Array | undefined;
    const isFirstOfRequest = timestamps[0] === this.#wireStart;
    if (this.#startsInside() && isFirstOfRequest && count !== undefined && Number.isNaN(count[0]))
      from = 1;
    const to =
      (timestamps.at(-1) ?? -Infinity) < this.end
        ? timestamps.length
        : lowerBound(timestamps, this.end);
    const own = sliceColumns(page, from, Math.max(from, to));
    if (layout === undefined || own.aggregates?.size === layout.length) return own;
    return {
      ...own,
      aggregates: new Map(layout.map((name) => [name, own.aggregates?.get(name) as PointColumn])),
    };
  }
}
