import type { Aggregate, AnyDatapoints, DatapointsTable, ItemRange } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import type { DatapointsArray } from '../src/points/datapoints-view.js';
import { Results } from '../src/points/results.js';
import type { StreamCursor } from '../src/query-types.js';
import { commonReading } from '../src/read/reading.js';
import { type Retrieved, type RetrieveQuery, retrieveAll } from '../src/read/retrieve.js';
import { streamSlices } from '../src/read/stream.js';
import { type FakePoint, type FakeSeries, fakeServer } from './fake-server.js';

const MOST = { raw: 50, aggregates: 20 };
const MINUTE = 60_000;
const COUNT = 400;
const BAD = { code: 0x80000000, symbol: 'Bad' };

function every(step: number, more: Partial<FakePoint> = {}): FakePoint[] {
  return Array.from({ length: Math.ceil(COUNT / step) }, (_, index) => ({
    timestamp: index * step,
    value: index * step,
    ...more,
  }));
}

/** Two that are dense, and between them one with a point at the beginning and one without any. */
const SERIES: readonly FakeSeries[] = [
  { id: 1, externalId: 'sa', points: every(1) },
  { id: 2, externalId: 'sparse', points: [{ timestamp: 0, value: 7 }] },
  { id: 3, externalId: 'words', isString: true, points: [] },
  { id: 4, externalId: 'sb', points: every(2) },
];
const ITEMS = SERIES.map(({ id }) => ({ id }));

const results = new Results({});

function tableOf(series: readonly (Retrieved | undefined)[]): DatapointsTable {
  const list = results.list(series.flatMap((one) => (one ? results.one(one) : [])));
  return (list as DatapointsArray<AnyDatapoints>).toTable();
}

async function tablesOf(
  query: RetrieveQuery,
  series: readonly FakeSeries[] = SERIES,
  cursor?: StreamCursor,
  each?: (cursor: StreamCursor) => boolean,
): Promise<DatapointsTable[]> {
  const { transport } = fakeServer(series, { mostRaw: MOST.raw, mostAggregates: MOST.aggregates });
  const settings = { most: MOST, pages: 2 };
  const tables: DatapointsTable[] = [];
  for await (const slice of streamSlices(commonReading, transport, query, cursor, {}, settings)) {
    tables.push(tableOf(slice.series));
    if (each?.(slice.cursor)) break;
  }
  return tables;
}

const headersOf = (tables: readonly DatapointsTable[]): string[] =>
  tables.map((table) => [...table.columns.keys()].join());

const rowsOf = (tables: readonly DatapointsTable[]): string[][] =>
  tables.map((table) => table.toCsv().split('\r\n').slice(1, -1));

const isEmpty = (column: Float64Array): boolean => column.every(Number.isNaN);

