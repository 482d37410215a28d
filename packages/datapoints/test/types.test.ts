import type { Relations } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Aggregate,
  type AnyDatapoints,
  type Datapoints,
  DatapointsApi,
  type MixedDatapoints,
  type PointColumn,
  seriesDatapoints,
  seriesLatest,
} from '../src/index.js';

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
    expectTypeOf(() => lean.retrieve({ id: 1, aggregates: ['max'], granularity: '1h' })).returns.resolves.toEqualTypeOf<
      Datapoints<'max'>
    >();
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

  it('has optional columns where items ask for their own aggregates', () => {
    const mixed = () =>
      lean.retrieve({
        items: [{ id: 1, aggregates: ['min'] }, { id: 2 }],
        aggregates: ['max'],
        granularity: '1h',
      });
    expectTypeOf(mixed).returns.resolves.items.toEqualTypeOf<MixedDatapoints<'max' | 'min'>>();
  });

  it('can be handed to whoever takes any points, and written back', () => {
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
    expectTypeOf<{ plot: typeof plot }>().toExtend<Relations<{ plot: typeof plot }, readonly AnyDatapoints[]>>();
  });
});

describe('a method', () => {
  it('works apart from its object', async () => {
    const { retrieve, retrieveLatest, stream } = full;
    expect((await retrieve({ id: 1 })).plot('title')).toBe('title: 1');
    expect((await retrieveLatest({ id: 1 })).length).toBe(1);
    for await (const { datapoints } of stream({ items: [{ id: 1, end: 2 }] })) expect(datapoints.length).toBe(1);
    const { query } = new DatapointsApi(memoryTransport(() => ({ items: [{ datapoints: [] }] }))).synthetic;
    expect((await query({ expression: '1' })).length).toBe(0);
  });
});
