import { CdfError, type CdfErrorDetails, ConfigError } from '@cdf/core';
import { checkMethodOptions, printed, shown } from '@cdf/core/resource';
import { AssetTree, type TreeViewOptions } from '../asset-tree.js';
import type { AssetCreate } from '../asset-types.js';
import { inspectAssets } from './inspect.js';
import type { HierarchyLinks } from './links.js';
import { type HierarchyPlan, planHierarchy } from './plan.js';
import { type HierarchyReport, hierarchyReport } from './report.js';

/** Requests at the same time that a plan without a client is made for. */
const DEFAULT_WIDTH = 5;

/** Options of a validation. */
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
    // What can be iterated is an array of its items.
    const items = typeof assets === 'object' && assets?.[Symbol.iterator] ? [...assets] : assets;
    if (!Array.isArray(items))
      throw new ConfigError(`hierarchy: expected an array of assets, got ${shown(assets)}`);
    this.assets = Array.isArray(assets) ? assets : items;
  }

  /** Reports every issue at once. Time grows with the number of assets, whatever the shape. */
  validate(options: ValidateOptions = {}): HierarchyReport {
    checkMethodOptions(options, { ignoreOrphans: 'switch' }, 'validate');
    const { ignoreOrphans = false } = options;
    return hierarchyReport(inspectAssets(this.assets).issues, ignoreOrphans);
  }

  /** @throws {AssetHierarchyError} with the report, when there is any issue */
  assertValid(options?: ValidateOptions): void {
    const report = this.validate(options);
    if (!report.isValid)
      throw new AssetHierarchyError(report, { failed: this.assets, notAttempted: this.assets });
  }

  /**
   * The assets as a tree, for a terminal: a line per asset. An asset whose parent is not among them
   * is a root.
   */
  toText(options?: TreeViewOptions<AssetCreate>): string {
    // An item that is not an asset has no place in a tree; `validate` reports it.
    return new AssetTree(this.assets.filter((asset) => typeof asset?.name === 'string')).toText(
      options,
    );
  }

  /**
   * The requests that `createHierarchy` sends. Sends nothing.
   * @throws {AssetHierarchyError} when there is an issue other than orphans
   */
  plan(width: number = DEFAULT_WIDTH): HierarchyPlan {
    return planHierarchy(this.assets, linksOf(this.assets), width);
  }
}

printed(AssetHierarchy.prototype, AssetHierarchy.prototype.toText);

/** A hierarchy cannot be created as it is. Nothing was sent. `report` has every issue. */
export class AssetHierarchyError extends CdfError<AssetCreate> {
  override readonly code = 'asset-hierarchy';
  declare readonly report: HierarchyReport;

  constructor(report: HierarchyReport, details: CdfErrorDetails<AssetCreate> = {}) {
    super(
      `the hierarchy has ${report.issueCount} ${report.issueCount === 1 ? 'issue' : 'issues'}\n${report.toText({ limit: 5 })}`,
      details,
    );
    // Read as a member, and not printed again: the message has it.
    Object.defineProperty(this, 'report', { value: report });
  }

  static override isInstance(error: unknown): error is AssetHierarchyError {
    return CdfError.isInstance(error) && error.code === 'asset-hierarchy';
  }
}

/**
 * The tree of assets that can be created.
 * @throws {AssetHierarchyError} when there is an issue other than orphans
 */
export function linksOf(assets: readonly AssetCreate[]): HierarchyLinks {
  const { issues, links } = inspectAssets(assets);
  if (links !== undefined) return links;
  throw new AssetHierarchyError(hierarchyReport(issues, true), {
    failed: assets,
    notAttempted: assets,
  });
}
