export * from '@cdf/sdk-core/testing';
