import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';

const utf8 = /* @__PURE__ */ new TextEncoder();

/** Writes the protobuf wire format into a buffer that grows. */
export class Writer {
  position = 0;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.position);
  }

  /** Makes room for that many bytes more. */
  reserve(size: number): void {
    if (this.position + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.position + size, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.position++] = value;
  }

  /** A whole number of up to 2^53, negative ones as 64 bits in two's complement. */
  varint(value: number): void {
    this.reserve(10);
    this.position = putVarint(this.#bytes, this.position, value);
  }

  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  text(text: string): void {
    // Short ASCII needs no encoder: its length is its number of bytes.
    if (text.length < 0x80) {
      this.reserve(1 + text.length);
      let at = this.position + 1;
      let index = 0;
      for (; index < text.length; index++) {
        const code = text.charCodeAt(index);
        if (code >= 0x80) break;
        this.#bytes[at++] = code;
      }
      if (index === text.length) {
        this.#bytes[this.position] = text.length;
        this.position = at;
        return;
      }
    }
    // The encoder would write U+FFFD in its place: another value, or another series.
    if (/\p{Cs}/u.test(text))
      throw new ConfigError(
        `insert: a string has an unpaired surrogate: ${quoted(text.slice(0, 60))}`,
      );
    const encoded = utf8.encode(text);
    this.varint(encoded.length);
    this.reserve(encoded.length);
    this.#bytes.set(encoded, this.position);
    this.position += encoded.length;
  }

  /**
   * A part with its length before it.
   *
   * @param expected about how long the part will be. Where the length has as many bytes as that one
   * has, nothing is moved.
   */
  message(tag: number, write: () => void, expected = 0): void {
    this.byte(tag);
    const head = this.position;
    const begin = head + varintWidth(expected);
    this.reserve(begin - head);
    this.position = begin;
    write();
    const length = this.position - begin;
    this.reserve(5);
    const width = varintWidth(length);
    if (head + width !== begin) this.#bytes.copyWithin(head + width, begin, begin + length);
    putVarint(this.#bytes, head, length);
    this.position = head + width + length;
  }
}

function varintWidth(value: number): number {
  let width = 1;
  for (let rest = value; rest >= 0x80; rest >>>= 7) width++;
  return width;
}

const TWO_28 = 0x10000000;
const TWO_36 = 0x1000000000;

/** Gives where it ends. There must be room for ten bytes. */
export function putVarint(bytes: Uint8Array, position: number, value: number): number {
  let at = position;
  if (value >= 0 && value < TWO_28) {
    let rest = value;
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    return at;
  }
  let high = Math.floor(value / TWO_28);
  const low = value - high * TWO_28;
  if (high < 0) high += TWO_36;
  bytes[at++] = (low & 0x7f) | 0x80;
  bytes[at++] = ((low >>> 7) & 0x7f) | 0x80;
  bytes[at++] = ((low >>> 14) & 0x7f) | 0x80;
  bytes[at++] = (low >>> 21) | 0x80;
  while (high >= 0x80) {
    bytes[at++] = (high % 0x80) | 0x80;
    high = Math.floor(high / 0x80);
  }
  bytes[at++] = high;
  return at;
}
