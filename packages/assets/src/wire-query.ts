import { type ListBody, toWireSort, withEpochWindows } from '@cdf/core/resource';
import type { AssetQuery } from './asset-types.js';

/** Relative times become milliseconds once per call, so that all of its requests agree. */
export function toWireQuery({ filter, sort, ...rest }: AssetQuery): ListBody & { filter?: object } {
  return {
    ...rest,
    ...(filter === undefined
      ? {}
      : { filter: withEpochWindows(filter, ['createdTime', 'lastUpdatedTime'], Date.now()) }),
    ...(sort === undefined ? {} : { sort: toWireSort(sort) }),
  };
}
