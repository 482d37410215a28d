import type { AssetCreate } from '../asset-types.js';

/** Parents and children among assets to create, by position. -1 means no parent. */
export interface HierarchyLinks {
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** Every position that a root leads to, parents before children, level by level. */
  readonly order: Int32Array;
  /** Assets in the subtree, the asset itself included. */
  readonly size: Int32Array;
}

/**
 * The tree of assets that reference each other by external id. A parent outside the input makes a
 * root. Assets on a cycle, or below one, is in no `order`.
 *
 * @param positions of the assets, by external id
 */
export function linkAssets(
  assets: readonly AssetCreate[],
  positions: ReadonlyMap<string, number> = positionsOf(assets),
): HierarchyLinks {
  const parent = Int32Array.from(assets, ({ parentExternalId }) =>
    parentExternalId === undefined ? -1 : (positions.get(parentExternalId) ?? -1),
  );
  const firstChild = new Int32Array(assets.length).fill(-1);
  const nextSibling = new Int32Array(assets.length).fill(-1);
  // Backwards, so that siblings are met in input order.
  for (let index = assets.length - 1; index >= 0; index -= 1) {
    const above = parent[index] as number;
    if (above === -1) continue;
    nextSibling[index] = firstChild[above] as number;
    firstChild[above] = index;
  }
  const order = breadthFirst(parent, firstChild, nextSibling);
  const size = new Int32Array(assets.length).fill(1);
  for (let rank = order.length - 1; rank >= 0; rank -= 1) {
    const index = order[rank] as number;
    const above = parent[index] as number;
    if (above !== -1) size[above] = (size[above] as number) + (size[index] as number);
  }
  return { parent, firstChild, nextSibling, order, size };
}

function positionsOf(assets: readonly AssetCreate[]): Map<string, number> {
  return new Map(assets.map(({ externalId }, index) => [externalId as string, index]));
}

function breadthFirst(
  parent: Int32Array,
  firstChild: Int32Array,
  nextSibling: Int32Array,
): Int32Array {
  const order = new Int32Array(parent.length);
  let length = 0;
  parent.forEach((above, index) => {
    if (above === -1) order[length++] = index;
  });
  for (let rank = 0; rank < length; rank += 1)
    for (
      let child = firstChild[order[rank] as number] as number;
      child !== -1;
      child = nextSibling[child] as number
    )
      order[length++] = child;
  return order.subarray(0, length);
}
