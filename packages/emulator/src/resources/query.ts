import { compileFilter } from '../filters/advanced.js';
import type { Properties } from '../filters/properties.js';
import { matchesText } from '../filters/search.js';
import { byScore, compileSort } from '../filters/sort.js';
import { post, type Route } from '../http/route.js';
import type { Entry, Item } from '../storage/collection.js';
import { limit } from '../validation/common.js';
import { anything, type Check, object, parse, text } from '../validation/schema.js';
import type { FilterOf, Kind, ListExtra } from './crud.js';
import { pageText } from './paging.js';

/** `advancedFilter` and `sort` of a list request. Events take an empty `sort`, which the official client sends. */
export function advancedListing<T extends Item>(
  properties: Properties<T>,
  more?: ListExtra<T>,
  options: { emptySort?: boolean } = {},
): ListExtra<T> {
  return {
    fields: { advancedFilter: anything, sort: anything, ...more?.fields },
    apply: (body) => {
      const { advancedFilter, sort: given } = body;
      const sort = options.emptySort === true && Array.isArray(given) && given.length === 0 ? undefined : given;
      const filter = advancedFilter === undefined ? undefined : compileFilter(advancedFilter, properties);
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

/** POST /{kind}/search: the simple filter, then the best answers to what is searched for. Ranking is not a contract. */
export function searchRoute<T extends Item, F>(
  kind: Kind<T>,
  filter: FilterOf<T, F>,
  options: {
    /** The searchable properties with the most characters a search for them may have. */
    readonly members: Readonly<
      Record<string, { readonly min?: number; readonly max: number; readonly of: readonly string[] }>
    >;
  },
): Route {
  const members = Object.entries(options.members);
  const search = object(Object.fromEntries(members.map(([name, { min = 0, max }]) => [name, text({ min, max })])));
  const check = object({ filter: filter.check as Check<unknown>, search, limit: limit(1000) }) as Check<{
    filter?: unknown;
    search?: Record<string, string | undefined>;
    limit?: number;
  }>;
  return post(`${kind.path}/search`, (body) => {
    const request = parse(check, body ?? {});
    const matches = request.filter === undefined ? (): boolean => true : filter.predicate(request.filter as F);
    const wanted = members.filter(([name]) => (request.search?.[name] ?? '').trim() !== '');
    const score = (item: T): number => {
      let sum = 0;
      for (const [name, { of }] of wanted) {
        const query = request.search?.[name] ?? '';
        sum += Math.max(...of.map((property) => matchesText((item as Record<string, unknown>)[property], query)));
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
    const most = request.limit ?? 100;
    return pageText({ entries: found.slice(0, most).map(({ entry }) => entry), nextCursor: undefined }, kind.textOf);
  });
}
