export * from '@cdf/sdk-core';
