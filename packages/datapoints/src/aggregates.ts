/**
 * The aggregates of CDF over a granularity. Numeric series only. `average` is weighted by time: a
 * value counts for as long as it holds; the `mean` of `resample` counts every point the same.
 */
export type Aggregate =
  | 'average'
  | 'max'
  | 'min'
  | 'count'
  | 'sum'
  | 'interpolation'
  | 'stepInterpolation'
  | 'continuousVariance'
  | 'discreteVariance'
  | 'totalVariation'
  | 'countGood'
  | 'countUncertain'
  | 'countBad'
  | 'durationGood'
  | 'durationUncertain'
  | 'durationBad'
  | PointAggregate;

/** Aggregates that are points themselves, with a time and a status of their own. */
export type PointAggregate = 'maxDatapoint' | 'minDatapoint';

/** Field numbers of the aggregates in CDF's protobuf messages. */
export const AGGREGATE_FIELDS: Readonly<Record<Aggregate, number>> = {
  average: 2,
  max: 3,
  min: 4,
  count: 5,
  sum: 6,
  interpolation: 7,
  stepInterpolation: 8,
  continuousVariance: 9,
  discreteVariance: 10,
  totalVariation: 11,
  countGood: 12,
  countUncertain: 13,
  countBad: 14,
  durationGood: 15,
  durationUncertain: 16,
  durationBad: 17,
  maxDatapoint: 18,
  minDatapoint: 19,
};

/** Every aggregate, in the order of the wire format. */
export const AGGREGATES: readonly Aggregate[] = /* @__PURE__ */ Object.keys(
  AGGREGATE_FIELDS,
) as Aggregate[];

/** True if a name from outside, such as a query string, is one of {@link AGGREGATES}. */
export function isAggregate(name: string): name is Aggregate {
  return Object.hasOwn(AGGREGATE_FIELDS, name);
}

export function isPointAggregate(name: Aggregate): name is PointAggregate {
  return name === 'maxDatapoint' || name === 'minDatapoint';
}
