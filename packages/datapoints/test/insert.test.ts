import { ApiError, ConfigError, NetworkError, type RequestSpec } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatapointsApi, type PointRange, type SeriesInput } from '../src/index.js';
import { encodeInsertion } from '../src/wire/insertion.js';
import { toColumns } from '../src/write/points.js';
import { fakeServer } from './fake-server.js';
import { decodeInsertion, type InsertedItem, type InsertedPoint } from './wire-format.js';

const START = Date.UTC(2021, 5, 1);
const BAD = { code: 0x80000000, symbol: 'Bad' };

/** Collects what is inserted, decoded by a library that the code under test does not use. */
function sink(fail?: (items: readonly InsertedItem[], call: number) => void) {
  const calls: InsertedItem[][] = [];
  const transport = memoryTransport((spec: RequestSpec) => {
    expect(spec).toMatchObject({ path: '/timeseries/data', contentType: 'application/protobuf', idempotent: true });
    const items = decodeInsertion(spec.body as Uint8Array);
    fail?.(items, calls.length);
    calls.push(items);
    return {};
  });
  return { transport, calls, api: new DatapointsApi(transport) };
}

function recording(bodies: unknown[]) {
  return memoryTransport(({ body }) => {
    bodies.push(body);
    return {};
  });
}

function pointsOf(item: InsertedItem | undefined): readonly InsertedPoint[] {
  return (item?.numericDatapoints ?? item?.stringDatapoints)?.datapoints ?? [];
}

