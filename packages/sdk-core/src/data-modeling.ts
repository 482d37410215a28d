export * from '@cdf/data-modeling';
