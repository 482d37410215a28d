import { type Instance, keyOf, type Reference, type State, same } from './state.js';

const ASSET = 'cdf_cdm/CogniteAsset';
const KEPT = [
  'assetHierarchy_path',
  'assetHierarchy_root',
  'assetHierarchy_path_last_updated_time',
] as const;

/** Sets path and root of every asset from its parents; a cycle leaves them unset. */
export function keepAssetPaths(state: State, timestamp: string): void {
  for (const asset of state.instances.values()) {
    const row = asset.rows.get(ASSET);
    if (row === undefined) continue;
    const path = pathOf(state, asset, []);
    if (same(row.get(KEPT[0]) ?? null, path ?? null)) continue;
    if (path === undefined) for (const name of KEPT) row.delete(name);
    else {
      row.set(KEPT[0], path);
      row.set(KEPT[1], path[0]);
      row.set(KEPT[2], timestamp);
    }
  }
}

function pathOf(
  state: State,
  asset: Instance,
  below: readonly Reference[],
): Reference[] | undefined {
  const self = { space: asset.space, externalId: asset.externalId };
  if (below.some((other) => same(other, self))) return undefined;
  const parent = asset.rows.get(ASSET)?.get('assetHierarchy_parent');
  const found = parent === undefined ? undefined : state.instances.get(keyOf(parent));
  const path = [self, ...below];
  return found?.rows.has(ASSET) ? pathOf(state, found, path) : path;
}
