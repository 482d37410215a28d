import { badRequest } from '../errors.js';
import type { State } from '../state.js';
import {
  externalIdText,
  type LabelFilter,
  type LabelReference,
  metadataFilter,
  type TimeRange,
  timeRange,
} from '../validation/common.js';
import type { Check } from '../validation/schema.js';
import { type Refusals, resolve, wordedRefusals } from './references.js';

/** A condition on items; `undefined` lets everything through. */
export type Predicate<T> = ((item: T) => boolean) | undefined;

const MAX_SUBTREE_ASSETS = 100_000;
const assetRefusals: Refusals = wordedRefusals('Asset');

type Metadata = Readonly<Record<string, string>>;

/** What the simple filters of all resources can say. */
export interface CommonFilter {
  readonly metadata?: Metadata | undefined;
  readonly createdTime?: TimeRange | undefined;
  readonly lastUpdatedTime?: TimeRange | undefined;
  readonly externalIdPrefix?: string | undefined;
}

/** The form of {@link CommonFilter}. */
export const commonFields: Readonly<{
  metadata: Check<Metadata>;
  createdTime: Check<TimeRange>;
  lastUpdatedTime: Check<TimeRange>;
  externalIdPrefix: Check<string>;
}> = { metadata: metadataFilter, createdTime: timeRange, lastUpdatedTime: timeRange, externalIdPrefix: externalIdText };

/** The conditions that a {@link CommonFilter} stands for. */
export function commonConditions<
  T extends {
    readonly externalId?: string | undefined;
    readonly createdTime: number;
    readonly lastUpdatedTime: number;
    readonly metadata?: Metadata | undefined;
  },
>(filter: CommonFilter): Predicate<T>[] {
  return [
    hasMetadata(filter.metadata),
    inRange(filter.createdTime, ({ createdTime }) => createdTime),
    inRange(filter.lastUpdatedTime, ({ lastUpdatedTime }) => lastUpdatedTime),
    startsWith(filter.externalIdPrefix, ({ externalId }) => externalId),
  ];
}

/** Joins conditions: all must hold. */
export function all<T>(...predicates: readonly Predicate<T>[]): (item: T) => boolean {
  const given = predicates.filter((predicate) => predicate !== undefined);
  return (item) => given.every((predicate) => predicate(item));
}

export function equal<T>(wanted: unknown, of: (item: T) => unknown): Predicate<T> {
  return wanted === undefined ? undefined : (item) => of(item) === wanted;
}

export function inRange<T>(range: TimeRange | undefined, of: (item: T) => number | undefined): Predicate<T> {
  if (range === undefined) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return (item) => {
    const value = of(item);
    return value !== undefined && value >= min && value <= max;
  };
}

export function startsWith<T>(prefix: string | undefined, of: (item: T) => string | undefined): Predicate<T> {
  return prefix === undefined ? undefined : (item) => of(item)?.startsWith(prefix) === true;
}

export function hasMetadata<T extends { readonly metadata?: Readonly<Record<string, string>> | undefined }>(
  wanted: Readonly<Record<string, string>> | undefined,
): Predicate<T> {
  if (wanted === undefined) return undefined;
  const pairs = Object.entries(wanted);
  return ({ metadata }) => pairs.every(([key, value]) => metadata !== undefined && metadata[key] === value);
}

/** Any of the ids; the item may carry one or several. */
export function anyOf<T>(
  wanted: ReadonlySet<number> | undefined,
  of: (item: T) => number | readonly number[] | undefined,
): Predicate<T> {
  if (wanted === undefined) return undefined;
  return (item) => {
    const value = of(item);
    if (value === undefined) return false;
    return typeof value === 'number' ? wanted.has(value) : value.some((id) => wanted.has(id));
  };
}

export function hasLabels<T extends { readonly labels?: readonly LabelReference[] | undefined }>(
  filter: LabelFilter | undefined,
): Predicate<T> {
  if (filter === undefined) return undefined;
  const wanted = (filter.containsAny ?? filter.containsAll ?? []).map(({ externalId }) => externalId);
  const every = filter.containsAll !== undefined;
  return ({ labels = [] }) => {
    const own = new Set(labels.map(({ externalId }) => externalId));
    return every ? wanted.every((name) => own.has(name)) : wanted.some((name) => own.has(name));
  };
}

type Key = { readonly id?: number | undefined; readonly externalId?: string | undefined };

/** The ids of data sets named by a filter; unknown ones are refused. */
export function dataSetIds(state: State, keys: readonly Key[] | undefined): ReadonlySet<number> | undefined {
  if (keys === undefined) return undefined;
  return new Set(
    resolve(state.dataSets, withoutZero(keys), dataSetRefusals, { allowRepeated: true }).map(({ id }) => id),
  );
}

/** No item has the id 0: a filter that names it is not refused, and matches nothing. */
function withoutZero(keys: readonly Key[]): readonly Key[] {
  return keys.filter(({ id }) => id !== 0);
}

/** The ids of assets named by id, by external id, or both. Those that do not exist match nothing. */
export function assetIds(
  state: State,
  ids: readonly number[] | undefined,
  externalIds: readonly string[] | undefined,
): ReadonlySet<number> | undefined {
  if (ids === undefined && externalIds === undefined) return undefined;
  const named = (externalIds ?? []).map((externalId) => state.assets.getByExternalId(externalId)?.id);
  return new Set([...(ids ?? []), ...named.filter((id) => id !== undefined)]);
}

/** All assets under the given roots, the roots included; unknown roots are refused. */
export function subtreeIds(state: State, roots: readonly Key[] | undefined): ReadonlySet<number> | undefined {
  if (roots === undefined) return undefined;
  const found = new Set<number>();
  const open = resolve(state.assets, withoutZero(roots), assetRefusals, { allowRepeated: true }).map(({ id }) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    if (found.size > MAX_SUBTREE_ASSETS) {
      throw badRequest(`The subtrees hold more than ${MAX_SUBTREE_ASSETS} assets`);
    }
    for (const child of state.tree.childrenOf(id)) open.push(child);
  }
  return found;
}

const dataSetRefusals: Refusals = {
  ...wordedRefusals('Data set'),
  missing: (missing) => badRequest('Data set ids not found', { missing }),
};
