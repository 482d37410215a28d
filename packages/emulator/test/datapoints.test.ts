import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { type Client, client, DAY, HOUR, type Json, MINUTE } from './helpers.js';

// The messages as the published schema has them, read by an independent library.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Status { int64 code = 1; string symbol = 2; }
  message InstanceId { string space = 1; string externalId = 2; }
  message NumericDatapoint { int64 timestamp = 1; double value = 2; Status status = 3; bool nullValue = 4; }
  message NumericDatapoints { repeated NumericDatapoint datapoints = 1; }
  message StringDatapoint { int64 timestamp = 1; string value = 2; Status status = 3; bool nullValue = 4; }
  message StringDatapoints { repeated StringDatapoint datapoints = 1; }
  message AggregateDatapoint { int64 timestamp = 1; double average = 2; double max = 3; double min = 4; double count = 5;
    double sum = 6; double interpolation = 7; NumericDatapoint maxDatapoint = 18; NumericDatapoint minDatapoint = 19; }
  message AggregateDatapoints { repeated AggregateDatapoint datapoints = 1; }
  message ListItem { int64 id = 1; string externalId = 2; bool isString = 6; bool isStep = 7; string unit = 8;
    string nextCursor = 9; string unitExternalId = 10; InstanceId instanceId = 11; int32 type = 12;
    oneof points { NumericDatapoints numeric = 3; StringDatapoints string = 4; AggregateDatapoints aggregate = 5; } }
  message ListResponse { repeated ListItem items = 1; }
  message InsertItem { oneof key { int64 id = 1; string externalId = 2; } InstanceId instanceId = 5;
    oneof points { NumericDatapoints numeric = 3; StringDatapoints string = 4; } }
  message InsertRequest { repeated InsertItem items = 1; }`);
const ListResponse = root.lookupType('ListResponse');
const InsertRequest = root.lookupType('InsertRequest');

interface Point {
  timestamp: number;
  value?: number | string;
  status?: { code: number };
}

async function insertProtobuf(
  { emulator }: Client,
  items: object[],
): Promise<{ status: number; body: Json }> {
  const bytes = InsertRequest.encode(InsertRequest.fromObject({ items })).finish();
  const response = await emulator.fetch(
    `${emulator.url}/api/v1/projects/emulator/timeseries/data`,
    {
      method: 'POST',
      headers: { 'api-key': emulator.apiKey ?? '', 'content-type': 'application/protobuf' },
      body: new Uint8Array(bytes),
    },
  );
  return { status: response.status, body: await response.json() };
}

async function listProtobuf({ emulator }: Client, body: object): Promise<Json> {
  const response = await emulator.fetch(
    `${emulator.url}/api/v1/projects/emulator/timeseries/data/list`,
    {
      method: 'POST',
      headers: { 'api-key': emulator.apiKey ?? '', accept: 'application/protobuf' },
      body: JSON.stringify(body),
    },
  );
  expect(response.headers.get('content-type')).toBe('application/protobuf');
  const message = ListResponse.decode(new Uint8Array(await response.arrayBuffer()));
  return ListResponse.toObject(message, { longs: Number, defaults: false });
}

async function withSeries(options: object = {}): Promise<Client> {
  const made = client();
  await made.post('/timeseries', { items: [{ externalId: 's', ...options }] });
  return made;
}

describe('data points', () => {
  it('come back as they were inserted, whatever the order, the format and the overlaps', async () => {
    const timestamp = fc.oneof(
      fc.integer({ min: -2_208_988_800_000, max: 4_102_444_799_999 }),
      fc.integer({ min: -3, max: 30 }),
      fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_100 }),
    );
    const value = fc.double({ min: -9.9e99, max: 9.9e99, noNaN: true });
    const points = fc.array(fc.tuple(timestamp, value), { minLength: 1, maxLength: 40 });
    const inserts = fc.array(fc.tuple(points, fc.boolean()), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(inserts, async (batches) => {
        const made = await withSeries();
        const expected = new Map<number, number>();
        for (const [batch, asProtobuf] of batches) {
          const datapoints = batch.map(([time, number]) => ({
            timestamp: time,
            value: number === 0 ? 0 : number,
          }));
          for (const { timestamp: time, value: number } of datapoints) expected.set(time, number);
          const items = [{ externalId: 's', datapoints }];
          const protobufItems = [{ externalId: 's', numeric: { datapoints } }];
          const { status } = asProtobuf
            ? await insertProtobuf(made, protobufItems)
            : await made.post('/timeseries/data', { items });
          expect(status).toBe(200);
        }
        const sorted = [...expected]
          .sort(([a], [b]) => a - b)
          .map(([time, number]) => ({ timestamp: time, value: number }));
        const query = { start: -2_208_988_800_000, end: 4_102_444_800_000, limit: 1000 };
        const json = await made.post('/timeseries/data/list', {
          items: [{ externalId: 's', ...query }],
        });
        expect(json.body.items[0].datapoints).toEqual(sorted);
        const { items } = await listProtobuf(made, { items: [{ externalId: 's', ...query }] });
        const decoded = items[0].numeric.datapoints.map((point: Json) => ({
          timestamp: 0,
          value: 0,
          ...point,
        }));
        expect(decoded).toEqual(sorted);
      }),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 2000 : 60 },
    );
  });

  it('delete exactly the range that is named', async () => {
    const made = await withSeries();
    const start = 1_700_000_000_000;
    const datapoints = Array.from({ length: 10_000 }, (_, index) => ({
      timestamp: start + index * 1000,
      value: index,
    }));
    await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    const range = { inclusiveBegin: start + 4_000_000, exclusiveEnd: start + 4_200_000 };
    expect(
      (await made.post('/timeseries/data/delete', { items: [{ externalId: 's', ...range }] })).body,
    ).toEqual({});
    const { body } = await made.post('/timeseries/data/list', {
      items: [{ externalId: 's', limit: 100_000 }],
    });
    const values = body.items[0].datapoints.map(({ value }: Point) => value);
    expect(values).toEqual([
      ...Array(4000).keys(),
      ...Array.from({ length: 5800 }, (_, index) => index + 4200),
    ]);
  });

  it('page by cursor through many blocks without losing or repeating a point', async () => {
    const made = await withSeries();
    const datapoints = Array.from({ length: 30_000 }, (_, index) => ({
      timestamp: 1_700_000_000_000 + index * 997,
      value: index,
    }));
    for (const part of [
      datapoints.slice(20_000),
      datapoints.slice(0, 9_000),
      datapoints.slice(9_000, 20_000),
    ]) {
      await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints: part }] });
    }
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items } = await listProtobuf(made, {
        items: [{ externalId: 's', limit: 7001, cursor }],
      });
      seen.push(...items[0].numeric.datapoints.map(({ value = 0 }: Json) => value));
      cursor = items[0].nextCursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(datapoints.map(({ value }) => value));
  });

  it('keep strings, also beyond ASCII, and say what they are', async () => {
    const made = await withSeries({ isString: true });
    const datapoints = ['', 'å', '日本語', 'x'.repeat(1023)].map((value, index) => ({
      timestamp: index,
      value,
    }));
    expect((await insertProtobuf(made, [{ externalId: 's', string: { datapoints } }])).status).toBe(
      200,
    );
    const { body } = await made.post('/timeseries/data/list', { items: [{ externalId: 's' }] });
    expect(body.items[0]).toMatchObject({ isString: true, type: 'string', datapoints });
    expect(body.items[0].isStep).toBe(false);
    const { items } = await listProtobuf(made, { items: [{ externalId: 's' }] });
    expect(items[0]).toMatchObject({ isString: true, type: 2 });
    expect(items[0].string.datapoints.map(({ value = '' }: Json) => value)).toEqual(
      datapoints.map(({ value }) => value),
    );
  });

  it('hide bad and uncertain points unless asked, and show a status only when asked', async () => {
    const made = await withSeries();
    const datapoints: Point[] = [
      { timestamp: 1, value: 1 },
      { timestamp: 2, value: 2, status: { code: 0x40000000 } },
      { timestamp: 3, status: { code: 0x80000000 } },
      { timestamp: 4, value: 'NaN', status: { code: 0x810e0000 } },
      { timestamp: 5, value: 5, status: { code: 0x00300000 } },
    ];
    expect(
      (await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] })).status,
    ).toBe(200);
    const read = async (query: object): Promise<Point[]> =>
      (await made.post('/timeseries/data/list', { items: [{ externalId: 's', ...query }] })).body
        .items[0].datapoints;
    expect((await read({})).map(({ timestamp }) => timestamp)).toEqual([1, 5]);
    expect((await read({ treatUncertainAsBad: false })).map(({ timestamp }) => timestamp)).toEqual([
      1, 2, 5,
    ]);
    expect(await read({ ignoreBadDataPoints: false, includeStatus: true })).toEqual([
      { timestamp: 1, value: 1 },
      { timestamp: 2, value: 2, status: { code: 0x40000000, symbol: 'Uncertain' } },
      { timestamp: 3, status: { code: 0x80000000, symbol: 'Bad' } },
      { timestamp: 4, value: 'NaN', status: { code: 0x810e0000, symbol: 'BadLicenseExpired' } },
      { timestamp: 5, value: 5, status: { code: 0x00300000, symbol: 'GoodClamped' } },
    ]);
    const { items } = await listProtobuf(made, {
      items: [{ externalId: 's', ignoreBadDataPoints: false, includeStatus: true }],
    });
    expect(items[0].numeric.datapoints[2]).toEqual({
      timestamp: 3,
      nullValue: true,
      status: { code: 0x80000000, symbol: 'Bad' },
    });
    expect(items[0].numeric.datapoints[3].value).toBeNaN();
  });

  it('add the points outside the window on request', async () => {
    const made = await withSeries();
    const datapoints = [1, 2, 3, 4, 5].map((hour) => ({ timestamp: hour * HOUR, value: hour }));
    await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    const { body } = await made.post('/timeseries/data/list', {
      items: [{ externalId: 's', start: 2 * HOUR + 1, end: 4 * HOUR, includeOutsidePoints: true }],
    });
    expect(body.items[0].datapoints.map(({ value }: Point) => value)).toEqual([2, 3, 4]);
  });

  it('understand relative times, and end now unless told otherwise', async () => {
    const now = Date.UTC(2024, 5, 1);
    const made = client({ now: () => now });
    await made.post('/timeseries', { items: [{ externalId: 's' }] });
    const datapoints = [-3, -2, -1, 1].map((days) => ({
      timestamp: now + days * DAY,
      value: days,
    }));
    await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    const read = async (query: object): Promise<unknown[]> =>
      (
        await made.post('/timeseries/data/list', { items: [{ externalId: 's', ...query }] })
      ).body.items[0].datapoints.map(({ value }: Point) => value);
    expect(await read({})).toEqual([-3, -2, -1]);
    expect(await read({ start: '2d-ago', end: '2w-ahead' })).toEqual([-2, -1, 1]);
    expect(await read({ start: String(now - 36 * HOUR) })).toEqual([-1]);
    const latest = await made.post('/timeseries/data/latest', {
      items: [{ externalId: 's' }, { externalId: 's', before: '1d-ago' }],
    });
    expect(latest.body.items.map((item: Json) => item.datapoints[0].value)).toEqual([-1, -2]);
  });

  it('convert units, values with the offset and differences without', async () => {
    const made = await withSeries({ unit: 'C', unitExternalId: 'temperature:deg_c' });
    const datapoints = [
      { timestamp: 0, value: 10 },
      { timestamp: MINUTE, value: 11 },
    ];
    await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    const items = [
      { externalId: 's', targetUnit: 'temperature:deg_f' },
      {
        externalId: 's',
        targetUnitSystem: 'SI',
        end: HOUR,
        aggregates: ['average', 'totalVariation', 'count', 'discreteVariance', 'sum'],
        granularity: '1h',
      },
    ];
    const { body } = await made.post('/timeseries/data/list', { items });
    expect(body.items[0].datapoints).toEqual([
      { timestamp: 0, value: 50 },
      { timestamp: MINUTE, value: 51.8 },
    ]);
    expect(body.items[0]).toMatchObject({ unitExternalId: 'temperature:deg_f' });
    expect(body.items[0]).not.toHaveProperty('unit');
    expect(body.items[1].datapoints).toEqual([
      {
        timestamp: 0,
        average: 283.65,
        totalVariation: 1,
        count: 2,
        discreteVariance: 0.25,
        sum: 567.3,
      },
    ]);
    const wrong = await made.post('/timeseries/data/list', {
      items: [{ externalId: 's', targetUnit: 'length:m' }],
    });
    expect(wrong.status).toBe(400);
  });

  it('share the points of one request among its items', async () => {
    const made = client();
    await made.post('/timeseries', { items: [{ externalId: 'a' }, { externalId: 'b' }] });
    const datapoints = Array.from({ length: 60_000 }, (_, index) => ({
      timestamp: index,
      value: index,
    }));
    for (const externalId of ['a', 'b'])
      await made.post('/timeseries/data', { items: [{ externalId, datapoints }] });
    const { body } = await made.post('/timeseries/data/list', {
      limit: 100_000,
      items: [{ externalId: 'a' }, { externalId: 'b' }],
    });
    expect(
      body.items.map((item: Json) => [item.datapoints.length, typeof item.nextCursor]),
    ).toEqual([
      [50_000, 'string'],
      [50_000, 'string'],
    ]);
  });

  const at = 1_700_000_000_000;
  it.each([
    [
      'an unknown series',
      [{ externalId: 'nope', datapoints: [{ timestamp: at, value: 1 }] }],
      400,
      'Time series not found',
    ],
    [
      'a series twice',
      [
        { externalId: 's', datapoints: [] },
        { externalId: 's', datapoints: [] },
      ],
      422,
      'Duplicate time series',
    ],
    [
      'text for numbers',
      [{ externalId: 's', datapoints: [{ timestamp: at, value: 'x' }] }],
      400,
      'numeric value',
    ],
    ['1e100', [{ externalId: 's', datapoints: [{ timestamp: at, value: 1e100 }] }], 400, '1e100'],
    [
      'the year 2100',
      [{ externalId: 's', datapoints: [{ timestamp: 4_102_444_800_000, value: 1 }] }],
      400,
      'timestamp',
    ],
    [
      'a fraction of a millisecond',
      [{ externalId: 's', datapoints: [{ timestamp: 1.5, value: 1 }] }],
      400,
      'timestamp',
    ],
    [
      'a good point without value',
      [{ externalId: 's', datapoints: [{ timestamp: at }] }],
      400,
      'value is required',
    ],
    [
      'an info bit without type',
      [{ externalId: 's', datapoints: [{ timestamp: at, value: 1, status: { code: 1 } }] }],
      400,
      'all info bits must be 0',
    ],
    [
      'an unknown symbol',
      [{ externalId: 's', datapoints: [{ timestamp: at, value: 1, status: { symbol: 'Nope' } }] }],
      400,
      'Invalid status code symbol',
    ],
    [
      'an unknown member',
      [{ externalId: 's', datapoints: [{ timestamp: at, value: 1, quality: 1 }] }],
      400,
      'quality',
    ],
    ['no items', [], 400, 'items size must be between 1 and 10000'],
  ])('refuse %s and store nothing', async (_name, items, status, message) => {
    const made = await withSeries();
    const answer = await made.post('/timeseries/data', { items });
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({
      code: status,
      message: expect.stringContaining(message),
    });
    const { body } = await made.post('/timeseries/data/list', {
      items: [{ externalId: 's', end: '10000w-ahead' }],
    });
    expect(body.items[0].datapoints).toEqual([]);
  });

  it('refuse 100,001 points and a protobuf body that ends too early', async () => {
    const made = await withSeries();
    const datapoints = Array.from({ length: 100_001 }, (_, timestamp) => ({ timestamp, value: 1 }));
    expect(
      (await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] })).status,
    ).toBe(400);
    const { emulator } = made;
    const response = await emulator.fetch(
      `${emulator.url}/api/v1/projects/emulator/timeseries/data`,
      {
        method: 'POST',
        headers: { 'api-key': 'emulator-key', 'content-type': 'application/protobuf' },
        body: new Uint8Array([0x0a, 0x20, 0x12]),
      },
    );
    expect([response.status, (await response.json()).error.code]).toEqual([400, 400]);
  });

  it('go away with their series', async () => {
    const made = await withSeries();
    await made.post('/timeseries/data', {
      items: [{ externalId: 's', datapoints: [{ timestamp: 1, value: 1 }] }],
    });
    await made.post('/timeseries/delete', { items: [{ externalId: 's' }] });
    await made.post('/timeseries', { items: [{ externalId: 's' }] });
    const { body } = await made.post('/timeseries/data/list', { items: [{ externalId: 's' }] });
    expect(body.items[0].datapoints).toEqual([]);
  });
});
