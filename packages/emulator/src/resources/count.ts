import { simpleFilter } from '../fields/derive.js';
import { post, type Route } from '../http/route.js';
import type { Item } from '../model/common.js';
import type { State } from '../state.js';
import { object, parse } from '../validation/schema.js';
import type { Kind } from './crud.js';

/** POST /{kind}/aggregate of resources that are only counted. */
export function countRoute<T extends Item>(state: State, kind: Kind<T>): Route {
  const filter = simpleFilter(kind.table, state);
  const check = object({ filter: filter.check });
  return post(`${kind.path}/aggregate`, (body) => {
    const matches = filter.predicate(parse(check, body ?? {}).filter ?? {});
    let count = 0;
    for (const item of kind.collection.items()) if (matches(item)) count += 1;
    return { items: [{ count }] };
  });
}
