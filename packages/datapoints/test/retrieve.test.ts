import { ConfigError, DecodeError, NotFoundError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi, seriesCount, seriesFirst, seriesLatest } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { type FakeSeries, fakeServer } from './fake-server.js';
import { encodeListResponse } from './wire-format.js';

const START = Date.UTC(2020, 0, 1);

function ramp(id: number, count: number, step = 1000): FakeSeries {
  const points = Array.from({ length: count }, (_, index) => ({
    timestamp: START + index * step,
    value: index / 4,
  }));
  return { id, externalId: `series-${id}`, unit: 'bar', points };
}

describe('retrieve', () => {
  it('gives the points of one series as columns', async () => {
    const server = fakeServer([ramp(1, 5)]);
    const points = await new DatapointsApi(server.transport).retrieve({ externalId: 'series-1' });
    expect(points).toMatchObject({
      id: 1,
      externalId: 'series-1',
      unit: 'bar',
      isString: false,
      isStep: false,
      length: 5,
    });
    expect([...points.timestamps]).toEqual([0, 1, 2, 3, 4].map((index) => START + index * 1000));
    expect(points.values).toEqual(Float64Array.from([0, 0.25, 0.5, 0.75, 1]));
    expect(points.at(-1)).toEqual({ timestamp: START + 4000, value: 1 });
    expect([...points]).toEqual(points.toArray());
  });

  it('fails for an answer about another series, or whose pages lead nowhere', async () => {
    const answering = (...items: object[]) => new DatapointsApi(memoryTransport(() => ({ items })));
    const one = { id: 1, isString: false, isStep: false, datapoints: [{ timestamp: 5, value: 1 }] };
    for (const api of [answering(), answering({ ...one, id: 3 }), answering(one, one)])
      await expect(api.retrieve({ id: 1 })).rejects.toThrow('series, expected 1');
    await expect(answering({ ...one, nextCursor: 'x' }).retrieve({ id: 1 })).rejects.toThrow(
      'timestamps[0] is 5, expected more than 5',
    );
    const empty = { ...one, datapoints: [], nextCursor: 'x' };
    await expect(answering(empty).retrieve({ id: 1 })).rejects.toThrow('nextCursor repeats one');
  });

  it('fetches every point of a long series with hardly more requests than pages', async () => {
    const server = fakeServer([ramp(1, 634_567)]);
    const points = await new DatapointsApi(server.transport).retrieve({ id: 1 });
    expect(points.length).toBe(634_567);
    expect(points.timestamps.every((time, index) => time === START + index * 1000)).toBe(true);
    expect((points.values as Float64Array).every((value, index) => value === index / 4)).toBe(true);
    expect(server.complaints).toEqual([]);
    expect(server.requestCount()).toBeLessThanOrEqual(7 * 1.5 + 10);
  });

  it('keeps the order of the items, also of a series that is requested twice', async () => {
    const server = fakeServer([ramp(1, 10), ramp(2, 20)]);
    const list = await new DatapointsApi(server.transport).retrieve({
      items: [{ id: 2 }, { id: 1, limit: 3 }, { externalId: 'series-2', start: START + 15_000 }],
    });
    expect(list.map(({ id, length }) => [id, length])).toEqual([
      [2, 20],
      [1, 3],
      [2, 5],
    ]);
    expect(list.get({ externalId: 'series-1' })?.length).toBe(3);
    expect(list.getAll({ id: 2 }).map(({ length }) => length)).toEqual([20, 5]);
  });

  it('gives one column per aggregate', async () => {
    const server = fakeServer([ramp(1, 7200)]);
    const points = await new DatapointsApi(server.transport).retrieve({
      id: 1,
      start: START,
      aggregates: ['max', 'count', 'minDatapoint'],
      granularity: '1h',
    });
    expect(points.max).toEqual(Float64Array.from([3599 / 4, 7199 / 4]));
    expect(points.count).toEqual(Float64Array.from([3600, 3600]));
    expect(points.minDatapoint.values).toEqual(Float64Array.from([0, 900]));
    expect(points.minDatapoint.timestamps[1]).toBe(START + 3_600_000);
    expect(points.at(1)).toEqual({
      timestamp: START + 3_600_000,
      max: 7199 / 4,
      count: 3600,
      minDatapoint: { timestamp: START + 3_600_000, value: 900 },
    });
    // @ts-expect-error average was not asked for
    expect(points.average).toBeUndefined();
    expect(points).toMatchObject({
      granularity: '1h',
      aggregates: ['max', 'count', 'minDatapoint'],
    });
  });

  it('names every series that does not exist, of all requests', async () => {
    const server = fakeServer([ramp(1, 3)]);
    const items = Array.from({ length: 250 }, (_, index) => ({ id: index + 1 }));
    const error = await new DatapointsApi(server.transport)
      .retrieve({ items })
      .catch((thrown: unknown) => thrown);
    expect(NotFoundError.isInstance(error) && error.missing).toHaveLength(249);
  });

  it('leaves unknown series out when that is wanted', async () => {
    const server = fakeServer([ramp(1, 3), ramp(3, 4)]);
    const items = [{ id: 1 }, { id: 2 }, { id: 3 }, { externalId: 'none' }];
    const list = await new DatapointsApi(server.transport).retrieve({
      items,
      ignoreUnknownIds: true,
    });
    expect(list.map(({ id, length }) => [id, length])).toEqual([
      [1, 3],
      [3, 4],
    ]);
  });

  it('sends nothing for an empty list', async () => {
    const server = fakeServer([]);
    expect(await new DatapointsApi(server.transport).retrieve({ items: [] })).toHaveLength(0);
    expect(server.requestCount()).toBe(0);
  });

  it('adds the points around the range', async () => {
    const server = fakeServer([ramp(1, 100)]);
    const points = await new DatapointsApi(server.transport).retrieve({
      id: 1,
      start: START + 10_500,
      end: START + 20_000,
      limit: 4,
      includeOutsidePoints: true,
    });
    expect([...points.timestamps].map((time) => (time - START) / 1000)).toEqual([
      10, 11, 12, 13, 14, 20,
    ]);
    expect(server.complaints).toEqual([]);
  });

  it('reads JSON where the server does not speak protobuf', async () => {
    const server = fakeServer([ramp(1, 1000)], { format: 'json' });
    const points = await new DatapointsApi(server.transport).retrieve({ id: 1 });
    expect(points.length).toBe(1000);
    expect(points.at(999)).toEqual({ timestamp: START + 999_000, value: 999 / 4 });
  });

  it('reads bad points, their statuses and what they have for a value', async () => {
    const bad = { code: 2_147_483_648, symbol: 'Bad' };
    const values = [1, null, Number.NaN, Infinity, -Infinity];
    const points = values.map((value, index) => ({
      timestamp: START + index,
      value,
      ...(index > 0 && { status: bad }),
    }));
    for (const format of ['protobuf', 'json'] as const) {
      const { transport } = fakeServer([{ id: 1, points }], { format });
      const read = await new DatapointsApi(transport).retrieve({
        id: 1,
        includeStatus: true,
        ignoreBadDataPoints: false,
      });
      expect(read.toArray()).toEqual(points);
      expect(read.slice(1).toArray()).toEqual(points.slice(1));
      expect([0, 1, 2].map((index) => read.isNull(index))).toEqual([false, true, false]);
      expect((await new DatapointsApi(transport).retrieve({ id: 1 })).length).toBe(1);
    }
  });

  it('slices by index and by time without copying numbers', async () => {
    const points = await new DatapointsApi(fakeServer([ramp(1, 100)]).transport).retrieve({
      id: 1,
    });
    const middle = points.between(START + 10_000, START + 20_000);
    expect([middle.length, middle.at(0)?.timestamp]).toEqual([10, START + 10_000]);
    expect(middle.timestamps.buffer).toBe(points.timestamps.buffer);
    expect(points.slice(-3).length).toBe(3);
    expect(points.indexAt(START + 10_001)).toBe(11);
    expect(JSON.parse(JSON.stringify(points.slice(0, 1)))).toMatchObject({
      id: 1,
      datapoints: [{ timestamp: START, value: 0 }],
    });
  });

  it('slices at every kind of time that points have, and at no other', async () => {
    const points = await new DatapointsApi(fakeServer([ramp(1, 100)]).transport).retrieve({
      id: 1,
    });
    const time = START + 10_000;
    for (const same of [time, new Date(time), { epochMilliseconds: time }]) {
      expect(points.indexAt(same)).toBe(10);
      expect(points.between(same, START + 20_000).length).toBe(10);
      expect(points.between(START, same).length).toBe(10);
    }
    expect(points.between(-Infinity, Infinity).length).toBe(100);
    for (const [wrong, got] of [
      ['2020-01-01T00:00:10Z', 'the string "2020-01-01T00:00:10Z"'],
      ['2020-01-01T01:00:10[Europe/Oslo]', 'the string "2020-01-01T01:00:10[Europe/Oslo]"'],
      [undefined, 'undefined'],
      [null, 'null'],
      [Number.NaN, 'NaN'],
      [true, 'true'],
      [5n, '5'],
      [new Date('26.10.2025'), 'Date {'],
      [{ seconds: 5 }, 'Object { seconds }'],
    ] as [never, string][])
      for (const work of [
        () => points.indexAt(wrong),
        () => points.between(wrong, time),
        () => points.between(time, wrong),
      ]) {
        expect(work).toThrow(ConfigError);
        expect(work).toThrow(`expected epoch milliseconds or a Date, got ${got}`);
      }
  });

  it('rejects queries that the API would read in another way than meant', async () => {
    const { transport, requestCount } = fakeServer([ramp(1, 1)]);
    const api = new DatapointsApi(transport);
    const wrong: object[] = [
      { id: 1, start: 10, end: 10 },
      { id: 1, aggregates: ['max' as const] },
      { id: 1, granularity: '1h' },
      { id: 1, aggregates: ['max'], granularity: '121s' },
      { id: 1, aggregates: ['mean' as never], granularity: '1h' },
      { id: 1, limit: 1.5 },
      { id: 1, start: 'yesterday' },
      { id: 1, targetUnit: 'a', targetUnitSystem: 'b' },
      { id: 1, aggregates: ['max' as const], granularity: '1d', timeZone: 'Mars/Olympus' },
      { id: undefined } as never,
    ];
    for (const query of wrong)
      await expect(api.retrieve(query as never)).rejects.toSatisfy(ConfigError.isInstance);
    await expect(
      api.retrieve({ id: 1, aggregates: ['avg' as never], granularity: '1h' }),
    ).rejects.toThrow('query: aggregates: unknown name "avg"; did you mean average?');
    const several = [{ id: 1 }, { id: 2, start: 9, end: 8 }];
    await expect(api.retrieve({ items: several })).rejects.toThrow(
      'items[1]: start (1970-01-01T00:00:00.009Z)',
    );
    expect(requestCount()).toBe(0);
  });

  it.each([
    ['state', 'protobuf', encodeListResponse([{ id: 1, externalId: 'valve', type: 3 }])],
    [
      '7',
      'protobuf',
      encodeListResponse([{ id: 1, externalId: 'valve', type: 7, numericDatapoints: {} }]),
    ],
    ['state', 'JSON', { items: [{ id: 1, externalId: 'valve', type: 'state', datapoints: [] }] }],
  ])(
    'names series of the type %s rather than to take them for empty: %s',
    async (type, _, answer) => {
      const api = new DatapointsApi(memoryTransport(() => answer));
      const complaint = `externalId "valve" is a time series of type "${type}"`;
      await expect(api.retrieve({ id: 1 })).rejects.toThrow(complaint);
      await expect(api.retrieve({ id: 1, aggregates: ['max'], granularity: '1h' })).rejects.toThrow(
        complaint,
      );
      await expect(api.retrieveLatest({ id: 1 })).rejects.toSatisfy(DecodeError.isInstance);
    },
  );

  it('describes a query where it is missing', async () => {
    const api = new DatapointsApi(fakeServer([]).transport);
    for (const query of [undefined, null, 5]) {
      await expect(api.retrieve(query as never)).rejects.toThrow('expected { id }');
      await expect(api.retrieveLatest(query as never)).rejects.toThrow('expected { id }');
      await expect(
        api
          .stream(query as never)
          [Symbol.asyncIterator]()
          .next(),
      ).rejects.toThrow('expected { id }');
    }
  });

  it('fails on an answer that leads nowhere instead of asking for ever', async () => {
    const transport = memoryTransport(() => ({
      items: [{ id: 1, isString: false, datapoints: [], nextCursor: 'x' }],
    }));
    await expect(new DatapointsApi(transport).retrieve({ id: 1 })).rejects.toSatisfy(
      DecodeError.isInstance,
    );
  });

  it('reports progress in points', async () => {
    const server = fakeServer([ramp(1, 250_000)]);
    const seen: [number, number | undefined][] = [];
    await new DatapointsApi(server.transport).retrieve(
      { id: 1 },
      { onProgress: (done, total) => seen.push([done, total]) },
    );
    expect(seen.at(-1)).toEqual([250_000, 250_000]);
    // How many there are is not known before the end, and not guessed.
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.slice(0, -1).every(([, total]) => total === undefined)).toBe(true);
  });

  it('ends with the reason of the signal', async () => {
    const server = fakeServer([ramp(1, 250_000)]);
    const stop = new AbortController();
    const reading = new DatapointsApi(server.transport).retrieve(
      { id: 1 },
      { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
    );
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('the relations of a series', () => {
  it('give the first point and the number of points', async () => {
    const server = fakeServer([ramp(1, 1000)]);
    const api = new DatapointsApi(server.transport);
    expect(await seriesFirst(api)({ id: 1 })()).toEqual({ timestamp: START, value: 0 });
    expect(await seriesCount(api)({ id: 1 })()).toBe(1000);
    await expect(seriesCount(api)({ id: 1, isString: true })()).rejects.toSatisfy(
      ConfigError.isInstance,
    );
  });

  it('give the latest point before a time, which may be 0', async () => {
    const befores: unknown[] = [];
    const transport = memoryTransport({
      'POST /timeseries/data/latest': ({ body }) => {
        befores.push((body as { items: { before: number }[] }).items[0]?.before);
        return { items: [{ id: 1, isString: false, datapoints: [{ timestamp: -5, value: 7 }] }] };
      },
    });
    const latest = seriesLatest(new DatapointsApi(transport))({ id: 1 });
    expect(await latest({ before: 0 })).toEqual({ timestamp: -5, value: 7 });
    expect(befores).toEqual([0]);
  });
});

describe('retrieveLatest', () => {
  it('asks for 100 series at a time, all at the same moment, and keeps the order', async () => {
    const sizes: number[] = [];
    const moments = new Set<number>();
    const transport = memoryTransport({
      'POST /timeseries/data/latest': ({ body }) => {
        const { items } = body as { items: { id: number; before: number }[] };
        sizes.push(items.length);
        for (const { before } of items) moments.add(before);
        return {
          items: items.map(({ id }) => ({
            id,
            isString: false,
            datapoints: id % 2 ? [{ timestamp: id, value: id }] : [],
          })),
        };
      },
    });
    const items = Array.from({ length: 250 }, (_, index) => ({ id: index + 1 }));
    const list = await new DatapointsApi(transport).retrieveLatest({ items });
    expect(list.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(list.map(({ length }) => length)).toEqual(items.map(({ id }) => id % 2));
    expect(sizes).toEqual([100, 100, 50]);
    expect(moments.size).toBe(1);
  });
});
