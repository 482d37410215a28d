import type { CallOptions, Listing, TimeRange, Transport } from '@cdf/core';
import { type ListedResource, listResources, toWireSort } from '@cdf/core/resource';
import type { CdfEvent, EventFilter, EventQuery, NullFilter } from './event-types.js';

/** What a listing of events needs to know of them. */
export const LISTED_EVENTS: ListedResource<CdfEvent, CdfEvent[]> = {
  path: '/events',
  compare: (left, right) => left.createdTime - right.createdTime || left.id - right.id,
};

/** Which events, with times in epoch milliseconds. */
export interface EpochEventFilter
  extends Omit<EventFilter, 'startTime' | 'endTime' | 'activeAtTime' | 'createdTime' | 'lastUpdatedTime'> {
  readonly startTime?: TimeRange | undefined;
  /** `{ isNull: true }` gives the events that have not ended. */
  readonly endTime?: TimeRange | NullFilter | undefined;
  /** Events whose time overlaps the window; one without an end goes on, one without a start is never active. */
  readonly activeAtTime?: TimeRange | undefined;
  readonly createdTime?: TimeRange | undefined;
  readonly lastUpdatedTime?: TimeRange | undefined;
}

/** An `EventQuery` whose times are epoch milliseconds: `toEpoch` of `@cdf/core` makes them of dates and of texts such as `'2d-ago'`. */
export interface EpochEventQuery extends Omit<EventQuery, 'filter'> {
  readonly filter?: EpochEventFilter | undefined;
}

/**
 * What `EventsApi.list` gives, as plain data: for programs that list events, need nothing else of them and have to be small. Events in the
 * order they were created, unless sorted. Awaited: the first 25, or `limit`. In `for await`: all of them. A request per 1,000; with
 * `limit: Infinity` ten at the same time.
 * @see https://api-docs.cognite.com/20230101/tag/Events/operation/advancedListEvents
 *
 * @example
 * const events = await listEvents(transport, { filter: { assetSubtreeIds: [{ externalId: 'plant' }] }, limit: Infinity });
 */
export function listEvents(
  transport: Transport,
  { sort, ...query }: EpochEventQuery = {},
  options?: CallOptions,
): Listing<CdfEvent> {
  return listResources(transport, LISTED_EVENTS, { ...query, sort: toWireSort(sort) }, options);
}
