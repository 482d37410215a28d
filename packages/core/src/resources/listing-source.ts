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
  /** The time that relative times start from: that of one use of a listing, for all its pages. */
  readonly now: number;
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
  /** @param options the same object for all pages of one use of the listing, and of no other use */
  fetchPage(request: PageRequest, options: CallOptions): Promise<Page<T>>;
  /**
   * What users get of the items of a page, made while the next page is on its way. Sources with
   * `readAll` have none. @default the items
   *
   * @throws {DecodeError} which ends the listing
   */
  read?(items: T[]): T[];
  toList(items: T[]): L;
  /**
   * The identity of an item: items seen twice because of writes in between are dropped, at least
   * within a million.
   */
  keyOf?(item: T): unknown;
  /** The order that the endpoint documents, in which only an item and itself are equal. */
  compare?(left: T, right: T): number;
  /**
   * Everything, in the endpoint's order: `partitionedReader` reads parallel partitions. Where it is
   * not given, pages are read one after the other.
   *
   * @param first the first page of the whole list
   * @param pages the pages of a partition
   */
  readAll?(
    first: Page<T>,
    pages: (partition: string, signal: AbortSignal) => AsyncIterable<readonly T[]>,
    options: CallOptions,
  ): Promise<T[]>;
}

/** The part of a `ResourceEndpoint` that listings need. */
export interface ListEndpoint<T extends Identified, L extends T[]> {
  readonly transport: Transport;
  /** The pages of a list request. */
  source(query: QueryBody): ListingSource<T, L>;
  /** Everything, or the first `limit`. */
  list(query: QueryBody, options?: CallOptions): PromiseLike<readonly T[]>;
  /** A query in wire form. Fields already in this form stay as they are. */
  prepare(query: QueryBody, now: number): QueryBody | Promise<QueryBody>;
}
