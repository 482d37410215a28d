import { AGGREGATE_FIELDS, type Aggregate, isPointAggregate } from '../aggregates.js';
import { type Columns, concatColumns, emptyColumns, type Layout } from '../columns.js';
import { StatusBuilder } from '../sparse.js';
import type { PointColumn } from '../types.js';
import { decodeText, malformed, Reader } from './reader.js';

/** Where the points of one series are in an answer. */
export interface PointBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly isString: boolean;
}

/** Reads points straight into columns: no object per point, no BigInt. */
export function readPoints(source: PointBytes, layout: Layout, most: number): Columns {
  const pages = source.ranges.map(([from, to]) => {
    const count = countPoints(source.bytes, from, to, most);
    const reader = new Reader(source.bytes, from);
    if (layout !== undefined) return readAggregates(reader, to, count, layout);
    return source.isString ? readStrings(reader, to, count) : readNumbers(reader, to, count);
  });
  if (pages.length === 0) return emptyColumns(layout, source.isString);
  return concatColumns(pages, layout, source.isString);
}

/** Hops over the points: columns are then allocated once, at their size, and never for more points than were asked for. */
function countPoints(bytes: Uint8Array, from: number, to: number, most: number): number {
  const hopper = new Reader(bytes, from);
  let count = 0;
  while (hopper.position < to) {
    const tag = bytes[hopper.position] as number;
    const length = bytes[hopper.position + 1] as number;
    if (tag === 0x0a && length < 0x80) {
      hopper.position += 2 + length;
      count++;
    } else {
      const read = hopper.varint(to);
      if (read === 0x0a) count++;
      hopper.skip(read, to);
    }
  }
  if (hopper.position !== to) throw malformed('points run over their end');
  if (count > most) throw malformed(`${count} points where at most ${most} were asked for`);
  return count;
}

function readNumbers(reader: Reader, to: number, count: number): Columns {
  const { bytes, view } = reader;
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  const extras = new PointExtras();
  let index = 0;
  let at = reader.position;
  while (at < to) {
    const length = bytes[at + 1] as number;
    // A time of six bytes and a value, or no value where that is 0: nearly every point without a status.
    if ((length === 16 || length === 7) && bytes[at] === 0x0a && bytes[at + 2] === 0x08) {
      const time = sixByteNumber(bytes, at + 3);
      if (time >= 0 && (length === 7 || bytes[at + 9] === 0x11)) {
        timestamps[index] = time;
        if (length === 16) values[index] = view.getFloat64(at + 10, true);
        index++;
        at += 2 + length;
        continue;
      }
    }
    reader.position = at;
    const end = nextPoint(reader, to);
    if (end !== undefined) {
      while (reader.position < end) {
        const tag = reader.varint(end);
        if (tag === 0x08) timestamps[index] = reader.varint(end);
        else if (tag === 0x11) values[index] = reader.double(end);
        else extras.read(reader, tag, end);
      }
      if (extras.isNull) values[index] = Number.NaN;
      extras.finish(index++);
    }
    at = reader.position;
  }
  return { timestamps, values, ...extras.build() };
}

/** A varint of exactly six bytes, as every time from 1971 to 2109 is; -1 where there is none. */
function sixByteNumber(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  const third = bytes[at + 2] as number;
  const fourth = bytes[at + 3] as number;
  const fifth = bytes[at + 4] as number;
  const last = bytes[at + 5] as number;
  if ((first & second & third & fourth & fifth) < 0x80 || last >= 0x80) return -1;
  const low = (first & 0x7f) | ((second & 0x7f) << 7) | ((third & 0x7f) << 14) | ((fourth & 0x7f) << 21);
  return ((fifth & 0x7f) | (last << 7)) * 0x10000000 + low;
}

function readStrings(reader: Reader, to: number, count: number): Columns {
  const timestamps = new Float64Array(count);
  const values: string[] = new Array(count).fill('');
  const extras = new PointExtras();
  const repeated = new RepeatedText(reader.bytes);
  for (let index = 0; reader.position < to; ) {
    const end = nextPoint(reader, to);
    if (end === undefined) continue;
    while (reader.position < end) {
      const tag = reader.varint(end);
      if (tag === 0x08) timestamps[index] = reader.varint(end);
      else if (tag === 0x12) {
        const textEnd = reader.lengthEnd(end);
        values[index] = repeated.read(reader.position, textEnd);
        reader.position = textEnd;
      } else extras.read(reader, tag, end);
    }
    if (extras.isNull) values[index] = '';
    extras.finish(index++);
  }
  return { timestamps, values, ...extras.build() };
}

