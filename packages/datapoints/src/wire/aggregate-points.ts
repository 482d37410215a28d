import { AGGREGATE_FIELDS, AGGREGATES, type Aggregate, isPointAggregate } from '../aggregates.js';
import type { PointColumn } from '../datapoints-types.js';
import type { Columns, Layout } from '../points/columns.js';
import { grow, MOST_ROOM, trim } from './growing.js';
import { enterPoint, PointExtras, type PointReader, sixByteNumber } from './point-fields.js';
import type { Reader } from './reader.js';

/** A tag, a length, another tag and a time of six bytes. */
const HEAD = 9;
/** A tag and a number. */
const FIELD = 9;
/** The field number of the first of `AGGREGATES`; the others follow. */
const FIRST_FIELD = 2;

/**
 * Reads every aggregate that the points have: which of them were requested is known when the series
 * is.
 */
export class AggregatePoints implements PointReader {
  count = 0;
  #timestamps: Float64Array = new Float64Array(0);
  /** By field number. */
  readonly #numbers: (Float64Array | undefined)[] = [];
  readonly #extremes: (ExtremeColumn | undefined)[] = [];
  readonly #bytes: number;
  /** The fields of the point before, if they are a time of six bytes and numbers. */
  readonly #tags: number[] = [];
  readonly #columns: Float64Array[] = [];
  #size = 0;

  /** @param bytes that are to come */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  read(reader: Reader, available: number): void {
    for (;;) {
      this.#readAlike(reader, available);
      const begin = reader.position;
      const end = enterPoint(reader, available);
      if (Number.isNaN(end)) return;
      this.#readAny(reader, end);
      this.#learn(reader.bytes, begin, end);
    }
  }

