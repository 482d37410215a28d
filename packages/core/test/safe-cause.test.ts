import { inspect } from 'node:util';
import { createTransport, NetworkError, Token } from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { rejection } from './helpers/server.js';

const SECRET = 'SECRETTOKEN0123456789abcdef';
type Init = { readonly headers: Record<string, string> };
const hidden = (error: Error, name: PropertyKey, value: unknown): Error =>
  Object.defineProperty(error, name, { value });

class Wrapped extends Error {
  readonly #init: Init;
  constructor(init: Init) {
    super('m');
    this.#init = init;
  }
  [inspect.custom](): string {
    return JSON.stringify(this.#init);
  }
}
class WithGetter extends Error {
  readonly #init: Init;
  constructor(init: Init) {
    super('m');
    this.#init = init;
  }
  get request(): Init {
    return this.#init;
  }
}

/** Errors of a `fetch` of one's own that keep the request in some place. */
const PLACES: Readonly<Record<string, (init: Init) => unknown>> = {
  'a symbol': (init) => Object.assign(new Error('m'), { [Symbol('request')]: init }),
  'a symbol with a string': ({ headers }) =>
    Object.assign(new Error('m'), { [Symbol('request')]: headers.authorization }),
  'a hidden property': (init) => hidden(new Error('m'), 'request', init),
  'a hidden string': ({ headers }) => hidden(new Error('m'), 'request', headers.authorization),
  'a getter': (init) => Object.defineProperty(new Error('m'), 'request', { get: () => init }),
  'a getter of its class': (init) => new WithGetter(init),
  'its own inspection': (init) => new Wrapped(init),
  'a function': (init) =>
    Object.assign(new Error('m'), { retry: Object.assign(() => {}, { init }) }),
  'its name': ({ headers }) => Object.assign(new Error('m'), { name: headers.authorization }),
  'the name of a property': ({ headers }) =>
    Object.assign(new Error('m'), { [String(headers.authorization)]: 1 }),
  'its stack': ({ headers }) =>
    Object.assign(new Error('m'), { stack: `Error: sent ${headers.authorization}\n  at x` }),
  'its message': ({ headers }) => new Error(`sent ${headers.authorization}`),
  'its cause': (init) => new Error('m', { cause: init }),
  'the hidden property of a cause': (init) =>
    new Error('m', { cause: hidden(new Error('n'), 'request', init) }),
  'a function as its cause': (init) => new Error('m', { cause: Object.assign(() => {}, { init }) }),
  'errors that are no array': (init) => Object.assign(new Error('m'), { errors: { init } }),
  'a proxy': (init) =>
    new Proxy(new Error('m'), { get: (_, name) => (name === 'request' ? init : '') }),
};

const causeOf = async (thrown: (init: Init) => unknown): Promise<unknown> => {
  const transport = createTransport({
    clientName: 'x',
    project: 'p',
    baseUrl: 'https://cdf.example.com',
    credentials: new Token(SECRET),
    retry: { limit: 0 },
    fetch: async (_, init) => {
      throw thrown(init as unknown as Init);
    },
  });
  const error = await rejection(
    transport.request({ method: 'GET', path: '/assets', idempotent: true }),
  );
  expect(NetworkError.isInstance(error)).toBe(true);
  expect(inspect(error, { showHidden: true, depth: 9, getters: true })).not.toContain(SECRET);
  const { cause } = error as NetworkError;
  expect(inspect(cause, { showHidden: true, depth: 9, getters: true })).not.toContain(SECRET);
  return cause;
};

describe('the cause of a failed request', () => {
  it.each(Object.entries(PLACES))('does not have the token in %s', async (_, thrown) => {
    const cause = (await causeOf(thrown)) as { request?: unknown } | undefined;
    expect(inspect(cause?.request, { depth: 9 })).not.toContain(SECRET);
  });

  it('is the error itself where all of it is harmless', async () => {
    const plain = Object.assign(new TypeError('fetch failed', { cause: new Error('reset') }), {
      code: 'ECONNRESET',
      [Symbol('undici')]: true,
    });
    expect(await causeOf(() => plain)).toBe(plain);
  });

  it('is left out where reading it fails', async () => {
    const odd = Object.defineProperty(new Error('m'), 'message', {
      get() {
        throw new Error('no');
      },
    });
    expect(await causeOf(() => odd)).toBeUndefined();
  });
});
