import type { Disambiguation, Identifier, TimeArgument } from '@cdf/core';
import type { Aggregate } from './aggregates.js';
import type { Datapoints, MixedDatapoints } from './datapoints-types.js';
import type { Granularity } from './granularity.js';

/** Which points of a series, and in which form. */
export interface DatapointsRange<A extends Aggregate = never> {
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
  /** One column each, over `granularity`. Without them the points are raw. */
  aggregates?: readonly A[] | undefined;
  /**
   * What aggregates are over: a number and `s`, `m`, `h`, `d`, `w`, `mo`, `q` or `y`, such as `'10m'` or `'1d'`. `granularity(text)` makes one of any string.
   */
  granularity?: Granularity | undefined;
  /**
   * Where hours, days and months of aggregates begin, and where `start` and `end` are local times if they are strings without an offset: an IANA name, or
   * `UTC+05:30`.
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
  /** Adds the last point before `start` and the first at or after `end`. Raw points only. */
  includeOutsidePoints?: boolean | undefined;
  /** Adds `statuses`. */
  includeStatus?: boolean | undefined;
  /**
   * Leaves bad points out.
   * @default true
   */
  ignoreBadDataPoints?: boolean | undefined;
  /**
   * What is uncertain counts as bad.
   * @default true
   */
  treatUncertainAsBad?: boolean | undefined;
  /** External id of the unit to convert to. */
  targetUnit?: string | undefined;
  /** The unit system to convert to, such as `'SI'`. Not together with `targetUnit`. */
  targetUnitSystem?: string | undefined;
}

/** One series. */
export type DatapointsQuery<A extends Aggregate = never> = DatapointsRange<A> & Identifier;

/** Several series. What an item says goes before what the query says. `O`: aggregates that items ask for themselves. */
export interface DatapointsItemsQuery<A extends Aggregate = never, O extends Aggregate = never>
  extends DatapointsRange<A> {
  /** The series, each with what is different for it. One may come more than once. */
  readonly items: readonly (DatapointsRange<O> & Identifier)[];
  /** Leaves series out that do not exist, instead of a NotFoundError. */
  ignoreUnknownIds?: boolean | undefined;
}

/** What one item of a `DatapointsItemsQuery` gives. */
export type ItemResult<A extends Aggregate, O extends Aggregate, R> = [O] extends [never]
  ? Datapoints<A, R>
  : MixedDatapoints<A | O, R>;

/** Which point is the latest, and in which form. */
export interface LatestRange {
  /**
   * The latest point before this time.
   * @default 'now'
   */
  before?: TimeArgument | undefined;
  /**
   * Where `before` is a local time if it is a string without an offset: an IANA name, or `UTC+05:30`.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * Which instant `before` is when clocks skip or repeat that local time.
   * @default a skipped time is an error that names its neighbours, and a repeated one is the first
   */
  disambiguation?: Disambiguation | undefined;
  /** Adds `statuses`. */
  includeStatus?: boolean | undefined;
  /**
   * Passes over bad points.
   * @default true
   */
  ignoreBadDataPoints?: boolean | undefined;
  /**
   * What is uncertain counts as bad.
   * @default true
   */
  treatUncertainAsBad?: boolean | undefined;
  /** External id of the unit to convert to. */
  targetUnit?: string | undefined;
  /** The unit system to convert to, such as `'SI'`. Not together with `targetUnit`. */
  targetUnitSystem?: string | undefined;
}

/** The latest point of one series. */
export type LatestQuery = LatestRange & Identifier;

/** The latest points of several series. What an item says goes before what the query says. */
export interface LatestItemsQuery extends LatestRange {
  /** The series, each with what is different for it. */
  readonly items: readonly LatestQuery[];
  /** Leaves series out that do not exist, instead of a NotFoundError. */
  ignoreUnknownIds?: boolean | undefined;
}

/** Part of the points of the series of a stream. */
export interface DatapointsBatch<L> {
  /** The series that have points in this part of time, each going on where its batch before ended. */
  readonly datapoints: L;
  /** Goes on after this batch, also in another process: hand it to a stream of the same query. */
  readonly cursor: StreamCursor;
}

/** Where a stream stands: plain data that survives JSON. */
export interface StreamCursor {
  /** What `'now'` means, for all of the stream. @unit milliseconds since the epoch */
  readonly now: number;
  /** The first series that has not been read to its end. */
  readonly group: number;
  /** Where the series of the group go on; absent: at their beginning. @unit milliseconds since the epoch */
  readonly positions?: readonly number[] | undefined;
}
