import { ApiError, AuthError, DecodeError, NotFoundError, ServerError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi, type PointRange, type SeriesInput } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { store } from './insert-sink.js';

const START = Date.UTC(2021, 5, 1);

const block = (
  externalId: string,
  count: number,
  bad: readonly number[] = [],
  from = 0,
): SeriesInput => ({
  externalId,
  datapoints: Array.from({ length: count }, (_, index) => ({
    timestamp: START + from + index,
    value: bad.includes(index) ? -1 : index,
  })),
});
const refuses = (_: string, { value }: { value?: number | string }): boolean => value === -1;
const range = (externalId: string, first: number, last = first): PointRange => ({
  externalId,
  first: START + first,
  last: START + last,
  count: last - first + 1,
});
const failure = (work: Promise<unknown>): Promise<ApiError<PointRange>> =>
  work.then(
    () => undefined as never,
    (error) => error,
  );

describe.each(['insertMany', 'insertFrom'] as const)('%s with continueOnError', (method) => {
  it('stores the others of a request that names series that do not exist', async () => {
    const { api, stored, sizes } = store({ missing: ['gone', 'away'] });
    const error = await failure(
      api[method]([block('a', 10), block('gone', 5), block('b', 3), block('away', 1)], {
        continueOnError: true,
      }),
    );
    expect(NotFoundError.isInstance(error)).toBe(true);
    expect(error.failed).toEqual([range('gone', 0, 4), range('away', 0)]);
    expect(error.successful).toEqual([range('a', 0, 9), range('b', 0, 2)]);
    expect(error.missing).toEqual([{ externalId: 'gone' }, { externalId: 'away' }]);
    expect([stored.get('a')?.size, stored.get('b')?.size]).toEqual([10, 3]);
    expect(sizes).toEqual([19, 13]);
  });

  it('goes on with a series that an answer calls missing although its request did not have it', async () => {
    const lies: string[] = [];
    const { api, stored } = store({
      fail: (_, items) => {
        const names = items.map(({ externalId }) => externalId);
        if (!names.includes('gone')) return undefined;
        const absent = ['a', 'b'].filter((name) => !names.includes(name));
        lies.push(...absent);
        const missing = ['gone', ...absent].map((externalId) => ({ externalId }));
        return { error: new NotFoundError('no', { status: 400, missing }) };
      },
    });
    const error = await failure(
      api[method]([block('a', 100_000), block('b', 100_000), block('gone', 1)], {
        continueOnError: true,
      }),
    );
    expect(lies.length).toBeGreaterThan(0);
    expect(error.failed).toEqual([range('gone', 0)]);
    expect([stored.get('a')?.size, stored.get('b')?.size]).toEqual([100_000, 100_000]);
  });

  it('stores the others of a request with refused values, and names exactly these', async () => {
    const { api, stored, sizes } = store({ refuses });
    const error = await failure(
      api[method]([block('a', 1000, [17, 500, 501]), block('b', 100), block('c', 50, [0])], {
        continueOnError: true,
      }),
    );
    expect(error.failed).toEqual([range('a', 17), range('a', 500, 501), range('c', 0)]);
    expect(error.successful).toEqual([
      range('a', 0, 16),
      range('a', 18, 499),
      range('a', 502, 999),
      range('b', 0, 99),
      range('c', 1, 49),
    ]);
    expect([...stored.values()].map(({ size }) => size).reduce((sum, size) => sum + size)).toBe(
      1146,
    );
    expect(sizes.length).toBeLessThan(100);
  });

  it('needs few requests where a series takes no value, as with numbers for a series of strings', async () => {
    const { api, stored, sizes } = store({ refuses: (externalId) => externalId === 'text' });
    const error = await failure(
      api[method]([block('a', 100), block('text', 5000), block('b', 100)], {
        continueOnError: true,
      }),
    );
    expect(error.failed).toEqual([range('text', 0, 4999)]);
    expect([stored.get('a')?.size, stored.get('b')?.size, stored.get('text')]).toEqual([
      100,
      100,
      undefined,
    ]);
    expect(sizes.length).toBeLessThan(150);
  });

  it('names exactly the refused values that are spread evenly over a series, and stores the others', async () => {
    const bad = Array.from({ length: 80 }, (_, index) => index * 250 + 123);
    const { api, stored, sizes } = store({ refuses });
    const error = await failure(
      api[method]([block('a', 20_000, bad), block('b', 2000, bad)], { continueOnError: true }),
    );
    expect(error.failed).toEqual([
      ...bad.map((index) => range('a', index)),
      ...bad.filter((index) => index < 2000).map((index) => range('b', index)),
    ]);
    expect([stored.get('a')?.size, stored.get('b')?.size]).toEqual([19_920, 1992]);
    // To find one of 16,384 takes 14 halvings: at most 15 requests for each of the 88.
    expect(sizes.length).toBeLessThan(15 * 88);
  });

  it('stores most of a series with more refused values than its requests can tell apart, and fails the rest', async () => {
    const bad = Array.from({ length: 200 }, (_, index) => index * 100 + 50);
    const { api, stored, sizes } = store({ refuses });
    const error = await failure(api[method]([block('a', 20_000, bad)], { continueOnError: true }));
    const count = (ranges: readonly PointRange[]): number =>
      ranges.reduce((sum, each) => sum + each.count, 0);
    expect(stored.get('a')?.size).toBeGreaterThan(15_000);
    expect(count(error.successful)).toBe(stored.get('a')?.size);
    expect(count(error.failed)).toBe(20_000 - count(error.successful));
    expect(sizes.length).toBeLessThanOrEqual(2000);
  });

  it('needs a bounded number of requests, however many values are refused', async () => {
    const { api, sizes } = store({ refuses: (_, { timestamp }) => Number(timestamp) % 3 === 0 });
    const error = await failure(
      api[method]([block('a', 6000), block('b', 6000)], { continueOnError: true }),
    );
    expect(sizes.length).toBeLessThan(2100);
    const all = [...error.failed, ...error.successful].reduce((sum, { count }) => sum + count, 0);
    expect(all).toBe(12_000);
  });

  it('does not go on when the credentials are refused', async () => {
    const { api, sizes } = store({ fail: () => ({ error: new AuthError('no', { status: 403 }) }) });
    const error = await failure(
      api[method]([block('a', 10), block('b', 10)], { continueOnError: true }),
    );
    expect(AuthError.isInstance(error)).toBe(true);
    expect([error.failed, sizes.length]).toEqual([[range('a', 0, 9), range('b', 0, 9)], 1]);
  });

  it('counts as unknown what a server fails at in the middle of it, and as failed what was refused by then', async () => {
    const { api, stored } = store({
      refuses,
      fail: (call) => (call === 2 ? { error: new ServerError('no', { status: 500 }) } : undefined),
    });
    const error = await failure(api[method]([block('a', 8, [1])], { continueOnError: true }));
    const [unknown] = error.unknown;
    expect(error.unknown).toHaveLength(1);
    expect(error.successful.reduce((sum, { count }) => sum + count, 0)).toBe(
      stored.get('a')?.size ?? 0,
    );
    expect(error.failed.some(({ first, last }) => first <= START + 1 && last >= START + 1)).toBe(
      !(unknown !== undefined && unknown.first <= START + 1 && unknown.last >= START + 1),
    );
  });

  it('rejects at the first refusal without it: the request fails as a whole', async () => {
    const { api, sizes } = store({ missing: ['gone'] });
    const error = await failure(api[method]([block('a', 10), block('gone', 5)]));
    expect([error.failed, error.successful, sizes.length]).toEqual([
      [range('a', 0, 9), range('gone', 0, 4)],
      [],
      1,
    ]);
  });
});

