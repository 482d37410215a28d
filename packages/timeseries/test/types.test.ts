import type { AssetScope, CallOptions, Listing } from '@cdf/core';
import type { ResourceApi } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import {
  type AssetTimeSeriesQuery,
  assetTimeSeries,
  type TimeSeries,
  TimeSeriesApi,
  type TimeSeriesData,
  type TimeSeriesList,
  type TimeSeriesOperations,
  type TimeSeriesUpdate,
} from '@cdf/timeseries';
import { expect, expectTypeOf, it } from 'vitest';
import type { TimeSeriesTypes } from '../src/time-series-types.js';

interface Lean {
  readonly latest: (series: TimeSeriesData) => () => Promise<number>;
}
interface Full extends Lean {
  readonly plot: (series: TimeSeriesData) => (title?: string) => string;
}
interface ListRelations {
  readonly plot: (list: readonly TimeSeriesData[]) => (title?: string) => string;
}

it('lets an API with more methods stand in for one with fewer', () => {
  expectTypeOf<TimeSeriesApi<Full, ListRelations>>().toExtend<TimeSeriesApi<Lean>>();
  expectTypeOf<TimeSeriesApi<Lean>>().toExtend<TimeSeriesApi>();
  expectTypeOf<TimeSeriesApi>().not.toExtend<TimeSeriesApi<Lean>>();
  expectTypeOf<TimeSeries<Full>>().toExtend<TimeSeries<Lean>>();
  expectTypeOf<TimeSeriesList<Full, ListRelations>>().toExtend<TimeSeriesList<Lean>>();
  expectTypeOf<'latest' extends keyof TimeSeries ? true : false>().toEqualTypeOf<false>();
  expectTypeOf<
    'latest' extends keyof TimeSeriesList<Full, ListRelations> ? true : false
  >().toEqualTypeOf<false>();
});

it('carries the methods of series through the relation of assets', () => {
  const api = new TimeSeriesApi<Lean>(memoryTransport({}), { latest: () => async () => 1 });
  const relation = assetTimeSeries(api);
  expectTypeOf(relation).toEqualTypeOf<
    (
      scope: AssetScope,
    ) => (
      query?: AssetTimeSeriesQuery,
      options?: CallOptions,
    ) => Listing<TimeSeries<Lean>, TimeSeriesList<Lean, Record<never, never>>>
  >();
  expect(relation({ reach: 'self', assets: [] })).toBeTypeOf('function');
});

it('refuses what the API would refuse', () => {
  // @ts-expect-error whether values are text never changes
  const kind: TimeSeriesUpdate = { id: 1, update: { isString: { set: true } } };
  // @ts-expect-error a step is or is not, it is never absent
  const step: TimeSeriesUpdate = { id: 1, update: { isStep: { setNull: true } } };
  // @ts-expect-error the scope says which assets
  const query: AssetTimeSeriesQuery = { filter: { assetIds: [1] } };
  expect([kind, step, query]).toHaveLength(3);
});

it('has methods that are those of every resource, with types and words of its own', () => {
  expectTypeOf<ResourceApi<TimeSeriesTypes<Full, ListRelations>>>().toExtend<
    TimeSeriesOperations<Full, ListRelations>
  >();
});
