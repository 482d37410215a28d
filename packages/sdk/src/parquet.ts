export * from '@cdf/datapoints/parquet';
