import type { DecodeError } from '@cdf/core';
import type { SeriesInfo } from '../../datapoints-types.js';
import { type Columns, concatColumns, sliceColumns } from '../../points/columns.js';
import { lowerBound } from '../../points/sparse.js';
import type { AnswerItem } from '../../wire/answer-item.js';
import { namedAs } from '../match-series.js';
import { checkKind, checkTimes, checkValues, unexpectedPoints } from './check-points.js';
import type { ResultRoom } from './result-room.js';
import { Segment } from './segment.js';
import type { SeriesRequest } from './series-request.js';

function typeOf({ isString }: SeriesInfo): string {
  return isString ? 'a string series' : 'a numeric series';
}

/** How much of a page is counted on. */
const FULL = 0.99;

/** Everything about one item of a query while it is fetched: its segments, in the order of time. */
export class SeriesTask {
  readonly request: SeriesRequest;
  /** Where the pages are joined, once there is such a place. */
  room: ResultRoom | undefined;
  readonly #segments: Segment[];
  #info: SeriesInfo | undefined;
  /**
   * There were fewer points than their density said: cut by it, an empty year would be requested
   * minute by minute.
   */
  #isUneven = false;
  #outside: { state: 'waiting' | 'flying' | 'done'; before?: Columns; after?: Columns };

  constructor(request: SeriesRequest) {
    this.request = request;
    this.#segments = [new Segment(request, request.start, request.end, request.density)];
    this.#outside = { state: request.outside ? 'waiting' : 'done' };
  }

  get info(): SeriesInfo | undefined {
    return this.#info;
  }

  /** Points received that the result will have. */
  get useful(): number {
    return Math.min(
      this.request.limit,
      this.#segments.reduce((sum, segment) => sum + segment.received, 0),
    );
  }

