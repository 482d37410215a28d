import type { RetrieveMultipleOptions } from '@cdf/core';
import type { AggregatedProperty } from './asset-types.js';
import type { HierarchyUpsertMode } from './hierarchy/asset-writer.js';

/** Fields to read in addition to those of the assets. */
export interface AssetRetrieveOptions {
  /** Numbers of the tree to read along, found in `aggregates`. */
  readonly aggregatedProperties?: readonly AggregatedProperty[] | undefined;
}

/** Options of a deletion: descendants, and unknown identifiers. */
export interface AssetDeleteOptions extends RetrieveMultipleOptions {
  /**
   * Deletes everything below as well. Without it, an asset that keeps a child cannot be deleted.
   * @default false
   */
  readonly recursive?: boolean | undefined;
}

/** How a hierarchy is created. */
export interface HierarchyOptions {
  /**
   * Updates the assets that exist already, instead of failing them and those below.
   * @default false
   */
  readonly upsert?: boolean | undefined;
  /**
   * How an existing asset is updated: `patch` sets the given fields and adds to metadata and
   * labels; `replace` makes the asset as given, and clears the other fields.
   * @default 'patch'
   */
  readonly upsertMode?: HierarchyUpsertMode | undefined;
  /**
   * Follows up requests that got no answer, by reading back and sending again, until their outcome
   * is known. First reads which assets exist, a request more per 1,000.
   * @default false
   */
  readonly verifyUnknown?: boolean | undefined;
  /**
   * Sends nothing and gives the plan.
   * @default false
   */
  readonly dryRun?: boolean | undefined;
}