describe('insert', () => {
  it('takes rows, tuples, columns and what was read', async () => {
    const { api, calls } = sink();
    const rows = [0, 1, 2].map((index) => ({ timestamp: START + index, value: index * 1.5 }));
    await api.insert({ id: 1 }, rows);
    await api.insert(
      { id: 1 },
      rows.map(({ timestamp, value }) => [timestamp, value] as const),
    );
    await api.insert(
      { id: 1 },
      rows.map(({ timestamp, value }) => ({ timestamp: new Date(timestamp), value })),
    );
    await api.insert(
      { id: 1 },
      { timestamps: rows.map(({ timestamp }) => timestamp), values: rows.map(({ value }) => value) },
    );
    const server = fakeServer([{ id: 1, points: rows }]);
    await api.insert({ id: 1 }, await new DatapointsApi(server.transport).retrieve({ id: 1 }));
    expect(calls).toHaveLength(5);
    for (const [item] of calls)
      expect(pointsOf(item)).toEqual(
        [
          { timestamp: START, value: 0 },
          { timestamp: START + 1, value: 1.5 },
          { timestamp: START + 2, value: 3 },
        ].map((point) => expect.objectContaining(point.value === 0 ? { timestamp: START } : point)),
      );
  });

  it('writes lists of what was read back to the series that they came from', async () => {
    const { api, calls } = sink();
    const points = [0, 1].map((index) => ({ timestamp: START + index, value: index + 1 }));
    const server = fakeServer([
      { id: 1, externalId: 'first', points },
      { id: 2, externalId: 'second', points },
    ]);
    const read = await new DatapointsApi(server.transport).retrieve({ items: [{ id: 1 }, { id: 2 }] });
    expect(read[0]?.externalId).toBe('first');
    await api.insertMany(read);
    expect(calls.map((items) => items.map(({ id, externalId }) => [id, externalId]))).toEqual([
      [
        [1, undefined],
        [2, undefined],
      ],
    ]);
  });

  it('fills requests to 100,000 points, naming each series once', async () => {
    const { api, calls } = sink();
    const series = (id: number, count: number): SeriesInput => ({
      id,
      timestamps: Float64Array.from({ length: count }, (_, index) => START + index),
      values: new Float64Array(count),
    });
    const seen: number[] = [];
    await api.insertMany([series(1, 150_000), series(2, 70_000), series(1, 10)], {
      onProgress: (done) => seen.push(done),
    });
    const sizes = calls.map((items) => items.map((item) => [item.id, pointsOf(item).length]));
    expect(sizes).toEqual([
      [[1, 100_000]],
      [
        [1, 50_000],
        [2, 50_000],
      ],
      [[2, 20_000]],
    ]);
    expect(seen.at(-1)).toBe(220_000);
  });

  it('puts at most 10,000 series into a request', async () => {
    const { api, calls } = sink();
    await api.insertMany(Array.from({ length: 10_001 }, (_, index) => ({ id: index + 1, timestamp: START, value: 1 })));
    expect(calls.map((items) => items.length)).toEqual([10_000, 1]);
  });

  it('lets the last of several points at one time win', async () => {
    const { api, calls } = sink();
    await api.insert({ externalId: 'a' }, [
      { timestamp: 5, value: 'new' },
      { timestamp: 3, value: 'old' },
      { timestamp: 3, value: 'last' },
    ]);
    expect(calls[0]).toEqual([
      {
        externalId: 'a',
        stringDatapoints: {
          datapoints: [
            { timestamp: 3, value: 'last' },
            { timestamp: 5, value: 'new' },
          ],
        },
      },
    ]);
  });

  it('writes bad points without a value, and what is no number', async () => {
    const { api, calls } = sink();
    await api.insert({ instanceId: { space: 's', externalId: 'é' } }, [
      { timestamp: -1, value: null, status: BAD },
      { timestamp: 0, value: Number.NaN, status: { code: BAD.code } },
      { timestamp: 1, value: -Infinity, status: { symbol: 'Bad' } },
      { timestamp: 2, value: 4, status: { symbol: 'Good' } },
    ]);
    const [item] = calls[0] ?? [];
    expect(item?.instanceId).toEqual({ space: 's', externalId: 'é' });
    expect(pointsOf(item)).toEqual([
      { timestamp: -1, nullValue: true, status: { code: BAD.code } },
      { value: Number.NaN, status: { code: BAD.code } },
      { timestamp: 1, value: -Infinity, status: { code: BAD.code } },
      { timestamp: 2, value: 4 },
    ]);
  });

  it('says with JSON what protobuf cannot: a symbol without its code', async () => {
    const bodies: unknown[] = [];
    const transport = recording(bodies);
    const points = [
      { timestamp: 1, value: null, status: { symbol: 'BadLicenseNotAvailable' } },
      { timestamp: 2, value: 3, status: { code: 0x300400 } },
    ];
    await new DatapointsApi(transport).insert({ id: 1 }, points);
    expect(bodies).toEqual([{ items: [{ id: 1, datapoints: points }] }]);
  });

  it('writes plain rows as it writes rows with something special among them', async () => {
    const { api, calls } = sink();
    const rows = [-5, 2 ** 35 - 1, 2 ** 35, START, 4_102_444_799_999].map((timestamp, index) => ({
      timestamp: index % 2 === 0 ? timestamp : new Date(timestamp),
      value: index / 3,
    }));
    await api.insert({ id: 1 }, rows);
    await api.insert({ id: 1 }, [...rows, { timestamp: 4_102_444_799_999, value: 4 / 3, status: { symbol: 'Good' } }]);
    await api.insert({ id: 1 }, [...rows].reverse());
    expect(pointsOf(calls[0]?.[0]).map(({ timestamp, value }) => [timestamp, value ?? 0])).toEqual(
      rows.map(({ timestamp, value }) => [Number(timestamp), value]),
    );
    expect(calls[1]).toEqual(calls[0]);
    expect(calls[2]).toEqual(calls[0]);
  });

  it('names a time in a column that is no number', async () => {
    const { api, calls } = sink();
    const timestamps = [START, `${START + 1}`, null] as never as number[];
    await expect(api.insert({ id: 1 }, { timestamps, values: [1, 2, 3] })).rejects.toThrow(
      /2 data points.*id 1, point 1: .*whole number.*point 2/,
    );
    expect(calls).toEqual([]);
  });

  it('refuses points that cannot be stored, before anything is sent', async () => {
    const { api, calls } = sink();
    const rows = [
      { timestamp: 1.5, value: 1 },
      { timestamp: 1, value: Number.NaN },
      { timestamp: 2, value: 1e100 },
      { timestamp: 3, value: null },
      { timestamp: -3_000_000_000_000, value: 1 },
    ];
    const error = await api
      .insertMany([
        { id: 1, timestamp: 1, value: 1 },
        { externalId: 'x', datapoints: rows },
      ])
      .catch((e: unknown) => e);
    expect(ConfigError.isInstance(error)).toBe(true);
    for (const text of [
      '5 data points',
      'externalId "x", point 0: timestamp 1.5',
      'point 1: value NaN',
      'point 2: value 1e+100',
      'point 3: no value',
      'point 4',
    ])
      expect(String(error)).toContain(text);
    await expect(
      api.insert({ id: 1 }, [
        { timestamp: 1, value: 1 },
        { timestamp: 2, value: 'a' },
      ]),
    ).rejects.toThrow('point 1: a string among numbers');
    await expect(api.insert({ id: 1 }, [{ timestamp: 1, value: 'é'.repeat(512) }])).rejects.toThrow(
      'more than 1023 bytes',
    );
    await expect(api.insert({ id: 1 }, { timestamps: [1, 2], values: [1] })).rejects.toThrow(
      '2 timestamps but 1 values',
    );
    expect(calls).toHaveLength(0);
  });

  it('refuses statuses and missing values of points that are not there, or out of order', async () => {
    const { api, calls } = sink();
    const columns = { timestamps: [1, 2, 3], values: [1, 2, 3] };
    const statuses = (...indexes: number[]) => ({
      indexes: Uint32Array.from(indexes),
      codes: new Uint32Array(indexes.length).fill(BAD.code),
      symbols: indexes.map(() => 'Bad'),
    });
    const wrong = [
      { ...columns, nulls: [3] },
      { ...columns, nulls: [1, 1] },
      { ...columns, statuses: statuses(0, 3) },
      { ...columns, statuses: statuses(2, 1) },
      { ...columns, statuses: [undefined, undefined, undefined, BAD] },
    ];
    for (const each of wrong) await expect(api.insert({ id: 1 }, each)).rejects.toSatisfy(ConfigError.isInstance);
    await expect(api.insertMany({ id: 1, ...columns } as never)).rejects.toSatisfy(ConfigError.isInstance);
    expect(calls).toHaveLength(0);
  });

  it('sends nothing when there are no points', async () => {
    const { api, calls } = sink();
    await api.insert({ id: 1 }, []);
    await api.insertMany([]);
    expect(calls).toHaveLength(0);
  });

  it('accounts for every range of points when requests fail', async () => {
    const { api } = sink((items) => {
      if (items[0]?.id === 2) throw new ApiError('not that one', { status: 400 });
      if (items[0]?.id === 3) throw new NetworkError('gone', { delivery: 'unknown' });
    });
    const timestamps = Float64Array.from({ length: 100_000 }, (_, index) => START + index);
    const values = new Float64Array(100_000);
    const error = await api
      .insertMany([1, 2, 3].map((id) => ({ id, timestamps, values })))
      .catch((thrown: unknown) => thrown);
    const range = (id: number): PointRange => ({ id, first: START, last: START + 99_999, count: 100_000 });
    expect(error).toMatchObject({ successful: [range(1)], unknown: [range(3)], failed: [range(2)], notAttempted: [] });
    expect(String(error)).toContain('Not stored: id 2, 100000 points from 2021-06-01T00:00:00.000Z');
    expect(String(error)).toContain('Maybe stored: id 3');
  });
});

