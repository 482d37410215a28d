export { assetEvents } from './asset-events.js';
export {
  type EventInterval,
  type EventIntervalOptions,
  eventIntervals,
} from './event-intervals.js';
export type {
  AssetEventQuery,
  CdfEvent,
  EventAggregateQuery,
  EventCreate,
  EventFilter,
  EventList,
  EventOperations,
  EventPatch,
  EventProperty,
  EventQuery,
  EventSearchQuery,
  EventSortProperty,
  EventUpdate,
  NullFilter,
} from './event-types.js';
export { EventsApi } from './events-api.js';
