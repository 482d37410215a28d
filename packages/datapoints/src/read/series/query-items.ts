import { ConfigError, type Identifier } from '@cdf/core';
import { IDENTIFIER_NAMES, refuseUnknown, toIdentifier } from '@cdf/core/resource';
import type { Aggregate } from '../../aggregates.js';
import type { ItemRange, LatestRange, SeveralSeries } from '../../query-types.js';

type Names<T> = Readonly<Record<keyof T, true>>;

const MANY: Names<Pick<SeveralSeries, 'ignoreUnknownIds'> & { items: unknown }> = {
  items: true,
  ignoreUnknownIds: true,
};

/** Members that are sent unchanged, item by item. */
export const STATUSES = ['includeStatus', 'ignoreBadDataPoints', 'treatUncertainAsBad'] as const;

const FORM: Names<Omit<LatestRange, 'before'>> = {
  timeZone: true,
  disambiguation: true,
  isString: true,
  includeStatus: true,
  ignoreBadDataPoints: true,
  treatUncertainAsBad: true,
  targetUnit: true,
  targetUnitSystem: true,
};

/** Members that select points, beside the identifier of the series. */
export const RANGE: Names<ItemRange<Aggregate>> = {
  start: true,
  end: true,
  aggregates: true,
  granularity: true,
  limit: true,
  includeOutsidePoints: true,
  ...FORM,
};

/** The same for latest points. */
export const LATEST: Names<LatestRange> = { before: true, ...FORM };

/**
 * Does something with each item of a query.
 *
 * @param range what a query and its items may say
 * @throws {ConfigError} for an invalid identifier, or an unknown option, which would otherwise be
 * ignored silently.
 */
export function mapItems<I extends Identifier, R>(
  query: { readonly items: readonly I[] },
  range: Names<object>,
  map: (item: I, identifier: Identifier, what: string) => R,
): R[] {
  if (!Array.isArray(query.items))
    throw new ConfigError('items must be an array of { id }, { externalId } or { instanceId }');
  refuseUnknown(Object.keys(query), { ...MANY, ...range }, 'query');
  const known = { ...IDENTIFIER_NAMES, ...range };
  return (query.items as readonly I[]).map((item, index) => {
    const what = query.items.length === 1 ? 'query' : `items[${index}]`;
    // A series that was read says much more than what it is called. Before the identifier, which may
    // be what is misspelt.
    if (Object(item) === item && !('isStep' in item)) refuseUnknown(Object.keys(item), known, what);
    return map(item, toIdentifier(item, what), what);
  });
}
