import { gzipSync } from 'node:zlib';
import { type ApiError, type CdfError, DecodeError, DuplicatedError } from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { connect, rejection, startServer } from './helpers/server.js';

/** Sends a body in pieces of one size. */
async function serve(
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
  size: number,
) {
  return startServer(async (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += size) {
      if (response.destroyed) return;
      if (!response.write(bytes.subarray(at, at + size)))
        await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end();
  });
}
const LIST = { method: 'POST', path: '/things/list', body: {}, idempotent: true } as const;

describe('the size of an answer', () => {
  it.each([100, 5000, 65_536])(
    'an error of 2 MB that names 1,000 items is read whole, in pieces of %i bytes',
    async (size) => {
      const duplicated = Array.from({ length: 1000 }, (_, index) => ({
        externalId: `${index}-${'x'.repeat(2000)}`,
      }));
      const body = JSON.stringify({ error: { code: 409, message: 'duplicated', duplicated } });
      await using server = await serve(409, {}, body, size);
      const error = (await rejection(connect(server.baseUrl).request(LIST))) as ApiError;
      expect(DuplicatedError.isInstance(error)).toBe(true);
      expect(error.duplicated).toHaveLength(1000);
      expect(error.message.length).toBeLessThan(2000);
    },
  );

  it('a page of HTML is read as far as it tells something', async () => {
    await using server = await serve(
      502,
      { 'content-type': 'text/html' },
      '<html>'.padEnd(50_000_000, 'x'),
      65_536,
    );
    const error = (await rejection(
      connect(server.baseUrl, { retry: { limit: 0 } }).request(LIST),
    )) as CdfError;
    expect(error.code).toBe('server');
  });

  it.each([
    ['JSON', {}, Buffer.from(JSON.stringify({ items: [{ name: 'x'.repeat(200_000) }] }))],
    [
      'JSON that inflates',
      { 'content-encoding': 'gzip' },
      gzipSync(JSON.stringify({ items: [{ name: 'x'.repeat(50_000_000) }] })),
    ],
  ])(
    '%s over maxResponseBytes is a DecodeError that names the option, and not sent again',
    async (_, headers, body) => {
      await using server = await serve(200, headers, body, 1024);
      const transport = connect(server.baseUrl, { maxResponseBytes: 100_000 });
      const error = (await rejection(transport.request(LIST))) as CdfError;
      expect(DecodeError.isInstance(error)).toBe(true);
      expect(error.message).toContain('maxResponseBytes');
      expect(error.delivery).toBe('unknown');
      expect(server.received).toHaveLength(1);
    },
  );

  it('the bound is for bytes, whole answers and decoders too, and an answer of exactly that size is not an error', async () => {
    const body = JSON.stringify({ items: ['é'] });
    const exact = Buffer.byteLength(body);
    await using server = await serve(200, {}, body, 1);
    const within = connect(server.baseUrl, { maxResponseBytes: exact });
    expect(await within.request(LIST)).toEqual({ items: ['é'] });
    const beyond = connect(server.baseUrl, { maxResponseBytes: exact - 1 });
    const decoder = () => ({ push: () => {}, end: () => 'decoded' });
    for (const spec of [
      LIST,
      { ...LIST, accept: 'bytes' as const },
      { ...LIST, accept: 'response' as const },
      { ...LIST, accept: 'bytes' as const, decoder },
    ])
      expect(DecodeError.isInstance(await rejection(beyond.request(spec)))).toBe(true);
  });
});
