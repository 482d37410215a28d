import { ApiKey, createTransport, type Transport } from '@cdf/core';
import {
  AGGREGATES,
  type Aggregate,
  type Datapoints,
  DatapointsApi,
  type DatapointsItemsQuery,
  ts,
} from '@cdf/datapoints';
import { type ActiveFault, type Fault, startEmulator } from '@cdf/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from './rounds.js';

const START = Date.UTC(2024, 2, 30);

/**
 * The part of the emulator that the suite uses. In a page it is a distant one, whose faults have to
 * be waited for.
 */
interface Server {
  readonly url: string;
  readonly project: string;
  readonly apiKey: string | undefined;
  readonly faults: {
    add(fault: Fault): number | Promise<number>;
    all(): readonly ActiveFault[] | Promise<readonly ActiveFault[]>;
    clear(): void | Promise<void>;
  };
  close(): Promise<void>;
}

let emulator: Server;
let transport: Transport;
let api: DatapointsApi;

const create = (names: readonly string[]): Promise<unknown> =>
  transport.request({
    method: 'POST',
    path: '/timeseries',
    body: {
      items: names.map((externalId) => ({ externalId, isString: externalId.startsWith('texts') })),
    },
    idempotent: false,
  });

beforeAll(async () => {
  emulator = await startEmulator();
  transport = createTransport({
    clientName: 'test',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new ApiKey(emulator.apiKey ?? ''),
    retry: { limit: 30, backoffLimitMs: 20 },
  });
  api = new DatapointsApi(transport);
  await create([
    'source',
    'copy',
    'texts',
    'texts-copy',
    'dst',
    'statuses',
    'statuses-copy',
    'statuses-rows',
  ]);
});

afterAll(async () => {
  await transport.close();
  await emulator.close();
});

const STATUSES = [
  undefined,
  { code: 0x40000000, symbol: 'Uncertain' },
  { code: 0x80000000, symbol: 'Bad' },
  { code: 0x80000000, symbol: 'Bad' },
  { code: 0x80000000, symbol: 'Bad' },
  { code: 0x80000000, symbol: 'Bad' },
  { code: 3_145_728, symbol: 'GoodClamped' },
];

const withEverything = {
  start: START - 1,
  end: START + 1e9,
  includeStatus: true,
  ignoreBadDataPoints: false,
  treatUncertainAsBad: false,
};

