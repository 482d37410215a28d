import type {
  AggregateQuery,
  AssetScope,
  CallOptions,
  Identified,
  Identifier,
  Listing,
  ListQuery,
  Metadata,
  PatchOf,
  ResourceAggregates,
  ResourceList,
  RetrieveMultipleOptions,
  ScopedQuery,
  TimeArgument,
  TimeWindow,
  UpdateOf,
  UpdateOptions,
  UpsertResult,
} from '@cdf/core';

/**
 * Something that happened, to any number of assets. Nothing but the id and the two server times is
 * always there.
 */
export interface CdfEvent extends Identified {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly dataSetId?: number | undefined;
  /** @unit milliseconds since the epoch */
  readonly startTime?: number | undefined;
  /** Absent while the event goes on. @unit milliseconds since the epoch */
  readonly endTime?: number | undefined;
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly source?: string | undefined;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** Events as an array, with `get()` and `toTable()`. */
export type EventList = ResourceList<CdfEvent>;

/** An event to create. All fields are optional. */
export interface EventCreate {
  /** Unique among the project's events: 1 to 255 characters. */
  readonly externalId?: string | undefined;
  readonly dataSetId?: number | undefined;
  readonly startTime?: TimeArgument | undefined;
  /** Not before `startTime`. Leave it out while the event goes on. */
  readonly endTime?: TimeArgument | undefined;
  /** At most 64 characters. */
  readonly type?: string | undefined;
  /** At most 64 characters. */
  readonly subtype?: string | undefined;
  /** At most 500 characters. */
  readonly description?: string | undefined;
  /** At most 256 pairs and 200,000 bytes in all. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** At most 10,000. */
  readonly assetIds?: readonly number[] | undefined;
  /** At most 128 characters. */
  readonly source?: string | undefined;
}

/** Changes of single fields. Other fields stay. */
export type EventPatch = PatchOf<EventCreate>;

/**
 * Patches of the event that the identifier names, or a whole event found by its id, else its
 * external id.
 */
export type EventUpdate = UpdateOf<EventCreate, EventPatch>;

/** Has a value, or lacks it. */
export interface NullFilter {
  readonly isNull: boolean;
}

/** A filter of events: every given condition must hold. Strings are compared with their case. */
export interface EventFilter {
  readonly startTime?: TimeWindow | undefined;
  /** `{ isNull: true }` gives the events that have not ended. */
  readonly endTime?: TimeWindow | NullFilter | undefined;
  /**
   * Events whose time overlaps the window; one without an end goes on, one without a start is never
   * active.
   */
  readonly activeAtTime?: TimeWindow | undefined;
  /** Events that have all of these pairs. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** Events of any of these assets: at most 5,000. */
  readonly assetIds?: readonly number[] | undefined;
  /** Events of any of these assets: at most 5,000. */
  readonly assetExternalIds?: readonly string[] | undefined;
  /** Events of any asset in these subtrees: at most 100 roots with 100,000 assets in all. */
  readonly assetSubtreeIds?: readonly Identifier[] | undefined;
  /** At most 100. */
  readonly dataSetIds?: readonly Identifier[] | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
  readonly createdTime?: TimeWindow | undefined;
  readonly lastUpdatedTime?: TimeWindow | undefined;
  readonly externalIdPrefix?: string | undefined;
}

/** The properties that advanced filters and aggregates of events know. */
export type EventProperty =
  | 'assetIds'
  | 'createdTime'
  | 'dataSetId'
  | 'startTime'
  | 'endTime'
  | 'id'
  | 'lastUpdatedTime'
  | 'description'
  | 'externalId'
  | 'metadata'
  | 'source'
  | 'type'
  | 'subtype';

/** The properties that events sort by, besides `['metadata', key]` and `'_score_'`. */
export type EventSortProperty = Exclude<EventProperty, 'assetIds' | 'id' | 'metadata'>;

/** The events to list, and their order: by createdTime, then id, unless sorted. */
export type EventQuery = ListQuery<EventFilter, EventProperty, EventSortProperty>;

/** A query beside a selection of assets, which says which assets. */
export type AssetEventQuery = ScopedQuery<EventQuery>;

/** The events to search, and the words to look for. */
export interface EventSearchQuery {
  /** Words of the description. */
  readonly search?: { readonly description?: string | undefined } | undefined;
  readonly filter?: EventFilter | undefined;
  /** @default 100, at most 1,000 */
  readonly limit?: number | undefined;
}

/** The events of an aggregate. */
export type EventAggregateQuery = AggregateQuery<EventFilter, EventProperty>;

/** The types of events, for `ResourceApi`. */
export interface EventTypes {
  item: CdfEvent;
  list: EventList;
  create: EventCreate;
  update: EventUpdate;
  filter: EventFilter;
  property: EventProperty;
  query: EventQuery;
  scopedQuery: AssetEventQuery;
  search: EventSearchQuery;
}

/** The methods of `EventsApi`. They work detached: `const { list } = client.events`. */
export interface EventOperations {
  /** Counts and distinct values. One request each. */
  readonly aggregate: ResourceAggregates<EventFilter, EventProperty>;

  /**
   * Events in the order they were created, unless sorted. Awaited: the first 25, or `limit`. In
   * `for await`: all of them. A request per 1,000; with `limit: Infinity` ten at the same time.
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/advancedListEvents
   */
  list(query?: EventQuery, options?: CallOptions): Listing<CdfEvent, EventList>;

  /**
   * The events of a selection of assets. Awaited: all of them, unless `limit` is given. For the
   * roots of subtrees and up to 5,000 assets it costs as much as `list`; beyond that everything is
   * read before the first event comes.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(
    scope: AssetScope,
    query?: AssetEventQuery,
    options?: CallOptions,
  ): Listing<CdfEvent, EventList>;

  /**
   * Events from elsewhere, such as JSON from disk, as a list with its methods. Sends nothing. The
   * list has copies.
   * @throws {ConfigError} when an item is not an object with an id
   */
  asList(items: readonly CdfEvent[]): EventList;

  /** The event of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<CdfEvent | undefined>;

  /**
   * Events in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/byIdsEvents
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<EventList>;

  /**
   * The best matches, best first; 100 by default, at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/searchEvents
   */
  search(query: EventSearchQuery, options?: CallOptions): Promise<EventList>;

  /**
   * Creates events, in requests of 1,000. One for one, a list in input order for several.
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/createEvents
   */
  create(events: readonly EventCreate[], options?: CallOptions): Promise<EventList>;
  create(event: EventCreate, options?: CallOptions): Promise<CdfEvent>;

  /**
   * Changes events, by patches or by whole objects, in requests of 1,000. The answer is in input
   * order.
   * @param query `mode` decides on fields that whole objects do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/updateEvents
   */
  update(
    events: readonly EventUpdate[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<EventList>;
  update(event: EventUpdate, query?: UpdateOptions, options?: CallOptions): Promise<CdfEvent>;

  /**
   * Updates the events that exist and creates the others, found by id or external id. Not atomic.
   * @throws {ConfigError} before anything is sent, when one has neither id nor external id or two
   * have the same
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   */
  upsert(
    events: readonly (EventCreate & { readonly id?: number | undefined })[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<UpsertResult<EventList>>;

  /**
   * Deletes events, by identifier or as they were read, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: then its request deletes nothing, unless
   * `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Events/operation/deleteEvents
   */
  delete(
    events: readonly (Identifier | Identified)[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<void>;
}
