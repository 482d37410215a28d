import { inspect } from 'node:util';
import type { Bound } from '@cdf/core';
import {
  type AnyDatapoints,
  DatapointsApi,
  type DatapointsTable,
  makeTable,
  seriesDatapoints,
} from '@cdf/datapoints';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fakeServer } from './fake-server.js';
import { api, at, END, MINUTE, read, START } from './table-series.js';

/** 1,200 points, one a minute. */
const many = fakeServer([
  {
    id: 1,
    externalId: 'pressure',
    unit: 'bar',
    points: Array.from({ length: 1200 }, (_, index) => ({
      timestamp: START + index * MINUTE,
      value: 2 + (index % 7) / 8,
    })),
  },
  { id: 2, externalId: 'flow', unit: 'm³/h', points: at({ 0: 12.1, 1199: 12 }) },
  { id: 3, externalId: 'state', isString: true, points: at({ 0: 'on', 1199: 'off \u001b[31m' }) },
]);
const big = new DatapointsApi(many.transport);
const all = { start: START, end: START + 50_000 * MINUTE };

describe('data points print themselves', () => {
  it('one series: its name, its unit, the first and the last points, and how many there are', async () => {
    const points = await seriesDatapoints(big)({ id: 1, name: 'Pump 1 pressure' })(all);
    const text = `\
Pump 1 pressure [bar]
timestamp             value
2024-01-01T00:00:00Z  2.000
2024-01-01T00:01:00Z  2.125
…                         …
2024-01-01T19:58:00Z  2.125
2024-01-01T19:59:00Z  2.250
1,200 data points`;
    expect(points.toText({ rows: 4 })).toBe(text);
    expect(inspect(points).split('\n')).toHaveLength(24);
    expect(`${points}`).toBe(inspect(points));
    expect(points.toText({ rows: 1, timeZone: 'Asia/Kolkata' })).toContain(
      '\n2024-01-01T05:30:00+05:30      2\n…',
    );
  });

  it('one point of each of several series, such as the latest: a row for each', async () => {
    const items = [{ id: 1 }, { id: 2 }, { id: 3 }];
    const last = await big.retrieve({ items, ...all, start: START + 1199 * MINUTE });
    expect(last.toText()).toBe(`\
series    timestamp             value           unit
pressure  2024-01-01T19:59:00Z  2.25            bar
flow      2024-01-01T19:59:00Z  12.00           m³/h
state     2024-01-01T19:59:00Z  off \\u{1b}[31m  –
3 data points of 3 series`);
    expect(last.toText({ rows: 2 })).toContain('\n…');
    expect(last.slice(0, 1).toText()).not.toContain('series');
  });

  it('a count without the unit of what it counts', async () => {
    const table = (await big.retrieve({ id: 1, ...all })).toTable();
    const lines = table.resample('1d', ['mean', 'count']).toText().split('\n');
    expect(lines[0]).toMatch(/^timestamp +pressure\|mean +pressure\|count$/);
    expect(lines[1]?.trim()).toBe('bar');
  });

  it('aggregates in the zone of their buckets', async () => {
    const timeZone = 'Europe/Oslo';
    const query = { ...all, aggregates: ['count'], granularity: '1d', timeZone } as const;
    const days = await big.retrieve({ id: 1, ...query });
    expect(days.timeZone).toBe(timeZone);
    const first = (text: string): string => text.split('\n').find((line) => /^2/.test(line)) ?? '';
    const isLocal = (data: { toText(options?: object): string }): void => {
      expect(first(data.toText())).toMatch(/^2\S+\+01:00 /);
      expect(first(data.toText({ timeZone: 'UTC' }))).toMatch(/^2\S+Z /);
    };
    isLocal(days);
    isLocal(days.slice(0, 1));
    isLocal(days.toTable());
    isLocal(days.toTable().head(1));
    isLocal(await big.retrieve({ items: [{ id: 1 }, { id: 2 }], ...query }));
    const items = [{ id: 1 }, { id: 2, timeZone: 'Asia/Tokyo' }];
    const mixed = await big.retrieve({ ...query, items });
    expect(first(mixed.toText())).toMatch(/^2\S+Z /);
    expect(first(mixed.toTable().toText())).toMatch(/^2\S+Z /);
    // The zone of raw points is only that of the words in their query.
    const raw = await big.retrieve({ id: 1, ...all, timeZone });
    expect(raw.timeZone).toBeUndefined();
    expect(first(raw.toText())).toMatch(/Z /);
    isLocal(raw.toTable().resample('1d', ['mean'], { timeZone }));
    expect(first(days.toTable().resample('1w').toText())).toMatch(/Z /);
  });

  it('several series: a column each, with its unit, on one time index', async () => {
    const list = await big.retrieve({ items: [{ id: 1 }, { id: 2 }, { id: 3 }], ...all });
    expect(list.toText({ rows: 4 })).toBe(`\
timestamp             pressure  flow  state
                           bar  m³/h
2024-01-01T00:00:00Z     2.000  12.1  on
2024-01-01T00:01:00Z     2.125     –  –
…                            …     …  …
2024-01-01T19:58:00Z     2.125     –  –
2024-01-01T19:59:00Z     2.250  12.0  off \\u{1b}[31m
1,200 rows × 3 columns`);
    expect(list.filter(({ isString }) => isString).toText()).toContain('2 rows × 1 column');
    expect(list.slice(0, 0).toText()).toBe('0 items');
  });

  it('the rows that are shown are those of the whole table', async () => {
    const list = await read(1, 2, 3, 4);
    for (const rows of [1, 2, 3, 5, 100]) {
      const shown = list.toText({ rows, columns: 200 }).split('\n');
      const table = list.toTable().toText({ rows, columns: 200 }).split('\n');
      const names = (line: string): string => line.replace(/id 3|3/g, '').replace(/ +/g, ' ');
      expect(shown.map(names)).toEqual(table.map(names));
    }
  });

  it('points without a value or with a status say so', async () => {
    const points = await api.retrieve({
      id: 4,
      start: START,
      end: END,
      includeStatus: true,
      ignoreBadDataPoints: false,
    });
    expect(points.toText()).toBe(`\
bad, "quoted"
timestamp             value  status
2024-01-01T00:01:00Z      –  Bad
2024-01-01T00:02:00Z      5  Bad
2 data points`);
  });

  it('strings, and a list without points', async () => {
    expect((await api.retrieve({ id: 3, start: START, end: END })).toText()).toBe(`\
id 3
timestamp             value
2024-01-01T00:00:00Z  on
2024-01-01T00:03:00Z  =HYPERLINK("x")
2 data points`);
    expect(String((await api.retrieve({ id: 1, start: START, end: END })).slice(0, 0))).toBe(`\
pressure [bar]
timestamp  value
0 data points`);
  });

  it('aggregates, with times of extremes', () => {
    const timestamps = Float64Array.of(START, START + 60 * MINUTE);
    const hours = {
      ...{
        id: 1,
        externalId: 'pressure',
        unit: 'bar',
        isStep: false,
        isString: false,
        granularity: '1h',
        timestamps,
      },
      aggregates: ['average', 'count', 'maxDatapoint'],
      average: Float64Array.of(1.5, Number.NaN),
      count: Float64Array.of(60, 0),
      maxDatapoint: {
        timestamps: Float64Array.of(START + MINUTE, Number.NaN),
        values: Float64Array.of(2, Number.NaN),
      },
    } as unknown as AnyDatapoints;
    expect(makeTable([hours]).toText()).toBe(`\
timestamp             pressure|average  pressure|count  pressure|maxDatapoint
                                   bar                                    bar
2024-01-01T00:00:00Z               1.5              60                      2
2024-01-01T01:00:00Z                 –               0                      –
2 rows × 4 columns, 1 column not shown: pressure|maxDatapoint|timestamp`);
    expect(makeTable([hours]).toText({ columns: 120 })).toContain('2  2024-01-01T00:01:00Z');
  });

  it('and stay what they were for JSON, clones and loops', async () => {
    const points = await api.retrieve({ id: 1, start: START, end: END });
    expect(JSON.parse(JSON.stringify(points))).toMatchObject({
      id: 1,
      datapoints: [{ value: 1 }, {}, {}, {}],
    });
    expect(Object.keys(structuredClone({ ...points }))).toEqual(Object.keys(points));
    const table = points.toTable();
    const names: string[] = [];
    for (const name in table) names.push(name);
    expect(names).toEqual(['timestamps', 'columns', 'origins']);
  });
});

