import type { Columns } from '../points/columns.js';
import { grow, roomFor, trim } from './growing.js';
import { enterPoint, PointExtras, type PointReader } from './point-fields.js';
import { decodeText, type Reader } from './reader.js';

export class TextPoints implements PointReader {
  readonly #extras = new PointExtras();
  readonly #values: string[] = [];
  #timestamps: Float64Array;

  /** @param bytes that are to come */
  constructor(bytes: number) {
    this.#timestamps = new Float64Array(roomFor(bytes));
  }

  get count(): number {
    return this.#values.length;
  }

  read(reader: Reader, available: number): void {
    const repeated = new RepeatedText(reader.bytes);
    const extras = this.#extras;
    for (;;) {
      const end = enterPoint(reader, available);
      if (Number.isNaN(end)) return;
      const index = this.count;
      if (index === this.#timestamps.length)
        this.#timestamps = grow(this.#timestamps, 2 * index + 1);
      let value = '';
      while (reader.position < end) {
        const tag = reader.varint(end);
        if (tag === 0x08) this.#timestamps[index] = reader.varint(end);
        else if (tag === 0x12) {
          const textEnd = reader.lengthEnd(end);
          value = repeated.read(reader.position, textEnd);
          reader.position = textEnd;
        } else extras.read(reader, tag, end);
      }
      this.#values.push(extras.isNull ? '' : value);
      extras.finish(index);
    }
  }

  columns(): Columns {
    return {
      timestamps: trim(this.#timestamps, this.count),
      values: this.#values,
      ...this.#extras.build(),
    };
  }
}

/** Series of strings repeat themselves: the same bytes as before are the same string as before. */
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