describe('every batch of a stream', () => {
  it('has the series of the query in their order, also those without points in it', async () => {
    const tables = await tablesOf({ items: ITEMS, start: 0, end: COUNT });
    expect(tables.length).toBeGreaterThan(1);
    expect(headersOf(tables)).toEqual(tables.map(() => 'sa,sparse,words,sb'));
    expect(tables.reduce((sum, { length }) => sum + length, 0)).toBe(COUNT);
    const [, last = ''] =
      tables.at(-1)?.toCsv({ timeFormat: 'epochMs' }).split('\r\n').slice(-3) ?? [];
    expect(last).toBe(`${COUNT - 1},${COUNT - 1},,,`);
    const words = tables.at(-1)?.columns.get('words');
    expect(words).not.toBeInstanceOf(Float64Array);
  });

  it('keeps series that end before the others, also after a cursor', async () => {
    const items = [{ id: 1 }, { id: 2, end: 10 }, { id: 3 }, { id: 4, end: 20 }];
    let cursor: StreamCursor | undefined;
    const query = { items, start: 0, end: COUNT };
    const [first] = await tablesOf(query, SERIES, undefined, (after) => {
      cursor = JSON.parse(JSON.stringify(after)) as StreamCursor;
      return true;
    });
    const rest = await tablesOf(query, SERIES, cursor);
    expect(rest.length).toBeGreaterThan(0);
    const all = [first as DatapointsTable, ...rest];
    expect(headersOf(all)).toEqual(all.map(() => 'sa,sparse,words,sb'));
    expect(all.flatMap(({ timestamps }) => [...timestamps])).toHaveLength(COUNT);
    for (const { columns } of rest) expect(columns.get('sb')).toSatisfy(isEmpty);
  });

  it('names aggregates alike, and goes on after a cursor with the same tables', async () => {
    const item = (id: number, granularity: '1m' | '1h'): { id: number } & ItemRange<Aggregate> => ({
      id,
      granularity,
      aggregates: ['max', 'maxDatapoint'],
    });
    const dense = Array.from({ length: 200 }, (_, index) => ({
      timestamp: index * MINUTE,
      value: index,
    }));
    const items = [
      item(1, '1m'),
      { ...item(2, '1m'), end: 5 * MINUTE },
      { ...item(2, '1h'), end: 10 * MINUTE },
    ];
    const query = { items, start: 0, end: 200 * MINUTE };
    const series = [
      { id: 1, externalId: 'a', points: dense },
      { id: 2, externalId: 'b', points: dense },
    ];
    const cursors: StreamCursor[] = [];
    const tables = await tablesOf(query, series, undefined, (after) => {
      cursors.push(after);
      return false;
    });
    expect(tables.length).toBeGreaterThan(2);
    for (const [index, cursor] of cursors.entries()) {
      const rest = await tablesOf(query, series, cursor);
      expect(headersOf(rest)).toEqual(rest.map(() => headersOf(tables)[0]));
      expect(rowsOf(rest).flat()).toEqual(rowsOf(tables.slice(index + 1)).flat());
    }
    expect(new Set(headersOf(tables)).size).toBe(1);
    expect(headersOf(tables)[0]).toContain('b|max|1h');
  });

  it('has the columns of statuses, where the first points with one may come late', async () => {
    const points = every(1);
    points[COUNT - 1] = { timestamp: COUNT - 1, value: 1, status: BAD };
    const tables = await tablesOf(
      { items: ITEMS, start: 0, end: COUNT, includeStatus: true, ignoreBadDataPoints: false },
      [{ id: 1, externalId: 'sa', points }, ...SERIES.slice(1)],
    );
    const [header] = headersOf(tables);
    expect(header).toContain('sa,sa|status_code,sa|status_symbol,sparse,sparse|status_code');
    expect(headersOf(tables)).toEqual(tables.map(() => header));
  });

  it('leaves out series that do not exist, and is not there when no series has points', async () => {
    const items = [{ id: 9 }, ...ITEMS];
    const tables = await tablesOf({ items, start: 0, end: COUNT, ignoreUnknownIds: true });
    expect(new Set(headersOf(tables))).toEqual(new Set(['sa,sparse,words,sb']));
    expect(await tablesOf({ items: ITEMS, start: COUNT, end: 2 * COUNT })).toEqual([]);
  });

  it.each([
    ['raw points', undefined, undefined],
    ['two granularities', '1m', '1h'],
    ['granularities that do not fit', '2m', '3m'],
    ['raw points and aggregates', undefined, '7m'],
    ['hours and days', '2h', '1d'],
  ])('goes on with the row after its last: %s', async (_, ...granularities) => {
    const points = Array.from({ length: 4000 }, (_, index) => ({
      timestamp: index * 5 * MINUTE,
      value: index,
    }));
    const items = granularities.map((granularity, index) => ({
      id: index + 1,
      ...(granularity && { granularity: granularity as '1m', aggregates: ['max'] as const }),
    }));
    const series = [
      { id: 1, externalId: 'a', points },
      { id: 2, externalId: 'b', points: points.filter((_, index) => index % 7 === 0) },
    ];
    for (const start of [0, 77 * MINUTE + 1]) {
      const query = { items, start, end: 20_000 * MINUTE - 1 };
      const rows = rowsOf(await tablesOf(query, series));
      expect(rows.length).toBeGreaterThan(2);
      const { transport } = fakeServer(series);
      const whole = tableOf(await retrieveAll(transport, query));
      expect([rows.flat()]).toEqual(rowsOf([whole]));
    }
  });
});
