import { memoryTransport } from '@cdf/core/testing';
import {
  DatapointsApi,
  makeTable,
  seriesCount,
  seriesDatapoints,
  seriesFirst,
  seriesLatest,
  ts,
} from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { fakeServer } from './fake-server.js';

/** As a program without types calls it. */
const untyped = (value: unknown): never => value as never;

const series = { externalId: 'pump' } as const;
const transport = memoryTransport({});
const datapoints = new DatapointsApi(transport);

async function first(items: AsyncIterable<unknown>): Promise<unknown> {
  return items[Symbol.asyncIterator]().next();
}

const MISSPELT: readonly [what: string, call: () => Promise<unknown>, message: string][] = [
  [
    'retrieve',
    () => datapoints.retrieve(untyped({ ...series, strat: '1d-ago' })),
    'query: unknown name "strat"; did you mean start?',
  ],
  [
    'limit',
    () => datapoints.retrieve(untyped({ ...series, limt: 5 })),
    'query: unknown name "limt"; did you mean limit?',
  ],
  [
    'aggregates',
    () => datapoints.retrieve(untyped({ ...series, aggregate: ['max'], granularity: '1h' })),
    'query: unknown name "aggregate"; did you mean aggregates?',
  ],
  [
    'the name of a series',
    () => datapoints.retrieve(untyped({ externalID: 'pump', start: 0 })),
    'query: unknown name "externalID"; did you mean externalId?',
  ],
  [
    'the name of a series in a list',
    () => datapoints.retrieveLatest(untyped({ items: [series, { external_id: 'pump' }] })),
    'items[1]: unknown name "external_id"; did you mean externalId?',
  ],
  [
    'the name of a series to stream',
    () => first(datapoints.stream(untyped({ instanceID: { space: 's', externalId: 'x' } }))),
    'query: unknown name "instanceID"; did you mean instanceId?',
  ],
  [
    'the name of a series to write',
    () => datapoints.insert(untyped({ externalID: 'pump' }), [[0, 1]]),
    'series: unknown name "externalID"; did you mean externalId?',
  ],
  [
    'the name of one of several',
    () => datapoints.insertMany(untyped([{ externalID: 'pump', datapoints: [[0, 1]] }])),
    'series: unknown name "externalID"; did you mean externalId?',
  ],
  [
    'the name of a series in a source',
    () => datapoints.insertFrom(untyped([{ externalID: 'pump', timestamp: 0, value: 1 }])),
    'unknown name "externalID"; did you mean externalId?',
  ],
  [
    'the name of a series to delete from',
    () => datapoints.deleteRange(untyped({ externalID: 'pump', start: 0, end: 1 })),
    'range: unknown name "externalID"; did you mean externalId?',
  ],
  [
    'the points of a series',
    () => datapoints.insertMany(untyped([{ ...series, points: [[0, 1]] }])),
    'externalId "pump": unknown name "points"; did you mean datapoints?',
  ],
  [
    'the times of a series',
    () => datapoints.insertMany(untyped([series, { id: 1, timestmaps: [0], values: [1] }])),
    'expected datapoints, timestamps with values, or a timestamp with a value; got Object { externalId }',
  ],
  [
    'the times of a second series',
    () => datapoints.insertMany(untyped([{ id: 1, timestmaps: [0], values: [1] }])),
    'id 1: unknown name "timestmaps"; did you mean timestamps?',
  ],
  [
    'an option of another client',
    () => datapoints.retrieve(untyped({ ...series, from: 0 })),
    'query: unknown name "from"; known names: id, externalId, instanceId, space, start, end, aggregates,',
  ],
  [
    'an option of a list for one series',
    () => datapoints.retrieve(untyped({ ...series, ignoreUnknownIds: true })),
    'query: unknown name "ignoreUnknownIds"; known names: id,',
  ],
  [
    'a list',
    () => datapoints.retrieve(untyped({ items: [series], timezone: 'Europe/Oslo' })),
    'query: unknown name "timezone"; did you mean timeZone?',
  ],
  [
    'an item of a list',
    () => datapoints.retrieve(untyped({ items: [series, { id: 1, endTime: 5 }] })),
    'items[1]: unknown name "endTime"; did you mean end?',
  ],
  [
    'stream',
    () => first(datapoints.stream(untyped({ ...series, strat: 5 }))),
    'query: unknown name "strat"; did you mean start?',
  ],
  [
    'the latest',
    () => datapoints.retrieveLatest(untyped({ ...series, befor: 5 })),
    'query: unknown name "befor"; did you mean before?',
  ],
  [
    'the latest of several',
    () => datapoints.retrieveLatest(untyped({ items: [series], ignoreUnknownId: true })),
    'query: unknown name "ignoreUnknownId"; did you mean ignoreUnknownIds?',
  ],
  [
    'a relation',
    () => seriesDatapoints(datapoints)({ id: 1 })(untyped({ strat: 0 })),
    'query: unknown name "strat"; did you mean start?',
  ],
  [
    'another relation',
    () => seriesLatest(datapoints)({ id: 1 })(untyped({ start: 0 })),
    'query: unknown name "start"; known names: id,',
  ],
  [
    'deleteRange',
    () => datapoints.deleteRange(untyped({ ...series, start: 0, end: 5, limit: 1 })),
    'range: unknown name "limit"; known names: id, externalId, instanceId, space, start, end',
  ],
  [
    'deleteRanges',
    () =>
      datapoints.deleteRanges(
        untyped([
          { ...series, start: 0, end: 5 },
          { ...series, start: 0, end: 5, ends: 6 },
        ]),
      ),
    'ranges[1]: unknown name "ends"; did you mean end?',
  ],
  [
    'a row',
    () =>
      datapoints.insert(
        series,
        untyped([
          { timestamp: 1, value: 1 },
          { timestamp: 2, value: 2, staus: { symbol: 'Bad' } },
        ]),
      ),
    'externalId "pump", point 1: unknown name "staus"; did you mean status?',
  ],
  [
    'columns',
    () =>
      datapoints.insert(
        series,
        untyped({ timestamps: [1], values: [2], status: [{ symbol: 'Bad' }] }),
      ),
    'externalId "pump": unknown name "status"; did you mean statuses?',
  ],
  [
    'insertMany',
    () => datapoints.insertMany(untyped([{ ...series, timestamps: [1], values: [2], null: [0] }])),
    'externalId "pump": unknown name "null"; did you mean nulls?',
  ],
  [
    'a formula',
    () => datapoints.synthetic.query(untyped({ expression: '1', strat: 0 })),
    'synthetic.query: unknown name "strat"; did you mean start?',
  ],
];

