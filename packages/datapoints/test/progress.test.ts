import { CdfError, type RequestSpec } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { at, encode, SERIES } from './said.js';

const items = Array.from({ length: 300 }, (_, index) => ({ id: index + 1 }));

interface Asked {
  readonly id: number;
  readonly start?: number;
  readonly end?: number;
  readonly cursor?: string;
  readonly aggregates?: readonly string[];
}

const thousands = (start: number): object[] =>
  at(...Array.from({ length: 10_000 }, (_, index) => start + index));

/**
 * A server whose series go on and on, slowly. It counts the requests that it has begun, and those
 * that have ended.
 */
function endless() {
  const counts = { begun: 0, running: 0 };
  const transport = memoryTransport(
    async ({ body, path }: RequestSpec, { signal }) => {
      counts.begun++;
      counts.running++;
      try {
        await new Promise<void>((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
          setImmediate(() => setImmediate(resolve));
        });
        const asked = (body as { items: Asked[] }).items;
        if (path.endsWith('/synthetic/query'))
          return { items: asked.map(({ start = 0 }) => ({ datapoints: thousands(start) })) };
        return encode(
          'json',
          asked.map(({ id, start = 0, end = Infinity, cursor = start, aggregates }) => ({
            ...{ ...SERIES, id },
            ...(Number(cursor) + 1 < end && { nextCursor: String(Number(cursor) + 1) }),
            points:
              aggregates === undefined
                ? at(Number(cursor))
                : [{ timestamp: Number(cursor), average: 1 }],
          })),
        );
      } finally {
        counts.running--;
      }
    },
    { limits: { read: 4, write: 2 } },
  );
  return { api: new DatapointsApi(transport), counts };
}

describe('an exception of onProgress ends a read like an abort, as the cause of a CdfError', () => {
  it.each<[string, (api: DatapointsApi, onProgress: () => void) => Promise<unknown>]>([
    ['retrieve of one', (api, onProgress) => api.retrieve({ id: 1 }, { onProgress })],
    ['retrieve of many', (api, onProgress) => api.retrieve({ items }, { onProgress })],
    [
      'retrieve of raw points and aggregates',
      (api, onProgress) =>
        api.retrieve(
          {
            items: [...items, { id: 1, aggregates: ['average'], granularity: '1h', end: 1e9 }],
          } as never,
          {
            onProgress,
          },
        ),
    ],
    ['latest', (api, onProgress) => api.retrieveLatest({ items }, { onProgress })],
    [
      'synthetic',
      (api, onProgress) =>
        api.synthetic.query(
          { expressions: items.slice(0, 60).map(({ id }) => `ts{id=${id}}`) },
          { onProgress },
        ),
    ],
    [
      'stream',
      async (api, onProgress) => {
        // More series than are read side by side: others would come after them.
        for await (const _ of api.stream(
          { items: [items, items, items, items].flat(), end: 2 },
          { onProgress },
        ));
      },
    ],
  ])('%s', async (_, read) => {
    for (const thrown of [new Error('the disk is full'), 'a string', undefined]) {
      const { api, counts } = endless();
      let after: number | undefined;
      const error = await read(api, () => {
        after ??= counts.begun;
        throw thrown;
      }).catch((failure: unknown) => failure as CdfError);
      expect(CdfError.isInstance(error)).toBe(true);
      expect((error as CdfError).message).toMatch(/^onProgress threw/);
      expect((error as CdfError).cause).toBe(thrown);
      expect(counts.running).toBe(0);
      // Nothing new is sent.
      expect(counts.begun).toBe(after);
    }
  });
});
