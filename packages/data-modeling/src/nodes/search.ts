import { type CallOptions, ConfigError } from '@cdf/core';
import { quoted, readObject, readPage, unexpected } from '@cdf/core/resource';
import type { PropertyDefinition } from '../view/definition.js';
import { propertiesOf, toSource } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { readName } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { differencesOf } from '../wire/typing-differences.js';
import { checkOptions, checkSwitches } from './check-options.js';
import { checkView, isChecked } from './checked-views.js';
import { checkFirstUse } from './first-use.js';
import type { InstanceScope } from './instance-scope.js';
import { readerOf, toList } from './instance-scope.js';
import { scopedFilter, toSort } from './query.js';

const MOST = 1_000;

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
    filter: scopedFilter(scope, where, what),
    sort: toSort(scope, orderBy, what),
    limit,
    includeTyping: !isChecked(scope),
  };
  const { isExact } = scope;
  const request = {
    path: '/instances/search',
    body,
    lane: 'query',
    idempotent: true,
    isExact,
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

const FUNCTIONS = ['avg', 'min', 'max', 'sum'] as const;
const NUMBERS = ['int', 'bigint', 'float'];
const GROUPED = ['text', 'bool', 'node', 'ref', 'timeSeries', 'file', ...NUMBERS];
const EXTERNAL_ID = { kind: 'text', list: false } as const;
const MOST_GROUPS = 5;
/** Aggregates of one request. */
const MOST_AGGREGATES = 5;

interface WireAggregate {
  readonly aggregate?: string;
  readonly property?: string;
  readonly value?: number;
}

interface WireGroup {
  readonly group?: Readonly<Record<string, unknown>>;
  readonly aggregates?: readonly WireAggregate[];
}

/** Numbers of groups of nodes. One request for each five numbers. */
export async function aggregate(
  scope: InstanceScope,
  query: object,
  options?: CallOptions,
): Promise<object[]> {
  const what = `aggregate ${scope.instance}s`;
  checkOptions(query, ['where', 'groupBy', 'count', 'limit', ...FUNCTIONS], what);
  const {
    where,
    groupBy,
    count,
    limit = MOST,
    ...functions
  } = query as {
    readonly where?: unknown;
    readonly groupBy?: readonly string[];
    readonly count?: boolean;
    readonly limit?: number;
  } & Partial<Record<(typeof FUNCTIONS)[number], readonly string[]>>;
  checkSwitches(query, ['count'], what);
  checkLimit(limit, what);
  checkProperties(
    scope,
    groupBy,
    ({ kind }) => GROUPED.includes(kind),
    'groupBy takes text, numbers, booleans and relations',
    what,
  );
  if ((groupBy?.length ?? 0) > MOST_GROUPS)
    throw new ConfigError(`${what}: groupBy takes at most ${MOST_GROUPS} properties`);
  const taken = groupBy?.find((name) => name === 'count' || FUNCTIONS.includes(name as never));
  if (taken !== undefined)
    throw new ConfigError(
      `${what}: a group by ${quoted(taken)} has the name of a number; read it with instances.aggregate`,
    );
  const wanted: object[] = count === true ? [{ count: {} }] : [];
  for (const name of FUNCTIONS) {
    checkProperties(
      scope,
      functions[name],
      ({ kind, list }) => NUMBERS.includes(kind) && !list,
      `${name} takes single numbers`,
      what,
    );
    for (const property of functions[name] ?? []) wanted.push({ [name]: { property } });
  }
  if (wanted.length === 0 && groupBy === undefined)
    throw new ConfigError(`${what}: ask for count, avg, min, max or sum, or for groups`);
  const filter = scopedFilter(scope, where, what);
  const groups = new Map<string, Record<string, unknown>>();
  for (let start = 0; start === 0 || start < wanted.length; start += MOST_AGGREGATES) {
    const aggregates = wanted.slice(start, start + MOST_AGGREGATES);
    const body = {
      view: toSource(scope.view),
      instanceType: scope.instance,
      aggregates,
      groupBy,
      filter,
      limit,
    };
    const { isExact } = scope;
    const request = {
      path: '/instances/aggregate',
      body,
      lane: 'query',
      idempotent: true,
      isExact,
    } as const;
    const label = 'POST /models/instances/aggregate';
    const asked = send(scope.transport, request, options);
    // A view that differs explains an aggregate that is refused.
    asked.catch(() => {});
    if (start === 0) await checkFirstUse(scope, options);
    const { items } = readPage<WireGroup>(await asked, label);
    if (groupBy === undefined && items.length !== 1)
      throw unexpected(label, `it has ${items.length} groups, expected 1`);
    const before = groups.size;
    for (const item of items)
      addGroup(scope, groups, item, { groupBy: groupBy ?? [], count: aggregates.length }, label);
    if (start > 0 && groups.size !== before)
      throw unexpected(
        label,
        'its groups are not those of the request before; ask for fewer groups or numbers',
      );
  }
  return [...groups.values()];
}

function addGroup(
  { view }: InstanceScope,
  groups: Map<string, Record<string, unknown>>,
  { group, aggregates }: WireGroup,
  asked: { readonly groupBy: readonly string[]; readonly count: number },
  label: string,
): void {
  if (asked.groupBy.length > 0) readObject(group, `${label}: a group`);
  const values = asked.groupBy.map((name) => {
    const found = Object(group) as Readonly<Record<string, unknown>>;
    const value = Object.hasOwn(found, name) ? found[name] : undefined;
    const isExact = propertiesOf(view).get(name)?.kind === 'bigint' && Number.isSafeInteger(value);
    return isExact ? BigInt(value as number) : value;
  });
  const key = JSON.stringify(values, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  const known =
    groups.get(key) ??
    Object.fromEntries(asked.groupBy.map((name, index) => [name, values[index]]));
  groups.set(key, known);
  const given: readonly WireAggregate[] = Array.isArray(aggregates) ? aggregates : [];
  if (given.length !== asked.count)
    throw unexpected(label, `a group has ${given.length} numbers, expected ${asked.count}`);
  for (const each of given) {
    const { aggregate: name, property, value } = Object(each) as WireAggregate;
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (!isNumber && (value ?? undefined) !== undefined)
      throw unexpected(label, `${String(name)} is a ${typeof value}`);
    if (name === 'count') known.count = Number(value ?? 0);
    else if (typeof property === 'string' && FUNCTIONS.includes(name as never))
      known[name as string] = {
        ...(known[name as string] as object),
        [property]: isNumber
          ? toNumber(value, name !== 'avg' && propertiesOf(view).get(property)?.kind === 'bigint')
          : undefined,
      };
    else throw unexpected(label, `${String(name)} was not asked for`);
  }
}

/** Extremes and sums of int64 are as exact as the answer has them. */
function toNumber(value: number | bigint, isExact: boolean): number | bigint {
  return isExact && (typeof value === 'bigint' || Number.isInteger(value))
    ? BigInt(value)
    : Number(value);
}

function checkLimit(limit: unknown, what: string): void {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > MOST)
    throw new ConfigError(
      `${what}: limit must be a whole number from 1 to ${MOST}, got ${describe(limit)}`,
    );
}

function checkProperties(
  { view }: InstanceScope,
  names: readonly string[] | undefined,
  fits: (definition: Pick<PropertyDefinition, 'kind' | 'list'>) => boolean,
  rule: string,
  what: string,
): void {
  if (names === undefined) return;
  if (!Array.isArray(names))
    throw new ConfigError(`${what}: expected an array of properties, got ${describe(names)}`);
  const properties = propertiesOf(view);
  for (const name of names) {
    const definition = properties.get(name) ?? (name === 'externalId' ? EXTERNAL_ID : undefined);
    if (definition === undefined)
      throw new ConfigError(`${what}: unknown property ${quoted(String(name))}`);
    if (!fits(definition))
      throw new ConfigError(
        `${what}: ${rule}; ${quoted(name)} is ${definition.list ? 'a list' : `of kind ${definition.kind}`}`,
      );
  }
}
