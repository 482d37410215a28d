import { type CallOptions, DecodeError, type RequestSpec, type Transport } from '@cdf/core';
import { checkData, unreadable } from './data.js';
import { stringifyExact } from './exact-text.js';
import { holdsBigint } from './holds-bigint.js';

// JSON whose integers beyond 2^53 are `bigint`s. `JSON.parse` rounds them, and its reviver does not
// see their digits in every engine that we support.

/** Values inside one another that a parser of 100 kB of stack reads. */
const DEEPEST = 2_000;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Parses JSON. Integers that a number cannot hold exactly are `bigint`s, everything else is what
 * `JSON.parse` gives.
 *
 * @throws {DecodeError} when it is not JSON
 */
export function parseExact(text: string, label: string): unknown {
  // An integer that a number cannot hold has 16 digits or more. The engine's own parser is five
  // times as fast.
  if (!/\d{16}/.test(text))
    try {
      return JSON.parse(text);
    } catch {
      // The parser below says where the fault is.
    }
  return new Parser(text, label).document();
}

class Parser {
  readonly #text: string;
  readonly #label: string;
  #at = 0;
  #depth = 0;

  constructor(text: string, label: string) {
    this.#text = text;
    this.#label = label;
  }

  document(): unknown {
    const value = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) throw this.#invalid();
    return value;
  }

  #value(): unknown {
    this.#skip();
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object();
      case 0x5b:
        return this.#array();
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): object {
    const object: Record<string, unknown> = {};
    this.#enter();
    if (this.#take(0x7d)) return object;
    do {
      this.#skip();
      if (this.#text.charCodeAt(this.#at) !== 0x22) throw this.#invalid();
      const key = this.#string();
      if (!this.#take(0x3a)) throw this.#invalid();
      const value = this.#value();
      // As `JSON.parse` does: a property of that name, not another prototype.
      if (key === '__proto__')
        Object.defineProperty(object, key, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      else object[key] = value;
    } while (this.#take(0x2c));
    if (!this.#take(0x7d)) throw this.#invalid();
    return object;
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.#enter();
    if (this.#take(0x5d)) return array;
    do array.push(this.#value());
    while (this.#take(0x2c));
    if (!this.#take(0x5d)) throw this.#invalid();
    return array;
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > DEEPEST) throw this.#invalid(`deeper than ${DEEPEST} levels`);
  }

  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (end > 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) throw this.#invalid();
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      throw this.#invalid();
    }
  }

  /** After an odd number of backslashes. */
  #isEscaped(quote: number): boolean {
    let first = quote;
    while (this.#text.charCodeAt(first - 1) === 0x5c) first--;
    return (quote - first) % 2 === 1;
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#invalid();
    this.#at = NUMBER.lastIndex;
    const [digits, fraction, exponent] = match;
    const value = Number(digits);
    const isInteger = fraction === undefined && exponent === undefined;
    return isInteger && !Number.isSafeInteger(value) ? BigInt(digits) : value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#invalid();
    this.#at += word.length;
    return value;
  }

  /**
   * Passes over a character, if it is the next one. The end of an object or array is one level up.
   */
  #take(character: number): boolean {
    this.#skip();
    if (this.#text.charCodeAt(this.#at) !== character) return false;
    this.#at++;
    if (character === 0x7d || character === 0x5d) this.#depth--;
    return true;
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #invalid(what = 'not valid JSON'): DecodeError {
    return new DecodeError(`${this.#label}: unexpected answer: ${what}, at character ${this.#at}`, {
      delivery: 'unknown',
    });
  }
}

/** @throws {ConfigError} with the path of the member that JSON cannot carry */
export function toText(body: object, what: string): string {
  try {
    return stringifyExact(body);
  } catch (error) {
    checkData(body, what);
    throw unreadable(`${what}the body`, error);
  }
}

/**
 * Sends a request of the schema: defaults may be integers of 64 bits. A body without a `bigint`
 * goes as it is.
 */
export async function requestExact(
  transport: Transport,
  spec: RequestSpec & { readonly path: string },
  options?: CallOptions,
): Promise<unknown> {
  const { method = 'GET', path, body } = spec;
  const isExact = typeof body === 'object' && holdsBigint(body);
  const encoded = isExact && {
    body: new TextEncoder().encode(toText(body as object, `${method} ${path}: `)),
    contentType: 'application/json' as const,
  };
  const request = { ...spec, ...encoded, accept: 'bytes' } as const;
  const answer = await transport.request(request as never, options);
  return answer instanceof Uint8Array
    ? parseExact(new TextDecoder().decode(answer), `${method} ${path}`)
    : answer;
}

/** Sends a request whose integers, and those of the answer, are exact. */
export async function sendExact(
  transport: Transport,
  spec: RequestSpec & { readonly path: string },
  options?: CallOptions,
): Promise<unknown> {
  const body = new TextEncoder().encode(toText(spec.body as object, `POST ${spec.path}: `));
  const exact = { ...spec, body, contentType: 'application/json', accept: 'bytes' } as const;
  const answer = await transport.request(exact, options);
  return answer instanceof Uint8Array
    ? parseExact(new TextDecoder().decode(answer), `POST ${spec.path}`)
    : answer;
}
