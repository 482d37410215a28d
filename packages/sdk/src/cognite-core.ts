export * from '@cdf/data-modeling/cognite-core';
