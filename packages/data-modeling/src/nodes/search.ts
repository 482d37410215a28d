import { type CallOptions, ConfigError } from '@cdf/core';
import { readPage, unexpected } from '@cdf/core/resource';
import type { AnyView } from '../view/definition.js';
import { toSource } from '../view/properties.js';
import type { OrderBy } from '../view/where-types.js';
import { describe } from '../wire/describe.js';
import { holdsBigint } from '../wire/holds-bigint.js';
import { readName } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { differencesOf } from '../wire/typing-differences.js';
import { checkOptions } from './check-options.js';
import { checkLimit, checkProperties, indexedFilter } from './check-properties.js';
import { checkView, isChecked } from './checked-views.js';
import type { InstanceScope } from './instance-scope.js';
import { readerOf, toList } from './instance-scope.js';
import { toSort } from './query.js';

/** Nodes whose text has some words. One request. */
export async function search(
  scope: InstanceScope,
  text: string,
  query: object = {},
  options?: CallOptions,
): Promise<object[]> {
  const what = `search ${scope.instance}s`;
  if (typeof text !== 'string')
    throw new ConfigError(`${what}: expected a string, got ${describe(text)}`);
  checkOptions(query, ['properties', 'where', 'orderBy', 'words', 'limit'], what);
  const {
    properties,
    where,
    orderBy,
    words = 'all',
    limit = 25,
  } = query as {
    readonly properties?: readonly string[];
    readonly where?: unknown;
    readonly orderBy?: never;
    readonly words?: string;
    readonly limit?: number;
  };
  if (words !== 'all' && words !== 'any')
    throw new ConfigError(`${what}: words must be 'all' or 'any', got ${describe(words)}`);
  checkLimit(limit, what);
  checkProperties(scope, properties, ({ kind }) => kind === 'text', 'search looks at text', what);
  const body = {
    view: toSource(scope.view),
    instanceType: scope.instance,
    query: text,
    properties,
    operator: words === 'all' ? 'AND' : 'OR',
    filter: indexedFilter(scope, where, what),
    sort: searchSort(scope, orderBy, what),
    limit,
    includeTyping: !isChecked(scope),
  };
  const request = {
    path: '/instances/search',
    body,
    lane: 'query',
    idempotent: true,
    isExact: scope.isExact || holdsBigint(body),
  } as const;
  const answer = await send(scope.transport, request, options);
  const label = 'POST /models/instances/search';
  const { items } = readPage<object>(answer, label);
  await checkView(scope, answer, differencesOf);
  if (items.length > limit)
    throw unexpected(label, `it has ${items.length} items, expected at most ${limit}`);
  const reader = readerOf(scope);
  const found = items.map(
    (item) => [referenceKey(readName(item, label)), reader.read(item, label)] as const,
  );
  // A match that comes twice is one.
  return toList([...new Map(found).values()]);
}

/** @throws {ConfigError} for a place of nodes without a value: a search takes a direction only */
function searchSort(
  scope: InstanceScope,
  orderBy: OrderBy<AnyView> | undefined,
  what: string,
): readonly object[] | undefined {
  const sort = toSort(scope, orderBy, what);
  for (const [name, order] of Object.entries(orderBy ?? {}))
    if (Object(order).nulls !== undefined)
      throw new ConfigError(
        `${what}: orderBy: ${name}: a search takes 'asc' or 'desc' only; use list() for nulls`,
      );
  return sort?.map(({ property, direction }) => ({ property, direction }));
}
