import { propertiesOf, searchMembers, simpleFilter } from '../fields/derive.js';
import { memberOf } from '../fields/parts.js';
import { compileFilter } from '../filters/advanced.js';
import { matchesText } from '../filters/search.js';
import { byScore, compileSort } from '../filters/sort.js';
import { post, type Route } from '../http/route.js';
import type { Item } from '../model/common.js';
import type { State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import { limit } from '../validation/common.js';
import { anything, object, parse } from '../validation/schema.js';
import type { Kind, ListExtra } from './crud.js';
import { pageText } from './paging.js';

/**
 * `advancedFilter` and `sort` of a list request. Events take an empty `sort`, which the official
 * client sends.
 */
export function advancedListing<T extends Item>(
  state: State,
  kind: Kind<T>,
  more?: ListExtra<T>,
  options: { emptySort?: boolean } = {},
): ListExtra<T> {
  const properties = propertiesOf(kind.table, state);
  return {
    fields: { advancedFilter: anything, sort: anything, ...more?.fields },
    apply: (body) => {
      const { advancedFilter, sort: given } = body;
      const sort =
        options.emptySort === true && Array.isArray(given) && given.length === 0
          ? undefined
          : given;
      const filter =
        advancedFilter === undefined ? undefined : compileFilter(advancedFilter, properties);
      const score = filter?.score ?? ((): number => 0);
      const ranked = filter?.ranks === true ? byScore(score) : undefined;
      return {
        ...more?.apply(body),
        matches: filter?.matches,
        compare: sort === undefined ? ranked : compileSort(sort, properties, score),
      };
    },
  };
}

/**
 * POST /{kind}/search: the simple filter, then the best answers to the search. Ranking is not a
 * contract.
 */
export function searchRoute<T extends Item>(state: State, kind: Kind<T>): Route {
  const filter = simpleFilter(kind.table, state);
  const search = searchMembers(kind.table);
  const check = object({ filter: filter.check, search: search.check, limit: limit(1000) });
  return post(`${kind.path}/search`, (body) => {
    const request = parse(check, body ?? {});
    const matches =
      request.filter === undefined ? (): boolean => true : filter.predicate(request.filter);
    const wanted = Object.entries(search.of).filter(
      ([name]) => (request.search?.[name] ?? '').trim() !== '',
    );
    const score = (item: T): number => {
      let sum = 0;
      for (const [name, of] of wanted) {
        const query = request.search?.[name] ?? '';
        sum += Math.max(
          ...of.map((property) => matchesText(memberOf<unknown>(property)(item), query)),
        );
      }
      return sum;
    };
    const found: { entry: Entry<T>; score: number }[] = [];
    for (const entry of kind.collection.entries()) {
      if (!matches(entry.item)) continue;
      const own = score(entry.item);
      if (own > 0 || wanted.length === 0) found.push({ entry, score: own });
    }
    found.sort((a, b) => b.score - a.score);
    const entries = found.slice(0, request.limit ?? 100).map(({ entry }) => entry);
    return pageText({ entries, nextCursor: undefined }, kind.textOf);
  });
}
