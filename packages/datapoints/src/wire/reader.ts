import { DecodeError } from '@cdf/core';

const TWO_28 = 0x10000000;
const TWO_35 = 0x800000000;
const TWO_36 = 0x1000000000;

// fatal: invalid UTF-8 in a string means that the message is broken. ignoreBOM: a leading U+FEFF is
// data.
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the protobuf wire format. Every read is checked against the end of what it belongs to, or
 * of the bytes there are.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  /** A varint of up to 64 bits, as the signed number it stands for; exact up to 2^53. */
  varint(end: number): number {
    const { bytes } = this;
    let at = this.position;
    let byte = bytes[at++] as number;
    let low = byte & 0x7f;
    for (let shift = 7; byte >= 0x80 && shift < 28; shift += 7) {
      byte = bytes[at++] as number;
      low |= (byte & 0x7f) << shift;
    }
    let high = 0;
    let scale = 1;
    for (let count = 4; byte >= 0x80; count++) {
      if (count === 10) throw malformed('a number of more than 10 bytes');
      byte = bytes[at++] as number;
      high += (byte & 0x7f) * scale;
      scale *= 128;
    }
    if (at > end) throw malformed('a number is cut short');
    this.position = at;
    // Bits above the 64th do not count: ten groups of seven carry 70.
    if (high >= TWO_35) high = (high % TWO_36) - (high % TWO_36 >= TWO_35 ? TWO_36 : 0);
    return high * TWO_28 + low;
  }

  /** A length, and where the bytes of that length end. */
  lengthEnd(end: number): number {
    const length = this.varint(end);
    if (length < 0 || length > end - this.position)
      throw malformed('a part is longer than what holds it');
    return this.position + length;
  }

  text(end: number): string {
    const to = this.lengthEnd(end);
    const text = decodeText(this.bytes, this.position, to);
    this.position = to;
    return text;
  }

  double(end: number): number {
    if (this.position + 8 > end) throw malformed('a value is cut short');
    const value = this.view.getFloat64(this.position, true);
    this.position += 8;
    return value;
  }

  /**
   * Where the field that begins here ends, which may be behind the bytes there are; NaN where its
   * beginning is cut off at `available`, so that it cannot be told.
   */
  fieldEnd(available: number): number {
    const { bytes, position } = this;
    const tag = bytes[position] as number;
    const length = bytes[position + 1] as number;
    if (tag < 0x80 && (tag & 7) === 2 && length < 0x80 && position + 2 <= available)
      return position + 2 + length;
    const body = this.#varintEnd(position, available);
    if (Number.isNaN(body)) return body;
    const wireType = tag & 7;
    if (wireType === 0) return this.#varintEnd(body, available);
    if (wireType === 1) return body + 8;
    if (wireType === 5) return body + 4;
    if (wireType !== 2) throw malformed(`a field of wire type ${wireType}`);
    if (Number.isNaN(this.#varintEnd(body, available))) return Number.NaN;
    this.position = body;
    const size = this.varint(available);
    const end = this.position + size;
    this.position = position;
    if (size < 0) throw malformed('a part has a negative length');
    return end;
  }

  #varintEnd(from: number, available: number): number {
    for (let at = from; at < available; at++) {
      if (at - from === 10) throw malformed('a number of more than 10 bytes');
      if ((this.bytes[at] as number) < 0x80) return at + 1;
    }
    return Number.NaN;
  }

  /** Skips a field that is not known here. */
  skip(tag: number, end: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.varint(end);
    else if (wireType === 1) this.double(end);
    else if (wireType === 2) this.position = this.lengthEnd(end);
    else if (wireType === 5 && this.position + 4 <= end) this.position += 4;
    else throw malformed(`a field of wire type ${wireType}`);
  }
}

export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  // Short ASCII is what states and labels are, and a TextDecoder call costs more than they do.
  if (to - from <= 48) {
    let at = from;
    while (at < to && (bytes[at] as number) < 0x80) at++;
    if (at === to)
      return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  }
  try {
    return utf8.decode(bytes.subarray(from, to));
  } catch (cause) {
    throw new DecodeError('data points: invalid UTF-8 in a string', { cause });
  }
}

export function malformed(what: string): DecodeError {
  return new DecodeError(`data points: the answer is not the expected protobuf message: ${what}`);
}
