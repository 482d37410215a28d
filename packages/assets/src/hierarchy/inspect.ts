import type { AssetCreate } from '../asset-types.js';
import { type HierarchyLinks, linkAssets } from './links.js';
import type { DuplicateAssets, HierarchyIssues, InvalidAsset } from './report.js';

/** Findings about assets to create, from one pass. */
export interface Inspection {
  readonly issues: HierarchyIssues;
  /** The tree of all assets. Missing while there are other issues than orphans. */
  readonly links: HierarchyLinks | undefined;
}

/**
 * Everything that is wrong with a hierarchy. Time grows with the number of assets, whatever the
 * shape.
 */
export function inspectAssets(assets: readonly AssetCreate[]): Inspection {
  const invalid: InvalidAsset[] = [];
  const unsureParents: AssetCreate[] = [];
  const positions = new Map<string, number>();
  const repeated = new Map<string, number[]>();
  assets.forEach((asset, index) => {
    const reason = reasonAgainst(asset);
    if (reason !== undefined) {
      invalid.push({ index, asset, reason });
      return;
    }
    const externalId = asset.externalId as string;
    const first = positions.get(externalId);
    if (first === undefined) positions.set(externalId, index);
    else note(repeated, externalId, first, index);
    if (isUnsure(asset)) unsureParents.push(asset);
  });
  const issues = { invalid, duplicates: duplicatesOf(assets, repeated), unsureParents };
  if (invalid.length + repeated.size + unsureParents.length === 0) {
    const links = linkAssets(assets, positions);
    const orphans = assets.filter(
      ({ parentExternalId }, index) => parentExternalId !== undefined && links.parent[index] === -1,
    );
    const cycles = findCycles(assets, links);
    return {
      issues: { ...issues, orphans, cycles },
      links: cycles.length === 0 ? links : undefined,
    };
  }
  const rejected = new Set(invalid.map(({ index }) => index));
  const valid = assets.filter((_, index) => !rejected.has(index));
  const known = new Set<unknown>(assets.map((asset) => asset?.externalId));
  const orphans = valid.filter(
    ({ parentExternalId }) => parentExternalId !== undefined && !known.has(parentExternalId),
  );
  const clean = valid.filter(
    (asset) => !repeated.has(asset.externalId as string) && !isUnsure(asset),
  );
  return {
    issues: { ...issues, orphans, cycles: findCycles(clean, linkAssets(clean)) },
    links: undefined,
  };
}

function reasonAgainst(asset: AssetCreate): string | undefined {
  if (typeof asset !== 'object' || asset === null) return 'is not an object';
  if ('id' in asset && asset.id !== undefined)
    return 'has an id, which CDF gives to assets that exist; use externalId';
  if (asset.externalId === undefined || asset.externalId === null) return 'has no externalId';
  if (typeof asset.externalId !== 'string') return 'has an externalId that is not a string';
  if (typeof asset.name !== 'string' || asset.name === '') return 'has no name';
  if (asset.parentExternalId === '')
    return 'has an empty parentExternalId; leave it out for a root';
  return undefined;
}

function isUnsure({ parentId, parentExternalId }: AssetCreate): boolean {
  // `null` stands for absent.
  return (parentId ?? undefined) !== undefined && (parentExternalId ?? undefined) !== undefined;
}

function note(
  repeated: Map<string, number[]>,
  externalId: string,
  first: number,
  index: number,
): void {
  const same = repeated.get(externalId);
  if (same === undefined) repeated.set(externalId, [first, index]);
  else same.push(index);
}

function duplicatesOf(
  assets: readonly AssetCreate[],
  repeated: ReadonlyMap<string, readonly number[]>,
): DuplicateAssets[] {
  return [...repeated]
    .sort(([, [left = 0]], [, [right = 0]]) => left - right)
    .map(([externalId, indexes]) => ({
      externalId,
      indexes,
      assets: indexes.map((index) => assets[index] as AssetCreate),
    }));
}

/** Every cycle once. An asset that no root leads to lies on a cycle or below one. */
function findCycles(
  assets: readonly AssetCreate[],
  { parent, order }: HierarchyLinks,
): AssetCreate[][] {
  if (order.length === assets.length) return [];
  const seen = new Uint8Array(assets.length);
  for (const index of order) seen[index] = 1;
  const cycles: AssetCreate[][] = [];
  for (let start = 0; start < assets.length; start += 1) {
    const path = new Set<number>();
    let index = start;
    for (; seen[index] === 0; index = parent[index] as number) {
      seen[index] = 1;
      path.add(index);
    }
    if (!path.has(index)) continue;
    const walked = [...path];
    cycles.push(walked.slice(walked.indexOf(index)).map((each) => assets[each] as AssetCreate));
  }
  return cycles;
}
