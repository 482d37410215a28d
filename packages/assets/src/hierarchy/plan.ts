import type { AssetCreate } from '../asset-types.js';
import type { HierarchyLinks } from './links.js';
import { packWaves } from './packing.js';

/** Assets that one request may carry. */
const MAX_ITEMS = 1000;

/** One request of a plan. */
export interface PlannedRequest {
  /** Positions in the input, parents before children. */
  readonly indexes: readonly number[];
  /** The assets at those positions. */
  readonly assets: readonly AssetCreate[];
  /**
   * Positions of the requests that hold parents of these assets: they are answered before this one
   * is sent.
   */
  readonly after: readonly number[];
}

/** The requests that create a hierarchy, and their order. */
export interface HierarchyPlan {
  /** In an order in which they may be sent one after the other. */
  readonly requests: readonly PlannedRequest[];
  /** Assets of all requests. */
  readonly assetCount: number;
  /** The fewest requests that this number of assets can take. */
  readonly lowerBound: number;
  /** Requests that have to follow each other: the longest chain of `after`. */
  readonly depth: number;
  /** One line. */
  toString(): string;
}

/** The requests of a hierarchy that is valid. `width`: how many are sent at the same time. */
export function planHierarchy(
  assets: readonly AssetCreate[],
  links: HierarchyLinks,
  width: number,
  capacity: number = MAX_ITEMS,
): HierarchyPlan {
  const rank = new Int32Array(assets.length);
  links.order.forEach((index, position) => {
    rank[index] = position;
  });
  const requestOf = new Int32Array(assets.length).fill(-1);
  const packs = packWaves(links, capacity, Math.max(1, width)).flat();
  packs.forEach((pack, request) => {
    for (const index of pack) requestOf[index] = request;
  });
  const chain: number[] = [];
  const requests = packs.map((pack, request): PlannedRequest => {
    const indexes = pack.sort((left, right) => (rank[left] as number) - (rank[right] as number));
    const above = new Set<number>();
    for (const index of indexes) {
      const parent = links.parent[index] as number;
      if (parent !== -1 && requestOf[parent] !== request) above.add(requestOf[parent] as number);
    }
    const after = [...above].sort((left, right) => left - right);
    chain.push(1 + after.reduce((longest, each) => Math.max(longest, chain[each] as number), 0));
    return { indexes, assets: indexes.map((index) => assets[index] as AssetCreate), after };
  });
  const depth = chain.reduce((longest, each) => Math.max(longest, each), 0);
  const lowerBound = Math.ceil(assets.length / capacity);
  return {
    requests,
    assetCount: assets.length,
    lowerBound,
    depth,
    toString: () =>
      `${assets.length} assets in ${requests.length} requests, ${depth} of them in sequence (at least ${lowerBound} requests)`,
  };
}
