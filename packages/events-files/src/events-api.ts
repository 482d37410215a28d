import {
  type AssetScope,
  type CallOptions,
  type Identifier,
  type Listing,
  ResourceList,
  type RetrieveMultipleOptions,
  type Transport,
  type UpdateOptions,
  type UpsertResult,
} from '@cdf/core';
import {
  type ListBody,
  listInScope,
  oneOrMany,
  ResourceAggregates,
  ResourceEndpoint,
  toWireSort,
  withEpochWindows,
  withPrototype,
} from '@cdf/core/resource';
import type {
  AssetEventQuery,
  CdfEvent,
  EventCreate,
  EventFilter,
  EventList,
  EventProperty,
  EventQuery,
  EventSearchQuery,
  EventUpdate,
} from './event-types.js';
import { LISTED_EVENTS } from './list-events.js';
import { withEpochs } from './with-epochs.js';

/** Assets that one filter of events may name. */
const MAX_ASSETS = 5000;

const TIMES = ['startTime', 'endTime'] as const;
const TIME_FILTERS = [...TIMES, 'activeAtTime', 'createdTime', 'lastUpdatedTime'] as const;

/** Events: what happened when, and to which assets. Times may be given as numbers, dates or text such as `'2d-ago'`. */
export class EventsApi {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<EventFilter, EventProperty>;
  readonly #endpoint: ResourceEndpoint<CdfEvent, EventList>;

  constructor(transport: Transport) {
    this.#endpoint = new ResourceEndpoint<CdfEvent, EventList>(transport, {
      ...LISTED_EVENTS,
      noun: 'events',
      updatable: {
        externalId: 'required',
        dataSetId: 'nullable',
        startTime: 'nullable',
        endTime: 'nullable',
        type: 'nullable',
        subtype: 'nullable',
        description: 'nullable',
        metadata: 'metadata',
        assetIds: 'list',
        source: 'nullable',
      },
      readOnly: ['id', 'createdTime', 'lastUpdatedTime'],
      adopt: (event) => event,
      toList: (events) => withPrototype<EventList>(events, ResourceList.prototype),
    });
    this.aggregate = new ResourceAggregates<EventFilter, EventProperty>({
      aggregate: (body, options) => this.#endpoint.aggregate(toWireQuery(body), options),
    });
  }

  /**
   * Events in the order they were created, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them.
   * A request per 1,000; with `limit: Infinity` ten at the same time.
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/advancedListEvents
   */
  list(query: EventQuery = {}, options?: CallOptions): Listing<CdfEvent, EventList> {
    return this.#endpoint.list(toWireQuery(query), options);
  }

  /**
   * The events of a selection of assets. Awaited: all of them, unless `limit` is given. For the roots of subtrees and up to
   * 5,000 assets it costs what `list` costs; beyond that everything is read before the first event comes.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(scope: AssetScope, query: AssetEventQuery = {}, options?: CallOptions): Listing<CdfEvent, EventList> {
    return listInScope(this.#endpoint, scope, toWireQuery(query), MAX_ASSETS, options);
  }

  /** The event of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<CdfEvent | undefined> {
    return this.#endpoint.retrieve(identifier, {}, options);
  }

  /**
   * Events in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/byIdsEvents
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<EventList> {
    return this.#endpoint.retrieveMultiple(identifiers, query, options);
  }

  /**
   * The best matches, best first: 100 unless said, at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/searchEvents
   */
  search(query: EventSearchQuery, options?: CallOptions): Promise<EventList> {
    return this.#endpoint.search(toWireQuery(query), options);
  }

  /**
   * Creates events, in requests of 1,000. One for one, a list in input order for several.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/createEvents
   */
  create(event: EventCreate, options?: CallOptions): Promise<CdfEvent>;
  create(events: readonly EventCreate[], options?: CallOptions): Promise<EventList>;
  async create(input: EventCreate | readonly EventCreate[], options?: CallOptions): Promise<CdfEvent | EventList> {
    const { items, single } = oneOrMany(input);
    const created = await this.#endpoint.create(toWireItems(items), options);
    return single ? (created[0] as CdfEvent) : created;
  }

  /**
   * Changes events, by patches or by whole objects, in requests of 1,000. The answer is in input order.
   * @param query `mode` says what whole objects do to fields that they do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/updateEvents
   */
  update(event: EventUpdate, query?: UpdateOptions, options?: CallOptions): Promise<CdfEvent>;
  update(events: readonly EventUpdate[], query?: UpdateOptions, options?: CallOptions): Promise<EventList>;
  async update(
    input: EventUpdate | readonly EventUpdate[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<CdfEvent | EventList> {
    const { items, single } = oneOrMany(input);
    const updated = await this.#endpoint.update(toWireItems(items), mode, options);
    return single ? (updated[0] as CdfEvent) : updated;
  }

  /**
   * Updates the events that exist and creates the others, found by id or external id. Not atomic.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  upsert(
    events: readonly (EventCreate & { readonly id?: number | undefined })[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<UpsertResult<EventList>> {
    return this.#endpoint.upsert(toWireItems(events), mode, options);
  }

  /**
   * Deletes events, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: of its request nothing is deleted then, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/deleteEvents
   */
  delete(
    identifiers: readonly Identifier[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    return this.#endpoint.delete(identifiers, query, options);
  }
}

/** Relative times and dates become milliseconds once per call, so that all of its requests agree. */
function toWireQuery(query: Omit<EventQuery, 'filter'> & { readonly filter?: object | undefined }): ListBody {
  const { filter, sort, ...rest } = query;
  return {
    ...rest,
    ...(filter === undefined ? {} : { filter: withEpochWindows(filter, TIME_FILTERS, Date.now()) }),
    ...(sort === undefined ? {} : { sort: toWireSort(sort) }),
  };
}

function toWireItems<T extends object>(items: readonly T[]): T[] {
  const now = Date.now();
  return items.map((item) => withEpochs(item, TIMES, now));
}
