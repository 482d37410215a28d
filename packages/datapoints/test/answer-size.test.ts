import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createTransport, DecodeError, Token } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { mostBytes } from '../src/read/answer-bytes.js';
import { encode, type Said, SERIES } from './said.js';

const MIB = 2 ** 20;
const PAGE = { limit: 100_000 };

describe('the bound of an answer', () => {
  it('is 256 bytes a number or aggregate, 4 kB a string, and at least 1 MiB', () => {
    const of = (items: object[], isString?: boolean) => mostBytes(items, () => isString);
    expect(of([{ limit: 10 }])).toEqual({ all: MIB, numbers: MIB });
    expect(of([PAGE], false)).toEqual({ all: 25_600_000, numbers: 25_600_000 });
    expect(of([PAGE], true).all).toBe(409_600_000);
    // The kind is unknown yet: the bound of strings holds once there is one.
    expect(of([PAGE])).toEqual({ all: 409_600_000, numbers: 25_600_000 });
    expect(of([{ limit: 10_000, aggregates: ['min', 'max', 'sum'] }]).all).toBe(10_000 * 3 * 256);
    expect(of([{ limit: 5000 }, { limit: 5000 }], false).all).toBe(2_560_000);
    // Points around a range are requested with the limit 0.
    expect(
      of(
        Array.from({ length: 2000 }, () => ({ limit: 0 })),
        false,
      ).all,
    ).toBe(2000 * 3 * 256);
  });
});

/**
 * A server on a socket that answers every request with the same bytes, gzipped, and the API that
 * asks it.
 */
async function serve(answer: unknown) {
  let requests = 0;
  const isBytes = answer instanceof Uint8Array;
  const body = gzipSync(isBytes ? answer : JSON.stringify(answer));
  const server = createServer((request: IncomingMessage, response) => {
    requests++;
    request.resume();
    response.writeHead(200, {
      'content-type': isBytes ? 'application/protobuf' : 'application/json',
      'content-encoding': 'gzip',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const transport = createTransport({
    clientName: 'test',
    project: 'p',
    credentials: new Token('t'),
    baseUrl: `http://127.0.0.1:${port}`,
  });
  return {
    api: new DatapointsApi(transport),
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      await transport.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A series with a name of so many bytes. */
const named = (bytes: number, said: Partial<Said> = {}): Said => ({
  ...SERIES,
  unit: 'u'.repeat(bytes),
  points: [{ timestamp: 10, value: 1 }],
  ...said,
});
const RANGE = { id: 1, start: 0, end: 20 };

describe.each(['json', 'protobuf'] as const)('answers in %s over the bound', (format) => {
  it('are a DecodeError that names it, and are not requested again', async () => {
    await using beyond = await serve(encode(format, [named(MIB)]));
    const work = beyond.api.retrieve({ ...RANGE, limit: 5 });
    await expect(work).rejects.toThrow(DecodeError);
    await expect(work).rejects.toThrow(
      /exceeds 1048576 bytes, more than what was asked for can take/,
    );
    expect(beyond.requests()).toBe(1);
    await using within = await serve(encode(format, [named(MIB - 1000)]));
    expect(await within.api.retrieve({ ...RANGE, limit: 5 })).toMatchObject({ length: 1 });
  });

  it('may be as long as strings are, once there is a string', async () => {
    const value = 'x'.repeat(4000);
    const points = Array.from({ length: 1000 }, (_, index) => ({ timestamp: index, value }));
    await using server = await serve(encode(format, [{ ...SERIES, isString: true, points }]));
    const read = await server.api.retrieve({ id: 1, start: 0, end: 1000, limit: 1000 });
    expect(read.length).toBe(1000);
  });
});

it('protobuf of numbers is bounded as numbers are, also where it is not known yet that they are', async () => {
  const bomb = encode('protobuf', [named(3 * MIB)]);
  await using server = await serve(bomb);
  // 5,000 strings could be 20 MB.
  await expect(server.api.retrieve({ ...RANGE, limit: 5000 })).rejects.toThrow(
    /exceeds 1280000 bytes/,
  );
  expect(server.requests()).toBe(1);
});

it('latest points are bounded too', async () => {
  await using server = await serve(encode('json', [named(MIB)]));
  await expect(server.api.retrieveLatest({ id: 1 })).rejects.toThrow(
    /POST \/timeseries\/data\/latest: .*1048576 bytes/,
  );
  expect(server.requests()).toBe(1);
});
