import { type BodyDecoder, DecodeError, type RequestSpec } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';
import { ASSEMBLIES, rejection, startServer } from './helpers/server.js';

const PIECES = ['one ', 'two ', 'three'];
const TEXT = new TextDecoder();

/** Collects text, and counts how many bodies were begun. */
function collector(): { readonly made: string[]; make(): BodyDecoder } {
  const made: string[] = [];
  return {
    made,
    make() {
      const index = made.push('') - 1;
      return {
        push(bytes) {
          made[index] += TEXT.decode(bytes);
        },
        end: () => ({ text: made[index] }),
      };
    },
  };
}

const spec = (
  decoder: RequestSpec['decoder'],
  accept: RequestSpec['accept'] = 'protobuf',
): RequestSpec => ({
  method: 'POST',
  path: '/timeseries/data/list',
  body: {},
  accept,
  decoder,
  idempotent: true,
});

describe.each(ASSEMBLIES)('the decoder of a request (a transport, $assembly)', ({ connect }) => {
  it('is given the body while it arrives, and gives the answer', async () => {
    let finish = (): void => {};
    await using server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/protobuf' });
      response.write(PIECES[0]);
      finish = () => response.end(PIECES.slice(1).join(''));
    });
    const { made, make } = collector();
    const answer = connect(server.baseUrl).request(
      spec(() => {
        const decoder = make();
        return {
          ...decoder,
          push(bytes) {
            decoder.push(bytes);
            // The server has not sent more yet: the decoder did not wait for the end.
            finish();
          },
        };
      }),
    );
    expect(await answer).toEqual({ text: PIECES.join('') });
    expect(made).toHaveLength(1);
  });

  it('is made anew when the body broke off, and nothing of the first one stays', async () => {
    await using server = await startServer((_, response, count) => {
      response.writeHead(200, { 'content-type': 'application/protobuf', 'content-length': '13' });
      response.write('one two ');
      if (count === 1) setTimeout(() => response.destroy(), 20);
      else response.end('three');
    });
    const { made, make } = collector();
    expect(await connect(server.baseUrl).request(spec(make))).toEqual({ text: 'one two three' });
    expect(made).toEqual(['one two ', 'one two three']);
  });

  it('ends the call when it throws, which is not taken for a lost connection', async () => {
    await using server = await startServer((_, response) => response.end('one'));
    const transport = connect(server.baseUrl);
    const own = new DecodeError('data points: not what was asked for');
    const throwing = (error: unknown, where: 'push' | 'end') => () => {
      const decoder = { push: () => {}, end: () => {} };
      return {
        ...decoder,
        [where]: () => {
          throw error;
        },
      };
    };
    expect(await rejection(transport.request(spec(throwing(own, 'push'))))).toMatchObject({
      message: own.message,
    });
    const bug = new TypeError('of undefined');
    for (const where of ['push', 'end'] as const)
      expect(await rejection(transport.request(spec(throwing(bug, where))))).toMatchObject({
        code: 'decode',
        delivery: 'unknown',
        cause: bug,
      });
    expect(server.received).toHaveLength(3);
  });

  it('is passed over where the answer says that it is JSON, and has nothing to do without a body', async () => {
    await using server = await startServer(({ url }, response) => {
      if (url.endsWith('?empty=true')) response.end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
    });
    const transport = connect(server.baseUrl);
    const { made, make } = collector();
    expect(await transport.request(spec(make))).toEqual({ items: [] });
    expect(made).toEqual([]);
    expect(await transport.request({ ...spec(make), query: { empty: true } })).toEqual({
      text: '',
    });
    expect(await transport.request({ ...spec(make, 'bytes') })).toEqual({ text: '{"items":[]}' });
  });

  it('is used by the transport of tests as well', async () => {
    const transport = memoryTransport(() => new TextEncoder().encode('one'));
    expect(await transport.request(spec(collector().make))).toEqual({ text: 'one' });
    expect(transport.requests[0]).not.toHaveProperty('decoder');
  });
});
