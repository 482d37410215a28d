export * from '@cdf/core/http';
