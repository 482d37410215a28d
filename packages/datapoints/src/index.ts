export { AGGREGATES, type Aggregate, isAggregate, type PointAggregate } from './aggregates.js';
export { DatapointsApi, type DatapointsList } from './datapoints-api.js';
export type {
  AnyDatapoints,
  Datapoint,
  Datapoints,
  DatapointsBase,
  ExtremePoint,
  MixedDatapoints,
  PointColumn,
  RawColumns,
  RawDatapoint,
  RawValue,
  ResultColumns,
  SeriesInfo,
  SparseStatuses,
  Status,
  TableOptions,
} from './datapoints-types.js';
export { granularity } from './granularity.js';
export type { Granularity, GranularityUnit } from './granularity-text.js';
export type { PointTime } from './points/point-time.js';
export type {
  AggregateRange,
  AggregatesOfItems,
  DatapointsBatch,
  DatapointsItemsQuery,
  DatapointsQuery,
  DatapointsRange,
  GranularityNeedsAggregates,
  GranularityOfEachItem,
  GranularityOfItems,
  ItemRange,
  ItemResult,
  LatestItemsQuery,
  LatestQuery,
  LatestRange,
  PointsRange,
  RawRange,
  SeriesItems,
  SeveralSeries,
  StreamCursor,
  ValueOf,
} from './query-types.js';
export {
  type SeriesSubject,
  seriesCount,
  seriesDatapoints,
  seriesFirst,
  seriesLatest,
  seriesListDatapoints,
  seriesListLatest,
} from './relations.js';
export {
  averageOf,
  Expression,
  maxOf,
  minOf,
  type SeriesTerm,
  ts,
} from './synthetic/expression.js';
export { SyntheticApi } from './synthetic/synthetic-api.js';
export type {
  SyntheticDatapoints,
  SyntheticQuery,
  SyntheticRange,
} from './synthetic/synthetic-types.js';
export type { ArrowLibrary, ArrowOptions } from './table/arrow.js';
export { DatapointsTable } from './table/datapoints-table.js';
export { makeTable } from './table/make-table.js';
export type {
  ColumnOrigin,
  ColumnSummary,
  CsvOptions,
  ResampleFunction,
  ResampleOptions,
  TableColumn,
} from './table/types.js';
export type { DeleteRange } from './write/delete.js';
export type { InsertFromOptions, InsertSource } from './write/insert-from.js';
export type { PointRange } from './write/point-range.js';
export type {
  DatapointColumns,
  DatapointRow,
  DatapointsInput,
  DatapointTuple,
  ReadColumns,
  SeriesInput,
} from './write/points.js';
export type { StatusInput } from './write/status.js';
export type { InsertOptions } from './write/writer.js';
