import type { LabelFilter, LabelReference, Metadata, TimeRange } from '../model/common.js';

/** A condition on items; `undefined` lets everything through. */
export type Predicate<T> = ((item: T) => boolean) | undefined;

/** Joins conditions: all must hold. */
export function all<T>(predicates: readonly Predicate<T>[]): (item: T) => boolean {
  const given = predicates.filter((predicate) => predicate !== undefined);
  return (item) => given.every((predicate) => predicate(item));
}

export function equal<T>(wanted: unknown, of: (item: T) => unknown): Predicate<T> {
  return wanted === undefined ? undefined : (item) => of(item) === wanted;
}

export function inRange<T>(
  range: TimeRange | undefined,
  of: (item: T) => number | undefined,
): Predicate<T> {
  if (range === undefined) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range;
  return (item) => {
    const value = of(item);
    return value !== undefined && value >= min && value <= max;
  };
}

export function startsWith<T>(
  prefix: string | undefined,
  of: (item: T) => string | undefined,
): Predicate<T> {
  return prefix === undefined ? undefined : (item) => of(item)?.startsWith(prefix) === true;
}

export function hasPairs<T>(
  wanted: Metadata | undefined,
  of: (item: T) => Metadata | undefined,
): Predicate<T> {
  if (wanted === undefined) return undefined;
  const pairs = Object.entries(wanted);
  return (item) => {
    const own = of(item);
    return pairs.every(([key, value]) => own !== undefined && own[key] === value);
  };
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

export function hasLabels<T>(
  filter: LabelFilter | undefined,
  of: (item: T) => readonly LabelReference[] | undefined,
): Predicate<T> {
  if (filter === undefined) return undefined;
  const wanted = (filter.containsAny ?? filter.containsAll ?? []).map(
    ({ externalId }) => externalId,
  );
  const every = filter.containsAll !== undefined;
  return (item) => {
    const own = new Set(of(item)?.map(({ externalId }) => externalId));
    return every ? wanted.every((name) => own.has(name)) : wanted.some((name) => own.has(name));
  };
}
