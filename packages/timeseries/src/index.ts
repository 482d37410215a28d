export { assetTimeSeries } from './asset-time-series.js';
export { TimeSeriesApi } from './time-series-api.js';
export type {
  AssetTimeSeriesQuery,
  TimeSeries,
  TimeSeriesAggregateQuery,
  TimeSeriesCreate,
  TimeSeriesData,
  TimeSeriesFilter,
  TimeSeriesList,
  TimeSeriesPatch,
  TimeSeriesProperty,
  TimeSeriesQuery,
  TimeSeriesSearchQuery,
  TimeSeriesSortProperty,
  TimeSeriesUpdate,
} from './time-series-types.js';
