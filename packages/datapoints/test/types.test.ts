import { ConfigError, type Relations } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import {
  type Aggregate,
  type AnyDatapoints,
  type Datapoints,
  DatapointsApi,
  type DatapointsItemsQuery,
  type DatapointsQuery,
  type DatapointsRange,
  type Granularity,
  granularity,
  type MixedDatapoints,
  type PointColumn,
  type RawDatapoint,
  seriesDatapoints,
  seriesLatest,
} from '@cdf/datapoints';
import { describe, expect, expectTypeOf, it } from 'vitest';

const plot = (series: readonly AnyDatapoints[]) => (title?: string) =>
  `${title}: ${series.map(({ length }) => length)}`;
const transport = memoryTransport(() => ({
  items: [{ id: 1, isString: false, datapoints: [{ timestamp: 1, value: 2 }] }],
}));
const lean = new DatapointsApi(transport);
const full = new DatapointsApi(transport, { plot });

describe('the type of a result', () => {
  it('has values for raw points, one column per aggregate otherwise, and nothing else', () => {
    expectTypeOf(() => lean.retrieve({ id: 1 })).returns.resolves.toEqualTypeOf<Datapoints>();
    expectTypeOf(() =>
      lean.retrieve({ id: 1, aggregates: ['max'], granularity: '1h' }),
    ).returns.resolves.toEqualTypeOf<Datapoints<'max'>>();
    expectTypeOf<Datapoints<'max'>['max']>().toEqualTypeOf<Float64Array>();
    expectTypeOf<Datapoints<'maxDatapoint'>['maxDatapoint']>().toEqualTypeOf<PointColumn>();
    expectTypeOf<Datapoints<'max'>>().not.toHaveProperty('average');
    expectTypeOf<Datapoints<'max'>>().not.toHaveProperty('values');
    expectTypeOf<Datapoints<Aggregate>['average']>().toEqualTypeOf<Float64Array | undefined>();
  });

  it('tells numbers from strings by isString', () => {
    const read = (points: Datapoints): number | string | undefined =>
      points.isString ? points.values[0] : points.values[0]?.valueOf();
    expectTypeOf(read).returns.toEqualTypeOf<number | string | undefined>();
  });

  it('has numbers, or strings, where the query says what the series holds', async () => {
    const numbers = await lean.retrieve({ id: 1, isString: false });
    expectTypeOf(numbers.values).toEqualTypeOf<Float64Array>();
    expectTypeOf(numbers.at(0)).toEqualTypeOf<RawDatapoint<number> | undefined>();
    let sum = 0;
    for (const { value } of numbers) sum += value;
    expect([sum, numbers.values.at(-1), numbers.isString]).toEqual([2, 2, false]);
    expectTypeOf(numbers).toExtend<Datapoints>();

    const bad = () => lean.retrieve({ id: 1, isString: false, ignoreBadDataPoints: false });
    expectTypeOf(bad).returns.resolves.toEqualTypeOf<
      Datapoints<never, Record<never, never>, number | null>
    >();
    const texts = () => lean.retrieve({ items: [{ id: 1 }], isString: true });
    expectTypeOf(texts)
      .returns.resolves.items.toHaveProperty('values')
      .toEqualTypeOf<readonly string[]>();
    const either = (isString: boolean) => lean.retrieve({ id: 1, isString });
    expectTypeOf(either).returns.resolves.toEqualTypeOf<Datapoints>();
    const latest = () => seriesLatest(lean)({ id: 1 })({ isString: false });
    expectTypeOf(latest).returns.resolves.toEqualTypeOf<RawDatapoint<number> | undefined>();
    const streamed = async () => {
      for await (const { datapoints } of lean.stream({ id: 1, isString: false }))
        return datapoints[0]?.values;
      return undefined;
    };
    expectTypeOf(streamed).returns.resolves.toEqualTypeOf<Float64Array | undefined>();
  });

  it('is known only when it is read where one query may be of one series or of several', () => {
    const any = (query: DatapointsQuery | DatapointsItemsQuery) => lean.retrieve(query);
    expectTypeOf(any).returns.resolves.toHaveProperty('length');
  });

  it('has optional columns where items ask for their own aggregates', () => {
    const mixed = () =>
      lean.retrieve({
        items: [{ id: 1, aggregates: ['min'] }, { id: 2 }],
        aggregates: ['max'],
        granularity: '1h',
      });
    expectTypeOf(mixed).returns.resolves.items.toEqualTypeOf<MixedDatapoints<'max' | 'min'>>();
  });

  it('can be passed to functions that take any points, and written back', () => {
    expectTypeOf<Datapoints<'max'>>().toExtend<AnyDatapoints>();
    expectTypeOf<Datapoints>().toExtend<AnyDatapoints>();
    expectTypeOf<MixedDatapoints<'max'>>().toExtend<AnyDatapoints>();
    expectTypeOf(lean.insert).toBeCallableWith({ id: 1 }, {} as Datapoints);
  });

  it('lets an api with relations stand in for one without', async () => {
    expectTypeOf(full).toExtend<DatapointsApi>();
    expectTypeOf(seriesLatest).toBeCallableWith(full);
    const points = await seriesDatapoints(full)({ id: 1 })();
    expect(points.plot('title')).toBe('title: 1');
    const list = await full.retrieve({ items: [{ id: 1 }] });
    expect(list.plot('list')).toBe('list: 1');
    expect(list[0]?.slice(1).plot('slice')).toBe('slice: 0');
    expectTypeOf<{ plot: typeof plot }>().toExtend<
      Relations<{ plot: typeof plot }, readonly AnyDatapoints[]>
    >();
  });
});

