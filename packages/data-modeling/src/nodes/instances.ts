import {
  ApiError,
  type CallOptions,
  ConfigError,
  Listing,
  type Page,
  type Transport,
} from '@cdf/core';
import {
  bindPrototype,
  endable,
  loadPart,
  ownCopy,
  quoted,
  readPage,
  withPrototype,
} from '@cdf/core/resource';
import { loadLater } from '../load-later.js';
import type { AnyView, NodeReference, PropertyDefinition, Times } from '../view/definition.js';
import { isView, propertiesOf, toSource } from '../view/properties.js';
import { Problem } from '../view/readings.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { checkView, type DifferencesOf, isChecked } from './checked-views.js';
import type { InstanceList } from './instance-list.js';
import {
  type InstanceQuery,
  type InstanceScope,
  type InstanceSettings,
  inSpace,
  readerOf,
  toList,
  type WireQuery,
} from './instance-scope.js';

const SETTINGS = ['space', 'times', 'relations'];

/** @throws {ConfigError} for an unknown setting */
export function openInstances(
  transport: Transport,
  view: AnyView,
  instance: 'node' | 'edge',
  settings: InstanceSettings & { readonly relations?: object | undefined },
): InstanceScope {
  if (!isView(view)) throw new ConfigError(`${instance}s: expected a view`);
  if (settings !== Object(settings))
    throw new ConfigError(`${instance}s: expected settings such as { space: 'plant' }`);
  const { usedFor = 'node' } = view.options;
  if (usedFor !== 'all' && usedFor !== instance)
    throw new ConfigError(
      `${instance}s: the view is one of ${usedFor}s; use ${usedFor}s(), or declare usedFor: '${instance}'`,
    );
  // In words of its own: the search for the name that was meant weighs more than reading a page.
  const unknown = Object.keys(settings).find((name) => !SETTINGS.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(
      `${instance}s: unknown setting ${quoted(unknown)}; known settings: ${SETTINGS.join(', ')}`,
    );
  const { space, times = 'date' } = settings;
  if (times !== 'date' && times !== 'epoch')
    throw new ConfigError(`${instance}s: times must be 'date' or 'epoch'`);
  if (space !== undefined && (typeof space !== 'string' || space === ''))
    throw new ConfigError(`${instance}s: space must be a non-empty string`);
  const { relations = {} } = settings;
  const names = Object.keys(relations);
  // Relations that others hold are in what `find` gives only.
  for (const name of names)
    if (propertiesOf(view).get(name)?.reading)
      throw new ConfigError(`${instance}s: relation "${name}" is named like a property`);
  const base = Object.prototype;
  const prototype =
    names.length === 0 ? base : bindPrototype<object, object>(base, relations, (self) => self);
  return { transport, view, instance, space, times, isExact: isExact(view), prototype };
}

/** The error of a view that is not like the project's. */
export const loadDifferences: DifferencesOf = async (view, properties) =>
  (await loadLater()).differencesOf(view, properties);

/** Tells whether the view may have integers that numbers cannot hold. */
export function isExact(view: AnyView): boolean {
  return [...propertiesOf(view).values()].some(({ kind }) => kind === 'bigint' || kind === 'json');
}

/** The instances of a view that some conditions let through. */
export function listInstances(
  scope: InstanceScope,
  query: InstanceQuery,
  options?: CallOptions,
): Listing<object, InstanceList<object>> {
  const own = ownCopy(query);
  const pages = pagesOf(scope, async () => {
    // Most lists ask for no more than a space: conditions and orders are a part of their own.
    // Of a literal there is a copy, which is one of this realm.
    const isPlain =
      own !== query &&
      Object.getPrototypeOf(own) === Object.prototype &&
      Object.entries(own).every(([name, value]) => name === 'limit' || value === undefined);
    if (isPlain) return { filter: inSpace(scope), sort: undefined, isExact: scope.isExact };
    const { toWireQuery } = await loadPart(import('./query.js'));
    return toWireQuery(scope, own, `list ${scope.instance}s`);
  });
  return listingOf(scope, pages, own?.limit, options);
}

/** Pages of the list endpoint. @param compile makes the question, for each use of a listing */
export function pagesOf(
  scope: InstanceScope,
  compile: (options: CallOptions) => Promise<WireQuery>,
): Pages {
  // Several uses may be on their way: relative times are those of each.
  const compiled = new WeakMap<CallOptions, WireQuery>();
  const reader = readerOf(scope);
  const label = 'POST /models/instances/list';
  const fetchPage = halvingOn408(async ({ limit: size, cursor }, options) => {
    const question = compiled.get(options) ?? (await compile(options));
    compiled.set(options, question);
    const { filter, sort, isExact } = question;
    const body = {
      instanceType: scope.instance,
      sources: [{ source: toSource(scope.view) }],
      filter,
      sort,
      limit: size,
      cursor,
      includeTyping: !isChecked(scope),
    };
    const request = {
      path: '/instances/list',
      body,
      lane: 'query',
      idempotent: true,
      isExact,
    } as const;
    const answer = await send(scope.transport, request, options);
    const page = readPage<object>(answer, label);
    await checkView(scope, answer, loadDifferences);
    return page;
  });
  return { fetchPage, read: (items) => items.map((item) => reader.read(item, label)) };
}

/** Pages of instances as a listing. */
export function listingOf(
  { space }: InstanceScope,
  pages: Pages,
  limit: number | undefined,
  options: CallOptions | undefined,
): Listing<object, InstanceList<object>> {
  const source = {
    ...pages,
    toList,
    // Most lists are of one space: a short key is made, and compared, in half the time.
    keyOf: (item: object) => {
      const name = item as NodeReference;
      return name.space === space ? name.externalId : referenceKey(name);
    },
  };
  return new Listing<object, InstanceList<object>>(source, { limit }, options);
}

/** Pages of what changed; the query is that of the call. */
export function followChanges(
  scope: InstanceScope,
  query: object,
  options?: CallOptions,
): AsyncGenerator<object, void, undefined> {
  const [own, call] = ownCopy([query, options] as const);
  return endable(async function* (signal) {
    yield* (await loadLater()).readChanges(scope, own, { ...call, signal });
  }, call?.signal);
}

/**
 * Copies of instances from elsewhere as a list, with times and 64-bit integers as they are read.
 *
 * @throws {ConfigError} when one has no externalId, or a value that is no time or integer
 */
export function asList(
  { view, times, instance, prototype }: InstanceScope,
  items: readonly unknown[],
): InstanceList<object> {
  if (!Array.isArray(items) || items.some((item) => typeof item?.externalId !== 'string'))
    throw new ConfigError(`asList: expected an array of ${instance}s, each with its externalId`);
  const properties = propertiesOf(view);
  return toList(
    items.map((item, index) => {
      const copy = withPrototype<Record<string, unknown>>({ ...item }, prototype);
      for (const name of Object.keys(copy))
        copy[name] = fromJson(properties.get(name), copy[name], times, [index, name]);
      return copy;
    }),
  );
}

function fromJson(
  own: PropertyDefinition | undefined,
  value: unknown,
  times: Times,
  place: [item: number, property: string],
): unknown {
  if (Array.isArray(value)) return value.map((each) => fromJson(own, each, times, place));
  if (own === undefined || value === undefined || value === null) return value;
  const { kind, reading } = own;
  if (kind === 'timestamp') {
    const text = typeof value === 'string' ? value : new Date(value as Date).toJSON();
    const time = reading?.decoder(own, times)(text);
    if (!(time instanceof Problem)) return time;
  } else if (kind !== 'bigint') return value;
  else if (/^-?\d+$/.test(String(value))) return BigInt(value as string);
  throw new ConfigError(`asList: item ${place[0]}: ${quoted(place[1])} is no ${kind}`);
}

interface Pages {
  readonly fetchPage: FetchPage;
  /** What users get of the items of a page. @default the items */
  readonly read?: (items: object[]) => object[];
}

type FetchPage = (
  request: { readonly cursor?: string | undefined; readonly limit: number },
  options: CallOptions,
) => Promise<Page<object>>;

/** Asks for half as many when the API gives up on a page (408), and stays with that. */
export function halvingOn408(fetchPage: FetchPage): FetchPage {
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
