import { DecodeError, NotFoundError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import type { WireItem } from './fake-server.js';
import { at, FORMATS, type Said, SERIES, saying } from './said.js';

const RANGE = { start: 10, end: 20 };
const ids = (...wanted: number[]): { id: number }[] => wanted.map((id) => ({ id }));
/** Series `n` has a point with the time `10 + n`. */
const series = (id: number): Said => ({ ...SERIES, id, externalId: `s${id}`, points: at(10 + id) });

describe.each(FORMATS)('series in %s', (format) => {
  const read = (change: (said: Said[], items: readonly WireItem[]) => readonly Said[]) => {
    const { api } = saying(format, (items) =>
      change(
        items.map(({ id, externalId }) => series(id ?? Number(externalId?.slice(1)))),
        items,
      ),
    );
    return {
      retrieve: (query: object) =>
        api.retrieve({ ...RANGE, ...query } as never) as Promise<unknown>,
      latest: (query: object) =>
        api.retrieveLatest({ before: 20, ...query } as never) as Promise<unknown>,
    };
  };
  const found = (list: unknown) =>
    (list as { id: number; timestamps: Float64Array }[]).map(({ id, timestamps }) => [
      id,
      ...timestamps,
    ]);

  describe.each(['retrieve', 'latest'] as const)('%s', (way) => {
    it('takes items in another order', async () => {
      const list = await read((said) => [...said].reverse())[way]({ items: ids(1, 2, 3) });
      expect(found(list)).toEqual([
        [1, 11],
        [2, 12],
        [3, 13],
      ]);
    });

    it('takes the same series twice, by id and by external id, in any order', async () => {
      const items = [{ id: 2 }, { externalId: 's1' }, { id: 1 }, { id: 2 }];
      const expected = [2, 1, 1, 2].map((id) => [id, 10 + id]);
      expect(found(await read((said) => said)[way]({ items }))).toEqual(expected);
      expect(found(await read((said) => [...said].reverse())[way]({ items }))).toEqual(expected);
    });

    it('takes a series without points', async () => {
      const list = await read((said) => said.map((each) => ({ ...each, points: [] })))[way]({
        items: ids(1, 2),
      });
      expect(found(list)).toEqual([[1], [2]]);
    });

    it('takes fewer items where unknown ids are ignored, also in another order', async () => {
      const list = await read((said) => [said[2], said[0]] as Said[])[way]({
        items: ids(1, 2, 3),
        ignoreUnknownIds: true,
      });
      expect(found(list)).toEqual([
        [1, 11],
        [3, 13],
      ]);
    });

    it('takes an item that does not repeat its identity by its position, and names it as the query does', async () => {
      const bare = read((said) => said.map(({ id: _, externalId: __, ...rest }) => rest));
      expect(found(await bare[way]({ items: ids(1, 2) }))).toEqual([
        [1, 11],
        [2, 12],
      ]);
      const list = await bare[way]({ items: [{ externalId: 's3' }] });
      expect(
        (list as { get(name: object): { externalId: string } }).get({ externalId: 's3' })
          .externalId,
      ).toBe('s3');
    });

    it('takes unknown fields, and does without optional ones', async () => {
      const list = await read((said) =>
        said.map(({ isStep: _, ...each }) =>
          format === 'json' ? { ...each, newField: { a: 1 }, unit: null } : each,
        ),
      )[way]({ items: ids(1) });
      expect(list).toMatchObject([
        { id: 1, isStep: false, isString: false, ...(format === 'json' && { newField: {} }) },
      ]);
    });

    it.each<[string, (said: Said[]) => readonly Said[], RegExp]>([
      ['fewer items than requested', (said) => said.slice(1), /has 1 series, expected 2/],
      ['no items', () => [], /has 0 series, expected 2/],
      ['more items than requested', (said) => [...said, series(2)], /has 3 series, expected 2/],
      [
        'a series that was not asked for',
        (said) => [said[0] as Said, series(9)],
        /externalId "s9" was not asked for/,
      ],
      ['one series for another', (said) => [said[0], said[0]] as Said[], /not asked for|2 series/],
    ])('%s are a DecodeError', async (_, lie, said) => {
      const work = read(lie)[way]({ items: ids(1, 2) });
      await expect(work).rejects.toThrow(DecodeError);
      await expect(read(lie)[way]({ items: ids(1, 2) })).rejects.toThrow(said);
    });

    it('one series for another is a DecodeError also where unknown ids are ignored', async () => {
      for (const lie of [(said: Said[]) => [said[0], said[0]] as Said[], () => [series(9)]])
        await expect(read(lie)[way]({ items: ids(1, 2), ignoreUnknownIds: true })).rejects.toThrow(
          DecodeError,
        );
      // A series requested twice appears twice or not at all.
      const items = ids(1, 1);
      await expect(
        read((said) => said.slice(1))[way]({ items, ignoreUnknownIds: true }),
      ).rejects.toThrow(/id 1/);
    });

    it('more points than requested are a DecodeError', async () => {
      const lie = read((said) => said.map((each) => ({ ...each, points: at(11, 12, 13) })));
      await expect(
        lie[way]({ items: [{ id: 1, ...(way === 'retrieve' && { limit: 2 }) }] }),
      ).rejects.toThrow(/3 points, expected at most \d/);
    });
  });

  it('a series that is left out of a later page is a DecodeError, not a shorter series', async () => {
    const { api } = saying(format, (items, request) =>
      request === 0
        ? items.map(({ id }) => ({ ...series(id as number), nextCursor: `c${id}` }))
        : [{ ...series(1), points: at(15) }],
    );
    const work = api.retrieve({ ...RANGE, items: ids(1, 2), ignoreUnknownIds: true });
    await expect(work).rejects.toThrow(/id 2: .*missing/);
  });

  it('a page of another series or of another type is a DecodeError', async () => {
    const second = (said: Said) =>
      saying(format, [[{ ...series(1), nextCursor: 'a' }], [said]]).api.retrieve({
        externalId: 's1',
        ...RANGE,
      });
    await expect(second({ ...series(1), id: 7, points: at(12) })).rejects.toThrow(
      /externalId "s1": .*id 7.*id 1/,
    );
    const strings = [{ timestamp: 12, value: 'ON' }];
    await expect(second({ ...series(1), isString: true, points: strings })).rejects.toThrow(
      /externalId "s1": .*string.*numeric/,
    );
  });

  it('strings in a numeric series, and numbers in one of strings, are a DecodeError', async () => {
    const one = (said: Said) => saying(format, [[said]]).api.retrieve({ id: 1, ...RANGE });
    const text = [{ timestamp: 12, value: 'ON' }];
    await expect(
      one({ ...SERIES, isString: true, kind: 'numericDatapoints', points: at(12) }),
    ).rejects.toThrow(DecodeError);
    const numeric = format === 'json' ? 'numeric' : 1;
    await expect(
      one({ ...SERIES, type: numeric, kind: 'stringDatapoints', points: text }),
    ).rejects.toThrow(DecodeError);
    await expect(one({ ...SERIES, isString: true, points: text })).resolves.toMatchObject({
      values: ['ON'],
    });
  });

  it('a point without a value is a DecodeError, unless bad points were requested', async () => {
    const points = [
      format === 'json' ? { timestamp: 12, value: null } : { timestamp: 12, nullValue: true },
    ];
    const { api } = saying(format, [[{ ...SERIES, points }]]);
    await expect(api.retrieve({ id: 1, ...RANGE })).rejects.toThrow(
      /id 1: .*timestamps\[0\].*no value/,
    );
    await expect(api.retrieveLatest({ id: 1 })).rejects.toThrow(/id 1: .*no value/);
    const bad = await api.retrieve({ id: 1, ...RANGE, ignoreBadDataPoints: false });
    expect(bad.isNull(0)).toBe(true);
  });

  it('latest: a point at or after before is a DecodeError', async () => {
    const latest = (time: number, before: number) =>
      saying(format, [[{ ...SERIES, points: at(time) }]]).api.retrieveLatest({ id: 1, before });
    expect([...(await latest(19, 20)).timestamps]).toEqual([19]);
    for (const time of [20, 21])
      await expect(latest(time, 20)).rejects.toThrow(/id 1: .*timestamps\[0\] is 2\d/);
    await expect(latest(Date.now() + 3_600_000, Date.now())).rejects.toThrow(DecodeError);
  });

  it('aggregates: a missing one is NaN, and one that the others prove is a DecodeError', async () => {
    const missing = format === 'json' ? undefined : Number.NaN;
    const buckets = (...points: object[]) =>
      saying(format, [[{ ...SERIES, kind: 'aggregateDatapoints', points }]]).api.retrieve({
        ...{ id: 1, start: 0, end: 7_200_000 },
        granularity: '1h',
        aggregates: ['average', 'min', 'max', 'count', 'interpolation'],
      });
    const whole = { average: 1, min: 1, max: 1, count: 1, interpolation: 1 };
    const points = await buckets(
      { timestamp: 0, ...whole, interpolation: missing },
      {
        timestamp: 3_600_000,
        average: missing,
        min: missing,
        max: missing,
        count: missing,
        interpolation: 3,
      },
    );
    expect([...points.average]).toEqual([1, Number.NaN]);
    expect([...points.interpolation]).toEqual([Number.NaN, 3]);
    for (const name of ['count', 'min', 'max'])
      await expect(
        buckets({ timestamp: 0, ...whole }, { timestamp: 3_600_000, ...whole, [name]: missing }),
      ).rejects.toThrow(new RegExp(`id 1: .*timestamps\\[1\\].*no ${name}`));
  });
});

it.each<[string, unknown]>([
  ['null', null],
  ['a string', 'no'],
  ['no items', {}],
  ['an error in disguise', { error: { code: 500 } }],
  ['items that are not an array', { items: {} }],
  ['an item that is null', { items: [null] }],
  ['an item that is a string', { items: ['a'] }],
  ['points that are not an array', { items: [{ ...SERIES, datapoints: 'no' }] }],
  ['a point that is null', { items: [{ ...SERIES, datapoints: [null] }] }],
  ['a point that is a number', { items: [{ ...SERIES, datapoints: [12] }] }],
  ['isString that is a string', { items: [{ ...SERIES, isString: 'false', datapoints: [] }] }],
  ['a cursor that is a number', { items: [{ ...SERIES, nextCursor: 5, datapoints: [] }] }],
  [
    'a status that is a string',
    { items: [{ ...SERIES, datapoints: [{ timestamp: 12, value: 1, status: { code: 'x' } }] }] },
  ],
  [
    'a raw point that is a bucket',
    { items: [{ ...SERIES, datapoints: [{ timestamp: 12, average: 1 }] }] },
  ],
])('JSON: %s is a DecodeError', async (_, answer) => {
  const api = new DatapointsApi(memoryTransport(() => answer));
  await expect(api.retrieve({ id: 1, ...RANGE })).rejects.toThrow(DecodeError);
  if (!JSON.stringify(answer).includes('nextCursor'))
    await expect(api.retrieveLatest({ id: 1, before: 20 })).rejects.toThrow(DecodeError);
});

it('JSON: raw points in an answer to a query for aggregates are a DecodeError', async () => {
  const api = new DatapointsApi(
    memoryTransport(() => ({ items: [{ ...SERIES, datapoints: [{ timestamp: 0, value: 1 }] }] })),
  );
  const query = {
    id: 1,
    start: 0,
    end: 3_600_000,
    granularity: '1h',
    aggregates: ['average'],
  } as const;
  await expect(api.retrieve(query)).rejects.toThrow(DecodeError);
});

it.each([null, ''])(
  'JSON: nextCursor %j is the end, and datapoints may be null',
  async (nextCursor) => {
    const absent = {
      externalId: null,
      type: null,
      instanceId: null,
      isStep: null,
      unit: null,
      datapoints: null,
    };
    const item = { ...SERIES, ...absent, nextCursor };
    const transport = memoryTransport(() => ({ items: [item] }));
    expect(await new DatapointsApi(transport).retrieve({ id: 1, ...RANGE })).toMatchObject({
      length: 0,
      isStep: false,
    });
    expect(transport.requests).toHaveLength(1);
  },
);

it('missing has the series of every request, raw, of aggregates and of latest points', async () => {
  const transport = memoryTransport(({ body }) => {
    const { items } = body as { items: { id: number }[] };
    throw new NotFoundError('not found', { status: 400, missing: items.map(({ id }) => ({ id })) });
  });
  const api = new DatapointsApi(transport);
  const items = Array.from({ length: 250 }, (_, index) => ({ id: index + 1 }));
  const buckets = { aggregates: ['average'], granularity: '1h' } as const;
  const missing = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: NotFoundError) =>
        error.missing.map(({ id }) => id).sort((left, right) => Number(left) - Number(right)),
    );
  const all = items.map(({ id }) => id);
  expect(await missing(api.retrieveLatest({ items }))).toEqual(all);
  expect(await missing(api.retrieve({ items }))).toEqual(all);
  const mixed = items.map((item) => (item.id % 2 === 0 ? item : { ...item, ...buckets }));
  expect(await missing(api.retrieve({ items: mixed }))).toEqual(all);
  expect(await missing(api.retrieve({ items: [{ id: 7 }, { id: 7, ...buckets }] }))).toEqual([7]);
});
