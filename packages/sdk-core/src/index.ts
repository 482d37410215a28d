// Everything that the packages export. A type of this client stands before theirs of the same name,
// which is here with Of at its end.

export type {
  Asset as AssetOf,
  AssetList as AssetListOf,
  AssetSelection as AssetSelectionOf,
} from '@cdf/assets';
export * from '@cdf/assets';
export * from '@cdf/core';
export * from '@cdf/datapoints';
export * from '@cdf/events-files';
export type {
  TimeSeries as TimeSeriesOf,
  TimeSeriesList as TimeSeriesListOf,
} from '@cdf/timeseries';
export * from '@cdf/timeseries';
export { CdfClient } from './client.js';
export type {
  Asset,
  AssetList,
  AssetSelection,
  TimeSeries,
  TimeSeriesList,
} from './composed-types.js';
export type { AssetRelations, SeriesListRelations, SeriesRelations } from './relations.js';
