import { ConfigError, type Identifier } from '@cdf/core';
import { IDENTIFIER_NAMES, refuseUnknown, toIdentifier, withoutNode } from '@cdf/core/resource';
import type { Aggregate } from '../../aggregates.js';
import type { ItemRange, LatestRange, SeveralSeries, StreamCursor } from '../../query-types.js';

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

/** A query as a list. */
export interface OwnItems<Query> {
  readonly isList: boolean;
  readonly items: Query;
}

/**
 * One series is a list of one. A query of a list may leave out series that do not exist, and says
 * so.
 *
 * @param range what a query and its items may say
 */
export function toItems<Query>(query: object, range: Names<object>): OwnItems<Query> {
  const own = withoutNode(query, { ...MANY, ...range }, 'query');
  const isList = 'items' in own;
  const items = isList ? { ignoreUnknownIds: false, ...own } : { items: [own] };
  return { isList, items: items as Query };
}

/** The same for a stream, whose query may say where it goes on. */
export function toStreamItems<Query>(
  query: object,
): OwnItems<Query> & { readonly cursor: StreamCursor | undefined } {
  const own = withoutNode(query, { ...MANY, ...RANGE, cursor: true }, 'query');
  const { cursor, ...rest } = own as { readonly cursor?: StreamCursor | undefined };
  return { ...toItems(rest, RANGE), cursor };
}

/**
 * Does something with each item of a query. The members of nodes are no options of items.
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
  return (query.items as readonly I[]).map((given, index) => {
    const what = query.items.length === 1 ? 'query' : `items[${index}]`;
    const item = withoutNode(given, range, what);
    // A series that was read says much more than what it is called. Before the identifier, which may
    // be what is misspelt.
    if (Object(item) === item && !('isStep' in item)) refuseUnknown(Object.keys(item), known, what);
    return map(item, toIdentifier(item, what), what);
  });
}
