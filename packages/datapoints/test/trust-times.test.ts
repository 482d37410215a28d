import { DecodeError } from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { at, FORMATS, type Format, type Said, SERIES, saying } from './said.js';

const RANGE = { start: 10, end: 20 };
const HOUR = 3_600_000;

/** Every way to read one series. */
const WAYS = {
  retrieve: (format: Format, pages: Said[][]) =>
    saying(format, pages).api.retrieve({ id: 1, ...RANGE }),
  'retrieve of several': (format: Format, pages: Said[][]) =>
    saying(format, pages).api.retrieve({
      items: [{ id: 1 }, { id: 1, ignoreBadDataPoints: false }],
      ...RANGE,
    }),
  stream: async (format: Format, pages: Said[][]) => {
    const batches = [];
    for await (const batch of saying(format, pages).api.stream({ id: 1, ...RANGE }))
      batches.push(batch);
    return batches;
  },
} as const;

const page = (points: readonly object[], nextCursor?: string): Said[] => [
  { ...SERIES, points, nextCursor } as Said,
];

const LIES: Readonly<Record<string, readonly [pages: Said[][], said: RegExp]>> = {
  'the same time twice': [
    [page(at(11, 12, 12))],
    /id 1: .*timestamps\[2\] is 12, expected more than 12/,
  ],
  'a time before the one before': [
    [page(at(11, 13, 12, 14))],
    /timestamps\[2\] is 12, expected more than 13/,
  ],
  'a time before start': [[page(at(9, 11))], /timestamps\[0\] is 9, expected 10 to 19/],
  'a time at end': [[page(at(11, 20))], /timestamps\[1\] is 20, expected 10 to 19/],
  'a page that repeats the last time': [
    [page(at(11, 12), 'a'), page(at(12, 13))],
    /\[0\] is 12, expected more than 12/,
  ],
  'a page that goes back': [
    [page(at(11, 12), 'a'), page(at(10, 13))],
    /\[0\] is 10, expected more than 12/,
  ],
  'a cursor that was sent before': [
    [page(at(11), 'a'), page(at(12), 'b'), page(at(13), 'a'), page(at(14))],
    /nextCursor repeats one that was sent before/,
  ],
  'an empty page that leads to itself': [[page(at(11), 'a'), page([], 'a')], /nextCursor repeats/],
};

describe.each(FORMATS)('times in %s', (format) => {
  describe.each(Object.entries(LIES))('%s', (_, [pages, said]) => {
    it.each(Object.entries(WAYS))(
      'is a DecodeError of %s that names the series and what came',
      async (_way, read) => {
        const error = await read(format, pages).then(
          () => undefined,
          (thrown: unknown) => thrown as DecodeError,
        );
        expect(DecodeError.isInstance(error)).toBe(true);
        expect(error?.message).toMatch(said);
      },
    );
  });

  it('empty pages with new cursors are followed, at most 100 in a row', async () => {
    const emptyUntil = (last: number) =>
      saying(format, (_, request) => (request < last ? page([], `c${request}`) : page(at(15))));
    const points = await emptyUntil(100).api.retrieve({ id: 1, ...RANGE });
    expect([...points.timestamps]).toEqual([15]);
    const { api, transport } = emptyUntil(Infinity);
    await expect(api.retrieve({ id: 1, ...RANGE })).rejects.toThrow(
      /id 1: .*100 empty pages followed one another/,
    );
    expect(transport.requests).toHaveLength(101);
  });

  it('an empty page does not end a row of pages, and pages with points begin another row', async () => {
    const { api } = saying(format, (_, request) =>
      request === 240
        ? page(at(19))
        : page(request % 60 === 0 ? at(10 + request / 60) : [], `c${request}`),
    );
    expect([...(await api.retrieve({ id: 1, ...RANGE })).timestamps]).toEqual([10, 11, 12, 13, 19]);
  });

  it('points around the range are at most one on each side, ascending', async () => {
    const outside = (...times: number[]) =>
      saying(format, (items) =>
        items.map(({ includeOutsidePoints }) => ({
          ...SERIES,
          points: includeOutsidePoints ? at(...times) : at(15),
        })),
      ).api.retrieve({ id: 1, ...RANGE, includeOutsidePoints: true });
    expect([...(await outside(3, 25)).timestamps]).toEqual([3, 15, 25]);
    expect([...(await outside()).timestamps]).toEqual([15]);
    await expect(outside(3, 4)).rejects.toThrow(/id 1: .*2 points before start/);
    await expect(outside(20, 25)).rejects.toThrow(/id 1: .*2 points at or after end/);
    await expect(outside(25, 3)).rejects.toThrow(/timestamps\[1\] is 3, expected more than 25/);
  });

  it('a bucket may begin before start, by less than its length', async () => {
    const read = (...times: number[]) =>
      saying(format, [
        [
          {
            ...SERIES,
            points: times.map((timestamp) => ({ timestamp, average: 1 })),
            kind: 'aggregateDatapoints',
          },
        ],
      ]).api.retrieve({
        id: 1,
        start: 2.5 * HOUR,
        end: 5 * HOUR,
        aggregates: ['average'],
        granularity: '1h',
      });
    expect([...(await read(2 * HOUR, 3 * HOUR)).timestamps]).toEqual([2 * HOUR, 3 * HOUR]);
    await expect(read(HOUR, 2 * HOUR)).rejects.toThrow(
      /id 1: .*timestamps\[0\] is 3600000, expected/,
    );
    await expect(read(4 * HOUR, 5 * HOUR)).rejects.toThrow(/timestamps\[1\] is 18000000, expected/);
    await expect(read(4 * HOUR, 3 * HOUR)).rejects.toThrow(
      /timestamps\[1\] is 10800000, expected more/,
    );
  });
});

it.each([
  ['a fraction', 11.5],
  ['NaN', 'NaN'],
  ['infinite', 'Infinity'],
  ['a string', '11'],
  ['null', null],
  ['missing', undefined],
  ['not a safe integer', 2 ** 53],
])('a time in JSON that is %s is a DecodeError', async (_, timestamp) => {
  const read = (points: object[]) =>
    saying('json', [page(points)]).api.retrieve({ id: 1, ...RANGE });
  await expect(read([{ timestamp, value: 1 }])).rejects.toThrow(DecodeError);
  await expect(read([{ timestamp, value: 1 }])).rejects.toThrow(/timestamp/);
});

it('synthetic: times that do not ascend or lie outside the range are a DecodeError', async () => {
  const query = (...pages: object[][]) =>
    saying('json', (_, request) => [{ points: pages[request] as object[] }]).api.synthetic.query({
      expression: 'ts{id=1}',
      ...RANGE,
    });
  const [one] = [await query(at(10, 19))].flat();
  expect([...(one?.timestamps ?? [])]).toEqual([10, 19]);
  for (const times of [[11, 11], [12, 11], [9], [20], [11.5]])
    await expect(query(at(...times))).rejects.toThrow(
      /synthetic query: .*timestamps\[\d\] is [\d.]+, expected/,
    );
  await expect(query([{ timestamp: '11', value: 1 }])).rejects.toThrow(DecodeError);
  await expect(query([{ timestamp: 11, value: '1' }])).rejects.toThrow(DecodeError);
  await expect(query(null as never)).resolves.toMatchObject({ length: 0 });
  await expect(query('no' as never)).rejects.toThrow(DecodeError);
  await expect(query([null] as never)).rejects.toThrow(DecodeError);
});