describe('insertFrom with continueOnError', () => {
  it('does not try again a series that does not exist: its later points are never sent', async () => {
    const { api, sizes, stored } = store({ missing: ['gone'] });
    async function* source(): AsyncGenerator<SeriesInput[]> {
      for (let index = 0; index < 4; index++) {
        yield [block('a', 50_000, [], index * 50_000), block('gone', 50_000, [], index * 50_000)];
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
    const error = await failure(api.insertFrom(source(), { continueOnError: true }));
    expect(stored.get('a')?.size).toBe(200_000);
    expect(error.successful).toEqual([range('a', 0, 199_999)]);
    expect(error.failed.reduce((sum, { count }) => sum + count, 0)).toBe(200_000);
    expect(error.notAttempted.length).toBeGreaterThan(0);
    expect(error.missing).toEqual([{ externalId: 'gone' }]);
    // Each full request without it, and those that were on their way when it became known.
    expect(sizes.length).toBeLessThanOrEqual(8);
  });

  it('stops at a failure of the server all the same', async () => {
    const { api } = store({
      fail: (call) => (call === 1 ? { error: new ServerError('no', { status: 500 }) } : undefined),
    });
    let given = 0;
    function* source(): Generator<SeriesInput> {
      for (; given < 100; given++) yield block('a', 100_000, [], given * 100_000);
    }
    const error = await failure(api.insertFrom(source(), { continueOnError: true }));
    expect(ServerError.isInstance(error)).toBe(true);
    expect(given).toBeLessThan(20);
    expect(error.unknown).toEqual([range('a', 100_000, 199_999)]);
  });
});

describe('an answer to a write of points', () => {
  const ok = [
    ['an object', () => ({})],
    ['an empty body', () => new Response('')],
    ['no body', () => new Response(null, { status: 204 })],
    ['null', () => Response.json(null)],
    ['another status of success', () => Response.json({}, { status: 202 })],
  ] as const;
  const write = (answer: () => unknown) => {
    const api = new DatapointsApi(memoryTransport(answer));
    return {
      insert: () => api.insert({ id: 1 }, [{ timestamp: 1, value: 2 }]),
      insertFrom: () => api.insertFrom([{ id: 1, timestamp: 1, value: 2 }]),
      deleteRange: () => api.deleteRange({ id: 1, start: 0, end: 5 }),
    };
  };

  it.each(ok)('is success if it is %s', async (_, answer) => {
    await Promise.all(Object.values(write(answer)).map((each) => each()));
  });

  it.each([
    ['an error with the status 200', () => Response.json({ error: { code: 400, message: 'no' } })],
    ['an error without a message', () => ({ error: 'no' })],
    ['a list', () => Response.json([])],
    [
      'a page of a proxy',
      () => new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['text', () => new Response('ok')],
  ])('is not a success if it is %s: the points are unknown', async (_, answer) => {
    for (const each of Object.values(write(answer))) {
      const error = await failure(each());
      expect(DecodeError.isInstance(error)).toBe(true);
      expect([error.successful.length, error.unknown.length, error.failed.length]).toEqual([
        0, 1, 0,
      ]);
    }
  });
});

describe('a request that is refused after an attempt without an answer', () => {
  // The lost attempt may have stored every point; the refusals of its halves cannot tell.
  it.each([
    ['unknown', { unknown: 4, failed: 0 }],
    ['refused', { unknown: 0, failed: 4 }],
  ] as const)('%s: the account says so', async (delivery, account) => {
    const timestamps = [1, 2, 3, 4].map((hour) => Date.UTC(2024, 0, 1, hour));
    let sent = 0;
    const transport = memoryTransport(() => {
      throw new ApiError('400 refused', {
        status: 400,
        delivery: ++sent === 1 ? delivery : 'refused',
      });
    });
    const error = await failure(
      new DatapointsApi(transport).insertMany(
        [{ id: 1, datapoints: { timestamps, values: [1, 2, 3, 4] } }],
        {
          continueOnError: true,
        },
      ),
    );
    const points = (ranges: readonly PointRange[]): number =>
      ranges.reduce((sum, { count }) => sum + count, 0);
    expect({ unknown: points(error.unknown), failed: points(error.failed) }).toEqual(account);
    expect(sent).toBeGreaterThan(1);
  });
});