describe('an unknown option', () => {
  it.each(MISSPELT)(
    'is rejected with the name that was meant, before anything is sent: %s',
    async (_, call, message) => {
      await expect(call()).rejects.toThrow(
        expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining(message) }),
      );
      expect(transport.requests).toEqual([]);
    },
  );

  it('is rejected in the options of tables', () => {
    expect(() => makeTable([], untyped({ joins: 'inner' }))).toThrow(
      'table: unknown name "joins"; did you mean join?',
    );
  });

  it('may be what an option is called elsewhere: undefined is as good as none', async () => {
    const server = fakeServer([{ id: 1, points: [{ timestamp: 1, value: 2 }] }]);
    const query = { id: 1, start: undefined, limit: undefined, externalId: undefined };
    expect((await new DatapointsApi(server.transport).retrieve(untyped(query))).length).toBe(1);
  });
});

describe('an unknown option of a call', () => {
  const id = { id: 1 };
  const of = (options: object): Record<string, () => Promise<unknown>> => ({
    retrieve: () => datapoints.retrieve(id, untyped(options)),
    retrieveLatest: () => datapoints.retrieveLatest(id, untyped(options)),
    stream: () => first(datapoints.stream(id, untyped(options))),
    insert: () => datapoints.insert(id, [{ timestamp: 1, value: 2 }], untyped(options)),
    insertFrom: () =>
      datapoints.insertFrom([{ ...id, timestamps: [1], values: [2] }], untyped(options)),
    deleteRange: () => datapoints.deleteRange({ ...id, start: 0, end: 1 }, untyped(options)),
    synthetic: () => datapoints.synthetic.query({ expression: '1' }, untyped(options)),
    first: () => seriesFirst(datapoints)(id)(untyped(options)),
    count: () => seriesCount(datapoints)(id)(untyped(options)),
  });

  it.each(Object.keys(of({})))('is rejected before anything is sent: %s', async (name) => {
    await expect(of({ start: 0 })[name]?.()).rejects.toThrow(
      'unknown call option start; known options: signal, timeoutMs, onProgress',
    );
    expect(transport.requests).toEqual([]);
  });
});

