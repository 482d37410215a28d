import type { Bound, CallOptions, Listing, None, Relations } from '@cdf/core';
import { attachMethods, bindMethods, loadPart, once, ownCopy } from '@cdf/core/resource';
import { loadLater } from '../load-later.js';
import type { AnyView, NodeReference } from '../view/definition.js';
import type {
  Change,
  Flat,
  NameIn,
  PropertiesOf,
  Read,
  StoredKey,
  Times,
  Write,
} from '../view/types.js';
import type { Found, Given, KeyOf, MaybeOf, MemberOf, PickOf } from '../view/with-types.js';
import { type Connection, transportOf } from '../wire/send.js';
import type { InstanceList } from './instance-list.js';
import type { InstanceScope, InstanceSettings, TimesOf } from './instance-scope.js';
import { asList, followChanges, listInstances, listingOf, openInstances } from './instances.js';
import type {
  Aggregated,
  Changes,
  ChangesQuery,
  FindQuery,
  NodeAggregateQuery,
  NodeQuery,
  SearchQuery,
  UpsertOptions,
  WriteItems,
} from './node-queries.js';
import type { WriteCounts } from './write-counts.js';

/** How the nodes of a view are read and written. */
export interface NodeSettings<V, T extends Times, R> extends InstanceSettings {
  /** How times are read. @default 'date' */
  readonly times?: T | undefined;
  /** Become methods of every node: `{ datapoints: seriesDatapoints(client.datapoints) }`. */
  readonly relations?: (R & Relations<R, Read<V, T>>) | undefined;
}

type ReadWith<V, T extends Times, R> = Flat<Read<V, T> & Bound<R>>;
/** A relation that is read along takes the place of a method of its name. */
type FoundWith<V, W, T extends Times, R, P, M> = Flat<
  OrMethods<Found<V, W, T, P, M>, Bound<R>, W> & MethodsOf<V, Omit<Bound<R>, KeyOf<W>>, P, M>
>;
/** Methods are there where a relation of their name may not be read along. */
type OrMethods<N, B, W> = {
  [K in keyof N]:
    | N[K]
    | (K extends keyof B ? (undefined extends MemberOf<W, K> ? B[K] : never) : never);
};
/** Nodes have methods when all of their properties are read. */
type MethodsOf<V, B, P, M> = [StoredKey<PropertiesOf<V>>] extends [P]
  ? B
  : [StoredKey<PropertiesOf<V>>] extends [P | M]
    ? Partial<B>
    : unknown;
/** What a query `Q` finds. */
type FoundBy<V, W, T extends Times, R, Q> = FoundWith<
  V,
  undefined extends MemberOf<Q, 'with'> ? W | undefined : W,
  T,
  R,
  PickOf<V, MemberOf<Q, 'pick'>>,
  MaybeOf<V, MemberOf<Q, 'pick'>>
>;

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

/**
 * The nodes of a view. Methods work detached from the object.
 *
 * @typeParam V the view
 * @typeParam D whether items may leave out their space
 * @typeParam R methods of the nodes, made from relations
 */
export class Nodes<
  V extends AnyView,
  T extends Times = 'date',
  D extends boolean = false,
  R = None,
