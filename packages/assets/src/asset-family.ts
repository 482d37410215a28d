import type { AssetScope, CallOptions, Transport } from '@cdf/core';
import { ResourceEndpoint, type ResourceObjects, withPrototype } from '@cdf/core/resource';
import { ASSETS } from './asset-definition.js';
import { assetPrototypes } from './asset-members.js';
import { childListing, loadWalk, selectionListing } from './asset-selection.js';
import type { Asset, AssetData, AssetList, AssetSelection } from './asset-types.js';

/** The origin and the methods that the assets, lists and selections of one API object share. */
export interface AssetFamily<R> {
  readonly endpoint: ResourceEndpoint<Asset<R>, AssetList<R>>;
  readonly objects: ResourceObjects<Asset<R>, AssetList<R>>;
  select(scope: AssetScope, options?: CallOptions): AssetSelection<R>;
}

/** @throws {ConfigError} when a relation is named like a member or a field that is already there */
export function assetFamily<R>(transport: Transport, relations: object): AssetFamily<R> {
  const prototypes = assetPrototypes(
    {
      retrieve: async (identifier, options) =>
        (await endpoint.operations()).retrieve(identifier, {}, options),
      parents: async (assets, options) =>
        (await endpoint.operations()).retrieveMultiple(
          parentsOf(assets),
          { ignoreUnknownIds: true },
          options,
        ),
      children: (scope, query, options) => childListing(endpoint, scope, query, options),
      select,
    },
    relations,
  );
  const objects: ResourceObjects<Asset<R>, AssetList<R>> = {
    adopt: (item) => withPrototype(item, prototypes.one),
    toList: (items) => withPrototype(items, prototypes.list),
  };
  const endpoint = new ResourceEndpoint<Asset<R>, AssetList<R>>(transport, ASSETS, objects);

  function select({ reach, assets, depth }: AssetScope, options?: CallOptions): AssetSelection<R> {
    const scope: AssetScope = {
      reach,
      assets,
      ...(depth === undefined ? {} : { depth }),
      walk: async (call) => {
        const { walkLevels } = await loadWalk();
        return (await walkLevels(endpoint, scope, call)).map(({ id }) => ({ id }));
      },
    };
    const listing = selectionListing(endpoint, scope, options);
    return withPrototype(Object.assign(listing, scope), prototypes.selection);
  }

  return { endpoint, objects, select };
}

function parentsOf(assets: readonly AssetData[]): { id: number }[] {
  const ids = new Set(assets.flatMap(({ parentId }) => parentId ?? []));
  return [...ids].map((id) => ({ id }));
}
