import { withEpochDates } from '../values/filter-dates.js';
import { type Sort, toWireSort } from '../values/filters.js';
import type { Identified } from '../values/identifiers.js';
import { localTimes } from '../values/local-time.js';
import { type TimeArgument, toEpoch } from '../values/time.js';
import { checkObject, withEpochWindows } from '../values/time-window.js';
import { ZONES } from '../values/time-zone.js';
import type { ResourceDefinition } from './definition.js';

/**
 * The parameters of a list request besides paging. Fields that are not named here are sent as they
 * are.
 */
export interface QueryBody {
  readonly filter?: object | undefined;
  readonly sort?: unknown;
  readonly limit?: number | undefined;
  readonly [field: string]: unknown;
}

/**
 * A query in wire form. Fields already in this form stay as they are.
 *
 * @param now the time that relative times start from: taken once per call, so that all of its
 *   requests agree
 * @throws {ConfigError} naming a bound that is not a time.
 */
export function toWireQuery<T extends Identified>(
  definition: ResourceDefinition<T>,
  { filter, sort, ...rest }: QueryBody,
  now: number,
): QueryBody {
  for (const name of ['advancedFilter', 'aggregateFilter'])
    if (rest[name] !== undefined) checkObject(rest[name], name, 'an object');
  const windows = ['createdTime', 'lastUpdatedTime', ...(definition.windows ?? [])];
  return {
    ...withEpochDates(rest),
    ...(filter === undefined
      ? {}
      : { filter: withEpochWindows(filter, windows, now, localTimes(ZONES).read) }),
    ...(sort === undefined ? {} : { sort: toWireSort(sort as Sort) }),
  };
}

/** Items to write, whole or as patches, with their times in epoch milliseconds. */
export function toWireItems<I extends object, T extends Identified>(
  definition: ResourceDefinition<T>,
  items: readonly I[],
): readonly I[] {
  const times = timesOf(definition);
  const now = Date.now();
  return times.length === 0 ? items : items.map((item) => withEpochs(item, times, now));
}

function timesOf<T extends Identified>({ fields }: ResourceDefinition<T>): string[] {
  return Object.keys(fields).filter((name) => fields[name as keyof T] === 'time');
}

function withEpochs<I extends object>(item: I, names: readonly string[], now: number): I {
  const readLocal = localTimes(ZONES).read;
  const toNumber = (value: unknown, name: string): unknown =>
    toEpoch(value as TimeArgument, now, name, readLocal);
  const { update: given } = item as { readonly update?: unknown };
  // Other than an object is no patch, and is refused as such.
  if (typeof given !== 'object' || given === null) return mapFields(item, names, toNumber);
  const update = mapFields(given, names, (patch, name) =>
    mapFields(patch as object, ['set'], (value) => toNumber(value, name)),
  );
  return { ...item, update };
}

/** Copies only when a field changes; one that is null stays null. */
function mapFields<I extends object>(
  object: I,
  names: readonly string[],
  map: (value: unknown, name: string) => unknown,
): I {
  const fields = object as Readonly<Record<string, unknown>>;
  const changed = names
    .filter((name) => fields[name] !== undefined && fields[name] !== null)
    .map((name) => [name, map(fields[name], name)] as const)
    .filter(([name, value]) => value !== fields[name]);
  return changed.length === 0 ? object : { ...object, ...Object.fromEntries(changed) };
}
