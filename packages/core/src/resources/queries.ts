import type { AdvancedFilter, Sort } from '../values/filters.js';

/**
 * The items of a list, and their order. `F` is the filter of the resource, `P` are the properties
 * that advanced filters know, `S` those that a list is sorted by.
 */
export interface ListQuery<F extends object, P extends string, S extends string> {
  /** Everything in it must hold. */
  readonly filter?: F | undefined;
  /** Must hold as well. It ignores case in metadata. */
  readonly advancedFilter?: AdvancedFilter<P> | undefined;
  /**
   * One or two properties.
   * @default the documented order
   */
  readonly sort?: Sort<S> | readonly Sort<S>[] | undefined;
  /** Most items in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}

/**
 * A query beside a selection of assets, which says which assets: its filter has no `Own` fields.
 */
export type ScopedQuery<
  Q extends { readonly filter?: object | undefined },
  Own extends string = AssetFields,
> = Omit<Q, 'filter'> & { readonly filter?: Omit<NonNullable<Q['filter']>, Own> | undefined };

type AssetFields = 'assetIds' | 'assetExternalIds' | 'assetSubtreeIds' | 'rootAssetIds';

/** The handling of unknown identifiers when several resources are retrieved. */
export interface RetrieveMultipleOptions {
  /**
   * Leaves unknown identifiers out of the answer instead of raising `NotFoundError`.
   * @default false
   */
  readonly ignoreUnknownIds?: boolean | undefined;
}
