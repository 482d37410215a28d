import type { CallOptions, Listing } from '@cdf/core';
import type { AnyView, NodeReference } from '../view/definition.js';
import type { Read } from '../view/types.js';
import type { Where } from '../view/where-types.js';
import type { Connection } from '../wire/send.js';
import type { InstanceList } from './instance-list.js';
import type { NodeQuery } from './node-queries.js';
import { nodes } from './nodes.js';

/** The nodes of a view in a part of a tree. */
type Part<V> = (
  query?: NodeQuery<V>,
  options?: CallOptions,
) => Listing<Read<V>, InstanceList<Read<V>>>;

/**
 * `asset.childNodes()`: the nodes whose parent it is, by the relations of `nodes`. The property
 * `children` of the view is what `find` reads along.
 *
 * @param view `CogniteAsset`, or one that implements it: what the children are read as
 * @example
 * const relations = { childNodes: assetChildren(client, CogniteAsset), subtree: assetSubtree(client, CogniteAsset) };
 * const hall = await nodes(client, CogniteAsset, { space: 'plant', relations }).retrieve({ externalId: 'hall' });
 * for await (const machine of hall!.childNodes()) console.log(machine.name);
 */
export const assetChildren =
  <V extends AnyView>(connection: Connection, view: V): ((asset: NodeReference) => Part<V>) =>
  ({ space, externalId }) =>
    part(connection, view, { parent: { space, externalId } });

/**
 * `asset.subtree()`: the node, and all below it. CDF computes the paths of nodes within some
 * seconds of a write: one without its path is not there yet.
 *
 * @param view `CogniteAsset`, or one that implements it: what the nodes are read as
 */
export const assetSubtree =
  <V extends AnyView>(connection: Connection, view: V): ((asset: NodeReference) => Part<V>) =>
  ({ space, externalId }) =>
    part(connection, view, { path: { containsAny: [{ space, externalId }] } });

function part<V extends AnyView>(connection: Connection, view: V, condition: object): Part<V> {
  return (query, options) => {
    const where = { and: [condition, query?.where ?? {}] } as unknown as Where<V>;
    return nodes(connection, view).list({ ...query, where }, options) as never;
  };
}
