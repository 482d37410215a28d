import type { AdvancedFilter, FieldPatch, InstanceId, ListPatch } from '@cdf/core';
import type { TimeSeriesProperty } from '../time-series-types.js';

/** A subscription to the data points of some time series. */
export interface Subscription {
  readonly externalId: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
  /** Streams that the series are spread over. Never changes. */
  readonly partitionCount: number;
  /** Series at present. */
  readonly timeSeriesCount?: number | undefined;
  /** The series, where they are not listed. */
  readonly filter?: SubscriptionFilter | undefined;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** The series of a subscription: an advanced filter without `search`. */
export type SubscriptionFilter = AdvancedFilter<TimeSeriesProperty>;

/** How a subscription is named: it has no other id. */
export interface SubscriptionName {
  readonly externalId: string;
}

/**
 * A subscription to create, for listed series or for those that a filter finds. The kind never
 * changes.
 */
export interface SubscriptionCreate {
  /** 1 to 255 characters. */
  readonly externalId: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
  /** 1 to 100. Each series is in one partition, and only there its updates have an order. */
  readonly partitionCount: number;
  /** External ids of series: at most 10,000. */
  readonly timeSeriesIds?: readonly string[] | undefined;
  /** Series of data modeling: at most 10,000. */
  readonly instanceIds?: readonly InstanceId[] | undefined;
  /** Series join when they match, and leave when they no longer do. Not together with lists. */
  readonly filter?: SubscriptionFilter | undefined;
}

/** Changes of single fields. Other fields stay. */
export interface SubscriptionPatch {
  readonly name?: FieldPatch<string> | undefined;
  readonly description?: FieldPatch<string> | undefined;
  readonly dataSetId?: FieldPatch<number> | undefined;
  /** Any number: they are sent 100 at a time. */
  readonly timeSeriesIds?: ListPatch<string> | undefined;
  /** Any number: they are sent 100 at a time. */
  readonly instanceIds?: ListPatch<InstanceId> | undefined;
  readonly filter?: { readonly set: SubscriptionFilter } | undefined;
}

/** Patches of the subscription of that external id. */
export interface SubscriptionUpdate extends SubscriptionName {
  readonly update: SubscriptionPatch;
}

/**
 * A series of a subscription. One that was listed by both its names is there twice; one that was
 * deleted has no `id`.
 */
export interface SubscriptionMember {
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}

/** A series that something was written to. */
export interface SubscribedSeries extends SubscriptionMember {
  readonly id: number;
  readonly isString: boolean;
  readonly type?: 'numeric' | 'string' | (string & {}) | undefined;
}

/** A data point as a consumer is given it. */
export interface SubscribedDatapoint {
  /** @unit milliseconds since the epoch */
  readonly timestamp: number;
  /** `null`, or absent, for a bad point without a value. */
  readonly value?: number | string | null | undefined;
  readonly status?: { readonly code: number; readonly symbol: string } | undefined;
}

/** The points written to one series, or deleted from it. */
export interface SeriesChange {
  readonly timeSeries: SubscribedSeries;
  /** Points written, new ones as well as new values of old ones. */
  readonly upserts: readonly SubscribedDatapoint[];
  /** Ranges whose points were deleted. */
  readonly deletes: readonly { readonly inclusiveBegin: number; readonly exclusiveEnd: number }[];
}

/** One batch for a consumer. */
export interface SubscriptionBatch {
  /** In the order of writing within a partition. */
  readonly updates: readonly SeriesChange[];
  /** Series that joined the subscription; at the start of a stream all of them. */
  readonly added: readonly SubscribedSeries[];
  /** Series that left. */
  readonly removed: readonly SubscribedSeries[];
  /** True if more was available when this was read. */
  readonly hasNext: boolean;
  /** Where to resume once this batch is handled. */
  readonly checkpoint: SubscriptionCheckpoint;
}

/** How far a consumer has come. Plain data: it survives JSON. */
export interface SubscriptionCheckpoint extends SubscriptionName {
  readonly partitions: readonly { readonly index: number; readonly cursor: string }[];
}

/** Where a consumer begins, its partitions, and when it ends. */
export interface ConsumeQuery {
  /**
   * The partitions to read, so that several consumers can share the work.
   * @default all of them, for which the subscription is read once
   */
  readonly partitions?: readonly number[] | undefined;
  /** Goes on behind this checkpoint. It says which partitions, too. */
  readonly checkpoint?: SubscriptionCheckpoint | undefined;
  /**
   * Where to begin without a checkpoint: `'now'`, or `'2d-ago'` with a unit of w, d, h or m.
   * @default the start of the stream: CDF keeps seven days
   */
  readonly start?: string | undefined;
  /**
   * True to wait for more when everything was read. `false` ends the loop there.
   * @default true
   */
  readonly follow?: boolean | undefined;
  /**
   * The approximate number of changes of a batch, 1 to 100,000. Changes of one request stay
   * together.
   * @default 1000
   */
  readonly batchSize?: number | undefined;
  /**
   * Status codes beside the values.
   * @default false
   */
  readonly includeStatus?: boolean | undefined;
  /**
   * Leaves bad points out.
   * @default true
   */
  readonly ignoreBadDataPoints?: boolean | undefined;
  /**
   * Counts uncertain points as bad.
   * @default true
   */
  readonly treatUncertainAsBad?: boolean | undefined;
}

/** How many subscriptions, or members of one, a list has. */
export interface SubscriptionListQuery {
  /** Most items in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}