  /** No more requests will follow. */
  get isDone(): boolean {
    if (this.#outside.state !== 'done') return false;
    for (const { state } of this.#segments) if (state !== 'done') return false;
    return true;
  }

  /** In the order of time. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /**
   * Most points that the result can still take from a segment, whatever the ones before it bring.
   */
  need(segment: Segment): number {
    let need = this.request.limit;
    if (need === Infinity) return need;
    for (const each of this.#segments) {
      need -= each.received;
      if (each === segment) break;
    }
    return Math.max(0, need);
  }

  /**
   * Takes over what a request brought.
   *
   * @param segment undefined: the points around the range
   * @param item undefined: the series does not exist
   */
  receive(segment: Segment | undefined, item: AnswerItem | undefined): void {
    if (item === undefined) {
      if (this.#info !== undefined)
        throw this.#unexpected('the series is missing, but was in an earlier answer');
      this.vanish();
      return;
    }
    this.#meet(item);
    if (segment === undefined) this.#receiveOutside(item);
    else {
      segment.receive(item);
      this.#passOver(segment);
      this.#settle();
    }
  }

  /** All pages are of one series. */
  #meet(item: AnswerItem): void {
    const { info } = item;
    const known = this.#info;
    if (known === undefined) {
      checkKind(this.request.identifier, info, this.request.isString);
      this.#info = namedAs(this.request.identifier, item);
    } else if (info.isString !== known.isString)
      throw this.#unexpected(`a page is ${typeOf(info)}, the ones before are ${typeOf(known)}`);
    else if (info.id && known.id && info.id !== known.id)
      throw this.#unexpected(`a page has id ${info.id}, earlier pages have id ${known.id}`);
  }

  #unexpected(what: string): DecodeError {
    return unexpectedPoints(this.request.identifier, what);
  }

  /** The series does not exist, or not any more. */
  vanish(): void {
    for (const segment of this.#segments) segment.state = 'done';
    this.#outside.state = 'done';
  }

  /**
   * Cuts a segment into parts, all of them waiting: of whole pages, so that regular series leave no
   * small rests. A limited series is cut by single pages, so that what comes of the later ones
   * is not in vain for long. Gives how many parts there are then.
   *
   * @param points that are counted on; the last part has all of the time behind them
   */
  split(segment: Segment, parts: number, points: number, mostPoints: number): number {
    if (this.#isUneven) return 1;
    const from = segment.start;
    const end = Math.min(this.#horizon(segment), from + points / (segment.density ?? Infinity));
    const page = (mostPoints * FULL) / (segment.density ?? Infinity);
    const pages = (end - from) / page;
    let made = 1;
    for (let part = parts - 1; part > 0; part--) {
      const cuts = this.request.limit === Infinity ? (pages * part) / parts : part;
      const cut = segment.cutBefore(
        from + (pages > parts ? Math.round(cuts) * page : ((end - from) * part) / parts),
      );
      if (cut === undefined) continue;
      this.#insertAfter(segment, segment.cut(cut));
      made++;
    }
    return made;
  }

  /**
   * Cuts off the second half of what a segment will have left after the request on its way.
   *
   * @param points that are counted on, those on their way included
   */
  splitFlying(segment: Segment, points: number, mostPoints: number): boolean {
    if (this.#isUneven) return false;
    const page = (mostPoints * FULL) / (segment.density ?? Infinity);
    const reach = segment.start + segment.asked / (segment.density ?? Infinity);
    const end = Math.min(
      this.#horizon(segment),
      segment.start + points / (segment.density ?? Infinity),
    );
    const half = Math.round((end - reach) / 2 / page);
    const cut = segment.cutBefore(half > 0 ? reach + half * page : reach + (end - reach) / 2);
    if (cut === undefined || cut <= reach) return false;
    this.#insertAfter(segment, segment.cut(cut));
    return true;
  }

  /**
   * The item of a request that asks for the points around the range; nothing when there is none to
   * ask for.
   */
  takeOutsideItem(): Record<string, unknown> | undefined {
    if (this.#outside.state !== 'waiting') return undefined;
    this.#outside.state = 'flying';
    const { wire, start, end } = this.request;
    return { ...wire, start, end, limit: 0, includeOutsidePoints: true };
  }

  #receiveOutside(item: AnswerItem): void {
    const { identifier, start, end, layout, wire } = this.request;
    // The API allows a limit of 0 here; a server that takes it for 1 does no harm.
    const columns = item.read(layout, 3);
    const { timestamps } = columns;
    checkTimes(identifier, timestamps, {
      from: Number.MIN_SAFE_INTEGER,
      to: Number.MAX_SAFE_INTEGER,
    });
    checkValues(identifier, columns, wire);
    const before = lowerBound(timestamps, start);
    const inside = lowerBound(timestamps, end);
    if (before > 1) throw this.#unexpected(`it has ${before} points before start`);
    if (timestamps.length - inside > 1)
      throw this.#unexpected(`it has ${timestamps.length - inside} points at or after end`);
    this.#outside = {
      state: 'done',
      before: sliceColumns(columns, 0, before),
      after: sliceColumns(columns, inside, timestamps.length),
    };
  }

  get awaitsOutside(): boolean {
    return this.#outside.state === 'waiting';
  }

  /** The whole result. The pages are given up. */
  collect(): Columns | undefined {
    if (this.#info === undefined) return undefined;
    const pages: Columns[] = [];
    let left = this.request.limit;
    for (const segment of this.#segments)
      for (const page of segment.pages.splice(0)) {
        if (left <= 0) continue;
        pages.push(sliceColumns(page, 0, Math.min(left, page.timestamps.length)));
        left -= page.timestamps.length;
      }
    const { before, after } = this.#outside;
    if (before !== undefined && before.timestamps.length > 0) pages.unshift(before);
    if (after !== undefined && after.timestamps.length > 0) pages.push(after);
    // Other series are collected after this one: the room of each goes with its pages.
    const { room } = this;
    this.room = undefined;
    return concatColumns(pages, this.request.layout, this.#info.isString, room);
  }

  #insertAfter(segment: Segment, rest: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment) + 1, 0, rest);
  }

  /**
   * Where a limited segment probably has enough points; what is behind it sleeps until that turns
   * out wrong.
   */
  #horizon(segment: Segment): number {
    const need = this.need(segment) * 1.1;
    if (segment.density === undefined || segment.density * (segment.end - segment.start) <= need)
      return segment.end;
    const cut = segment.cutBefore(segment.start + need / segment.density);
    if (cut === undefined) return segment.end;
    const rest = segment.cut(cut);
    rest.state = 'dormant';
    this.#insertAfter(segment, rest);
    return cut;
  }

  /**
   * An answer may show that a part cut off meanwhile is empty. It is not requested then, or not cut
   * further where it is on its way.
   */
  #passOver({ end, emptyTo }: Segment): void {
    for (const segment of this.#segments) {
      if (segment.start < end || segment.end > emptyTo || segment.received > 0) continue;
      if (segment.state === 'flying') segment.density = undefined;
      else segment.state = 'done';
    }
  }

  /**
   * Ends what a limit makes needless, and wakes what it made sleep when the points before it were
   * not enough.
   */
  #settle(): void {
    const { limit } = this.request;
    if (limit === Infinity) return;
    let before = 0;
    let complete = true;
    for (const segment of this.#segments) {
      if (before + segment.received >= limit && segment.state !== 'flying') segment.state = 'done';
      if (before >= limit) segment.state = 'done';
      if (segment.state === 'dormant' && complete) {
        segment.state = 'waiting';
        this.#isUneven = true;
      }
      before += segment.received;
      complete &&= segment.state === 'done';
    }
  }
}
