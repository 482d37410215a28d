import { badRequest } from '../errors.js';
import type { Asset } from '../model/asset.js';
import type { DataSet } from '../model/data-set.js';
import type { Label } from '../model/label.js';
import type { Collection } from '../storage/collection.js';
import { type Refusals, resolve, wordedRefusals } from '../storage/references.js';
import type { AssetTree } from '../storage/tree.js';

/** The items that fields refer to. */
export interface Lookup {
  readonly assets: Collection<Asset>;
  readonly dataSets: Collection<DataSet>;
  readonly labels: Collection<Label>;
  readonly tree: AssetTree;
}

type Key = { readonly id?: number | undefined; readonly externalId?: string | undefined };

const MAX_SUBTREE_ASSETS = 100_000;
const assetRefusals: Refusals = wordedRefusals('Asset');
const dataSetRefusals: Refusals = {
  ...wordedRefusals('Data set'),
  missing: (missing) => badRequest('Data set ids not found', { missing }),
};

/** The ids of data sets named by a filter; unknown ones are refused. */
export function dataSetIds(
  { dataSets }: Lookup,
  keys: readonly Key[] | undefined,
): ReadonlySet<number> | undefined {
  if (keys === undefined) return undefined;
  return new Set(
    resolve(dataSets, withoutZero(keys), dataSetRefusals, { allowRepeated: true }).map(
      ({ id }) => id,
    ),
  );
}

/**
 * The ids of assets named by id, by external id, or both. Those that do not exist match nothing.
 */
export function assetIds(
  { assets }: Lookup,
  ids: readonly number[] | undefined,
  externalIds: readonly string[] | undefined,
): ReadonlySet<number> | undefined {
  if (ids === undefined && externalIds === undefined) return undefined;
  const named = (externalIds ?? []).map((externalId) => assets.getByExternalId(externalId)?.id);
  return new Set([...(ids ?? []), ...named.filter((id) => id !== undefined)]);
}

/** All assets under the given roots, the roots included; unknown roots are refused. */
export function subtreeIds(
  { assets, tree }: Lookup,
  roots: readonly Key[] | undefined,
): ReadonlySet<number> | undefined {
  if (roots === undefined) return undefined;
  const found = new Set<number>();
  const open = resolve(assets, withoutZero(roots), assetRefusals, { allowRepeated: true }).map(
    ({ id }) => id,
  );
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    if (found.size > MAX_SUBTREE_ASSETS) {
      throw badRequest(`The subtrees hold more than ${MAX_SUBTREE_ASSETS} assets`);
    }
    for (const child of tree.childrenOf(id)) open.push(child);
  }
  return found;
}

/** No item has the id 0: a filter that names it is not refused, and matches nothing. */
function withoutZero(keys: readonly Key[]): readonly Key[] {
  return keys.filter(({ id }) => id !== 0);
}
