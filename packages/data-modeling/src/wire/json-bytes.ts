import { quote } from './exact-text.js';
import { ISO_LENGTH, putIsoTime } from './iso-time.js';

const FIRST_SIZE = 65_536;
/** Room that is kept for what comes next. */
const MOST_KEPT = 4_194_304;

/**
 * Writes JSON as bytes, in half the time of the objects and the string that `JSON.stringify` needs:
 * nothing is made that the garbage collector has to look at.
 */
export class JsonBytes {
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds JSON. */
  json(text: string): void {
    this.#room(text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7e) {
        this.bytes(this.#encoder.encode(text));
        return;
      }
      bytes[at++] = code;
    }
    this.#length = at;
  }

  /** Adds JSON that is bytes already. */
  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Adds a string. @throws {ConfigError} when it has half of a surrogate pair */
  string(text: string): void {
    this.#room(text.length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = 0x22;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      // A control character, a quotation mark, a backslash, or more than one byte.
      if (code < 0x20 || code === 0x22 || code === 0x5c || code > 0x7e) {
        this.bytes(this.#encoder.encode(quote(text)));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = 0x22;
    this.#length = at;
  }

  /** Adds a time as a string. @param epoch of the years 1 to 9999, whole. @unit epoch milliseconds */
  time(epoch: number): void {
    this.#room(ISO_LENGTH + 2);
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = 0x22;
    putIsoTime(bytes, at + 1, epoch);
    bytes[at + ISO_LENGTH + 1] = 0x22;
    this.#length = at + ISO_LENGTH + 2;
  }

  /** A copy of what was added since it was so long. */
  since(length: number): Uint8Array {
    return this.#bytes.slice(length, this.#length);
  }

  /** Drops what was added since it was so long. */
  cutTo(length: number): void {
    this.#length = length;
  }

  /** Gives what was added, and starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    if (this.#bytes.length > MOST_KEPT) this.#bytes = new Uint8Array(FIRST_SIZE);
    return taken;
  }

  #room(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const before = this.#bytes;
    this.#bytes = new Uint8Array(Math.max(needed, before.length * 2));
    this.#bytes.set(before);
  }
}
