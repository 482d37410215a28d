export { assetEvents } from './asset-events.js';
export { type EventInterval, type EventIntervalOptions, eventIntervals } from './event-intervals.js';
export type {
  AssetEventQuery,
  CdfEvent,
  EventAggregateQuery,
  EventCreate,
  EventFilter,
  EventList,
  EventPatch,
  EventProperty,
  EventQuery,
  EventSearchQuery,
  EventSortProperty,
  EventUpdate,
  NullFilter,
} from './event-types.js';
export { EventsApi } from './events-api.js';
export { type EpochEventFilter, type EpochEventQuery, listEvents } from './list-events.js';
