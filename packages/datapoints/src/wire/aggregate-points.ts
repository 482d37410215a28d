import { AGGREGATE_FIELDS, type Aggregate, isPointAggregate } from '../aggregates.js';
import type { Columns } from '../columns.js';
import type { PointColumn } from '../types.js';
import { nextPoint, PointExtras, sixByteNumber } from './point-fields.js';
import type { Reader } from './reader.js';

/** Reads aggregates into a column for each that was asked for. */
export function readAggregates(reader: Reader, to: number, count: number, layout: readonly Aggregate[]): Columns {
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
  const alike = new AlikePoints(reader, timestamps, numbers);
  for (let index = 0; reader.position < to; ) {
    index = alike.read(index, to);
    if (reader.position === to) break;
    const begin = reader.position;
    const end = nextPoint(reader, to);
    if (end === undefined) continue;
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
    alike.learn(begin, end);
  }
  for (const name of layout) {
    const point = points[AGGREGATE_FIELDS[name]];
    if (point !== undefined) aggregates.set(name, point.build());
  }
  return { timestamps, aggregates };
}

/** A tag, a length, another tag and a time of six bytes. */
const HEAD = 9;
/** A tag and a number. */
const FIELD = 9;

/** Most points have the fields of the one before: such runs are read without looking for what a field is. */
class AlikePoints {
  readonly #reader: Reader;
  readonly #timestamps: Float64Array;
  readonly #numbers: readonly (Float64Array | undefined)[];
  readonly #tags: number[] = [];
  readonly #columns: Float64Array[] = [];
  #size = 0;

  constructor(reader: Reader, timestamps: Float64Array, numbers: readonly (Float64Array | undefined)[]) {
    this.#reader = reader;
    this.#timestamps = timestamps;
    this.#numbers = numbers;
  }

  /** Takes the fields of a point for those of the next ones, if they are a time of six bytes and numbers that were asked for. */
  learn(begin: number, end: number): void {
    const { bytes } = this.#reader;
    const count = (end - begin - HEAD) / FIELD;
    this.#size = 0;
    if (!Number.isInteger(count) || count < 0 || bytes[begin] !== 0x0a || bytes[begin + 1] !== end - begin - 2) return;
    this.#tags.length = 0;
    this.#columns.length = 0;
    for (let at = begin + HEAD; at < end; at += FIELD) {
      const tag = bytes[at] as number;
      const column = (tag & 0x87) === 1 ? this.#numbers[tag >>> 3] : undefined;
      if (column === undefined) return;
      this.#tags.push(tag);
      this.#columns.push(column);
    }
    this.#size = end - begin;
  }

  /** Reads points until one is not alike. Gives the index of that one. */
  read(from: number, to: number): number {
    const size = this.#size;
    if (size === 0) return from;
    const { bytes, view } = this.#reader;
    const timestamps = this.#timestamps;
    const tags = this.#tags;
    const columns = this.#columns;
    const fields = tags.length;
    // By hand for the first three: a loop over the fields of each point costs nearly as much again as reading them.
    const [tag1 = 0, tag2 = 0, tag3 = 0] = tags;
    const [column1 = timestamps, column2 = timestamps, column3 = timestamps] = columns;
    let index = from;
    let begin = this.#reader.position;
    scan: for (; begin + size <= to; begin += size, index++) {
      if (bytes[begin] !== 0x0a || bytes[begin + 1] !== size - 2 || bytes[begin + 2] !== 0x08) break;
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
    this.#reader.position = begin;
    return index;
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
