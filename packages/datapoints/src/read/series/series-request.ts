import { ConfigError, type Identifier, type LocalTimeOptions } from '@cdf/core';
import {
  describeTime,
  loadPart,
  MAX_TIME,
  MIN_TIME,
  mayBeLocal,
  type ReadLocal,
  refuseUnknown,
  shown,
  toEpochRange,
  ZONES,
} from '@cdf/core/resource';
import { AGGREGATE_FIELDS, type Aggregate } from '../../aggregates.js';
import type { Layout } from '../../points/columns.js';
import type { ItemRange } from '../../query-types.js';
import type { MakePointReader } from '../../wire/point-fields.js';
import type * as AggregateReading from '../aggregates.js';
import type { localTimes } from '../local-times.js';
import type { BucketGrid } from './bucket-grid.js';
import { type ParsedGranularity, parseGranularity } from './granularity.js';
import { mapItems, RANGE, STATUSES } from './query-items.js';

/** One item of a query: checked, times resolved, defaults filled in. */
export interface SeriesRequest {
  readonly identifier: Identifier;
  /** Inclusive. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly limit: number;
  readonly layout: Layout;
  readonly granularity: ParsedGranularity | undefined;
  readonly grid: BucketGrid | undefined;
  /** Makes a reader of the aggregates of an answer. */
  readonly makeAggregates: MakePointReader | undefined;
  /** Checks the aggregates of a page against each other. */
  readonly checkBuckets: typeof AggregateReading.checkBuckets | undefined;
  readonly outside: boolean;
  /** The kind of values that the caller expects. A series that was read says it itself. */
  readonly isString: boolean | undefined;
  /** True if this is a later part of a query: then the first bucket is not the query's first. */
  readonly continued?: boolean | undefined;
  /** Points per millisecond, where that is known beforehand. */
  readonly density?: number | undefined;
  /** Members of every request for this series, besides its part of the time and its limit. */
  readonly wire: Readonly<Record<string, unknown>>;
}

type Range = ItemRange<Aggregate>;

export interface SeriesQuery extends Range {
  readonly items: readonly (Range & Identifier)[];
}

/** Members that the items of one query share, made once: a call may have thousands of items. */
interface Shared {
  /** Undefined where no item asks for aggregates. */
  readonly reading: typeof AggregateReading | undefined;
  readonly localTimes: typeof localTimes | undefined;
  readonly layouts: Map<readonly Aggregate[], Layout>;
  readonly readers: Map<string, ReadLocal>;
  readonly grids: Map<
    string,
    { readonly granularity: ParsedGranularity; readonly grid: BucketGrid }
  >;
}

/**
 * Checks a query, item by item. Loads what reads aggregates where an item asks for any.
 *
 * @param now what relative times are relative to: one for all items of a call
 * @throws {ConfigError} for anything that the API would refuse or read in another way than meant.
 */
export async function toSeriesRequests(query: SeriesQuery, now: number): Promise<SeriesRequest[]> {
  const ranges = [query, ...givenItems(query)];
  const hasAggregates = ranges.some((range) => range?.aggregates !== undefined);
  const hasZones = ranges.some(
    (range) => range && mayBeLocal([range.start, range.end], range.timeZone),
  );
  const reading = hasAggregates ? await loadPart(import('../aggregates.js')) : undefined;
  const localTimes = hasZones
    ? (await loadPart(import('../local-times.js'))).localTimes
    : undefined;
  const shared: Shared = {
    reading,
    localTimes,
    layouts: new Map(),
    grids: new Map(),
    readers: new Map(),
  };
  return mapItems(query, RANGE, (item, identifier, what) =>
    toSeriesRequest(item, identifier, query, now, what, shared),
  );
}

/** The items, which are not checked yet. */
function givenItems({ items }: SeriesQuery): readonly (Range | null | undefined)[] {
  return Array.isArray(items) ? items : [];
}

