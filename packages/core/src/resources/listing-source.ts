import type { CallOptions, Transport } from '../transport/transport.js';
import type { Identified } from '../values/identifiers.js';
import type { QueryBody } from './wire.js';

/**
 * One answer of a list endpoint. A page may be short, even empty, while `nextCursor` is present.
 */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string | undefined;
}

/** The request of a listing to its source. */
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** `"3/10"`: the third of ten disjoint streams. */
  readonly partition?: string | undefined;
}

/**
 * Where a listing gets its items from. Method syntax keeps `Listing`, and every API above it,
 * covariant.
 */
export interface ListingSource<T, L> {
  fetchPage(request: PageRequest, options: CallOptions): Promise<Page<T>>;
  toList(items: T[]): L;
  /**
   * The identity of an item: items seen twice because of writes in between are dropped, at least
   * within a million.
   */
  keyOf?(item: T): unknown;
  /**
   * The order that the endpoint documents, in which only an item and itself are equal. Where it is
   * given, everything is fetched through parallel partitions and merged in this order.
   */
  compare?(left: T, right: T): number;
  /**
   * The items that still exist, as they are now. Where this is given, items that partitions leave
   * out are requested once more.
   */
  confirm?(items: readonly T[], options: CallOptions): Promise<readonly T[]>;
}

/** The part of a `ResourceEndpoint` that listings need. */
export interface ListEndpoint<T extends Identified, L extends T[]> {
  readonly transport: Transport;
  /**
   * The pages of a list request.
   * @param now the time that relative times in the query start from @default the present
   */
  source(query: QueryBody, now?: number): ListingSource<T, L>;
  /** Everything, or the first `limit`. */
  list(query: QueryBody, options?: CallOptions): PromiseLike<readonly T[]>;
  /** A query in wire form. Fields already in this form stay as they are. */
  prepare(query: QueryBody, now: number): QueryBody | Promise<QueryBody>;
}
