import type { Disambiguation, Identifier, TimeArgument } from '@cdf/core';
import type { Aggregate } from './aggregates.js';
import type { Datapoints, MixedDatapoints, RawValue } from './datapoints-types.js';
import type { Granularity } from './granularity-text.js';

/**
 * Which points of a series, and in which form. `S`: whether the values are strings. `B`: whether
 * bad points are left out.
 */
export interface PointsRange<S extends boolean = boolean, B extends boolean = boolean> {
  /**
   * Inclusive.
   * @default 0, which is 1970-01-01
   */
  start?: TimeArgument | undefined;
  /**
   * Exclusive.
   * @default 'now', so that points in the future are left out
   */
  end?: TimeArgument | undefined;
  /**
   * Where hours, days and months of aggregates begin, and where `start` and `end` are local times
   * if they are strings without an offset: an IANA name, or `UTC+05:30`.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * Which instant `start` or `end` is when clocks skip or repeat that local time.
   * @default a skipped time is an error that names its neighbours, and a repeated one is the first
   */
  disambiguation?: Disambiguation | undefined;
  /**
   * Most points.
   * @default all of them
   */
  limit?: number | undefined;
  /**
   * The kind of values: `false` for numbers, `true` for strings. The result has that type, and a
   * series of the other kind is a ConfigError.
   * @default either: `points.isString` tells
   */
  isString?: S | undefined;
  /** Adds the last point before `start` and the first at or after `end`. Raw points only. */
  includeOutsidePoints?: boolean | undefined;
  /** Adds `statuses`. */
  includeStatus?: boolean | undefined;
  /**
   * Leaves bad points out.
   * @default true
   */
  ignoreBadDataPoints?: B | undefined;
  /**
   * Uncertain points count as bad.
   * @default true
   */
  treatUncertainAsBad?: boolean | undefined;
  /** External id of the unit to convert to. */
  targetUnit?: string | undefined;
  /** The unit system to convert to, such as `'SI'`. Not together with `targetUnit`. */
  targetUnitSystem?: string | undefined;
}

/** Raw points. */
export interface RawRange<S extends boolean = boolean, B extends boolean = boolean>
  extends PointsRange<S, B> {
  aggregates?: undefined;
  granularity?: GranularityNeedsAggregates | undefined;
}

/**
 * No value has this type: it is there for its name, which is what the compiler says of a
 * granularity without aggregates.
 */
export interface GranularityNeedsAggregates {
  readonly aggregates: never;
}

/** Aggregates. */
export interface AggregateRange<A extends Aggregate> extends PointsRange {
  /** One column each, over `granularity`. */
  aggregates: readonly A[];
  /**
   * The length of a bucket: a number and `s`, `m`, `h`, `d`, `w`, `mo`, `q` or `y`, such as
   * `'10m'` or `'1d'`. `granularity(text)` makes one of any string.
   */
  granularity: Granularity;
}

/** Raw points, or aggregates over a granularity: the two go together. */
export type DatapointsRange<
  A extends Aggregate = never,
  S extends boolean = boolean,
  B extends boolean = boolean,
> = RawRange<S, B> | AggregateRange<A>;

/** One series. */
export type DatapointsQuery<
  A extends Aggregate = never,
  S extends boolean = boolean,
  B extends boolean = boolean,
> = DatapointsRange<A, S, B> & Identifier & { readonly items?: undefined };

/** The settings of one series of several. */
export interface ItemRange<A extends Aggregate> extends PointsRange {
  /** @default those of the query */
  aggregates?: readonly A[] | undefined;
  /** @default that of the query */
  granularity?: Granularity | undefined;
}

/**
 * Several series. Settings of an item go before those of the query; aggregates and granularity of
 * an item are those of both together. `O`: aggregates that items ask for themselves.
 */
export type DatapointsItemsQuery<
  A extends Aggregate = never,
  O extends Aggregate = never,
  S extends boolean = boolean,
  B extends boolean = boolean,
> = SeveralSeries &
  (
    | (RawRange<S, B> & SeriesItems<DatapointsRange<O>>)
    | (AggregateRange<A> & SeriesItems<ItemRange<O>>)
    | (PointsRange &
        AggregatesOfItems<A> &
        SeriesItems<ItemRange<O> & { granularity: Granularity }>)
    | (PointsRange<S, B> &
        GranularityOfItems &
        SeriesItems<ItemRange<O> & { aggregates: readonly O[] }>)
  );