describe('a table has the relations of its points', () => {
  const drawn: (readonly AnyDatapoints[])[] = [];
  const relations = {
    plot: (series: readonly AnyDatapoints[]) => (): number => drawn.push(series),
    // A name that a table has for something else.
    head: () => (): string => 'of points',
  };
  const plotting = new DatapointsApi(fakeServerOfTable().transport, relations);
  const range = { start: START, end: END };

  it('with its columns as series, without what they do not have', async () => {
    const table = (await plotting.retrieve({ items: [{ id: 1 }, { id: 2 }], ...range })).toTable();
    expectTypeOf(table).toEqualTypeOf<DatapointsTable & Bound<typeof relations>>();
    table.plot();
    const [pressure, state] = drawn.at(-1) ?? [];
    expect(pressure).toMatchObject({
      id: 1,
      name: 'pressure',
      unit: 'bar',
      isString: false,
      isStep: true,
    });
    expect(pressure?.values).toEqual(Float64Array.of(1, 2));
    expect(pressure?.timestamps).toEqual(Float64Array.of(START, START + 2 * MINUTE));
    expect(state).toMatchObject({ name: 'state', isString: true, values: ['on'] });
    expect(state?.timestamps).toEqual(Float64Array.of(START + MINUTE));
  });

  it('also where it is cut or put together anew, and one of one series', async () => {
    const points = await plotting.retrieve({ id: 1, ...range });
    const table = points.toTable();
    table.head(1).plot();
    expect(drawn.at(-1)?.[0]?.values).toEqual(Float64Array.of(1));
    table.resample('1h', ['max']).plot();
    expect(drawn.at(-1)).toMatchObject([{ name: 'pressure|max', values: Float64Array.of(2) }]);
    expect(points.slice(1).toTable().plot()).toBe(drawn.length);
    // A table's own method goes before a relation of that name.
    expect(table.head(1).length).toBe(1);
    expect(points.head()).toBe('of points');
  });

  it('and not where none were composed', async () => {
    expect((await api.retrieve({ id: 1, ...range })).toTable()).not.toHaveProperty('plot');
  });
});