describe('a query', () => {
  const refuse = (...calls: readonly (() => unknown)[]): void =>
    expect(calls.length).toBeGreaterThan(0);

  it('has aggregates and a granularity, or neither', () => {
    const pair = { aggregates: ['max'], granularity: '1h' } as const;
    expectTypeOf(lean.retrieve).toBeCallableWith({ id: 1, ...pair });
    expectTypeOf(lean.retrieve).toBeCallableWith({ items: [{ id: 1 }], ...pair });
    expectTypeOf<{ aggregates: ['max'] }>().not.toExtend<DatapointsRange<'max'>>();
    expectTypeOf<{ granularity: '1h' }>().not.toExtend<DatapointsRange<'max'>>();
    refuse(
      // @ts-expect-error a granularity is missing
      () => lean.retrieve({ id: 1, aggregates: ['max'] }),
      // @ts-expect-error aggregates are missing
      () => lean.retrieve({ id: 1, granularity: '1h' }),
      // @ts-expect-error a granularity is missing
      () => seriesDatapoints(lean)({ id: 1 })({ aggregates: ['max'] }),
      // @ts-expect-error a granularity is missing
      () => lean.stream({ id: 1, aggregates: ['max'] }),
      () =>
        // @ts-expect-error the granularity of an item is missing
        lean.retrieve({ items: [{ id: 1, granularity: '1h' }, { id: 2 }], aggregates: ['max'] }),
      () =>
        // @ts-expect-error the aggregates of an item are missing
        lean.retrieve({ items: [{ id: 1, aggregates: ['max'] }, { id: 2 }], granularity: '1h' }),
      // @ts-expect-error a granularity of the item, or of the query, is missing
      () => lean.retrieve({ items: [{ id: 1, aggregates: ['max'] }] }),
    );
  });

  it('takes from its items what it lacks itself', () => {
    const granularities = () =>
      lean.retrieve({ items: [{ id: 1, granularity: '1m' }], aggregates: ['max'] });
    expectTypeOf(granularities).returns.resolves.items.toEqualTypeOf<Datapoints<'max'>>();
    const aggregates = () =>
      lean.retrieve({ items: [{ id: 1, aggregates: ['max'] }], granularity: '1h' });
    expectTypeOf(aggregates).returns.resolves.items.toEqualTypeOf<MixedDatapoints<'max'>>();
  });

  it('is told at run time what types could not tell', async () => {
    const untyped = (query: object) => lean.retrieve(query as never);
    await expect(untyped({ id: 1, aggregates: ['max'] })).rejects.toThrow(
      "aggregates need a granularity, such as '1h'",
    );
    await expect(untyped({ id: 1, granularity: '1h' })).rejects.toThrow(
      'granularity "1h" needs aggregates',
    );
  });
});

