import { ConfigError, type Identifier } from '@cdf/core';
import { IDENTIFIER_NAMES, loadPart, refuseUnknown, toIdentifier } from '@cdf/core/resource';
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

/** A query as a list. */
export interface OwnItems<Query> {
  readonly isList: boolean;
  readonly items: Query;
}

/**
 * One series is a list of one. A query of a list may leave out series that do not exist, and says
 * so.
 *
 * @throws {ConfigError} for a copy of a node with what may be an option.
 */
export async function toItems<Query>(given: object, isLatest?: boolean): Promise<OwnItems<Query>> {
  const named = [given].concat((given as { items?: object[] }).items as object[]);
  let own = given;
  if (named.some((item) => Object(item).space !== undefined)) {
    // Most series have no space.
    const { withoutNodes } = await loadPart(import('../nodes.js'));
    own = withoutNodes(given, isLatest ? LATEST : RANGE);
  }
  const isList = 'items' in own;
  const items = isList ? { ignoreUnknownIds: false, ...own } : { items: [own] };
  return { isList, items: items as Query };
}

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