describe('lists of data points keep their methods', () => {
  it('and their types', async () => {
    const list = await read(1, 2, 3);
    expectTypeOf(list.filter(() => true)).toEqualTypeOf<typeof list>();
    expectTypeOf(list.toReversed()).toEqualTypeOf<typeof list>();
    expectTypeOf(list.getAll({ id: 1 })).toEqualTypeOf<typeof list>();
    expect([...list.slice(1).toTable().columns.keys()]).toEqual(['temperature', '3']);
    expect(list.toReversed().get({ id: 1 })).toBe(list[0]);
    expect(list.getAll({ id: 1 }).toTable().length).toBe(4);
    expect(Object.getPrototypeOf(list.map(({ id }) => id))).toBe(Array.prototype);
  });
});

function fakeServerOfTable(): ReturnType<typeof fakeServer> {
  return fakeServer([
    { id: 1, externalId: 'pressure', unit: 'bar', isStep: true, points: at({ 0: 1, 2: 2 }) },
    { id: 2, externalId: 'state', isString: true, points: at({ 1: 'on' }) },
  ]);
}

describe('what describes the columns of a table', () => {
  it('prints as a table, with a row for each column', async () => {
    const summaries = (await read(1, 3)).toTable().describe();
    expect(Array.isArray(summaries)).toBe(true);
    const lines = inspect(summaries).split('\n');
    expect(lines[0]).toMatch(/^column +count +mean +std +min +p25 +p50 +p75 +max +unique$/);
    expect(lines[1]).toMatch(/^pressure +4 +2\.5 +1\.29/);
    expect(lines.slice(2)).toEqual([expect.stringMatching(/^3 +2 /), '2 columns']);
  });
});
