import type { CallOptions, Listing, None } from '@cdf/core';
import { attachMethods, bindMethods } from '@cdf/core/resource';
import { loadLater } from '../load-later.js';
import type { AnyView, NodeReference } from '../view/definition.js';
import type { ChangeEdge, NameIn, ReadEdge, Times, WriteEdge } from '../view/types.js';
import type { OrderBy, WhereEdge } from '../view/where-types.js';
import { readEnds } from '../wire/read-ends.js';
import { type Connection, transportOf } from '../wire/send.js';
import type { InstanceList } from './instance-list.js';
import type { InstanceScope, InstanceSettings, TimesOf } from './instance-scope.js';
import { asList, followChanges, listInstances, openInstances } from './instances.js';
import type {
  Aggregated,
  Changes,
  ChangesQuery,
  NodeAggregateQuery,
  SearchQuery,
  UpsertOptions,
  WriteItems,
} from './node-queries.js';
import type { WriteCounts } from './write-counts.js';

/** Which edges a list has, and in which order. */
export interface EdgeQuery<V> {
  /**
   * Conditions, all of which hold: those of `Nodes.list`, and `startNode`, `endNode` and `type`.
   * One that is `undefined` is left out.
   */
  readonly where?: WhereEdge<V> | undefined;
  readonly orderBy?: OrderBy<V> | undefined;
  /** Most edges in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}

/** Numbers of the edges that some conditions let through, for each group. */
export interface EdgeAggregateQuery<V> extends Omit<NodeAggregateQuery<V>, 'where'> {
  readonly where?: WhereEdge<V> | undefined;
}

/** Words to find in the text of edges, and where. */
export interface EdgeSearchQuery<V> extends Omit<SearchQuery<V>, 'where'> {
  readonly where?: WhereEdge<V> | undefined;
}

/** Which changes of edges to follow. */
export interface EdgeChangesQuery<V> extends Omit<ChangesQuery<V>, 'where'> {
  readonly where?: WhereEdge<V> | undefined;
}

/** The methods that are loaded with the first call of one. */
const OPERATIONS = [
  'retrieve',
  'retrieveMultiple',
  'search',
  'aggregate',
  'upsert',
  'create',
  'update',
  'delete',
] as const;

/** The edges of a view: connections of two nodes that have properties of their own. */
export class Edges<V extends AnyView, T extends Times = 'date', D extends boolean = false> {
  readonly view: V;
  readonly #scope: InstanceScope;
  /** The edge of that name, or `undefined`. One request. */
  declare readonly retrieve: (
    name: NameIn<D>,
    options?: CallOptions,
  ) => Promise<ReadEdge<V, T> | undefined>;
  /**
   * Edges in the order of the names. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every name without data in the view, unless
   * `ignoreUnknownIds`
   */
  declare readonly retrieveMultiple: (
    names: readonly NameIn<D>[],
    query?: { readonly ignoreUnknownIds?: boolean | undefined },
    options?: CallOptions,
  ) => Promise<InstanceList<ReadEdge<V, T>>>;
  /**
   * Edges whose text has some words, best first. The last word may be the beginning of one. One
   * request.
   * @see https://api-docs.cognite.com/20230101/tag/Instances/operation/searchInstances
   */
  declare readonly search: (
    text: string,
    query?: EdgeSearchQuery<V>,
    options?: CallOptions,
  ) => Promise<InstanceList<ReadEdge<V, T>>>;
  /**
   * Counts, averages, extremes and sums, for all edges or for groups. One request for each five
   * numbers.
   */
  declare readonly aggregate: <const Q extends EdgeAggregateQuery<V>>(
    query: Q,
    options?: CallOptions,
  ) => Promise<Aggregated<V, Q>[]>;
  /**
   * Creates edges, and changes the properties of those that exist, in transactions of at most
   * 1,000. Their ends and type stay what they are.
   *
   * After 1,000 items that cannot be written the rest is not tried: it is `notAttempted`. After an
   * answer that was lost a transaction is sent again, and what the lost one wrote counts as
   * `unchanged`.
   *
   * Items of an array or a `Set` are checked at the call and read again when they are sent: leave
   * them as they are until then. A stream, a generator or another iterable is read as far as
   * transactions need it, in bounded memory, unless `dryRun` or `dependencies: 'order'` needs all.
   * @throws {ConfigError} before anything is written, for items that cannot be, and for a view that
   * differs from the project's
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input, as far as
   * it was read. Of a stream or generator `successful` is empty: `written` has the counts of what
   * was written
   */
  declare readonly upsert: (
    items: WriteItems<WriteEdge<V, D>>,
    query?: UpsertOptions,
    options?: CallOptions,
  ) => Promise<WriteCounts>;
  /**
   * Creates edges. One that exists already is refused. Takes what `upsert` takes. After 1,000 items
   * that cannot be written the rest is not tried: it is `notAttempted`.
   */
  declare readonly create: (
    items: WriteItems<WriteEdge<V, D>>,
    query?: Omit<UpsertOptions, 'replace' | 'checkVersions'>,
    options?: CallOptions,
  ) => Promise<WriteCounts>;
  /**
   * Changes edges that exist, whose ends and type stay. `null` clears a property. Asks first
   * whether they exist: two requests per 1,000.
   * @throws {ConfigError} for an item with another type or other ends, before anything is written
   * @throws {NotFoundError} when one does not, before anything is written
   * @throws {VersionConflictError} with `checkVersions`, for an edge that has changed since
   */
  declare readonly update: (
    items: ChangeEdge<V, D>[] | readonly ChangeEdge<V, D>[] | ChangeEdge<V, D>,
    query?: Pick<UpsertOptions, 'checkVersions' | 'dryRun'>,
    options?: CallOptions,
  ) => Promise<WriteCounts>;
  /**
   * Deletes edges; the nodes stay. Unknown ones are left out, also those of unknown spaces. A
   * request per 1,000.
   * @returns those that were deleted. A request whose answer was lost is sent again: those that it
   * had deleted are left out
   */
  declare readonly delete: (
    names: readonly NameIn<D>[] | NameIn<D>,
    options?: CallOptions,
  ) => Promise<NodeReference[]>;

