export { assetTimeSeries } from './asset-time-series.js';
export type {
  ConsumeQuery,
  SeriesChange,
  SubscribedDatapoint,
  SubscribedSeries,
  Subscription,
  SubscriptionBatch,
  SubscriptionCheckpoint,
  SubscriptionCreate,
  SubscriptionFilter,
  SubscriptionListQuery,
  SubscriptionMember,
  SubscriptionName,
  SubscriptionPatch,
  SubscriptionUpdate,
} from './subscriptions/subscription-types.js';
export { SubscriptionsApi } from './subscriptions/subscriptions-api.js';
export { TimeSeriesApi } from './time-series-api.js';
export type {
  AssetTimeSeriesQuery,
  TimeSeries,
  TimeSeriesAggregateQuery,
  TimeSeriesCreate,
  TimeSeriesData,
  TimeSeriesFilter,
  TimeSeriesList,
  TimeSeriesOperations,
  TimeSeriesPatch,
  TimeSeriesProperty,
  TimeSeriesQuery,
  TimeSeriesSearchQuery,
  TimeSeriesSortProperty,
  TimeSeriesUpdate,
} from './time-series-types.js';