function readAggregates(reader: Reader, to: number, count: number, layout: readonly Aggregate[]): Columns {
  const timestamps = new Float64Array(count);
  const aggregates = new Map<Aggregate, Float64Array | PointColumn>();
  const numbers: (Float64Array | undefined)[] = [];
  const points: (ExtremeBuilder | undefined)[] = [];
  for (const name of layout) {
    const field = AGGREGATE_FIELDS[name];
    if (isPointAggregate(name)) points[field] = new ExtremeBuilder(count);
    else {
      const column = new Float64Array(count);
      numbers[field] = column;
      aggregates.set(name, column);
    }
  }
  const { bytes, view } = reader;
  for (let index = 0; reader.position < to; ) {
    const end = nextPoint(reader, to);
    if (end === undefined) continue;
    let at = reader.position;
    const time = at + 7 <= end && bytes[at] === 0x08 ? sixByteNumber(bytes, at + 1) : -1;
    if (time >= 0) {
      timestamps[index] = time;
      // Numbers follow, of fields below 16: nearly always that is all there is.
      for (at += 7; at + 9 <= end && ((bytes[at] as number) & 0x87) === 1; at += 9) {
        const column = numbers[(bytes[at] as number) >>> 3];
        if (column !== undefined) column[index] = view.getFloat64(at + 1, true);
      }
      reader.position = at;
    }
    while (reader.position < end) {
      const tag = reader.varint(end);
      const field = tag >>> 3;
      const column = numbers[field];
      const point = points[field];
      if (tag === 0x08) timestamps[index] = reader.varint(end);
      else if (column !== undefined && (tag & 7) === 1) column[index] = reader.double(end);
      else if (point !== undefined && (tag & 7) === 2) point.read(reader, reader.lengthEnd(end), index);
      else reader.skip(tag, end);
    }
    index++;
  }
  for (const name of layout) {
    const point = points[AGGREGATE_FIELDS[name]];
    if (point !== undefined) aggregates.set(name, point.build());
  }
  return { timestamps, aggregates };
}

/** Enters the next point of a list and gives its end; passes over what is not a point. */
function nextPoint(reader: Reader, to: number): number | undefined {
  const { bytes, position } = reader;
  const length = bytes[position + 1] as number;
  if (bytes[position] === 0x0a && length < 0x80 && position + 2 + length <= to) {
    reader.position = position + 2;
    return position + 2 + length;
  }
  const tag = reader.varint(to);
  if (tag === 0x0a) return reader.lengthEnd(to);
  reader.skip(tag, to);
  return undefined;
}

/** What few points have: a status, or no value. */
class PointExtras {
  isNull = false;
  readonly #statuses = new StatusBuilder();
  readonly #nulls: number[] = [];
  #code = 0;
  #symbol = '';
  #hasStatus = false;

  read(reader: Reader, tag: number, end: number): void {
    if (tag === 0x20) this.isNull = reader.varint(end) !== 0;
    else if (tag === 0x1a) {
      const statusEnd = reader.lengthEnd(end);
      this.#hasStatus = true;
      while (reader.position < statusEnd) {
        const field = reader.varint(statusEnd);
        if (field === 0x08) this.#code = reader.varint(statusEnd);
        else if (field === 0x12) this.#symbol = reader.text(statusEnd);
        else reader.skip(field, statusEnd);
      }
    } else reader.skip(tag, end);
  }

  finish(index: number): void {
    if (this.isNull) this.#nulls.push(index);
    this.isNull = false;
    if (!this.#hasStatus) return;
    if (this.#code !== 0) this.#statuses.add(index, this.#code, this.#symbol);
    this.#hasStatus = false;
    this.#code = 0;
    this.#symbol = '';
  }

  build(): Pick<Columns, 'statuses' | 'nulls'> {
    return {
      statuses: this.#statuses.build(),
      nulls: this.#nulls.length > 0 ? Uint32Array.from(this.#nulls) : undefined,
    };
  }
}

/** `maxDatapoint` or `minDatapoint`: NaN until read, since one that is missing is not there at all. */
class ExtremeBuilder {
  readonly #timestamps: Float64Array;
  readonly #values: Float64Array;
  readonly #extras = new PointExtras();

  constructor(count: number) {
    this.#timestamps = new Float64Array(count).fill(Number.NaN);
    this.#values = new Float64Array(count).fill(Number.NaN);
  }

  read(reader: Reader, end: number, index: number): void {
    this.#timestamps[index] = 0;
    this.#values[index] = 0;
    while (reader.position < end) {
      const tag = reader.varint(end);
      if (tag === 0x08) this.#timestamps[index] = reader.varint(end);
      else if (tag === 0x11) this.#values[index] = reader.double(end);
      else this.#extras.read(reader, tag, end);
    }
    if (this.#extras.isNull) this.#values[index] = Number.NaN;
    this.#extras.finish(index);
  }

  build(): PointColumn {
    return { timestamps: this.#timestamps, values: this.#values, statuses: this.#extras.build().statuses };
  }
}

/** Series of text repeat themselves: the same bytes as before are the same string as before. */
class RepeatedText {
  readonly #bytes: Uint8Array;
  #from = 0;
  #to = 0;
  #text = '';

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(from: number, to: number): string {
    if (this.#isSame(from, to)) return this.#text;
    this.#text = decodeText(this.#bytes, from, to);
    this.#from = from;
    this.#to = to;
    return this.#text;
  }

  #isSame(from: number, to: number): boolean {
    if (to - from !== this.#to - this.#from) return false;
    for (let at = from, known = this.#from; at < to; at++, known++)
      if (this.#bytes[at] !== this.#bytes[known]) return false;
    return true;
  }
}
