export * from '@cdf/sdk-core/http';