it('a string where a number is expected is shown as one', async () => {
  const { query } = datapoints.synthetic;
  const ten = untyped('10');
  const calls: [() => unknown, string][] = [
    [() => datapoints.retrieve({ ...series, limit: ten }), 'limit must be a whole number, '],
    [
      () => query({ expression: ts('pump'), start: 0, limit: ten }),
      'limit must be a whole number of at least 1, ',
    ],
    [() => ts('pump').round(ten), 'round takes -9 to 9 digits, '],
    [
      () => datapoints.insertFrom([], { flushAfterMs: ten }),
      'flushAfterMs must be a whole number, ',
    ],
    [
      () => datapoints.insert(series, [{ timestamp: 0, value: 1, status: { code: ten } }]),
      'a status code must be a whole number below 2^32, ',
    ],
    [() => datapoints.retrieve({ ...series, start: ten }), 'start "10" is not a time'],
  ];
  for (const [call, message] of calls)
    await expect((async () => call())()).rejects.toThrow(message);
  for (const [call] of calls.slice(0, -1))
    await expect((async () => call())()).rejects.toThrow('got the string "10"');
});

describe('an unknown value', () => {
  it('is rejected for a cursor: the stream would begin again', async () => {
    const batch = { datapoints: [], cursor: { now: 1, group: 0 } };
    for (const cursor of ['abc', batch, {}, { now: 1 }])
      await expect(first(datapoints.stream(untyped({ ...series, cursor })))).rejects.toThrow(
        'the cursor must be the cursor of a batch',
      );
    expect(transport.requests).toEqual([]);
  });

  it('is rejected for a join, and for functions that resample', () => {
    expect(() => makeTable([], untyped({ join: 'left' }))).toThrow(
      'join: unknown name "left"; known names: outer, inner, asOf',
    );
    expect(() => makeTable([]).resample('1h', untyped(['avg']))).toThrow(
      'resample: unknown name "avg"; known names: mean,',
    );
    expect(() => makeTable([]).resample('1h', [])).toThrow(
      'resample: functions must name at least one',
    );
  });

  it('is told from series in another form than the call takes', async () => {
    const either = 'expected { id }, { externalId }, { instanceId } or { items: [...] }, got';
    const wrong: [() => Promise<unknown>, string][] = [
      [() => datapoints.retrieve(untyped(['p', 'q'])), `${either} an array`],
      [() => datapoints.retrieve(untyped([{ externalId: 'p' }])), `${either} an array`],
      [() => datapoints.retrieveLatest(untyped(['p', 'q'])), `${either} an array`],
      [() => first(datapoints.stream(untyped(['p', 'q']))), `${either} an array`],
      [() => datapoints.retrieve(untyped('p')), `${either} the string "p"`],
      [() => datapoints.retrieve(untyped(undefined)), `${either} undefined`],
      [() => datapoints.retrieve(untyped({ end: 5 })), '{ instanceId }; got Object { end }'],
      [
        () => datapoints.retrieve(untyped({ items: [{ start: 5 }, { id: 1 }] })),
        'items[0]: expected exactly one of { id }, { externalId }, { instanceId }; got Object { start }',
      ],
      [
        () => datapoints.insert(untyped([{ timestamp: 1, value: 1 }]), untyped({ id: 1 })),
        'series: expected exactly one of { id }, { externalId }, { instanceId }; got an array',
      ],
      [
        () => datapoints.insert(untyped('p'), [{ timestamp: 1, value: 1 }]),
        'series: expected exactly one of { id }, { externalId }, { instanceId }; got the string "p"',
      ],
    ];
    for (const [call, message] of wrong) await expect(call()).rejects.toThrow(message);
    expect(transport.requests).toEqual([]);
  });

  it('is told from an argument in the wrong place', () => {
    const table = makeTable([]);
    const said: [() => unknown, string][] = [
      [
        () => table.resample('1d', untyped({ timeZone: 'UTC' })),
        'resample: expected an array, got Object { timeZone }',
      ],
      [
        () => table.resample('1d', untyped('mean')),
        'resample: expected an array, got the string "mean"',
      ],
      [
        () => table.resample(untyped(['mean']), untyped('1d')),
        'resample: expected an array, got the string "1d"',
      ],
      [
        () => table.resample('1d', ['mean'], untyped('Europe/Oslo')),
        'resample: expected an object of options, got the string "Europe/Oslo"',
      ],
      [
        () => table.toCsv(untyped('Europe/Oslo')),
        'CSV: expected an object of options, got the string "Europe/Oslo"',
      ],
      [
        () => table.toText(untyped('Europe/Oslo')),
        'toText: expected an object of options, got the string "Europe/Oslo"',
      ],
      [
        () => makeTable([], untyped('inner')),
        'table: expected an object of options, got the string "inner"',
      ],
      [() => makeTable([], untyped(['inner'])), 'expected an object of options, got an array'],
      [() => makeTable([], untyped(null)), 'expected an object of options, got null'],
      [() => table.toCsv(untyped(null)), 'expected an object of options, got null'],
    ];
    for (const [work, message] of said) expect(work).toThrow(message);
  });

  it.each([
    [{ uniformIndex: 'yes' }, 'uniformIndex must be a boolean, got the string "yes"'],
    [{ includeStatus: 0 }, 'includeStatus must be a boolean, got 0'],
    [{ includeAggregateName: null }, 'includeAggregateName must be a boolean, got null'],
    [{ includeGranularityName: {} }, 'includeGranularityName must be a boolean, got Object {'],
    [{ toleranceMs: '1h' }, 'toleranceMs must be a number from 0, got the string "1h"'],
    [{ columnNames: ['a'] }, 'columnNames must be a string or function, got an array'],
    [{ join: ['inner'] }, 'join must be a string, got an array'],
  ])('is rejected for a table: %j', (options, message) => {
    expect(() => makeTable([], untyped(options))).toThrow(new RegExp(`^table: ${message}`));
    expect(() => makeTable([], { uniformIndex: undefined })).not.toThrow();
  });

  it('is rejected for CSV, whose times would be others', () => {
    const table = makeTable([]);
    expect(() => table.toCsv(untyped({ timeformat: 'epochMs' }))).toThrow(
      'CSV: unknown name "timeformat"; did you mean timeFormat?',
    );
    expect(() => table.toCsv(untyped({ timeFormat: 'epoch' }))).toThrow(
      'timeFormat: unknown name "epoch"; did you mean epochMs?',
    );
  });

  it('is rejected for a status: the point would be good', async () => {
    for (const status of ['Bad', 5, {}, { sybmol: 'Bad' }])
      for (const row of [{ timestamp: 1, value: 2, status }, [1, 2, status]])
        await expect(datapoints.insert(series, untyped([row]))).rejects.toThrow(
          `statuses[0]: expected a status { code } or { symbol }, got ${JSON.stringify(status)}`,
        );
    expect(transport.requests).toEqual([]);
  });

  it('is named for formulas', async () => {
    const either = 'synthetic.query takes either { expression } or { expressions: [...] }';
    for (const query of [undefined, null, 'a + b', {}])
      await expect(datapoints.synthetic.query(untyped(query))).rejects.toThrow(either);
    await expect(datapoints.synthetic.query(untyped({ expressions: 'a + b' }))).rejects.toThrow(
      'synthetic.query: expressions must be an array',
    );
  });
});

