import { type CallOptions, ConfigError } from '@cdf/core';
import { quoted, readObject, readPage, typeName, unexpected } from '@cdf/core/resource';
import { propertiesOf, toSource } from '../view/properties.js';
import { Problem, TEXT } from '../view/readings.js';
import { holdsBigint } from '../wire/holds-bigint.js';
import { send } from '../wire/send.js';
import { checkOptions, checkSwitches } from './check-options.js';
import { checkLimit, checkProperties, indexedFilter, MOST_ANSWERED } from './check-properties.js';
import { checkFirstUse } from './first-use.js';
import type { InstanceScope } from './instance-scope.js';

const FUNCTIONS = ['avg', 'min', 'max', 'sum'] as const;
const NUMBERS = ['int', 'bigint', 'float'];
/** Kinds that groups are by, also lists of them, and those of single values only. */
const GROUPED = ['text', 'node', 'ref', 'timeSeries', 'file'];
const GROUPED_SINGLE = ['bool', ...NUMBERS];
const EXTERNAL_ID = { kind: 'text', list: false, nullable: false } as const;
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

/**
 * Numbers of groups of nodes. One request for each five numbers.
 * @throws {ConfigError} for more groups than the API gives, unless there is a `limit`
 */
export async function aggregate(
  scope: InstanceScope,
  query: object,
  options?: CallOptions,
): Promise<object[]> {
  const what = `aggregate ${scope.instance}s`;
  const names = ['where', 'groupBy', 'count', 'limit', ...FUNCTIONS];
  checkOptions(query, names, what, propertiesOf(scope.view));
  const {
    where,
    groupBy,
    count,
    limit: given,
    ...functions
  } = query as {
    readonly where?: unknown;
    readonly groupBy?: readonly string[];
    readonly count?: boolean;
    readonly limit?: number;
  } & Partial<Record<(typeof FUNCTIONS)[number], readonly string[]>>;
  const limit = given ?? MOST_ANSWERED;
  checkSwitches(query, ['count'], what);
  checkLimit(limit, what);
  checkProperties(
    scope,
    groupBy,
    ({ kind, list }) => GROUPED.includes(kind) || (GROUPED_SINGLE.includes(kind) && !list),
    'groupBy takes text, relations, lists of them, and single numbers and booleans',
    what,
  );
  if ((groupBy?.length ?? 0) > MOST_GROUPS)
    throw new ConfigError(`${what}: groupBy takes at most ${MOST_GROUPS} properties`);
  const taken = groupBy?.find((name) => name === 'count' || FUNCTIONS.includes(name as never));
  if (taken !== undefined)
    throw new ConfigError(
      `${what}: a group by ${quoted(taken)} has the name of a number; read it with instances.aggregate`,
    );
  if (groupBy?.length === 0)
    throw new ConfigError(`${what}: groupBy has no property; leave it out for one group of all`);
  const wanted: Wanted[] = count === true ? [{ name: 'count', property: undefined }] : [];
  for (const name of FUNCTIONS) {
    checkProperties(
      scope,
      functions[name],
      ({ kind, list }) => NUMBERS.includes(kind) && !list,
      `${name} takes single numbers`,
      what,
    );
    for (const property of new Set(functions[name])) wanted.push({ name, property });
  }
  if (wanted.length === 0 && groupBy === undefined)
    throw new ConfigError(`${what}: ask for count, avg, min, max or sum, or for groups`);
  const filter = indexedFilter(scope, where, what);
  const groups = new Map<string, Record<string, unknown>>();
  // Names that are known at run time only may be few.
  const unnumbered = FUNCTIONS.filter((name) => functions[name]?.length === 0);
  for (let start = 0; start === 0 || start < wanted.length; start += MOST_AGGREGATES) {
    const numbers = wanted.slice(start, start + MOST_AGGREGATES);
    const aggregates = numbers.map(({ name, property }) => ({ [name]: { property } }));
    const body = {
      view: toSource(scope.view),
      instanceType: scope.instance,
      aggregates,
      groupBy,
      filter,
      limit,
    };
    const request = {
      path: '/instances/aggregate',
      body,
      lane: 'query',
      idempotent: true,
      isExact: scope.isExact || holdsBigint(body),
    } as const;
    const label = 'POST /models/instances/aggregate';
    const asked = send(scope.transport, request, options);
    // A view that differs explains an aggregate that is refused.
    asked.catch(() => {});
    if (start === 0) await checkFirstUse(scope, options);
    const { items } = readPage<WireGroup>(await asked, label);
    if (groupBy === undefined && items.length !== 1)
      throw unexpected(label, `it has ${items.length} groups, expected 1`);
    if (items.length > limit)
      throw unexpected(label, `it has ${items.length} groups, expected at most ${limit}`);
    // The API gives no cursor: what is beyond a full answer cannot be had, or known.
    if (given === undefined && items.length >= MOST_ANSWERED)
      throw new ConfigError(
        `${what}: there are at least ${MOST_ANSWERED} groups, and the API gives no more of them; narrow the nodes with where, or take any ${MOST_ANSWERED} groups with limit: ${MOST_ANSWERED}`,
      );
    const before = groups.size;
    const told = new Map<object, string>();
    for (const item of items) {
      const group = addGroup(
        scope,
        groups,
        item,
        { groupBy: groupBy ?? [], numbers, unnumbered },
        label,
      );
      const text = textOf(item.aggregates);
      // The same group once more says nothing else.
      if ((told.get(group) ?? text) !== text)
        throw unexpected(label, 'a group appears twice, with other numbers');
      told.set(group, text);
    }
    if (start > 0 && (groups.size !== before || told.size !== before))
      throw unexpected(
        label,
        'its groups are not those of the request before; ask for fewer groups or numbers',
      );
  }
  return [...groups.values()];
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? `${member}n` : member,
  );
}

