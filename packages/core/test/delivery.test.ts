import { CdfError } from '@cdf/core';
import { writeInChunks } from '@cdf/core/resource';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSEMBLIES } from './helpers/server.js';

/** Outcomes of one attempt at a server, and at proxies before it. */
const FATES = [
  'works',
  'works and answers 503',
  'fails with 503',
  'works, answers 503 and allows another try',
  'is too busy',
  'refuses the items',
  'refuses the caller',
  'cannot be reached',
  'works and loses the connection',
  'loses the connection before',
  'works and never answers',
  'works and answers HTML',
] as const;
type Fate = (typeof FATES)[number];

const coded = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
const answer = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ error: { code: status, message: 'no' } }), { status, headers });

/** A server that stores items, once each, and treats each attempt as it is told. */
function storingServer(
  fates: readonly (readonly Fate[])[],
  idempotent: boolean,
): { fetch: typeof fetch; stored: Map<number, number> } {
  const stored = new Map<number, number>();
  const attempts = new Map<number, number>();
  const handle = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const { items } = JSON.parse(String(init?.body)) as { items: number[] };
    const first = items[0] as number;
    const attempt = attempts.get(first) ?? 0;
    attempts.set(first, attempt + 1);
    const fate = fates[first % fates.length]?.[attempt] ?? 'works';
    const exists = items.some((item) => stored.has(item));
    if (fate.startsWith('works')) {
      if (exists && !idempotent) return answer(409);
      for (const item of items) stored.set(item, (stored.get(item) ?? 0) + 1);
    }
    switch (fate) {
      case 'works':
        return new Response(JSON.stringify({ items }));
      case 'works and answers 503':
      case 'fails with 503':
        return answer(503);
      case 'works, answers 503 and allows another try':
        return answer(503, { 'cdf-is-auto-retryable': 'true' });
      case 'is too busy':
        return answer(429);
      case 'refuses the items':
        return answer(400);
      case 'refuses the caller':
        return answer(403);
      case 'cannot be reached':
        throw coded('ECONNREFUSED');
      case 'works and loses the connection':
      case 'loses the connection before':
        throw coded('ECONNRESET');
      case 'works and never answers':
        return new Promise(() => {});
      case 'works and answers HTML':
        return new Response('<html>');
    }
  };
  return { fetch: handle as typeof fetch, stored };
}

describe.each(ASSEMBLIES)(
  'a write of many, over a transport, against a server that misbehaves (a transport, $assembly)',
  ({ connect }) => {
    it('accounts for exactly its input, in order, and in agreement with what is stored', async () => {
      const fates = fc.array(fc.array(fc.constantFrom(...FATES), { maxLength: 4 }), {
        minLength: 1,
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(
          fates,
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          async (plan, count, size, idempotent) => {
            const { fetch, stored } = storingServer(plan, idempotent);
            const transport = connect('http://localhost:1', {
              fetch,
              timeoutMs: 10,
              retry: { limit: 2, connectLimit: 1, backoffLimitMs: 0 },
            });
            const items = Array.from({ length: count }, (_, index) => index);
            const write = writeInChunks<number, number>(transport, {
              action: 'create numbers',
              items,
              chunks: size,
              send: async (chunk, options, onAttempt) => {
                const spec = {
                  method: 'POST',
                  path: '/numbers',
                  body: { items: chunk },
                  idempotent,
                  onAttempt,
                } as const;
                return (await transport.request<{ items: number[] }>(spec, options)).items;
              },
            });
            const account = await write.then(
              (results) => {
                expect(results).toEqual(items);
                return { successful: results, unknown: [], failed: [], notAttempted: [] };
              },
              (reason: unknown) => {
                expect(CdfError.isInstance(reason)).toBe(true);
                return reason as CdfError<number>;
              },
            );
            const { successful, unknown, failed, notAttempted } = account;
            expect(
              [...successful, ...unknown, ...failed].sort((left, right) => left - right),
            ).toEqual(items);
            for (const list of [successful, unknown, failed, notAttempted])
              expect(list).toEqual([...list].sort((left, right) => left - right));
            for (const item of successful) expect(stored.has(item)).toBe(true);
            for (const item of failed) expect(stored.has(item)).toBe(false);
            for (const item of notAttempted) expect(failed).toContain(item);
            if (!idempotent) for (const times of stored.values()) expect(times).toBe(1);
          },
        ),
        { numRuns: process.env.CDF_TEST_LONG === '1' ? 5000 : 150 },
      );
    });
  },
);
