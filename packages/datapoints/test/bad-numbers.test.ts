import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi, Expression, ts } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { END, read, START, api as stored } from './table-series.js';

const VALUES = [Number.NaN, -1, 0.5, '5', Number.POSITIVE_INFINITY] as const;
type Value = (typeof VALUES)[number];

const a = { externalId: 'a' };
/** Every write succeeds. */
const api = new DatapointsApi(
  memoryTransport({
    'POST /timeseries/data': () => ({}),
    'POST /timeseries/data/delete': () => ({}),
    'POST /timeseries/data/latest': () => ({ items: [{ id: 1, isString: false, datapoints: [] }] }),
    'POST /timeseries/synthetic/query': () => ({ items: [{ datapoints: [] }] }),
  }),
);
const columns = { timestamps: [1, 2], values: [1, 2] };
const bad = { symbol: 'Bad' } as const;

/** What takes a number, with what it does take of the values above. */
const NUMBERS: readonly [what: string, use: (value: never) => unknown, taken: readonly Value[]][] =
  [
    ['limit', (limit) => stored.retrieve({ id: 1, start: START, end: END, limit }), [Infinity]],
    ['start', (start) => stored.retrieve({ id: 1, start, end: END }), [-1]],
    ['end', (end) => stored.retrieve({ id: 1, start: -10, end }), [-1]],
    ['before', (before) => api.retrieveLatest({ ...a, before }), [-1]],
    ['start of a range to delete', (start) => api.deleteRange({ ...a, start, end: 10 }), [-1]],
    ['end of a range to delete', (end) => api.deleteRange({ ...a, start: -10, end }), [-1]],
    [
      'limit of a formula',
      (limit) => api.synthetic.query({ expression: ts('a'), limit }),
      [Infinity],
    ],
    ['a number in a formula', (value) => ts('a').add(value), [-1, 0.5]],
    ['digits', (digits) => Expression.raw('1').round(digits), [-1]],
    ['fallback of map', (value) => ts('a').map({}, value), [-1, 0.5]],
    ['flushAfterMs', (flushAfterMs) => api.insertFrom([], { flushAfterMs }), []],
    [
      'chunkRows',
      async (chunkRows) => (await read(1)).toTable().toCsv({ chunkRows }),
      ['5', Number.POSITIVE_INFINITY],
    ],
    [
      'toleranceMs',
      async (toleranceMs) => (await read(1, 2)).toTable({ join: 'asOf', toleranceMs }),
      [0.5, Number.POSITIVE_INFINITY],
    ],
    [
      'origin of resample',
      async (origin) => (await read(1)).toTable().resample('1h', ['mean'], { origin }),
      [-1],
    ],
    ['a timestamp', (timestamp) => api.insert(a, [{ timestamp, value: 1 }]), [-1]],
    ['a value', (value) => api.insert(a, [{ timestamp: 1, value }, [2, 1]] as never), [-1, 0.5]],
    ['a status code', (code) => api.insert(a, [[1, 1, { code }]]), []],
    [
      'an index in nulls',
      (index) => api.insert(a, { ...columns, nulls: [index], statuses: [bad, bad] }),
      [],
    ],
    [
      'an index of a status',
      (index) =>
        api.insert(a, {
          ...columns,
          statuses: { indexes: [index] as never, codes: Uint32Array.of(0), symbols: [''] },
        }),
      [],
    ],
    [
      'a code of sparse statuses',
      (code) =>
        api.insert(a, {
          ...columns,
          statuses: { indexes: Uint32Array.of(0), codes: [code] as never, symbols: [''] },
        }),
      [],
    ],
  ];

describe('a number that makes no sense is rejected', () => {
  const cases = NUMBERS.flatMap(([what, use, taken]) =>
    VALUES.map((value) => ({ what, value, use, isTaken: taken.includes(value) })),
  );
  it.each(cases)('$what: $value', async ({ use, value, isTaken }) => {
    const error = await (async () => use(value as never))().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (isTaken) expect(error).toBeUndefined();
    else expect(error).toBeInstanceOf(ConfigError);
  });

  it('and so are sparse statuses of which some lack a code', async () => {
    const statuses = {
      indexes: Uint32Array.of(0, 1),
      codes: Uint32Array.of(0x80000000),
      symbols: ['Bad', 'Bad'],
    };
    await expect(api.insert(a, { ...columns, statuses })).rejects.toThrow(
      'statuses: 2 indexes but 1 codes',
    );
  });
});
