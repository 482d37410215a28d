import { CdfError, type CdfErrorDetails, ConfigError } from '@cdf/core';
import type { AssetCreate } from '../asset-types.js';
import { linkAssets } from './links.js';
import { type HierarchyPlan, planHierarchy } from './plan.js';
import { type DuplicateAssets, type HierarchyReport, hierarchyReport, type InvalidAsset } from './report.js';

/** Requests at the same time that a plan without a client is made for. */
const DEFAULT_WIDTH = 5;

/** What a validation lets pass. */
export interface ValidateOptions {
  /**
   * Parents that are not in the input are taken to exist in CDF.
   * @default false
   */
  readonly ignoreOrphans?: boolean | undefined;
}

/**
 * Assets that refer to each other by `parentExternalId`, looked at before anything is sent.
 *
 * @example
 * const hierarchy = new AssetHierarchy(assets);
 * const report = hierarchy.validate();
 * if (!report.isValid) console.log(report.toText());
 */
export class AssetHierarchy {
  readonly assets: readonly AssetCreate[];

  constructor(assets: readonly AssetCreate[]) {
    if (!Array.isArray(assets)) throw new ConfigError('a hierarchy is made from an array of assets');
    this.assets = assets;
  }

  /** What is wrong, all of it at once. Time grows with the number of assets, whatever the shape. */
  validate({ ignoreOrphans = false }: ValidateOptions = {}): HierarchyReport {
    const { assets } = this;
    const invalid = assets.flatMap((asset, index): InvalidAsset[] => {
      const reason = reasonAgainst(asset);
      return reason === undefined ? [] : [{ index, asset, reason }];
    });
    const rejected = new Set(invalid.map(({ index }) => index));
    const valid = assets.flatMap((asset, index) => (rejected.has(index) ? [] : [{ asset, index }]));
    const positions = new Map<string, number[]>();
    for (const { asset, index } of valid) {
      const same = positions.get(asset.externalId as string);
      if (same === undefined) positions.set(asset.externalId as string, [index]);
      else same.push(index);
    }
    const duplicates = [...positions].flatMap(([externalId, indexes]): DuplicateAssets[] =>
      indexes.length < 2 ? [] : [{ externalId, indexes, assets: indexes.map((index) => assets[index] as AssetCreate) }],
    );
    const isUnsure = (asset: AssetCreate): boolean =>
      asset.parentId !== undefined && asset.parentExternalId !== undefined;
    const known = new Set(assets.map((asset) => asset?.externalId));
    const orphans = valid.filter(
      ({ asset: { parentExternalId } }) => parentExternalId !== undefined && !known.has(parentExternalId),
    );
    const clean = valid.filter(
      ({ asset }) => positions.get(asset.externalId as string)?.length === 1 && !isUnsure(asset),
    );
    return hierarchyReport(
      {
        invalid,
        duplicates,
        unsureParents: valid.filter(({ asset }) => isUnsure(asset)).map(({ asset }) => asset),
        orphans: orphans.map(({ asset }) => asset),
        cycles: findCycles(clean.map(({ asset }) => asset)),
      },
      ignoreOrphans,
    );
  }

  /** @throws {AssetHierarchyError} with the report, when there is any issue */
  assertValid(options?: ValidateOptions): void {
    const report = this.validate(options);
    if (!report.isValid) throw new AssetHierarchyError(report, { failed: this.assets, notAttempted: this.assets });
  }

  /**
   * The requests that `createHierarchy` sends. Sends nothing.
   * @throws {AssetHierarchyError} when there is an issue other than orphans
   */
  plan(width: number = DEFAULT_WIDTH): HierarchyPlan {
    this.assertValid({ ignoreOrphans: true });
    return planHierarchy(this.assets, width);
  }
}

/** A hierarchy cannot be created as it is. Nothing was sent. `report` has every issue. */
export class AssetHierarchyError extends CdfError<AssetCreate> {
  override readonly code = 'asset-hierarchy';
  readonly report: HierarchyReport;

  constructor(report: HierarchyReport, details: CdfErrorDetails<AssetCreate> = {}) {
    super(`the hierarchy has ${report.issueCount} issues\n${report.toText({ limit: 5 })}`, details);
    this.report = report;
  }

  static override isInstance(error: unknown): error is AssetHierarchyError {
    return CdfError.isInstance(error) && error.code === 'asset-hierarchy';
  }
}

function reasonAgainst(asset: AssetCreate): string | undefined {
  if (typeof asset !== 'object' || asset === null) return 'is no object';
  if ('id' in asset && asset.id !== undefined) return 'has an id, so that it exists already';
  if (asset.externalId === undefined || asset.externalId === null) return 'has no externalId';
  if (typeof asset.externalId !== 'string') return 'has an externalId that is no text';
  if (typeof asset.name !== 'string' || asset.name === '') return 'has no name';
  return undefined;
}

/** Every cycle once. What no root leads to lies on a cycle or below one. */
function findCycles(assets: readonly AssetCreate[]): AssetCreate[][] {
  const { parent, order } = linkAssets(assets);
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
