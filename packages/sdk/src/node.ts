export * from '@cdf/plot/node';
export * from '@cdf/sdk-core/node';
