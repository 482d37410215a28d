import type {
  AdvancedFilter,
  AggregateQuery,
  FieldPatch,
  Identified,
  Identifier,
  ListPatch,
  Metadata,
  MetadataPatch,
  ResourceList,
  Sort,
  TimeArgument,
  TimeWindow,
} from '@cdf/core';

/** Something that happened, to any number of assets. Nothing but the id and the two server times is always there. */
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

/** An event to create. Nothing is required. */
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

/** Changes of single fields. What is not named stays. */
export interface EventPatch {
  readonly externalId?: FieldPatch<string> | undefined;
  readonly dataSetId?: FieldPatch<number> | undefined;
  readonly startTime?: FieldPatch<TimeArgument> | undefined;
  readonly endTime?: FieldPatch<TimeArgument> | undefined;
  readonly type?: FieldPatch<string> | undefined;
  readonly subtype?: FieldPatch<string> | undefined;
  readonly description?: FieldPatch<string> | undefined;
  readonly metadata?: MetadataPatch | undefined;
  readonly assetIds?: ListPatch<number> | undefined;
  readonly source?: FieldPatch<string> | undefined;
}

/** Patches of the event that the identifier names, or a whole event found by its id, else its external id. */
export type EventUpdate =
  | (Identifier & { readonly update: EventPatch })
  | (EventCreate & { readonly id: number })
  | (EventCreate & { readonly externalId: string });

/** Has a value, or has none. */
export interface NullFilter {
  readonly isNull: boolean;
}

/** Which events: everything that is given must hold. Text is compared with its case. */
export interface EventFilter {
  readonly startTime?: TimeWindow | undefined;
  /** `{ isNull: true }` gives the events that have not ended. */
  readonly endTime?: TimeWindow | NullFilter | undefined;
  /** Events whose time overlaps the window; one without an end goes on, one without a start is never active. */
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

/** Which events to list, and in which order. */
export interface EventQuery {
  readonly filter?: EventFilter | undefined;
  /** Must hold as well. It ignores case in metadata. */
  readonly advancedFilter?: AdvancedFilter<EventProperty> | undefined;
  /**
   * One or two properties.
   * @default by createdTime, then id
   */
  readonly sort?: Sort<EventSortProperty> | readonly Sort<EventSortProperty>[] | undefined;
  /** Most events in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}

/** A query beside a selection of assets, which says which assets. */
export interface AssetEventQuery extends Omit<EventQuery, 'filter'> {
  readonly filter?: Omit<EventFilter, 'assetIds' | 'assetExternalIds' | 'assetSubtreeIds'> | undefined;
}

/** Which events to search, and for which words. */
export interface EventSearchQuery {
  /** Words of the description. */
  readonly search?: { readonly description?: string | undefined } | undefined;
  readonly filter?: EventFilter | undefined;
  /** @default 100, at most 1,000 */
  readonly limit?: number | undefined;
}

/** Which events an aggregate is about. */
export type EventAggregateQuery = AggregateQuery<EventFilter, EventProperty>;
