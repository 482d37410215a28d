export { toParquet } from '@cdf/datapoints/parquet';