describe('an object with more than the call needs', () => {
  const server = fakeServer([{ id: 1, points: [{ timestamp: 1, value: 2 }] }]);
  const api = new DatapointsApi(server.transport);
  const read = {
    id: 1,
    isString: false,
    isStep: false,
    name: 'pump',
    createdTime: 1,
    lastUpdatedTime: 1,
  };

  it('may be a series that was read', async () => {
    expect((await api.retrieve(untyped({ items: [read] }))).length).toBe(1);
    expect((await api.retrieve(untyped({ ...read, start: 0 }))).length).toBe(1);
  });

  it('may be rows and columns with something of their own', async () => {
    const written = memoryTransport({ 'POST /timeseries/data': () => ({}) });
    const writer = new DatapointsApi(written);
    await writer.insert(
      series,
      untyped([
        { timestamp: 1, value: 1, tag: 'a' },
        { timestamp: 2, value: 1, unit: 'bar' },
      ]),
    );
    await writer.insert(
      series,
      untyped({ timestamps: [1], values: [2], expression: 'a + b', errors: new Map(), length: 1 }),
    );
    await writer.insert(series, await api.retrieve({ id: 1 }));
    await writer.insertMany(untyped([{ ...series, name: 'pump', datapoints: [[1, 2]] }]));
    expect(written.requests).toHaveLength(4);
  });
});
