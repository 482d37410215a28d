import { type CallOptions, CdfError, type Listing, NotFoundError } from '@cdf/core';
import { loadPart, ownCopy } from '@cdf/core/resource';
import { CogniteAsset, type CogniteAssetView } from './core-views.js';
import type { InstanceList } from './nodes/instance-list.js';
import type { InstanceScope } from './nodes/instance-scope.js';
import { listingOf, openInstances, pagesOf } from './nodes/instances.js';
import type { NodeQuery } from './nodes/node-queries.js';
import { nodes } from './nodes/nodes.js';
import type { NodeReference } from './view/definition.js';
import type { Read } from './view/types.js';
import { allOf } from './wire/filters.js';
import { type Connection, transportOf } from './wire/send.js';

/** Which of the nodes below an asset a list has, and in which order. */
export interface AssetNodeQuery extends NodeQuery<CogniteAssetView> {}

/** A method that lists nodes of `CogniteAsset` below one of them. */
export type AssetNodeWalk = (
  query?: AssetNodeQuery,
  options?: CallOptions,
) => Listing<CoreAsset, InstanceList<CoreAsset>>;

/** A node of `CogniteAsset` that walks its hierarchy. Times are dates. */
export interface CoreAsset extends Read<CogniteAssetView> {
  /** The nodes whose parent it is. */
  readonly children: AssetNodeWalk;
  /** The node itself and all nodes below it. */
  readonly subtree: AssetNodeWalk;
}

/**
 * `asset.children()`: the nodes of `CogniteAsset` whose parent the node is, as `list` gives them.
 * They have `children` and `subtree` too. A request per 1,000.
 *
 * @example
 * const relations = { children: assetChildren(client), subtree: assetSubtree(client) };
 * const assets = nodes(client, CogniteAsset, { space: 'plant', relations });
 * const site = await assets.retrieve({ externalId: 'site' });
 * for await (const { name } of site!.children()) console.log(name);
 */
export const assetChildren = (connection: Connection): ((asset: NodeReference) => AssetNodeWalk) =>
  walks(connection).children;

/**
 * `asset.subtree()`: the node itself and all nodes of `CogniteAsset` below it, as `list` gives
 * them. They have `children` and `subtree` too. A request for the path of the node, and one per
 * 1,000.
 *
 * CDF computes the paths of nodes within seconds of a write: until then a node that is new or was
 * moved is where it was. To read what was just written, walk with `children()`.
 *
 * @throws {NotFoundError} when the node does not exist
 * @throws {CdfError} when CDF has not computed its path yet
 */
export const assetSubtree = (connection: Connection): ((asset: NodeReference) => AssetNodeWalk) =>
  walks(connection).subtree;

type Walk = (asset: NodeReference) => AssetNodeWalk;
type Condition = NonNullable<AssetNodeQuery['where']>;

function walks(connection: Connection): { readonly children: Walk; readonly subtree: Walk } {
  const own = nodes(connection, CogniteAsset);
  const relations = {
    children: below('children', async ({ space, externalId }) => ({
      parent: { space, externalId },
    })),
    subtree: below('subtree', async ({ space, externalId }, options) => {
      const name = { space, externalId };
      const asset = await own.retrieve(name, options);
      const what = `subtree of "${space}/${externalId}"`;
      if (asset === undefined)
        throw new NotFoundError(`${what}: no node of CogniteAsset has this name`, {
          status: 400,
          missing: [{ instanceId: name }],
        });
      const { path } = asset;
      // It ends with the node itself; an empty one would be the beginning of every path.
      const last = path?.at(-1);
      if (path === undefined || last?.externalId !== externalId || last.space !== space)
        throw new CdfError(`${what}: CDF has not computed its path yet; try again in some seconds`);
      return { path: { prefix: path } };
    }),
  };
  const scope = openInstances(transportOf(connection), CogniteAsset, 'node', { relations });

  function below(
    name: string,
    conditionOf: (asset: NodeReference, options: CallOptions) => Promise<Condition>,
  ): Walk {
    return (asset) =>
      (query = {}, options) =>
        listBelow(scope, name, query, (call) => conditionOf(asset, call), options);
  }
  return relations;
}

function listBelow(
  scope: InstanceScope,
  name: string,
  query: AssetNodeQuery,
  conditionOf: (options: CallOptions) => Promise<Condition>,
  options: CallOptions | undefined,
): Listing<CoreAsset, InstanceList<CoreAsset>> {
  const own = ownCopy(query);
  const pages = pagesOf(scope, async (call) => {
    const { toWireQuery } = await loadPart(import('./nodes/query.js'));
    // The caller's part first: a fault in it is told before anything is sent.
    const asked = toWireQuery(scope, own, name);
    const where = await conditionOf(call);
    const { filter } = toWireQuery(scope, { where }, name);
    return { ...asked, filter: allOf([filter, asked.filter]) };
  });
  return listingOf(scope, pages, own?.limit, options) as never;
}
