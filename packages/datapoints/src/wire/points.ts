import type { Columns } from '../points/columns.js';
import { grow, roomFor, trim } from './growing.js';
import { enterPoint, PointExtras, type PointReader, sixByteNumber } from './point-fields.js';
import type { Reader } from './reader.js';

/** A tag and a length, a tag and a time of six bytes, a tag and a value. */
const FULL_SIZE = 18;

export class NumberPoints implements PointReader {
  count = 0;
  readonly #extras = new PointExtras();
  #timestamps: Float64Array;
  #values: Float64Array;

  /** @param bytes that are to come */
  constructor(bytes: number) {
    this.#timestamps = new Float64Array(roomFor(bytes));
    this.#values = new Float64Array(this.#timestamps.length);
  }

  read(reader: Reader, available: number): void {
    for (;;) {
      this.#readUsual(reader, available);
      const end = enterPoint(reader, available);
      if (Number.isNaN(end)) return;
      this.#readAny(reader, end);
    }
  }

  columns(): Columns {
    const timestamps = trim(this.#timestamps, this.count);
    return { timestamps, values: trim(this.#values, this.count), ...this.#extras.build() };
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
      if (length === 16) values[index] = view.getFloat64(at + 10, true);
      index++;
      at += 2 + length;
    }
    this.count = index;
    reader.position = at;
  }

  #readAny(reader: Reader, end: number): void {
    if (this.count === this.#timestamps.length) this.#grow();
    const index = this.count++;
    while (reader.position < end) {
      const tag = reader.varint(end);
      if (tag === 0x08) this.#timestamps[index] = reader.varint(end);
      else if (tag === 0x11) this.#values[index] = reader.double(end);
      else this.#extras.read(reader, tag, end);
    }
    if (this.#extras.isNull) this.#values[index] = Number.NaN;
    this.#extras.finish(index);
  }

  #grow(): void {
    const length = 2 * this.#timestamps.length + 1;
    this.#timestamps = grow(this.#timestamps, length);
    this.#values = grow(this.#values, length);
  }
}