describe('the protobuf encoder', () => {
  it('writes what an independent decoder reads', () => {
    const status = fc.option(fc.record({ code: fc.integer({ min: 1, max: 0xffffffff }), symbol: fc.string() }), {
      nil: undefined,
    });
    const row = fc.oneof(
      fc.record({
        timestamp: fc.integer({ min: -2_208_988_800_000, max: 4_102_444_799_999 }),
        value: fc.double(),
        status,
      }),
    );
    const textRow = row.chain((numeric) =>
      fc.string({ unit: 'binary', maxLength: 200 }).map((value) => ({ ...numeric, value })),
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(row), fc.array(textRow)), (given) => {
        const rows = [...given].sort((left, right) => left.timestamp - right.timestamp);
        const columns = toColumns(rows as never, 'x');
        const [item] = decodeInsertion(encodeInsertion([{ identifier: { id: 7 }, columns, from: 0, to: rows.length }]));
        expect(item?.id).toBe(7);
        const read = pointsOf(item).map((point) => [
          point.timestamp ?? 0,
          point.value ?? (typeof rows[0]?.value === 'string' ? '' : 0),
          point.status?.code ?? 0,
        ]);
        expect(read).toEqual(rows.map(({ timestamp, value, status }) => [timestamp, value, status?.code ?? 0]));
      }),
      { numRuns: 200 },
    );
  });
});

