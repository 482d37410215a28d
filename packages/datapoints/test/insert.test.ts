import { ApiError, ConfigError, NetworkError, NotFoundError } from '@cdf/core';
import { DatapointsApi, type PointRange, type SeriesInput } from '@cdf/datapoints';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeInsertion } from '../src/wire/insertion.js';
import { toColumns } from '../src/write/points.js';
import { fakeServer } from './fake-server.js';
import { pointsOf, recording, sink } from './insert-sink.js';
import { decodeInsertion } from './wire-format.js';

const START = Date.UTC(2021, 5, 1);
const BAD = { code: 0x80000000, symbol: 'Bad' };

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
      {
        timestamps: rows.map(({ timestamp }) => timestamp),
        values: rows.map(({ value }) => value),
      },
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
    const read = await new DatapointsApi(server.transport).retrieve({
      items: [{ id: 1 }, { id: 2 }],
    });
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
    await api.insertMany(
      Array.from({ length: 10_001 }, (_, index) => ({ id: index + 1, timestamp: START, value: 1 })),
    );
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

  it('writes bad points without a value, and values that are not numbers', async () => {
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

  it('writes with JSON what protobuf cannot say: points that all lack a value, be they numbers or strings', async () => {
    const bodies: unknown[] = [];
    const points = [1, 2].map((timestamp) => ({
      timestamp,
      value: null,
      status: { code: 0x80000000 },
    }));
    await new DatapointsApi(recording(bodies)).insert({ id: 1 }, points);
    expect(bodies).toEqual([{ items: [{ id: 1, datapoints: points }] }]);
  });

  it('writes plain rows as it writes rows with something special among them', async () => {
    const { api, calls } = sink();
    const rows = [-5, 2 ** 35 - 1, 2 ** 35, START, 4_102_444_799_999].map((timestamp, index) => ({
      timestamp: index % 2 === 0 ? timestamp : new Date(timestamp),
      value: index / 3,
    }));
    await api.insert({ id: 1 }, rows);
    await api.insert({ id: 1 }, [
      ...rows,
      { timestamp: 4_102_444_799_999, value: 4 / 3, status: { symbol: 'Good' } },
    ]);
    await api.insert({ id: 1 }, [...rows].reverse());
    expect(pointsOf(calls[0]?.[0]).map(({ timestamp, value }) => [timestamp, value ?? 0])).toEqual(
      rows.map(({ timestamp, value }) => [Number(timestamp), value]),
    );
    expect(calls[1]).toEqual(calls[0]);
    expect(calls[2]).toEqual(calls[0]);
  });

  it.each([
    ['2025-10-26 02:30:00', 'read local times with localTimeReader({ timeZone })'],
    ['2025-10-26T02:30[Europe/Oslo]', 'read local times with localTimeReader({ timeZone })'],
    ['26.10.2025', 'read local times with localTimeReader({ timeZone })'],
    ['now', 'pass Date.now()'],
    ['1719793800000', 'pass Number("1719793800000")'],
    ['2025-10-26T02:30:00Z', 'pass new Date("2025-10-26T02:30:00Z")'],
    ['2025-10-26 02:30+01:00', 'pass new Date("2025-10-26 02:30+01:00")'],
  ])('takes no string for a time, in any form of points: %s', async (text, remedy) => {
    const { api, calls } = sink();
    const time = text as never;
    const said = `the timestamp must be epoch milliseconds or a Date, got the string ${JSON.stringify(text)}; ${remedy}`;
    const forms: (() => Promise<unknown>)[] = [
      () => api.insert({ id: 1 }, [{ timestamp: time, value: 1 }]),
      () => api.insert({ id: 1 }, [[time, 1]]),
      () => api.insert({ id: 1 }, { timestamps: [time], values: [1] }),
      () => api.insertMany([{ id: 1, timestamp: time, value: 1 }]),
      () => api.insertMany([{ id: 1, timestamps: [time], values: [1] }]),
      () => api.insertFrom([{ id: 1, timestamp: time, value: 1 }]),
      () => api.insertFrom([{ id: 1, timestamps: [time], values: [1] }]),
    ];
    for (const form of forms) {
      const error = await form().catch((thrown: unknown) => thrown);
      expect(ConfigError.isInstance(error)).toBe(true);
      expect(String(error)).toContain(`id 1, point 0: ${said}`);
    }
    expect(calls).toEqual([]);
  });

  it('takes an instant whose milliseconds are a string for no time', async () => {
    const { api, calls } = sink();
    const timestamp = { epochMilliseconds: '1577836800000' } as never;
    await expect(api.insert({ id: 1 }, [{ timestamp, value: 1 }])).rejects.toThrow(
      'id 1, point 0: the timestamp must be epoch milliseconds, a Date or a Temporal instant',
    );
    expect(calls).toEqual([]);
  });

  it('names a time that is not a number', async () => {
    const { api, calls } = sink();
    const timestamps = [START, null] as never as number[];
    await expect(api.insert({ id: 1 }, { timestamps, values: [1, 2] })).rejects.toThrow(
      'id 1, point 1: timestamps of columns must be epoch milliseconds, got null',
    );
    const dates = [new Date(START)] as never as number[];
    await expect(api.insert({ id: 1 }, { timestamps: dates, values: [1] })).rejects.toThrow(
      'got Date {',
    );
    await expect(
      api.insert({ id: 1 }, { timestamps: [Number.NaN, START, Number.NaN], values: [1, 2, 3] }),
    ).rejects.toThrow(
      /^2 data points cannot be written: id 1, point 0: the timestamp is NaN or an Invalid Date; id 1, point 2: /,
    );
    await expect(
      api.insert({ id: 1 }, [{ timestamp: { seconds: 5 } as never, value: 1 }]),
    ).rejects.toThrow(
      'id 1, point 0: the timestamp must be epoch milliseconds, a Date or a Temporal instant, got Object { seconds }',
    );
    expect(calls).toEqual([]);
  });

  it('says once how cells become times and values that cannot be written', async () => {
    const { api } = sink();
    const rows = ['26.10.2025', '27.10.2025'].map((cell) => ({
      timestamp: new Date(cell),
      value: Number('4,3'),
    }));
    const error = await api.insert({ externalId: 'Trykk' }, rows).catch(String);
    expect(error).toBe(
      'ConfigError: 4 data points cannot be written: ' +
        [0, 1]
          .map(
            (point) =>
              `externalId "Trykk", point ${point}: the timestamp is NaN or an Invalid Date; externalId "Trykk", point ${point}: value NaN is allowed for bad points only`,
          )
          .join('; ') +
        '. new Date() reads ISO 8601; read times such as "26.10.2025 02:30" with localTimeReader({ timeZone })' +
        '. Is a cell unparsed? Number() gives NaN for "4,3", which has a decimal comma, and for text',
    );
  });

  it('says that strings of digits are not numbers where CDF refuses them', async () => {
    const { api } = sink(() => {
      throw new ApiError('expected numbers for series 8372', { status: 400 });
    });
    const error = await api
      .insert({ externalId: 'Trykk' }, [{ timestamp: 1, value: '4,3' }])
      .catch(String);
    expect(error).toContain(
      'externalId "Trykk": the values are strings, such as "4,3"; a series of numbers takes numbers. Not stored: externalId "Trykk", 1 point',
    );
    const other = await api
      .insert({ externalId: 'State' }, [{ timestamp: 1, value: 'on' }])
      .catch(String);
    expect(other).not.toContain('strings');
    const { api: missing } = sink(() => {
      throw new NotFoundError('not found', { status: 400, missing: [{ externalId: 'gone' }] });
    });
    const gone = await missing
      .insert({ externalId: 'gone' }, [{ timestamp: 1, value: '5' }])
      .catch(String);
    expect(gone).toContain('not found');
    expect(gone).not.toContain('strings');
  });

  it('rejects points that cannot be stored, before anything is sent', async () => {
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
      'point 3: the value is missing',
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

  it('rejects statuses and nulls of points that are missing, or out of order', async () => {
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
    for (const each of wrong)
      await expect(api.insert({ id: 1 }, each)).rejects.toSatisfy(ConfigError.isInstance);
    await expect(api.insertMany({ id: 1, ...columns } as never)).rejects.toSatisfy(
      ConfigError.isInstance,
    );
    expect(calls).toHaveLength(0);
  });

  it('says how many points were written, of those with the same time one', async () => {
    const { api } = sink();
    const point = (timestamp: number) => ({ timestamp, value: 1 });
    expect(await api.insert({ id: 1 }, [1, 2, 2].map(point))).toEqual({ points: 2 });
    const series = [
      { id: 1, datapoints: [1, 2].map(point) },
      { id: 1, ...point(2) },
      { id: 2, ...point(2) },
    ];
    expect(await api.insertMany(series)).toEqual({ points: 3 });
    expect(await api.insertFrom(series)).toEqual({ points: 3 });
  });

  it('sends nothing without points', async () => {
    const { api, calls } = sink();
    expect(await api.insert({ id: 1 }, [])).toEqual({ points: 0 });
    expect(await api.insertMany([])).toEqual({ points: 0 });
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
    const range = (id: number): PointRange => ({
      id,
      first: START,
      last: START + 99_999,
      count: 100_000,
    });
    expect(error).toMatchObject({
      successful: [range(1)],
      unknown: [range(3)],
      failed: [range(2)],
      notAttempted: [],
    });
    expect(String(error)).toContain(
      'Not stored: id 2, 100000 points from 2021-06-01T00:00:00.000Z',
    );
    expect(String(error)).toContain('Maybe stored: id 3');
  });
});

describe('the protobuf encoder', () => {
  it('writes what an independent decoder reads', () => {
    const status = fc.option(
      fc.record({ code: fc.integer({ min: 1, max: 0xffffffff }), symbol: fc.string() }),
      {
        nil: undefined,
      },
    );
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
        const [item] = decodeInsertion(
          encodeInsertion([{ identifier: { id: 7 }, columns, from: 0, to: rows.length }]),
        );
        expect(item?.id).toBe(7);
        const read = pointsOf(item).map((point) => [
          point.timestamp ?? 0,
          point.value ?? (typeof rows[0]?.value === 'string' ? '' : 0),
          point.status?.code ?? 0,
        ]);
        expect(read).toEqual(
          rows.map(({ timestamp, value, status }) => [timestamp, value, status?.code ?? 0]),
        );
      }),
      { numRuns: 200 },
    );
  });
});