describe('the error of a series that does not exist', () => {
  const gone = { externalId: 'gone' } as const;
  const advice = async (call: Promise<unknown>): Promise<string | undefined> => {
    const error = await call.then(() => undefined, String);
    return error?.split('not found: externalId "gone"; ')[1]?.replace(/ \[.*/, '');
  };

  it('is to ignore unknown ids, where there are several that could be', async () => {
    const ignore = 'pass ignoreUnknownIds to leave them out';
    expect(await advice(api.retrieve({ items: [gone] }))).toBe(ignore);
    expect(await advice(api.retrieveLatest({ items: [gone] }))).toBe(ignore);
    expect(
      await advice(
        api
          .stream({ items: [gone] })
          [Symbol.asyncIterator]()
          .next(),
      ),
    ).toBe(ignore);
  });

  it('is that it must exist, where there is one, or what cannot be ignored', async () => {
    const create = 'it must exist first, in this project';
    expect(await advice(api.retrieve(gone))).toBe(create);
    expect(await advice(api.retrieveLatest(gone))).toBe(create);
    expect(await advice(api.stream(gone)[Symbol.asyncIterator]().next())).toBe(create);
    expect(await advice(api.deleteRange({ ...gone, start: 0, end: 1 }))).toBe(create);
    expect(await advice(api.insert(gone, [{ timestamp: 1, value: 2 }]))).toContain(create);
  });
});

describe('against a server of its own', () => {
  it('writes back what it has read: statuses, nulls, NaN and infinities', async () => {
    const values = [1.5, -2, null, Number.NaN, Infinity, -Infinity, 0];
    const rows = values.map((value, index) => ({
      timestamp: START + index,
      value,
      status: STATUSES[index],
    }));
    await api.insert({ externalId: 'source' }, rows);
    const read = await api.retrieve({ externalId: 'source', ...withEverything });
    expect(read.toArray()).toEqual(
      rows.map(({ status, ...row }) => (status === undefined ? row : { ...row, status })),
    );
    await api.insert({ externalId: 'copy' }, read);
    const again = await api.retrieve({ externalId: 'copy', ...withEverything });
    expect(again.toArray()).toEqual(read.toArray());
    expect([again.nulls, again.statuses]).toEqual([read.nulls, read.statuses]);
  });

  it('writes back every status: all categories and sub-codes, named or not, with info and modifier bits', async () => {
    const codes = [0, 1, 2].flatMap((category) =>
      Array.from({ length: 300 }, (_, subCode) => category * 2 ** 30 + subCode * 2 ** 16),
    );
    const all = [
      ...codes,
      ...codes.map((code) => code + 0x0400 + (code % 0x3ff)),
      ...codes.map((code) => code + 0x8000),
    ];
    const rows = all.map((code, index) => ({
      timestamp: START + index,
      value: index,
      status: { code },
    }));
    await api.insert({ externalId: 'statuses' }, rows);
    const read = await api.retrieve({ externalId: 'statuses', ...withEverything });
    expect(read.toArray().map(({ status }) => status?.code ?? 0)).toEqual(all);
    await api.insert({ externalId: 'statuses-copy' }, read);
    const again = await api.retrieve({ externalId: 'statuses-copy', ...withEverything });
    expect([again.timestamps, again.values, again.statuses]).toEqual([
      read.timestamps,
      read.values,
      read.statuses,
    ]);
    await api.insert({ externalId: 'statuses-rows' }, read.toArray());
    const third = await api.retrieve({ externalId: 'statuses-rows', ...withEverything });
    expect(third.statuses).toEqual(read.statuses);
  });

  it('does the same with strings', async () => {
    const rows = ['on', '', 'blåbær 🫐', null].map((value, index) => ({
      timestamp: START + index * 5000,
      value,
      ...(value === null && { status: STATUSES[2] }),
    }));
    await api.insert({ externalId: 'texts' }, rows);
    const read = await api.retrieve({ externalId: 'texts', ...withEverything });
    expect(read).toMatchObject({ isString: true });
    await api.insert({ externalId: 'texts-copy' }, read);
    expect((await api.retrieve({ externalId: 'texts-copy', ...withEverything })).toArray()).toEqual(
      rows,
    );
  });

  it('reads aggregates of every kind, and local days across daylight saving', async () => {
    const hours = Array.from({ length: 72 }, (_, index) => ({
      timestamp: START - 3_600_000 + index * 3_600_000,
      value: index,
    }));
    await api.insert({ externalId: 'dst' }, hours);
    const days = await api.retrieve({
      externalId: 'dst',
      start: START - 3_600_000,
      end: START + 48 * 3_600_000,
      aggregates: ['count', 'max', 'average', 'maxDatapoint', 'stepInterpolation'],
      granularity: '1d',
      timeZone: 'Europe/Oslo',
    });
    // The second day loses an hour; the end is raised, so that the third bucket is a whole day.
    expect([...days.count]).toEqual([24, 23, 24]);
    expect(days.maxDatapoint.values[0]).toBe(days.max[0]);
    expect(days.maxDatapoint.timestamps[0]).toBe(START + 22 * 3_600_000);
  });

  it('reads weeks that begin at any start, as resample does from an origin', async () => {
    const start = START - 3_600_000;
    const all = await api.retrieve({ externalId: 'dst', start, end: START + 72 * 3_600_000 });
    for (const granularity of ['1w', '1d', '5h', '1q'] as const) {
      const range = { start, end: START + 72 * 3_600_000, timeZone: 'Europe/Oslo' };
      const read = await api.retrieve({
        externalId: 'dst',
        ...range,
        aggregates: ['max'],
        granularity,
      });
      const made = all
        .toTable()
        .resample(granularity, ['max'], { timeZone: 'Europe/Oslo', origin: start });
      expect([...made.timestamps]).toEqual([...read.timestamps]);
      expect([...(made.columns.get('dst|max') ?? [])]).toEqual([...read.max]);
    }
  });

  it('reads the same from JSON as from protobuf: raw points, strings, statuses and every aggregate', async () => {
    const inJson = new DatapointsApi({
      project: transport.project,
      limits: transport.limits,
      request: (spec, options) => transport.request({ ...spec, accept: 'json' }, options),
      transfer: (spec, options) => transport.transfer(spec, options),
      close: () => transport.close(),
      [Symbol.asyncDispose]: () => transport.close(),
    });
    await create(['both', 'texts-both']);
    const rows = Array.from({ length: 300 }, (_, index) => ({
      timestamp: START + index * 600_000,
      value: index % 40 === 5 ? null : Math.sin(index) * 10,
      status: index % 40 === 5 || index % 7 === 3 ? STATUSES[2] : STATUSES[index % 2],
    }));
    await api.insert({ externalId: 'both' }, rows);
    await api.insert(
      { externalId: 'texts-both' },
      rows.map((row) => ({ ...row, value: row.value === null ? null : `text ${row.value}` })),
    );
    const { start, end } = withEverything;
    const hourly = {
      start: START - 3_600_000,
      end,
      aggregates: AGGREGATES,
      granularity: '1h',
    } as const;
    const queries: DatapointsItemsQuery<Aggregate>[] = [
      { items: [{ externalId: 'both' }, { externalId: 'texts-both' }], ...withEverything },
      { items: [{ externalId: 'both' }], ...hourly },
      { items: [{ externalId: 'both' }], ...withEverything, ...hourly, granularity: '1d' },
      { items: [{ externalId: 'both' }], start: start + 2, end, includeOutsidePoints: true },
    ];
    for (const query of queries) {
      const [protobuf, json] = [await api.retrieve(query), await inJson.retrieve(query)];
      expect(protobuf.map(({ length }) => length)).not.toContain(0);
      expect(json.map((points) => ({ ...points }))).toEqual(
        protobuf.map((points) => ({ ...points })),
      );
    }
  });

  it('converts units: for all items, or for one of them', async () => {
    await transport.request({
      method: 'POST',
      path: '/timeseries',
      body: { items: [{ externalId: 'celsius', unitExternalId: 'temperature:deg_c' }] },
      idempotent: false,
    });
    await api.insert({ externalId: 'celsius' }, [{ timestamp: START, value: 100 }]);
    const list = await api.retrieve({
      items: [{ externalId: 'celsius' }, { externalId: 'celsius', targetUnitSystem: 'SI' }],
      targetUnit: 'temperature:deg_f',
    });
    expect(list.map(({ unitExternalId }) => unitExternalId)).toEqual([
      'temperature:deg_f',
      'temperature:k',
    ]);
    expect(list.map(({ values }) => Number(values?.[0]).toFixed(6))).toEqual([
      '212.000000',
      '373.150000',
    ]);
    const latest = await api.retrieveLatest({
      externalId: 'celsius',
      targetUnit: 'temperature:deg_f',
    });
    expect(Number(latest.values[0]).toFixed(6)).toBe('212.000000');
  });

  it('tells how far it is, whatever it does', async () => {
    const last: Record<string, [done: number, total: number | undefined]> = {};
    const watch = (name: string) => ({
      onProgress: (done: number, total: number | undefined) => {
        last[name] = [done, total];
      },
    });
    const externalId = 'watched';
    await create([externalId]);
    await api.insert(
      { externalId },
      Array.from({ length: 72 }, (_, index) => ({ timestamp: START + index, value: index })),
    );
    await api.retrieve({ externalId, end: START + 1e9 }, watch('retrieve'));
    await api.retrieveLatest({ items: [{ externalId }] }, watch('latest'));
    for await (const batch of api.stream({ externalId, end: START + 1e9 }, watch('stream')))
      expect(batch).toBeDefined();
    await api.insert({ externalId }, [{ timestamp: 1, value: 1 }], watch('insert'));
    await api.insertFrom([{ externalId, timestamp: 2, value: 1 }], watch('insertFrom'));
    await api.deleteRange({ externalId, start: 0, end: 3 }, watch('delete'));
    await api.synthetic.query({ expression: ts(externalId), end: START + 1e9 }, watch('synthetic'));
    expect(last).toEqual({
      retrieve: [72, 72],
      latest: [1, 1],
      stream: [72, 72],
      insert: [1, 1],
      insertFrom: [1, 1],
      delete: [1, 1],
      synthetic: [72, 72],
    });
  });

  it('finds the latest point, deletes ranges and computes expressions', async () => {
    expect((await api.retrieveLatest({ externalId: 'dst', before: START })).at(0)).toMatchObject({
      value: 0,
    });
    const query = {
      expression: ts('dst').mul(10).add(100),
      start: START - 3_600_000,
      end: START + 1,
    };
    expect([...(await api.synthetic.query(query)).values]).toEqual([100, 110]);
    await api.deleteRange({ externalId: 'dst', start: START, end: START + 1e9 });
    expect((await api.retrieve({ externalId: 'dst', end: START + 1e9 })).length).toBe(1);
  });

  // In a page it takes half a minute, as Chromium opens six connections: in the long suite only.
  const inNode = isLong || typeof document === 'undefined' ? it : () => {};
  inNode(
    'gives eight calls at once what one gets alone, also with a quarter of all requests failing',
    async () => {
      const [count, points] = isLong ? [60, 20_000] : [12, 20_000];
      const names = Array.from({ length: count }, (_, index) => `many-${index}`);
      await create(names);
      const timestamps = Float64Array.from({ length: points }, (_, index) => START + index * 1000);
      await api.insertMany(
        names.map((externalId, which) => ({
          externalId,
          timestamps,
          values: timestamps.map((_, index) => index * 100 + which),
        })),
      );
      const query = {
        items: names.map((externalId) => ({ externalId })),
        start: START,
        end: START + 1e9,
      };
      const alone = await api.retrieve(query);
      expect(alone.map(({ length }) => length)).toEqual(names.map(() => points));
      // Compared here: toEqual looks at millions of numbers one at a time.
      const isEqual = (left: Float64Array, right: Float64Array): boolean =>
        left.length === right.length && left.every((number, index) => number === right[index]);
      const isSame = (left: Datapoints, right: Datapoints | undefined): boolean =>
        left.id === right?.id &&
        isEqual(left.timestamps, right.timestamps) &&
        isEqual(left.values as Float64Array, right.values as Float64Array);
      const eightTimes = async (): Promise<void> => {
        const together = await Promise.all(Array.from({ length: 8 }, () => api.retrieve(query)));
        for (const list of together)
          expect(list.map((each, index) => isSame(each, alone[index]))).toEqual(
            names.map(() => true),
          );
      };
      await eightTimes();
      const path = '/timeseries/data/list';
      await emulator.faults.add({ path, probability: 0.07, seed: 1, status: 429 });
      await emulator.faults.add({ path, probability: 0.07, seed: 2, status: 503 });
      await emulator.faults.add({ path, probability: 0.07, seed: 3, resetAfterHandling: true });
      // By then the beginning of the answer has been decoded.
      await emulator.faults.add({ path, probability: 0.07, seed: 4, cutBodyAfterBytes: 200_000 });
      await eightTimes();
      const struck = (await emulator.faults.all()).map((fault) => fault.struck);
      await emulator.faults.clear();
      console.log(`8 calls at once: faults struck ${struck.join(', ')} times`);
      expect(struck.every((count) => count > 0)).toBe(true);
    },
  );
});