  columns(layout: Layout = []): Columns {
    const { count } = this;
    const aggregates = new Map<Aggregate, Float64Array | PointColumn>();
    for (const name of layout) {
      const field = AGGREGATE_FIELDS[name];
      if (isPointAggregate(name))
        aggregates.set(name, (this.#extremes[field] ?? new ExtremeColumn(count)).build(count));
      else aggregates.set(name, trim(this.#numbers[field] ?? new Float64Array(count), count));
    }
    return { timestamps: trim(this.#timestamps, count), aggregates };
  }

  #readAny(reader: Reader, end: number): void {
    if (this.count === this.#timestamps.length) this.#grow(end - reader.position + 2);
    const index = this.count++;
    while (reader.position < end) {
      const tag = reader.varint(end);
      const field = tag >>> 3;
      const name = AGGREGATES[field - FIRST_FIELD];
      if (tag === 0x08) this.#timestamps[index] = reader.varint(end);
      else if (name === undefined) reader.skip(tag, end);
      else if (!isPointAggregate(name) && (tag & 7) === 1)
        this.#column(field)[index] = reader.double(end);
      else if (isPointAggregate(name) && (tag & 7) === 2)
        this.#extreme(field).read(reader, reader.lengthEnd(end), index);
      else reader.skip(tag, end);
    }
  }

  #column(field: number): Float64Array {
    const column = this.#numbers[field] ?? new Float64Array(this.#timestamps.length);
    this.#numbers[field] = column;
    return column;
  }

  #extreme(field: number): ExtremeColumn {
    const column = this.#extremes[field] ?? new ExtremeColumn(this.#timestamps.length);
    this.#extremes[field] = column;
    return column;
  }

  /** @param size of the point that does not fit; the others are most often as large */
  #grow(size: number): void {
    const { length: room } = this.#timestamps;
    const length = room === 0 ? Math.min(MOST_ROOM, Math.ceil(this.#bytes / size)) : 2 * room;
    this.#timestamps = grow(this.#timestamps, length);
    this.#numbers.forEach((column, field) => {
      this.#numbers[field] = column && grow(column, length);
    });
    for (const extreme of this.#extremes) extreme?.grow(length);
    this.#tags.forEach((tag, place) => {
      this.#columns[place] = this.#column(tag >>> 3);
    });
  }

  /** Takes the fields of a point for those of the next ones. */
  #learn(bytes: Uint8Array, begin: number, end: number): void {
    const count = (end - begin - HEAD) / FIELD;
    this.#size = 0;
    this.#tags.length = 0;
    this.#columns.length = 0;
    if (
      !Number.isInteger(count) ||
      count < 0 ||
      bytes[begin] !== 0x0a ||
      bytes[begin + 1] !== end - begin - 2
    )
      return;
    for (let at = begin + HEAD; at < end; at += FIELD) {
      const tag = bytes[at] as number;
      const column = (tag & 0x87) === 1 ? this.#numbers[tag >>> 3] : undefined;
      if (column === undefined) return;
      this.#tags.push(tag);
      this.#columns.push(column);
    }
    this.#size = end - begin;
  }

  /**
   * Most points have the fields of the one before: such runs are read without looking for what a
   * field is.
   */
  #readAlike(reader: Reader, available: number): void {
    const size = this.#size;
    if (size === 0) return;
    while (this.#readRun(reader, available, size) && this.count === this.#timestamps.length)
      this.#grow(size);
  }

  /** Reads points until one is not alike, or the room is full: only then it is true. */
  #readRun(reader: Reader, available: number, size: number): boolean {
    const { bytes, view } = reader;
    const timestamps = this.#timestamps;
    const tags = this.#tags;
    const columns = this.#columns;
    const fields = tags.length;
    // By hand for the first three: a loop over the fields of each point costs nearly as much again
    // as reading them.
    const [tag1 = 0, tag2 = 0, tag3 = 0] = tags;
    const [column1 = timestamps, column2 = timestamps, column3 = timestamps] = columns;
    const from = this.count;
    const most = Math.floor((available - reader.position) / size);
    const to = Math.min(timestamps.length, from + most);
    let index = from;
    let begin = reader.position;
    scan: for (; index < to; begin += size, index++) {
      if (bytes[begin] !== 0x0a || bytes[begin + 1] !== size - 2 || bytes[begin + 2] !== 0x08)
        break;
      const time = sixByteNumber(bytes, begin + 3);
      if (time < 0) break;
      const at = begin + HEAD;
      if (fields > 0) {
        if (bytes[at] !== tag1) break;
        column1[index] = view.getFloat64(at + 1, true);
      }
      if (fields > 1) {
        if (bytes[at + FIELD] !== tag2) break;
        column2[index] = view.getFloat64(at + FIELD + 1, true);
      }
      if (fields > 2) {
        if (bytes[at + 2 * FIELD] !== tag3) break;
        column3[index] = view.getFloat64(at + 2 * FIELD + 1, true);
      }
      for (let field = 3, next = at + 3 * FIELD; field < fields; field++, next += FIELD) {
        if (bytes[next] !== tags[field]) break scan;
        (columns[field] as Float64Array)[index] = view.getFloat64(next + 1, true);
      }
      timestamps[index] = time;
    }
    this.count = index;
    reader.position = begin;
    return index === to && to < from + most;
  }
}

/**
 * `maxDatapoint` or `minDatapoint`: NaN until read, since one that is missing is not there at all.
 */
class ExtremeColumn {
  #timestamps: Float64Array;
  #values: Float64Array;
  readonly #extras = new PointExtras();

  constructor(length: number) {
    this.#timestamps = new Float64Array(length).fill(Number.NaN);
    this.#values = new Float64Array(length).fill(Number.NaN);
  }

  grow(length: number): void {
    const before = this.#values.length;
    this.#timestamps = grow(this.#timestamps, length).fill(Number.NaN, before);
    this.#values = grow(this.#values, length).fill(Number.NaN, before);
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

  build(count: number): PointColumn {
    const { statuses } = this.#extras.build();
    return {
      timestamps: trim(this.#timestamps, count),
      values: trim(this.#values, count),
      statuses,
    };
  }
}