  constructor(
    connection: Connection,
    view: V,
    settings: InstanceSettings & { readonly times?: T | undefined } = {},
  ) {
    const scope = { ...openInstances(transportOf(connection), view, 'edge', settings), readEnds };
    this.view = view;
    this.#scope = scope;
    bindMethods(this);
    attachMethods(this, OPERATIONS, async () => {
      const { InstanceOperations } = await loadLater();
      return new InstanceOperations(scope);
    });
  }

  /**
   * Edges with data in the view. Awaited: the first 25, or `limit`. In `for await`: all of them. A
   * request per 1,000.
   */
  list(
    query: EdgeQuery<V> = {},
    options?: CallOptions,
  ): Listing<ReadEdge<V, T>, InstanceList<ReadEdge<V, T>>> {
    return listInstances(this.#scope, query as object, options) as never;
  }

  /**
   * Edges from elsewhere, such as JSON from disk, as a list. Sends nothing. The list has copies,
   * with times and 64-bit integers as they are read, whether they are dates, numbers or strings.
   * @throws {ConfigError} when one has no externalId, or a string that is no time or integer
   */
  asList(items: readonly ReadEdge<V, Times>[]): InstanceList<ReadEdge<V, T>> {
    return asList(this.#scope, items) as InstanceList<ReadEdge<V, T>>;
  }

  /**
   * Pages of what changed, as `Nodes.changes` gives it. Of each page apply `deleted` first, then
   * `upserted`, then save the cursor: an edge that was deleted and made again is in both.
   */
  changes(
    query: EdgeChangesQuery<V> = {},
    options?: CallOptions,
  ): AsyncGenerator<Changes<ReadEdge<V, T>>, void, undefined> {
    return followChanges(this.#scope, query, options) as AsyncGenerator<
      Changes<ReadEdge<V, T>>,
      void,
      undefined
    >;
  }
}

/**
 * The edges of a view in a project. Sends nothing.
 *
 * @param connection a client or a transport
 */
export function edges<V extends AnyView, const S extends InstanceSettings = None>(
  connection: Connection,
  view: V,
  settings?: S & InstanceSettings,
): Edges<V, TimesOf<S>, S extends { readonly space: string } ? true : false> {
  return new Edges(connection, view, settings as never);
}
