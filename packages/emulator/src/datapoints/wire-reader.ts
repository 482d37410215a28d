import { badRequest } from '../errors.js';

/** Reads protobuf wire format; refuses messages that end too early. */
export class WireReader {
  readonly #data: Buffer;
  readonly #view: DataView;
  at: number;
  end: number;

  constructor(data: Buffer) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.length);
    this.at = 0;
    this.end = data.length;
  }

  /** An int64, exact up to 2^53. */
  int64(): number {
    let low = 0;
    let scale = 1;
    for (let index = 0; index < 7; index += 1) {
      const byte = this.#byte();
      low += (byte & 0x7f) * scale;
      if (byte < 128) return low;
      scale *= 128;
    }
    // Seven bytes hold 49 bits; the rest decides the sign.
    let high = 0n;
    for (let index = 7; index < 10; index += 1) {
      const byte = this.#byte();
      high |= BigInt(byte & 0x7f) << BigInt(7 * (index - 7));
      if (byte < 128) return Number(BigInt.asIntN(64, (high << 49n) | BigInt(low)));
    }
    throw truncated();
  }

  double(): number {
    if (this.at + 8 > this.end) throw truncated();
    const value = this.#view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  /**
   * Points of the usual form, `{ timestamp, value }` with a timestamp of six bytes, up to the first
   * that has another form: without a call per field.
   */
  numericPoints(
    end: number,
    into: { add(timestamp: number, value: number, status: number): void },
  ): void {
    const data = this.#data;
    const view = this.#view;
    let at = this.at;
    for (; at + 18 <= end; at += 18) {
      // 0x0a: a point, of 0x10 bytes; 0x08: timestamp; 0x11: value. Only the last byte of a varint
      // is below 0x80.
      if (view.getUint16(at) !== 0x0a10 || data[at + 2] !== 0x08 || data[at + 9] !== 0x11) break;
      const bytes = view.getUint32(at + 3, true);
      const [fifth, sixth] = [data[at + 7] as number, data[at + 8] as number];
      if ((bytes & 0x80808080) !== (0x80808080 | 0) || fifth < 0x80 || sixth >= 0x80) break;
      const low =
        (bytes & 0x7f) |
        ((bytes >>> 1) & 0x3f80) |
        ((bytes >>> 2) & 0x1fc000) |
        ((bytes >>> 3) & 0xfe00000);
      into.add(
        low + ((fifth & 0x7f) | (sixth << 7)) * 268_435_456,
        view.getFloat64(at + 10, true),
        0,
      );
    }
    this.at = at;
  }

  string(): string {
    const end = this.block();
    const text = this.#data.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  /** The end of a length-delimited field that begins here. */
  block(): number {
    const length = this.int64();
    const end = this.at + length;
    if (end > this.end || length < 0) throw truncated();
    return end;
  }

  /**
   * Runs `read` for every field up to `end`; it must consume the field, or return false to have it
   * skipped.
   */
  fields(end: number, read: (field: number, wireType: number) => boolean): void {
    while (this.at < end) {
      const key = this.int64();
      if (!read(key >>> 3, key & 7)) this.#skip(key & 7);
    }
    if (this.at !== end) throw truncated();
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.int64();
    else if (wireType === 1) this.at += 8;
    else if (wireType === 2) this.at = this.block();
    else if (wireType === 5) this.at += 4;
    else throw badRequest('Cannot parse the request body as protobuf');
  }

  #byte(): number {
    if (this.at >= this.end) throw truncated();
    const byte = this.#data[this.at] as number;
    this.at += 1;
    return byte;
  }
}

function truncated(): Error {
  return badRequest('Cannot parse the request body as protobuf: it ends too early');
}
