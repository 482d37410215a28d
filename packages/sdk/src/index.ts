// Everything that the packages export. A type of this client stands before theirs of the same name,
// which is here with Of at its end.
export type {
  Datapoints as DatapointsOf,
  DatapointsList as DatapointsListOf,
} from '@cdf/datapoints';
export type { Chart as ChartOf } from '@cdf/plot';
export * from '@cdf/plot';
export type { MountedChart } from '@cdf/plot/browser';
export type { SaveOptions } from '@cdf/plot/node';
export type { PngOptions } from '@cdf/plot/png';
export * from '@cdf/sdk-core';
export type { ChartOutputs } from './chart-outputs.js';
export { CdfClient } from './client.js';
export type {
  Asset,
  AssetList,
  AssetSelection,
  Chart,
  Datapoints,
  DatapointsList,
  TimeSeries,
  TimeSeriesList,
} from './composed-types.js';
export { chartOutputs } from './outputs.js';
export type {
  AssetRelations,
  DatapointsRelations,
  SeriesListRelations,
  SeriesRelations,
} from './relations.js';
