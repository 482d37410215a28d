export * from '@cdf/core/node';
export * from '@cdf/events-files/node';
