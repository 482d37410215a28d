export * from '@cdf/core/testing';
