import { ApiError, type CallOptions, ConfigError, Listing, type Page, type Transport } from '@cdf/core';
import { bindPrototype, loadPart, readPage, refuseUnknown, withPrototype } from '@cdf/core/resource';
import type { OrderBy, Times } from '../view/types.js';
import { type AnyView, propertiesOf, toSource } from '../view/view.js';
import { InstanceReader, isStored } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { describe } from '../wire/values.js';
import { allOf, toFilter, type WireFilter } from '../wire/where.js';
import { InstanceList } from './instance-list.js';

/** How a set of nodes or edges is read and written. */
export interface InstanceSettings {
  /** The space of items that do not name one, and the only one that reads look at. @default reads range over all spaces */
  readonly space?: string | undefined;
  /** How times are read. @default 'date' */
  readonly times?: Times | undefined;
}

/** The instances of one view in one project: what every method works on. */
export interface InstanceScope {
  readonly transport: Transport;
  readonly view: AnyView;
  readonly instance: 'node' | 'edge';
  readonly space: string | undefined;
  readonly times: Times;
  readonly isExact: boolean;
  /** Has the methods of what is read. */
  readonly prototype: object;
}

/** @throws {ConfigError} for an unknown setting */
export function openInstances(
  transport: Transport,
  view: AnyView,
  instance: 'node' | 'edge',
  settings: InstanceSettings & { readonly relations?: object | undefined },
): InstanceScope {
  refuseUnknown(Object.keys(settings), { space: true, times: true, relations: true }, `${instance}s`);
  const { space, times = 'date' } = settings;
  if (times !== 'date' && times !== 'epoch')
    throw new ConfigError(`${instance}s: times must be 'date' or 'epoch', got ${describe(times)}`);
  if (space !== undefined && (typeof space !== 'string' || space === ''))
    throw new ConfigError(`${instance}s: space must be a non-empty string, got ${describe(space)}`);
  const { relations = {} } = settings;
  for (const name of Object.keys(relations))
    if (propertiesOf(view).has(name))
      throw new ConfigError(`${instance}s: relation "${name}" is named like a property`);
  const prototype = bindPrototype<object, object>(Object.prototype, relations, (self) => self);
  return { transport, view, instance, space, times, isExact: isExact(view), prototype };
}

/** Whether 64-bit integers come with the view. */
export function isExact(view: AnyView): boolean {
  return [...propertiesOf(view).values()].some(({ kind }) => kind === 'bigint');
}

/** Which instances a list has, and in which order. */
export interface InstanceQuery {
  readonly where?: unknown;
  readonly orderBy?: OrderBy<AnyView> | undefined;
  readonly limit?: number | undefined;
}

/** The instances of a view that some conditions let through. */
export function listInstances(
  scope: InstanceScope,
  query: InstanceQuery,
  options?: CallOptions,
): Listing<object, InstanceList<object>> {
  const what = `list ${scope.instance}s`;
  checkOptions(query, ['where', 'orderBy', 'limit'], what);
  const { where, orderBy, limit } = query;
  const filter = scopedFilter(scope, where, what);
  const sort = toSort(scope, orderBy, what);
  const reader = readerOf(scope);
  const label = 'POST /models/instances/list';
  const fetchPage = shrinking(async ({ limit: size, cursor }, signal): Promise<Page<object>> => {
    const body = {
      instanceType: scope.instance,
      sources: [{ source: toSource(scope.view) }],
      filter,
      sort,
      limit: size,
      cursor,
      includeTyping: !isChecked(scope),
    };
    const { isExact } = scope;
    const request = { path: '/instances/list', body, lane: 'query', idempotent: true, isExact } as const;
    const answer = await send(scope.transport, request, signal);
    const page = readPage<object>(answer, label);
    await checkView(scope, answer);
    return { ...page, items: page.items.map((item) => reader.read(item, label)) };
  });
  const source = {
    fetchPage,
    toList,
    keyOf: (item: object) => referenceKey(item as { space: string; externalId: string }),
  };
  return new Listing<object, InstanceList<object>>(source, { limit }, options);
}

/** Reads the instances of a scope. */
export function readerOf({ view, times, instance, prototype }: InstanceScope): InstanceReader {
  return new InstanceReader(view, times, instance, undefined, prototype);
}

/** Some instances, in an array that is a table too. */
export function toList<T extends object>(items: T[]): InstanceList<T> {
  return withPrototype(items, InstanceList.prototype);
}

type FetchPage = (
  request: { readonly cursor?: string | undefined; readonly limit: number },
  options: CallOptions,
) => Promise<Page<object>>;

