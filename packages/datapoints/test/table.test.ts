import { ConfigError } from '@cdf/core';
import { type AnyDatapoints, DatapointsApi, type DatapointsTable } from '@cdf/datapoints';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTable } from '../src/table/make-table.js';
import { seriesOfTable } from '../src/table/series-of-table.js';
import { fakeServer } from './fake-server.js';
import { rounds } from './rounds.js';
import { api, at, END, MINUTE, read, START } from './table-series.js';

describe('toTable', () => {
  it('rejects times from elsewhere that do not ascend, each once', () => {
    const series = (...times: number[]) =>
      ({
        ...{ id: 7, externalId: 'a', isString: false, isStep: false },
        timestamps: Float64Array.from(times),
        values: Float64Array.from(times),
      }) as unknown as AnyDatapoints;
    for (const [times, point] of [
      [[3, 1, 2], 1],
      [[1, 1], 1],
      [[1, 2, Number.NaN], 2],
    ] as const)
      expect(() => makeTable([series(1, 2), series(...times)])).toThrow(
        `table: the times of "a" must ascend, each once; point ${point} does not`,
      );
    expect(makeTable([series(), series(1), series(0, 2)]).timestamps).toEqual(
      Float64Array.of(0, 1, 2),
    );
  });

  it('has one row per time of any series, and one column per series', async () => {
    const table = (await read(1, 2, 3)).toTable();
    expect([...table.columns.keys()]).toEqual(['pressure', 'temperature', '3']);
    expect(table.toObjects()).toEqual([
      { timestamp: START, pressure: 1, 3: 'on' },
      { timestamp: START + MINUTE, pressure: 2, temperature: 10.5 },
      { timestamp: START + 2 * MINUTE, pressure: 3 },
      { timestamp: START + 3 * MINUTE, pressure: 4, temperature: 12.25, 3: '=HYPERLINK("x")' },
      { timestamp: START + 5 * MINUTE, temperature: 13 },
    ]);
    expect(table.origins.get('pressure')).toMatchObject({
      id: 1,
      externalId: 'pressure',
      unit: 'bar',
    });
  });

  it('can have the times that all series have, or those of the first with what was known then', async () => {
    const list = await read(1, 2);
    expect(
      list
        .toTable({ join: 'inner' })
        .toObjects()
        .map(({ pressure, temperature }) => [pressure, temperature]),
    ).toEqual([
      [2, 10.5],
      [4, 12.25],
    ]);
    expect([...(list.toTable({ join: 'asOf' }).columns.get('temperature') ?? [])]).toEqual([
      Number.NaN,
      10.5,
      10.5,
      12.25,
    ]);
    const fresh = list
      .toTable({ join: 'asOf', toleranceMs: MINUTE / 2 })
      .columns.get('temperature');
    expect([...(fresh ?? [])]).toEqual([Number.NaN, 10.5, Number.NaN, 12.25]);
  });

  it('joins any series as a walk over all times would', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 25 });
    return fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 1, maxLength: 4 }), async (all) => {
        const series = all.map((each, index) => ({
          id: index + 1,
          points: each
            .sort((a, b) => a - b)
            .map((time) => ({ timestamp: START + time, value: time * 10 + index })),
        }));
        const list = await new DatapointsApi(fakeServer(series).transport).retrieve({
          items: series.map(({ id }) => ({ id })),
          start: START,
          end: END,
        });
        const valueAt = (which: number, time: number): number =>
          series[which]?.points.find(({ timestamp }) => timestamp === time)?.value ?? Number.NaN;
        const clock = Array.from({ length: 41 }, (_, time) => START + time);
        const outer = clock.filter((time) =>
          all.some((_, which) => !Number.isNaN(valueAt(which, time))),
        );
        const inner = clock.filter((time) =>
          all.every((_, which) => !Number.isNaN(valueAt(which, time))),
        );
        for (const [join, rows] of [
          ['outer', outer],
          ['inner', inner],
        ] as const) {
          const table = list.toTable({ join });
          expect([...table.timestamps]).toEqual(rows);
          for (const which of all.keys())
            expect([...(table.columns.get(String(which + 1)) ?? [])]).toEqual(
              rows.map((time) => valueAt(which, time)),
            );
        }
        const asOf = list.toTable({ join: 'asOf' });
        const latest = (which: number, time: number): number =>
          clock
            .filter((each) => each <= time)
            .map((each) => valueAt(which, each))
            .findLast((value) => !Number.isNaN(value)) ?? Number.NaN;
        for (const which of all.keys())
          expect([...(asOf.columns.get(String(which + 1)) ?? [])]).toEqual(
            [...asOf.timestamps].map((time) => latest(which, time)),
          );
      }),
      { numRuns: rounds(100, 2000) },
    );
  });

  it('names columns of aggregates, and tells apart what would have the same name', async () => {
    const aggregates = ['average', 'maxDatapoint'] as const;
    const list = await api.retrieve({
      items: [
        { id: 1, granularity: '1m' },
        { id: 1, granularity: '2m' },
        { id: 1, granularity: '2m' },
      ],
      start: START,
      end: END,
      aggregates,
    });
    expect([...list.toTable().columns.keys()]).toEqual([
      'pressure|average',
      'pressure|maxDatapoint',
      'pressure|maxDatapoint|timestamp',
      'pressure|average|2m',
      'pressure|maxDatapoint|2m',
      'pressure|maxDatapoint|timestamp|2m',
      'pressure|average|2m#2',
      'pressure|maxDatapoint|2m#2',
      'pressure|maxDatapoint|timestamp|2m#2',
    ]);
    const [first] = list;
    expect(
      [
        ...(first?.toTable({ columnNames: 'id', includeGranularityName: true }).columns.keys() ??
          []),
      ][0],
    ).toBe('1|average|1m');
    expect(
      [
        ...(first
          ?.toTable({ columnNames: ({ unit }) => `in ${unit}`, includeAggregateName: false })
          .columns.keys() ?? []),
      ][0],
    ).toBe('in bar');
  });

  it('keeps its times apart from a series that is named like them', async () => {
    const { transport } = fakeServer([{ id: 1, externalId: 'timestamp', points: at({ 0: 1 }) }]);
    const table = (
      await new DatapointsApi(transport).retrieve({ id: 1, start: START, end: END })
    ).toTable();
    expect(table.toObjects()).toEqual([{ timestamp: START, 'timestamp#2': 1 }]);
    expect(table.toCsv()).toMatch(/^timestamp,timestamp#2\r\n/);
    expect(table.toArrow(arrow).schema.names).toEqual(['timestamp', 'timestamp#2']);
  });

  it('fills the rows between for aggregates when that is wanted', async () => {
    const list = await api.retrieve({
      items: [{ id: 2 }],
      start: START,
      end: END,
      aggregates: ['sum'],
      granularity: '1m',
    });
    expect(list.toTable().length).toBe(3);
    expect([
      ...(list.toTable({ uniformIndex: true }).columns.get('temperature|sum') ?? []),
    ]).toEqual([10.5, Number.NaN, 12.25, Number.NaN, 13]);
    const raw = await read(1);
    expect(() => raw.toTable({ uniformIndex: true })).toThrow(ConfigError);
  });

  it.each([
    [
      '1mo',
      'Europe/Oslo',
      ['2023-12-31T23:00Z', '2024-03-31T22:00Z'],
      ['2024-01-31T23:00Z', '2024-02-29T23:00Z'],
    ],
    ['3mo', undefined, ['2023-01-01', '2024-01-01'], ['2023-04-01', '2023-07-01', '2023-10-01']],
    ['1d', 'Europe/Oslo', ['2024-03-29T23:00Z', '2024-03-31T22:00Z'], ['2024-03-30T23:00Z']],
    // Midnight is skipped there, and a whole day in Samoa.
    ['1d', 'America/Sao_Paulo', ['2018-11-03T03:00Z', '2018-11-05T02:00Z'], ['2018-11-04T03:00Z']],
    ['1d', 'Pacific/Apia', ['2011-12-29T10:00Z', '2011-12-31T10:00Z'], ['2011-12-30T10:00Z']],
    ['7d', 'Europe/Oslo', ['2024-03-24T23:00Z', '2024-04-07T22:00Z'], ['2024-03-31T22:00Z']],
    ['12h', 'Europe/Oslo', ['2024-03-30T23:00Z', '2024-03-31T23:00Z'], ['2024-03-31T11:00Z']],
  ])('adds the missing rows of %s in %s', (granularity, timeZone, ends, between) => {
    const timestamps = Float64Array.from(ends, (time) => Date.parse(time));
    const average = Float64Array.of(1, 2);
    const points = { id: 1, timestamps, aggregates: ['average'], granularity, timeZone, average };
    const rows = [ends[0], ...between, ends[1]].map((time) => Date.parse(time as string));
    const read = (own: object) =>
      makeTable([{ ...points, ...own } as unknown as AnyDatapoints], { uniformIndex: true });
    expect([...read({}).timestamps]).toEqual(rows);
    const later = timestamps.map((time, index) => time + index);
    expect(() => read({ timestamps: later })).toThrow(/^uniformIndex: .* does not begin a bucket/);
    expect(() => read({ timestamps: Float64Array.of(Number.NaN), average: [1] })).toThrow(
      /^uniformIndex/,
    );
    expect(() => read({ timestamps: Float64Array.of(0, 8e15) })).toThrow(/^uniformIndex/);
  });

  it('rejects a uniform index of series that were read in different zones', () => {
    const points = {
      ...{ id: 1, timestamps: Float64Array.of(Date.UTC(2024, 0)), granularity: '1mo' },
      ...{ aggregates: ['average'], average: Float64Array.of(1) },
    };
    const other = { ...points, id: 2, timeZone: 'Europe/Oslo' };
    const series = [points, other] as unknown as AnyDatapoints[];
    expect(() => makeTable(series, { uniformIndex: true })).toThrow(
      'uniformIndex needs aggregates of one granularity and time zone',
    );
  });

  it.each([
    ['1s', Date.UTC(1900, 0), Date.UTC(2099, 11, 31)],
    ['1m', Date.UTC(1900, 0), Date.UTC(2099, 11, 31)],
    ['10s', Date.UTC(1950, 0), Date.UTC(2026, 0)],
  ])(
    'rejects a uniform index that no machine has room for, by name: %s',
    (granularity, from, to) => {
      const timestamps = Float64Array.of(from, to);
      const points = {
        id: 1,
        timestamps,
        aggregates: ['average'],
        granularity,
        average: Float64Array.of(1, 2),
      };
      expect(() => makeTable([points as unknown as AnyDatapoints], { uniformIndex: true })).toThrow(
        /^uniformIndex: .* rows of/,
      );
      expect(makeTable([points as unknown as AnyDatapoints]).length).toBe(2);
      const days = { ...points, granularity: '1d' } as unknown as AnyDatapoints;
      expect(makeTable([days], { uniformIndex: true }).length).toBe((to - from) / 86_400_000 + 1);
    },
  );

  it('adds statuses that were read', async () => {
    const points = await api.retrieve({
      id: 4,
      start: START,
      end: END,
      includeStatus: true,
      ignoreBadDataPoints: false,
    });
    const table = points.toTable({ columnNames: 'id' });
    expect(table.toObjects()).toEqual([
      { timestamp: START + MINUTE, '4|status_code': 0x80000000, '4|status_symbol': 'Bad' },
      {
        timestamp: START + 2 * MINUTE,
        4: 5,
        '4|status_code': 0x80000000,
        '4|status_symbol': 'Bad',
      },
    ]);
    expect([...points.toTable({ includeStatus: false }).columns.keys()]).toEqual(['bad, "quoted"']);
  });

  it('writes CSV that a spreadsheet reads and does not run', async () => {
    const list = await api.retrieve({
      items: [{ id: 1 }, { id: 3 }, { id: 4 }],
      start: START,
      end: START + 4 * MINUTE,
      ignoreBadDataPoints: false,
    });
    expect(list.toTable().toCsv()).toBe(
      [
        'timestamp,pressure,3,"bad, ""quoted"""',
        '2024-01-01T00:00:00.000Z,1,on,',
        '2024-01-01T00:01:00.000Z,2,,',
        '2024-01-01T00:02:00.000Z,3,,5',
        `2024-01-01T00:03:00.000Z,4,"'=HYPERLINK(""x"")",`,
        '',
      ].join('\r\n'),
    );
    const chunks = [...list.toTable().csvChunks({ timeFormat: 'epochMs', chunkRows: 3 })];
    expect(chunks).toHaveLength(3);
    expect(chunks[1]?.startsWith(`${START},1,on,\r\n`)).toBe(true);
  });

  it('leaves out the header of CSV, where rows are appended', async () => {
    const table = (await read(1)).toTable();
    const [, ...rows] = table.toCsv().split('\r\n');
    expect(table.toCsv({ header: false })).toBe(rows.join('\r\n'));
    expect([...table.head(0).csvChunks({ header: false })]).toEqual([]);
    expect(() => table.toCsv({ header: 'no' as never })).toThrow(
      'CSV: header must be true or false, got the string "no"',
    );
  });

  it('writes times as toISOString does', () => {
    const time = fc.integer({ min: -2_208_988_800_000, max: 4_102_444_799_999 });
    return fc.assert(
      fc.asyncProperty(fc.uniqueArray(time, { minLength: 1 }), async (times) => {
        const points = times.sort((a, b) => a - b).map((timestamp) => ({ timestamp, value: 1 }));
        const one = await new DatapointsApi(fakeServer([{ id: 1, points }]).transport).retrieve({
          id: 1,
          start: -2_208_988_800_000,
          end: 4_102_444_800_000,
        });
        const rows = one.toTable().toCsv().trimEnd().split('\r\n').slice(1);
        expect(rows).toEqual(times.map((each) => `${new Date(each).toISOString()},1`));
      }),
      { numRuns: 30 },
    );
  });

  it('has objects with every column, whatever it is called', async () => {
    const server = fakeServer([{ id: 1, externalId: '__proto__', points: at({ 0: 1, 1: 2 }) }]);
    const points = await new DatapointsApi(server.transport).retrieve({
      id: 1,
      start: START,
      end: END,
    });
    const [first] = points.toTable().toObjects();
    expect(Object.entries(first ?? {})).toEqual([
      ['timestamp', START],
      ['__proto__', 1],
    ]);
  });

  it('describes columns', async () => {
    const [pressure, text] = (await read(1, 3)).toTable().describe();
    expect(pressure).toEqual({
      column: 'pressure',
      count: 4,
      mean: 2.5,
      std: Math.sqrt(5 / 3),
      min: 1,
      p25: 1.75,
      p50: 2.5,
      p75: 3.25,
      max: 4,
    });
    expect(text).toEqual({ column: '3', count: 2, unique: 2 });
  });

  it('says the unit of each column: a count has no unit, a variance has that of its squares', async () => {
    const aggregates = [
      'average',
      'sum',
      'count',
      'countGood',
      'durationGood',
      'continuousVariance',
      'discreteVariance',
      'maxDatapoint',
    ] as const;
    const hourly = await api.retrieve({
      id: 1,
      start: START,
      end: END,
      aggregates,
      granularity: '1h',
    });
    const units = (table: DatapointsTable): Record<string, string | undefined> =>
      Object.fromEntries([...table.origins].map(([name, { unit }]) => [name.slice(9), unit]));
    const table = hourly.toTable();
    expect(units(table)).toEqual({
      average: 'bar',
      sum: 'bar',
      count: undefined,
      countGood: undefined,
      durationGood: 'ms',
      continuousVariance: '(bar)²',
      discreteVariance: '(bar)²',
      maxDatapoint: 'bar',
      'maxDatapoint|timestamp': undefined,
    });
    expect(units(table.resample('1d', ['max', 'count']))).toMatchObject({
      'average|max': 'bar',
      'average|count': undefined,
      'continuousVariance|max': '(bar)²',
      'continuousVariance|count': undefined,
      'durationGood|max': 'ms',
    });
    // Charts make the unit of an aggregate themselves.
    const series = seriesOfTable(table);
    expect(series.map(({ unit }) => unit)).toEqual([
      'bar',
      'bar',
      undefined,
      undefined,
      'ms',
      'bar',
      'bar',
      'bar',
    ]);
    const raw = (await read(1)).toTable().resample('1d', ['mean', 'count']);
    expect(units(raw)).toEqual({ mean: 'bar', count: undefined });
    expect(seriesOfTable(raw).map(({ unit }) => unit)).toEqual(['bar', undefined]);
  });

  it('knows the names of series, for charts, where their points do', async () => {
    const list = [...(await read(1, 2))].map((points, index) =>
      Object.assign(points, index === 0 ? { name: 'Pump pressure' } : {}),
    );
    const labels = (table: DatapointsTable) => seriesOfTable(table).map(({ name }) => name);
    const table = makeTable(list);
    expect([...table.columns.keys()]).toEqual(['pressure', 'temperature']);
    expect(table.origins.get('pressure')?.label).toBe('Pump pressure');
    expect(labels(table)).toEqual(['Pump pressure', 'temperature']);
    expect(labels(table.resample('1h', ['mean', 'max']))).toEqual([
      'Pump pressure|mean',
      'Pump pressure|max',
      'temperature|mean',
      'temperature|max',
    ]);
    expect(labels(makeTable(list, { columnNames: 'id' }))).toEqual(['Pump pressure', '2']);
    // Who names the columns has chosen the names of charts, too.
    const named = makeTable(list, { columnNames: ({ id }) => `series ${id}` });
    expect(labels(named)).toEqual(['series 1', 'series 2']);
  });

  it('knows the names of aggregates, too', async () => {
    const hourly = await api.retrieve({
      items: [{ id: 1 }],
      start: START,
      end: END,
      aggregates: ['average', 'max'],
      granularity: '1h',
    });
    const table = makeTable([...hourly].map((each) => Object.assign(each, { name: 'Pump' })));
    const labels = (of: DatapointsTable) => seriesOfTable(of).map(({ name }) => name);
    expect(labels(table)).toEqual(['Pump', 'Pump']);
    expect(labels(table.resample('1d', ['mean']))).toEqual(['Pump|average|mean', 'Pump|max|mean']);
    expect(labels(table.resample('1h', ['mean']).resample('1d', ['max']))).toEqual([
      'Pump|average|mean|max',
      'Pump|max|mean|max',
    ]);
  });

  it('is CSV for spreadsheets with a decimal comma', async () => {
    const table = (await read(1, 2, 3)).toTable();
    const lines = table
      .toCsv({ delimiter: ';', decimal: ',', timeFormat: 'epochMs' })
      .split('\r\n');
    expect(lines.slice(0, 5)).toEqual([
      'timestamp;pressure;temperature;3',
      `${START};1;;on`,
      `${START + MINUTE};2;10,5;`,
      `${START + 2 * MINUTE};3;;`,
      `${START + 3 * MINUTE};4;12,25;"'=HYPERLINK(""x"")"`,
    ]);
    const wrong =
      (options: object): (() => string) =>
      () =>
        table.toCsv(options);
    expect(wrong({ decimal: ',' })).toThrow("decimal another of '.' and ','");
    expect(wrong({ delimiter: '.' })).toThrow('CSV: delimiter is');
    expect(wrong({ delimiter: ',', decimal: ';' })).toThrow('CSV: delimiter is');
  });

  it('resamples in buckets that begin at whole times', async () => {
    const table = (await read(1, 2))
      .toTable()
      .resample('2m', ['mean', 'min', 'max', 'sum', 'count', 'first', 'last']);
    expect([...table.timestamps]).toEqual([0, 2, 4].map((minute) => START + minute * MINUTE));
    const column = (name: string): number[] => [
      ...((table.columns.get(name) as Float64Array) ?? []),
    ];
    expect(column('pressure|mean')).toEqual([1.5, 3.5, Number.NaN]);
    expect(column('temperature|count')).toEqual([1, 1, 1]);
    expect(column('pressure|sum')).toEqual([3, 7, Number.NaN]);
    expect([column('pressure|first'), column('pressure|last')]).toEqual([
      [1, 3, Number.NaN],
      [2, 4, Number.NaN],
    ]);
    expect([column('pressure|min'), column('pressure|max')]).toEqual([
      [1, 3, Number.NaN],
      [2, 4, Number.NaN],
    ]);
    expect(table.resample('1mo').timestamps[0]).toBe(START);
    expect(table.resample('1w').timestamps[0]).toBe(START);
    expect(() => table.resample('1h', ['median' as never])).toThrow(ConfigError);
  });
});