> {
  readonly view: V;
  readonly #scope: InstanceScope;
  /**
   * The node of that name, or `undefined` when no node of that name has data in the view. One
   * request.
   */
  declare readonly retrieve: (
    name: NameIn<D>,
    options?: CallOptions,
  ) => Promise<ReadWith<V, T, R> | undefined>;
  /**
   * Nodes in the order of the names. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every name without data in the view, unless
   * `ignoreUnknownIds`
   */
  declare readonly retrieveMultiple: (
    names: readonly NameIn<D>[],
    query?: { readonly ignoreUnknownIds?: boolean | undefined },
    options?: CallOptions,
  ) => Promise<InstanceList<ReadWith<V, T, R>>>;
  /**
   * Nodes whose text has some words, best first. The last word may be the beginning of one. One
   * request.
   * @see https://api-docs.cognite.com/20230101/tag/Instances/operation/searchInstances
   */
  declare readonly search: (
    text: string,
    query?: SearchQuery<V>,
    options?: CallOptions,
  ) => Promise<InstanceList<ReadWith<V, T, R>>>;
  /**
   * Counts, averages, extremes and sums, for all nodes or for groups. One request for each five
   * numbers.
   * @throws {ConfigError} for 1,000 groups or more, which is what the API gives, unless a `limit`
   * says that some are enough
   * @see https://api-docs.cognite.com/20230101/tag/Instances/operation/aggregateInstances
   */
  declare readonly aggregate: <const Q extends NodeAggregateQuery<V>>(
    query: Q,
    options?: CallOptions,
  ) => Promise<Aggregated<V, Q>[]>;
  /**
   * Creates nodes, and changes those that exist, in transactions of at most 1,000. Properties
   * that an item leaves out stay as they are.
   *
   * A transaction that is refused is split until the items are found that cannot be written; the
   * others are written. After 1,000 such items the rest is not tried: it is `notAttempted`. The
   * first write through a view asks the project for it: one more request. After an answer that was
   * lost a transaction is sent again, and what the lost one wrote counts as `unchanged`.
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
    items: WriteItems<Write<V, D>>,
    query?: UpsertOptions,
    options?: CallOptions,
  ) => Promise<WriteCounts>;
  /**
   * Creates nodes. One that exists already is refused, also one that a relation made, without data,
   * unless it is a relation of the same call. Of an array those come first that others refer to.
   *
   * Takes what `upsert` takes. After 1,000 items that cannot be written the rest is not tried: it is
   * `notAttempted`.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input, as far as
   * it was read
   */
  declare readonly create: (
    items: WriteItems<Write<V, D>>,
    query?: Omit<UpsertOptions, 'replace' | 'checkVersions'>,
    options?: CallOptions,
  ) => Promise<WriteCounts>;
  /**
   * Changes nodes that exist. `null` clears a property. Asks first whether they exist: two requests
   * per 1,000.
   * @throws {NotFoundError} when one does not, before anything is written
   * @throws {VersionConflictError} with `checkVersions`, for a node that has changed since
   */
  declare readonly update: (
    items: Change<V, D>[] | readonly Change<V, D>[] | Change<V, D>,
    query?: Pick<UpsertOptions, 'checkVersions' | 'dryRun'>,
    options?: CallOptions,
  ) => Promise<WriteCounts>;
  /**
   * Deletes nodes, with their data in every view and the edges at them. Unknown ones are left out,
   * also those of unknown spaces. A request per 1,000.
   * @returns those that were deleted. A request whose answer was lost is sent again: those that it
   * had deleted are left out
   */
  declare readonly delete: (
    names: readonly NameIn<D>[] | NameIn<D>,
    options?: CallOptions,
  ) => Promise<NodeReference[]>;

  constructor(connection: Connection, view: V, settings: NodeSettings<V, T, R> = {}) {
    const scope = openInstances(transportOf(connection), view, 'node', settings);
    this.view = view;
    this.#scope = scope;
    bindMethods(this);
    attachMethods(this, OPERATIONS, async () => {
      const { InstanceOperations } = await loadLater();
      return new InstanceOperations(scope);
    });
  }

  /**
   * Nodes with data in the view. Awaited: the first 25, or `limit`. In `for await`: all of them. A
   * request per 1,000.
   * @see https://api-docs.cognite.com/20230101/tag/Instances/operation/advancedListInstance
   */
  list(
    query: NodeQuery<V> = {},
    options?: CallOptions,
  ): Listing<ReadWith<V, T, R>, InstanceList<ReadWith<V, T, R>>> {
    return listInstances(this.#scope, query as object, options) as Listing<
      ReadWith<V, T, R>,
      InstanceList<ReadWith<V, T, R>>
    >;
  }

  /**
   * Nodes from elsewhere, such as JSON from disk, as a list with their methods. Sends nothing. The
   * list has copies, with times and 64-bit integers as they are read, whether they are dates,
   * numbers or strings.
   * @throws {ConfigError} when one has no externalId, or a string that is no time or integer
   */
  asList(items: readonly Read<V, Times>[]): InstanceList<ReadWith<V, T, R>> {
    return asList(this.#scope, items) as InstanceList<ReadWith<V, T, R>>;
  }

  /**
   * Nodes together with those on the other side of their relations. Awaited: the first 25, or
   * `limit`. One request per 1,000 nodes where the API can walk; further ones for relations with
   * more than 10,000 on their other side, and one per 1,000 nodes for each reverse relation through
   * a list.
   *
   * Relations are in the order of their own `orderBy`. Without one, lists of relations keep theirs,
   * others have that of creation, roughly. If a page of nodes has more than 10,000 on the other
   * side, the API sorts each 10,000; all of them together are in order only where the property has
   * a cursorable index. A `limit` of a relation takes the first ones in that order.
   *
   * A list that is read along by `with` may lack some of the relation, so that `upsert` and
   * `update` reject it: leave it out, or write the names. Relations to one node are written.
   * @see https://api-docs.cognite.com/20230101/tag/Instances/operation/queryContent
   */
  find<
    const W = None,
    const P extends StoredKey<PropertiesOf<V>> & string = StoredKey<PropertiesOf<V>> & string,
    Q = { readonly with: W; readonly pick: readonly [P] },
  >(
    query?: FindQuery<V, W, P> & Given<Q>,
    options?: CallOptions,
  ): Listing<FoundBy<V, W, T, R, Q>, InstanceList<FoundBy<V, W, T, R, Q>>>;
  find(query: FindQuery<V, object, never> = {}, options?: CallOptions): Listing<object> {
    const own = ownCopy(query);
    const scope = this.#scope;
    const pages = once(async () =>
      (await loadPart(import('./find.js'))).findPages(scope, own as object),
    );
    return listingOf(
      scope,
      { fetchPage: async (page, call) => (await pages())(page, call) },
      own?.limit,
      options,
    ) as never;
  }

  /**
   * Pages of what changed, in its last state. Everything is read first, unless there is a cursor.
   * Cursors live three days. Of each page apply `deleted` first, then `upserted`, then save the
   * cursor: a node that was deleted and made again is in both.
   * @throws {ExpiredCursorError} for a cursor that is older
   * @see https://api-docs.cognite.com/20230101/tag/Instances/operation/syncContent
   */
  changes(
    query: ChangesQuery<V> = {},
    options?: CallOptions,
  ): AsyncGenerator<Changes<ReadWith<V, T, R>>, void, undefined> {
    return followChanges(this.#scope, query, options) as AsyncGenerator<
      Changes<ReadWith<V, T, R>>,
      void,
      undefined
    >;
  }
}

/**
 * The nodes of a view in a project. Sends nothing.
 *
 * @param connection a client or a transport
 * @example
 * const pumps = nodes(client, Pump, { space: 'plant' });
 * for await (const pump of pumps.list({ where: { power: { gte: 10 } } })) console.log(pump.name);
 */
export function nodes<
  V extends AnyView,
  const S extends InstanceSettings = None,
  R extends Relations<R, Read<V, TimesOf<S>>> = None,
>(
  connection: Connection,
  view: V,
  settings?: S & InstanceSettings & { readonly relations?: R | undefined },
): Nodes<V, TimesOf<S>, S extends { readonly space: string } ? true : false, R> {
  return new Nodes(connection, view, settings as never);
}