/** Asks for half as many when the API gives up on a page (408), and stays with that. */
export function shrinking(fetchPage: FetchPage): FetchPage {
  let most = Infinity;
  return async function fetch(request, options): Promise<Page<object>> {
    const limit = Math.min(request.limit, most);
    try {
      return await fetchPage({ ...request, limit }, options);
    } catch (error) {
      if (!ApiError.isInstance(error) || error.status !== 408 || limit === 1) throw error;
      most = Math.ceil(limit / 2);
      return fetch(request, options);
    }
  };
}

/** The conditions of a user, and the space. */
export function scopedFilter(
  { view, instance, space }: InstanceScope,
  where: unknown,
  what: string,
): WireFilter | undefined {
  return allOf([
    space === undefined ? undefined : { equals: { property: [instance, 'space'], value: space } },
    toFilter(view, where, what, instance),
  ]);
}

/** Members of every node that can be sorted by. */
const SORTABLE = ['space', 'externalId', 'createdTime', 'lastUpdatedTime'];
const MOST_SORTS = 5;

/** @throws {ConfigError} for a property or direction that cannot be */
export function toSort(
  { view, instance }: Pick<InstanceScope, 'view' | 'instance'>,
  orderBy: OrderBy<AnyView> | undefined,
  what: string,
): readonly object[] | undefined {
  if (orderBy === undefined) return undefined;
  if (typeof orderBy !== 'object' || orderBy === null)
    throw new ConfigError(`${what}: orderBy must be an object such as { name: 'asc' }, got ${describe(orderBy)}`);
  const properties = propertiesOf(view);
  const entries = Object.entries(orderBy as Record<string, unknown>).filter(([, direction]) => direction !== undefined);
  if (entries.length > MOST_SORTS)
    throw new ConfigError(`${what}: orderBy takes at most ${MOST_SORTS} properties, got ${entries.length}`);
  return entries.map(([name, given]) => {
    const own = properties.get(name);
    if (own === undefined && !SORTABLE.includes(name))
      refuseUnknown(
        [name],
        Object.fromEntries([...properties.keys(), ...SORTABLE].map((key) => [key, true])),
        `${what}: orderBy`,
      );
    if (own !== undefined && (own.list || own.kind === 'json' || !isStored(own.kind)))
      throw new ConfigError(`${what}: orderBy: ${name} has no order; it is ${own.list ? 'a list' : own.kind}`);
    const { direction, nulls } =
      typeof given === 'object' && given !== null ? (given as Sorting) : { direction: given };
    if (direction !== 'asc' && direction !== 'desc')
      throw new ConfigError(`${what}: orderBy: ${name} must be 'asc' or 'desc', got ${describe(direction)}`);
    if (nulls !== undefined && nulls !== 'first' && nulls !== 'last')
      throw new ConfigError(`${what}: orderBy: nulls must be 'first' or 'last', got ${describe(nulls)}`);
    return {
      property: own === undefined ? [instance, name] : [view.space, `${view.externalId}/${view.version}`, name],
      direction: direction === 'asc' ? 'ascending' : 'descending',
      nullsFirst: nulls === 'first',
    };
  });
}

interface Sorting {
  readonly direction: unknown;
  readonly nulls?: unknown;
}

/** @throws {ConfigError} when a query is no object, or has an option that it does not take */
export function checkOptions(query: unknown, known: readonly string[], what: string): void {
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw new ConfigError(`${what}: expected an object of options, got ${describe(query)}`);
  refuseUnknown(Object.keys(query), Object.fromEntries(known.map((name) => [name, true])), what);
}

/** The views that are like those of the project, for each transport. */
const checked = /* @__PURE__ */ new WeakMap<Transport, WeakSet<AnyView>>();

/** Whether the view is known to be like the one in the project. */
export function isChecked({ transport, view }: Pick<InstanceScope, 'transport' | 'view'>): boolean {
  return checked.get(transport)?.has(view) === true;
}

/**
 * Compares the view with the project's, once.
 *
 * @param answer has `typing`
 * @throws {ConfigError} that names the properties which differ
 */
export async function checkView(
  scope: Pick<InstanceScope, 'transport' | 'view'>,
  answer: unknown,
  typing: unknown = (answer as { typing?: unknown }).typing,
): Promise<void> {
  if (isChecked(scope)) return;
  const { checkTyping } = await loadPart(import('../wire/typing.js'));
  checkTyping(scope.view, typing);
  const views = checked.get(scope.transport) ?? new WeakSet();
  checked.set(scope.transport, views.add(scope.view));
}
