import { type Columns, concatColumns, emptyColumns, type Layout } from '../columns.js';
import { readAggregates } from './aggregate-points.js';
import { nextPoint, PointExtras, sixByteNumber } from './point-fields.js';
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
