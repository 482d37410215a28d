import { withoutNode } from '@cdf/core/resource';

/** What a query of one or several may say besides its range; a stream also where it goes on. */
const OF_QUERIES = { items: true, ignoreUnknownIds: true, cursor: true };

/**
 * A query of nodes by their names alone: their members are no options.
 *
 * @param range what a query and its items may say
 * @throws {ConfigError} for a copy of a node with what may be an option.
 */
export function withoutNodes(query: object, range: object): object {
  const own = withoutNode(query, { ...range, ...OF_QUERIES }, 'query');
  const { items } = own as { readonly items?: unknown };
  if (!Array.isArray(items)) return own;
  const names = items.map((item: object, index) =>
    withoutNode(item, range, items.length === 1 ? 'query' : `items[${index}]`),
  );
  return { ...own, items: names };
}