/** A number that is asked for. */
interface Wanted {
  readonly name: 'count' | (typeof FUNCTIONS)[number];
  readonly property: string | undefined;
}

/** @returns the group */
function addGroup(
  { view, times }: InstanceScope,
  groups: Map<string, Record<string, unknown>>,
  { group, aggregates }: WireGroup,
  asked: {
    readonly groupBy: readonly string[];
    readonly numbers: readonly Wanted[];
    readonly unnumbered: readonly string[];
  },
  label: string,
): object {
  if (asked.groupBy.length > 0) readObject(group, `${label}: a group`);
  const values = asked.groupBy.map((name) => {
    const found = Object(group) as Readonly<Record<string, unknown>>;
    const value = Object.hasOwn(found, name) ? found[name] : undefined;
    if (value === undefined || value === null) return undefined;
    const definition = propertiesOf(view).get(name);
    const read = (definition?.reading ?? TEXT).decoder(definition ?? EXTERNAL_ID, times)(value);
    if (read instanceof Problem)
      throw unexpected(label, `a group by ${quoted(name)} is ${typeName(value)}`);
    return read;
  });
  const key = textOf(values);
  const known =
    groups.get(key) ??
    Object.fromEntries([
      ...asked.groupBy.map((name, index) => [name, values[index]]),
      ...asked.unnumbered.map((name) => [name, {}]),
    ]);
  groups.set(key, known);
  const given: readonly WireAggregate[] = Array.isArray(aggregates) ? aggregates : [];
  for (const { name, property } of asked.numbers) {
    const shown = property === undefined ? name : `${name} of ${quoted(property)}`;
    const each = given.find(
      (one) => one?.aggregate === name && (property === undefined || one.property === property),
    );
    if (each === undefined) throw unexpected(label, `a group has no ${shown}`);
    const value: unknown = each.value ?? undefined;
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (!isNumber && value !== undefined) throw unexpected(label, `${shown} is ${typeName(value)}`);
    if (property !== undefined)
      known[name] = {
        ...(known[name] as object),
        [property]: isNumber
          ? toNumber(value, name !== 'avg' && propertiesOf(view).get(property)?.kind === 'bigint')
          : undefined,
      };
    else if (Number.isSafeInteger(value) && (value as number) >= 0) known.count = value;
    else throw unexpected(label, `its count is ${isNumber ? value : typeName(value)}`);
  }
  return known;
}

/** Extremes and sums of int64 are as exact as the answer has them. */
function toNumber(value: number | bigint, isExact: boolean): number | bigint {
  return isExact && (typeof value === 'bigint' || Number.isInteger(value))
    ? BigInt(value)
    : Number(value);
}
