/**
 * Writes protobuf wire format into one growing buffer; nested messages are filled in after their
 * length is known.
 */
export class WireWriter {
  #buffer: Buffer;
  #view: DataView;
  #at = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, capacity);
  }

  finish(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  /** An int64 field; zero is not written, as proto3 has it. */
  int64(field: number, value: number): void {
    if (value === 0) return;
    this.reserve(16);
    this.#varint(field << 3);
    this.#varint64(value);
  }

  bool(field: number, value: boolean): void {
    this.int64(field, value ? 1 : 0);
  }

  /** A double field; positive zero is not written. */
  double(field: number, value: number): void {
    if (Object.is(value, 0)) return;
    this.reserve(16);
    this.#varint((field << 3) | 1);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  string(field: number, value: string | undefined): void {
    if (value === undefined || value === '') return;
    const bytes = Buffer.byteLength(value);
    this.reserve(bytes + 16);
    this.#varint((field << 3) | 2);
    this.#varint(bytes);
    this.#at += this.#buffer.write(value, this.#at);
  }

  /** A nested message whose length only `write` knows. */
  message(field: number, write: () => void): void {
    this.reserve(16);
    this.#varint((field << 3) | 2);
    const start = this.#at;
    this.#at += 1;
    write();
    const length = this.#at - start - 1;
    if (length >= 128) {
      const extra = varintLength(length) - 1;
      this.reserve(extra);
      this.#buffer.copyWithin(start + 1 + extra, start + 1, this.#at);
      this.#at += extra;
    }
    const end = this.#at;
    this.#at = start;
    this.#varint(length);
    this.#at = end;
  }

  /**
   * Numeric points without status or null, the bulk of all traffic: field 1 of their list,
   * `{ timestamp, value }`. Written without a call per point.
   */
  numericPoints(timestamps: Float64Array, values: Float64Array, from: number, to: number): void {
    this.reserve((to - from) * 22 + 16);
    const buffer = this.#buffer;
    const view = this.#view;
    let at = this.#at;
    for (let index = from; index < to; index += 1) {
      const timestamp = timestamps[index] as number;
      const value = values[index] as number;
      buffer[at] = 0x0a;
      const lengthAt = at + 1;
      at += 2;
      // Timestamps of 1972 to 2109 take exactly six bytes, which are split off in two small
      // integers.
      if (timestamp >= 68_719_476_736 && timestamp < 4_398_046_511_104) {
        const high = (timestamp / 268_435_456) | 0;
        const low = timestamp - high * 268_435_456;
        buffer[at] = 0x08;
        buffer[at + 1] = low | 0x80;
        buffer[at + 2] = (low >>> 7) | 0x80;
        buffer[at + 3] = (low >>> 14) | 0x80;
        buffer[at + 4] = (low >>> 21) | 0x80;
        buffer[at + 5] = high | 0x80;
        buffer[at + 6] = high >>> 7;
        at += 7;
      } else if (timestamp !== 0) {
        buffer[at] = 0x08;
        at = writeVarint64(buffer, at + 1, timestamp);
      }
      if (value !== 0 || Object.is(value, -0)) {
        buffer[at] = 0x11;
        view.setFloat64(at + 1, value, true);
        at += 9;
      }
      buffer[lengthAt] = at - lengthAt - 1;
    }
    this.#at = at;
  }

  reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.length);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#at] = (rest & 0x7f) | 0x80;
      this.#at += 1;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at] = rest;
    this.#at += 1;
  }

  #varint64(value: number): void {
    this.#at = writeVarint64(this.#buffer, this.#at, value);
  }
}

/**
 * Writes a whole number as a 64-bit varint (ten bytes when negative) and gives the place behind it.
 */
function writeVarint64(buffer: Buffer, start: number, value: number): number {
  let at = start;
  if (value >= 0) {
    let rest = value;
    while (rest >= 128) {
      buffer[at] = (rest % 128) | 0x80;
      at += 1;
      rest = Math.floor(rest / 128);
    }
    buffer[at] = rest;
    return at + 1;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    buffer[at] = Number(rest & 0x7fn) | 0x80;
    at += 1;
    rest >>= 7n;
  }
  buffer[at] = Number(rest);
  return at + 1;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}
