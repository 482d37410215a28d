export * from '@cdf/datapoints/arrow';
