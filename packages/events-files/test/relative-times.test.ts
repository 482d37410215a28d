import { memoryTransport } from '@cdf/core/testing';
import { EventsApi } from '@cdf/events-files/events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 2);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The lower bounds of the requests that some uses of a list make. */
function sent(transport: ReturnType<typeof memoryTransport>): unknown[] {
  return transport.requests
    .filter(({ path }) => path.endsWith('/list'))
    .map(({ body }) => (body as { filter: { startTime: { min: number } } }).filter.startTime.min);
}

const filter = { startTime: { min: '1d-ago' } };

it('each use of a list has relative times of its own', async () => {
  const transport = memoryTransport(() => ({ items: [] }));
  const list = new EventsApi(transport).list({ filter });
  vi.setSystemTime(START + DAY);
  await list;
  vi.setSystemTime(START + 2 * DAY);
  for await (const event of list) expect(event).toBeUndefined();
  expect(sent(transport)).toEqual([START, START + DAY]);
});

it('all pages of a use have the same, and so have all of its partitions', async () => {
  const transport = memoryTransport(({ body }) => {
    vi.setSystemTime(Date.now() + DAY);
    const { cursor, partition } = body as { cursor?: string; partition?: string };
    const items = Array.from({ length: partition === undefined ? 1000 : 0 }, (_, id) => ({
      id: id + 1,
    }));
    return cursor === undefined && partition === undefined
      ? { items, nextCursor: 'more' }
      : { items: [] };
  });
  const list = new EventsApi(transport).list({ filter, limit: Infinity });
  await list.then(undefined, () => {});
  expect(transport.requests.length).toBeGreaterThan(5);
  expect(new Set(sent(transport))).toEqual(new Set([START - DAY]));
});

it('so do the events of assets', async () => {
  const transport = memoryTransport(() => ({ items: [] }));
  const scope = { reach: 'self', assets: [{ id: 1 }] } as const;
  const list = new EventsApi(transport).listByAssets(scope, { filter });
  for (const days of [1, 2]) {
    vi.setSystemTime(START + days * DAY);
    await list;
  }
  expect(sent(transport)).toEqual([START, START + DAY]);
});