describe('insertFrom', () => {
  it('writes an endless source in full requests, holding little of it', async () => {
    let flying = 0;
    let given = 0;
    let stored = 0;
    let mostHeld = 0;
    const transport = memoryTransport(async ({ body }) => {
      flying++;
      expect(flying).toBeLessThanOrEqual(5);
      await new Promise((resolve) => setImmediate(resolve));
      const count = pointsOf(decodeInsertion(body as Uint8Array)[0]).length;
      expect(count).toBe(100_000);
      stored += count;
      flying--;
      return {};
    });
    async function* source(): AsyncGenerator<SeriesInput> {
      for (let batch = 0; batch < 120; batch++) {
        const timestamps = Float64Array.from({ length: 10_000 }, (_, index) => START + batch * 10_000 + index);
        given += 10_000;
        mostHeld = Math.max(mostHeld, given - stored);
        yield { id: 1, timestamps, values: new Float64Array(10_000) };
      }
    }
    expect(await new DatapointsApi(transport).insertFrom(source())).toEqual({ points: 1_200_000 });
    expect(mostHeld).toBeLessThanOrEqual(600_000 + 10_000);
  });

  it('keeps the order of writes to the same times', async () => {
    const stored = new Map<number, number>();
    let turn = 0;
    const transport = memoryTransport(async ({ body }) => {
      const points = pointsOf(decodeInsertion(body as Uint8Array)[0]);
      for (let wait = 10 - turn++ * 3; wait > 0; wait--) await new Promise((resolve) => setImmediate(resolve));
      for (const { timestamp, value } of points) stored.set(timestamp, value as number);
      return {};
    });
    const timestamps = Float64Array.from({ length: 100_000 }, (_, index) => START + index);
    const batches = [1, 2, 3].map((value) => ({ id: 1, timestamps, values: new Float64Array(100_000).fill(value) }));
    await new DatapointsApi(transport).insertFrom(batches);
    expect(stored.get(START)).toBe(3);
  });

  it('stops at the first failure and says what is stored', async () => {
    const { api, calls } = sink((_, call) => {
      if (call === 2) throw new ApiError('full', { status: 400 });
    });
    const batch = (index: number): SeriesInput => ({
      id: 1,
      timestamps: Float64Array.from({ length: 100_000 }, (_, point) => START + index * 100_000 + point),
      values: new Float64Array(100_000),
    });
    let pulled = 0;
    function* source(): Generator<SeriesInput> {
      for (; pulled < 1000; pulled++) yield batch(pulled);
    }
    const error = (await api.insertFrom(source()).catch((thrown: unknown) => thrown)) as ApiError<PointRange>;
    expect(ApiError.isInstance(error)).toBe(true);
    expect(pulled).toBeLessThan(20);
    const count = (ranges: readonly PointRange[]): number => ranges.reduce((sum, range) => sum + range.count, 0);
    expect(count(error.successful)).toBe(calls.length * 100_000);
    expect(count(error.failed)).toBeGreaterThanOrEqual(100_000);
    expect(error.successful[0]).toMatchObject({ id: 1, first: START });
  });
});

describe('deleteRange', () => {
  it('needs both ends, and sends whole milliseconds', async () => {
    const bodies: unknown[] = [];
    const transport = recording(bodies);
    const api = new DatapointsApi(transport);
    await api.deleteRange({ externalId: 'a', start: new Date(5), end: 10 });
    expect(bodies).toEqual([{ items: [{ externalId: 'a', inclusiveBegin: 5, exclusiveEnd: 10 }] }]);
    await expect(api.deleteRange({ id: 1, start: 5 } as never)).rejects.toThrow('both start and end');
    await expect(api.deleteRange({ id: 1, start: 5, end: 5 })).rejects.toSatisfy(ConfigError.isInstance);
    expect(bodies).toHaveLength(1);
  });

  it('sends 10,000 ranges at a time', async () => {
    const bodies: { items: [] }[] = [];
    const transport = recording(bodies);
    const ranges = Array.from({ length: 10_001 }, (_, index) => ({ id: 1, start: index, end: index + 1 }));
    await new DatapointsApi(transport).deleteRanges(ranges);
    expect(bodies.map(({ items }) => items.length)).toEqual([10_000, 1]);
  });
});
