import type { Columns } from '../points/columns.js';
import { grow, roomFor, trim } from './growing.js';
import { enterPoint, PointExtras, type PointReader, sixByteNumber } from './point-fields.js';
import type { Reader } from './reader.js';

/** A tag and a length, a tag and a time of six bytes, a tag and a value. */
const FULL_SIZE = 18;

/** Columns that points are read into, where they fit. What is in them before means nothing. */
export interface PageRoom {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

export class NumberPoints implements PointReader {
  count = 0;
  readonly #extras = new PointExtras();
  #timestamps: Float64Array;
  #values: Float64Array;
  #isLent: boolean;

  /** @param bytes that are to come */
  constructor(bytes: number, room?: PageRoom) {
    const points = roomFor(bytes);
    this.#isLent = room !== undefined && points <= room.timestamps.length;
    const { timestamps, values } =
      this.#isLent && room !== undefined
        ? room
        : { timestamps: new Float64Array(points), values: new Float64Array(points) };
    this.#timestamps = timestamps;
    this.#values = values;
  }

  read(reader: Reader, available: number): void {
    for (;;) {
      this.#readUsual(reader, available);
      const end = enterPoint(reader, available);
      if (Number.isNaN(end)) return;
      this.#readAny(reader, end);
    }
  }

  /** Gives the room back: the points go on in columns of their own. */
  leaveRoom(): void {
    if (this.#isLent) this.#grow(this.count);
  }

  columns(): Columns {
    const { count } = this;
    const own = this.#isLent
      ? (numbers: Float64Array) => numbers.subarray(0, count)
      : (numbers: Float64Array) => trim(numbers, count);
    return {
      timestamps: own(this.#timestamps),
      values: own(this.#values),
      ...this.#extras.build(),
    };
  }

  /**
   * Nearly every point without a status: a time of six bytes and a value, or no value where that is
   * 0.
   */
  #readUsual(reader: Reader, available: number): void {
    const { bytes, view } = reader;
    const last = available - FULL_SIZE;
    let timestamps = this.#timestamps;
    let values = this.#values;
    let index = this.count;
    let at = reader.position;
    while (at <= last) {
      const length = bytes[at + 1] as number;
      if ((length !== 16 && length !== 7) || bytes[at] !== 0x0a || bytes[at + 2] !== 0x08) break;
      const time = sixByteNumber(bytes, at + 3);
      if (time < 0 || (length === 16 && bytes[at + 9] !== 0x11)) break;
      if (index === timestamps.length) {
        this.#grow();
        timestamps = this.#timestamps;
        values = this.#values;
      }
      timestamps[index] = time;
      values[index] = length === 16 ? view.getFloat64(at + 10, true) : 0;
      index++;
      at += 2 + length;
    }
    this.count = index;
    reader.position = at;
  }

  #readAny(reader: Reader, end: number): void {
    if (this.count === this.#timestamps.length) this.#grow();
    const index = this.count++;
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

  #grow(length = 2 * this.#timestamps.length + 1): void {
    this.#isLent = false;
    this.#timestamps = grow(this.#timestamps, length);
    this.#values = grow(this.#values, length);
  }
}