describe('a granularity', () => {
  it('is a number and a unit', () => {
    for (const each of ['1h', '15m', '1d', '1mo', '1q', '45s', '7d'] as const)
      expectTypeOf(each).toExtend<Granularity>();
    const hours = 6;
    expectTypeOf(`${hours}h` as const).toExtend<Granularity>();
    for (const each of ['1hour', '1x', 'h', '1M', '1 h', 'day', ''] as const)
      expectTypeOf(each).not.toExtend<Granularity>();
    expectTypeOf<string>().not.toExtend<Granularity>();
  });

  it('is made of any string, or rejected', () => {
    expectTypeOf(granularity).toEqualTypeOf<(text: string) => Granularity>();
    expect(['1h', '2 weeks', 'quarter', 'Day', '15m'].map(granularity)).toEqual([
      '1h',
      '14d',
      '3mo',
      '1d',
      '15m',
    ]);
    expect(() => granularity('1x')).toThrow(/^granularity "1x" is not one of/);
    for (const each of NO_GRANULARITIES) expect(() => granularity(each)).toThrow(ConfigError);
  });
});

const NO_GRANULARITIES = ['1M', '121s', '1.5h', '-1h', '0d', '', 'fortnight'];

describe('the values of a series', () => {
  const holding = (isString: boolean) =>
    new DatapointsApi(
      memoryTransport(() => ({
        items: [{ id: 1, externalId: 'valve', isString, datapoints: [] }],
      })),
    );

  it('is a ConfigError where the query says otherwise', async () => {
    const said = 'externalId "valve" holds strings, and the query says isString: false';
    const valve = { externalId: 'valve', isString: false } as const;
    const texts = holding(true);
    await expect(texts.retrieve(valve)).rejects.toThrow(new ConfigError(said));
    await expect(texts.retrieve({ items: [valve] })).rejects.toThrow(said);
    await expect(texts.retrieveLatest(valve)).rejects.toThrow(said);
    await expect(texts.stream(valve)[Symbol.asyncIterator]().next()).rejects.toThrow(said);
    await expect(holding(false).retrieve({ id: 1, isString: true })).rejects.toThrow(
      'id 1 holds numbers, and the query says isString: true',
    );
    expect((await holding(false).retrieve(valve)).length).toBe(0);
  });

  it('is not sent, and hides no misspelt option', async () => {
    const transport = memoryTransport(() => ({
      items: [{ id: 1, isString: false, datapoints: [] }],
    }));
    const api = new DatapointsApi(transport);
    await api.retrieve({ id: 1, isString: false });
    expect(JSON.stringify(transport.requests[0]?.body)).not.toContain('isString');
    await expect(api.retrieve({ id: 1, isString: false, strat: 0 } as never)).rejects.toThrow(
      'did you mean start?',
    );
  });
});

describe('a method', () => {
  it('works apart from its object', async () => {
    const { retrieve, retrieveLatest, stream } = full;
    expect((await retrieve({ id: 1 })).plot('title')).toBe('title: 1');
    expect((await retrieveLatest({ id: 1 })).length).toBe(1);
    for await (const { datapoints } of stream({ items: [{ id: 1, end: 2 }] }))
      expect(datapoints.length).toBe(1);
    const { query } = new DatapointsApi(memoryTransport(() => ({ items: [{ datapoints: [] }] })))
      .synthetic;
    expect((await query({ expression: '1' })).length).toBe(0);
  });
});
