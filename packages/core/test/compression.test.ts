import { compression, createTransport, Token } from '@cdf/core';
import { describe, expect, it } from 'vitest';

/**
 * The encoding and size of a body of so many bytes on the network, to a host that is not this
 * machine.
 */
async function sent(
  contentType: string,
  size: number,
): Promise<{ encoding: string | null; size: number }> {
  let seen = { encoding: null as string | null, size: 0 };
  const transport = createTransport({
    clientName: 'test',
    project: 'p',
    baseUrl: 'https://cdf.example.com',
    credentials: new Token('t'),
    interceptors: [compression()],
    fetch: async (_, init) => {
      const body = init?.body as Uint8Array;
      seen = { encoding: new Headers(init?.headers).get('content-encoding'), size: body.length };
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    },
  });
  const body = new Uint8Array(size).fill(7);
  await transport.request({
    method: 'POST',
    path: '/timeseries/data',
    body,
    contentType,
    idempotent: true,
  });
  return seen;
}

describe('compression of bytes, left to itself', () => {
  it('compresses large protobuf, as data points are written', async () => {
    const { encoding, size } = await sent('application/protobuf', 100_000);
    expect(encoding).toBe('gzip');
    expect(size).toBeLessThan(10_000);
  });

  it('leaves small protobuf and other bytes as they are', async () => {
    expect(await sent('application/protobuf', 100)).toEqual({ encoding: null, size: 100 });
    expect(await sent('application/octet-stream', 100_000)).toEqual({
      encoding: null,
      size: 100_000,
    });
  });
});
