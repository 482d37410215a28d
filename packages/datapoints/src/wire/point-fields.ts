import type { Columns, Layout } from '../points/columns.js';
import { StatusBuilder } from '../points/sparse.js';
import type { Reader } from './reader.js';

/**
 * The points of one series, read as their bytes come: straight into growing columns, no object per
 * point, no BigInt.
 */
export interface PointReader {
  readonly count: number;
  /** Reads the points that end at `available` or before. */
  read(reader: Reader, available: number): void;
  /** The points read so far, in the columns of the layout. */
  columns(layout: Layout): Columns;
}

/** @param bytes of the points that are to come */
export type MakePointReader = (bytes: number) => PointReader;

/**
 * Enters the next point of a list and gives its end, having passed over what is not a point; NaN at
 * the end of what there is, which the reader is then before.
 */
export function enterPoint(reader: Reader, available: number): number {
  while (reader.position < available) {
    const start = reader.position;
    const end = reader.fieldEnd(available);
    if (!(end <= available)) break;
    if (reader.bytes[start] === 0x0a) {
      reader.position++;
      return reader.lengthEnd(available);
    }
    if (reader.varint(available) === 0x0a) return reader.lengthEnd(available);
    reader.position = end;
  }
  return Number.NaN;
}

/** A varint of exactly six bytes, as every time from 1971 to 2109 is; -1 where there is none. */
export function sixByteNumber(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  const third = bytes[at + 2] as number;
  const fourth = bytes[at + 3] as number;
  const fifth = bytes[at + 4] as number;
  const last = bytes[at + 5] as number;
  if ((first & second & third & fourth & fifth) < 0x80 || last >= 0x80) return -1;
  const low =
    (first & 0x7f) | ((second & 0x7f) << 7) | ((third & 0x7f) << 14) | ((fourth & 0x7f) << 21);
  return ((fifth & 0x7f) | (last << 7)) * 0x10000000 + low;
}

/** Rare parts of points: a status, or a missing value. */
export class PointExtras {
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