function toSeriesRequest(
  item: Range,
  identifier: Identifier,
  query: Range,
  now: number,
  what: string,
  shared: Shared,
): SeriesRequest {
  const get = <K extends keyof Range>(name: K): Range[K] => item[name] ?? query[name];
  const timeZone = get('timeZone');
  const readLocal = toReader({ timeZone, disambiguation: get('disambiguation') }, shared);
  const { start, end } = toEpochRange(get('start') ?? 0, get('end') ?? now, now, what, readLocal);
  if (start < MIN_TIME || end > MAX_TIME + 1)
    throw new ConfigError(
      `${what}: data points lie between ${describeTime(MIN_TIME)} and ${describeTime(MAX_TIME)}`,
    );
  const limit = get('limit') ?? Infinity;
  if (limit !== Infinity && (!Number.isInteger(limit) || limit < 0))
    throw new ConfigError(
      `${what}: limit must be a whole number, got ${shown(limit)}; omit it for every point`,
    );
  const layout = toLayout(get('aggregates'), what, shared);
  const text = get('granularity');
  if ((layout === undefined) !== (text === undefined))
    throw new ConfigError(
      layout === undefined
        ? `${what}: granularity ${JSON.stringify(text)} needs aggregates, such as ['average']`
        : `${what}: aggregates need a granularity, such as '1h'`,
    );
  const outside = get('includeOutsidePoints') ?? false;
  if (outside && layout !== undefined)
    throw new ConfigError(`${what}: includeOutsidePoints is for raw points only`);
  const buckets = text === undefined ? undefined : toBuckets(text, start, timeZone, shared);
  const wire = toWireItem(identifier, item, query, what);
  if (layout !== undefined) wire.aggregates = layout;
  if (buckets !== undefined) wire.granularity = buckets.granularity.text;
  if (layout !== undefined && timeZone !== undefined) wire.timeZone = timeZone;
  return {
    identifier,
    start,
    end,
    limit,
    layout,
    granularity: buckets?.granularity,
    grid: buckets?.grid,
    makeAggregates: layout && shared.reading?.makeAggregateReader,
    checkBuckets: layout && shared.reading?.checkBuckets,
    outside,
    isString: query.isString ?? ('isStep' in item ? undefined : item.isString),
    wire,
  };
}

interface WireSettings {
  includeStatus?: boolean | undefined;
  ignoreBadDataPoints?: boolean | undefined;
  treatUncertainAsBad?: boolean | undefined;
  targetUnit?: string | undefined;
  targetUnitSystem?: string | undefined;
}

/**
 * The identifier with the settings of reads that the API takes per item only. Only what is set, and
 * no spreads: calls have thousands of items, and each spread after the first costs more than all
 * the rest.
 */
export function toWireItem(
  identifier: Identifier,
  item: WireSettings,
  query: WireSettings,
  what: string,
): Record<string, unknown> {
  const ownUnit = item.targetUnit !== undefined || item.targetUnitSystem !== undefined;
  const { targetUnit, targetUnitSystem } = ownUnit ? item : query;
  if (targetUnit !== undefined && targetUnitSystem !== undefined)
    throw new ConfigError(`${what}: targetUnit and targetUnitSystem are both set; keep one`);
  const wire: Record<string, unknown> = { ...identifier };
  for (const name of STATUSES) {
    const setting = item[name] ?? query[name];
    if (setting !== undefined) wire[name] = setting;
  }
  if (targetUnit !== undefined) wire.targetUnit = targetUnit;
  if (targetUnitSystem !== undefined) wire.targetUnitSystem = targetUnitSystem;
  return wire;
}

function toLayout(
  aggregates: readonly Aggregate[] | undefined,
  what: string,
  { layouts }: Shared,
): Layout {
  if (aggregates === undefined) return undefined;
  const known = layouts.get(aggregates);
  if (known !== undefined) return known;
  if (!Array.isArray(aggregates))
    throw new ConfigError(`${what}: aggregates must be an array: ${JSON.stringify([aggregates])}`);
  if (aggregates.length === 0)
    throw new ConfigError(`${what}: aggregates is empty; omit it for raw points`);
  refuseUnknown(aggregates, AGGREGATE_FIELDS, `${what}: aggregates`);
  const layout = [...new Set(aggregates)];
  layouts.set(aggregates, layout);
  return layout;
}

/** Undefined where no item has a time zone. */
function toReader(
  options: LocalTimeOptions,
  { localTimes, readers }: Shared,
): ReadLocal | undefined {
  if (localTimes === undefined) return undefined;
  const key = JSON.stringify(options);
  const reader = readers.get(key) ?? localTimes(ZONES, options).read;
  readers.set(key, reader);
  return reader;
}

function toBuckets(
  text: string,
  start: number,
  timeZone: string | undefined,
  { reading, grids }: Shared,
): { readonly granularity: ParsedGranularity; readonly grid: BucketGrid } | undefined {
  if (reading === undefined) return undefined;
  const key = JSON.stringify([text, start, timeZone]);
  let buckets = grids.get(key);
  if (buckets === undefined) {
    const granularity = parseGranularity(text);
    const clock = timeZone === undefined ? undefined : reading.bucketClock(ZONES, timeZone);
    buckets = { granularity, grid: new reading.BucketGrid(start, granularity, clock) };
    grids.set(key, buckets);
  }
  return buckets;
}