/** The options of queries of several series besides their range. */
export interface SeveralSeries {
  /** Leaves series out that do not exist, instead of a NotFoundError. */
  ignoreUnknownIds?: boolean | undefined;
  readonly id?: undefined;
  readonly externalId?: undefined;
  readonly instanceId?: undefined;
}

/** The series of a query. */
export interface SeriesItems<Q> {
  /**
   * The series, each with what is different for it. One may come more than once. Nodes are taken as
   * they were read: their members are no settings, which `{ instanceId: node, start }` has.
   */
  readonly items: readonly (Q & Identifier)[];
}

/** Aggregates of a query whose items say the granularity. */
export interface AggregatesOfItems<A extends Aggregate> {
  /** One column each, over the granularity of each item. */
  aggregates: readonly A[];
  granularity?: GranularityOfEachItem | undefined;
}

/**
 * No value has this type: it is there for its name, which the compiler says where the granularity
 * is missing.
 */
export interface GranularityOfEachItem {
  readonly granularity: never;
}

/** The granularity of a query whose items say the aggregates. */
export interface GranularityOfItems {
  aggregates?: undefined;
  /** The length of a bucket of the aggregates of each item. */
  granularity: Granularity;
}

/** The result of one item of a `DatapointsItemsQuery`. */
export type ItemResult<
  A extends Aggregate,
  O extends Aggregate,
  R,
  V extends RawValue = RawValue,
> = [O] extends [never] ? Datapoints<A, R, V> : MixedDatapoints<A | O, R>;

/**
 * The values of raw points, by what the query says of them: with `isString`, of that kind, and null
 * only where bad points are read.
 */
export type ValueOf<S extends boolean, B extends boolean> = boolean extends S
  ? RawValue
  : (S extends false ? number : string) | (false extends B ? null : never);

/** Which point is the latest, and in which form. */
export interface LatestRange<S extends boolean = boolean, B extends boolean = boolean> {
  /**
   * The latest point before this time.
   * @default 'now'
   */
  before?: TimeArgument | undefined;
  /**
   * Where `before` is a local time if it is a string without an offset: an IANA name, or
   * `UTC+05:30`.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * Which instant `before` is when clocks skip or repeat that local time.
   * @default a skipped time is an error that names its neighbours, and a repeated one is the first
   */
  disambiguation?: Disambiguation | undefined;
  /**
   * The kind of values: `false` for numbers, `true` for strings. The result has that type, and a
   * series of the other kind is a ConfigError.
   * @default either: `points.isString` tells
   */
  isString?: S | undefined;
  /** Adds `statuses`. */
  includeStatus?: boolean | undefined;
  /**
   * Passes over bad points.
   * @default true
   */
  ignoreBadDataPoints?: B | undefined;
  /**
   * Uncertain points count as bad.
   * @default true
   */
  treatUncertainAsBad?: boolean | undefined;
  /** External id of the unit to convert to. */
  targetUnit?: string | undefined;
  /** The unit system to convert to, such as `'SI'`. Not together with `targetUnit`. */
  targetUnitSystem?: string | undefined;
}

/** The latest point of one series. */
export type LatestQuery<S extends boolean = boolean, B extends boolean = boolean> = LatestRange<
  S,
  B
> &
  Identifier & { readonly items?: undefined };

/** The latest points of several series. Settings of an item go before those of the query. */
export interface LatestItemsQuery<S extends boolean = boolean, B extends boolean = boolean>
  extends LatestRange<S, B>,
    SeveralSeries,
    SeriesItems<LatestRange> {}

/** Part of the points of the series of a stream. */
export interface DatapointsBatch<L> {
  /**
   * Every series of the query that exists, in their order and also without points in this part of
   * time, so that the tables of all batches have the same columns. Each goes on where its batch
   * before ended. Of more than 1,000 items, a batch has the series of one thousand.
   */
  readonly datapoints: L;
  /** Goes on after this batch, also in another process: hand it to a stream of the same query. */
  readonly cursor: StreamCursor;
}

/** Where a stream stands: plain data that survives JSON. */
export interface StreamCursor {
  /** The time of `'now'`, for all of the stream. @unit milliseconds since the epoch */
  readonly now: number;
  /** The first series that has not been read to its end. */
  readonly group: number;
  /**
   * Where the series of the group go on; absent: at their beginning.
   *
   * @unit milliseconds since the epoch
   */
  readonly positions?: readonly number[] | undefined;
}
