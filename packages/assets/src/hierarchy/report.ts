import { printed, quoted } from '@cdf/core/resource';
import type { AssetCreate } from '../asset-types.js';

/** An asset that cannot be created by itself. */
export interface InvalidAsset {
  /** Position in the input. */
  readonly index: number;
  readonly asset: AssetCreate;
  /** In words. */
  readonly reason: string;
}

/** Assets of the same external id. */
export interface DuplicateAssets {
  readonly externalId: string;
  /** Positions in the input. */
  readonly indexes: readonly number[];
  readonly assets: readonly AssetCreate[];
}

/** Every issue of a hierarchy at once. */
export interface HierarchyIssues {
  /** No name, no external id, or an id already. They are in no other group. */
  readonly invalid: readonly InvalidAsset[];
  /** Several of one external id. */
  readonly duplicates: readonly DuplicateAssets[];
  /** Both `parentId` and `parentExternalId`. */
  readonly unsureParents: readonly AssetCreate[];
  /** The parent's external id is not in the input: it must exist in CDF already. */
  readonly orphans: readonly AssetCreate[];
  /**
   * Each asset's parent is the next one, the last one's the first. Looked for among the assets
   * without any other issue.
   */
  readonly cycles: readonly (readonly AssetCreate[])[];
}

/**
 * The outcome of a validation: as data, as text, and through `AssetHierarchy.assertValid()` as an
 * error.
 */
export interface HierarchyReport extends HierarchyIssues {
  /** True if there are no issues. Orphans are issues, unless they were to be ignored. */
  readonly isValid: boolean;
  /** Issues in all. */
  readonly issueCount: number;
  /**
   * A line per group with issues and one per issue, at most 20 a group by default. Safe for a
   * terminal.
   */
  toText(options?: { readonly limit?: number | undefined }): string;
}

/** A report of these issues. */
export function hierarchyReport(issues: HierarchyIssues, ignoreOrphans: boolean): HierarchyReport {
  const counted = ignoreOrphans ? { ...issues, orphans: [] } : issues;
  const issueCount = Object.values(counted).reduce(
    (sum: number, group: readonly unknown[]) => sum + group.length,
    0,
  );
  const report = { ...issues, isValid: issueCount === 0, issueCount };
  printed(report, ({ limit = 20 }: { readonly limit?: number | undefined } = {}) =>
    toText(issues, limit),
  );
  return report as HierarchyReport;
}

function toText(issues: HierarchyIssues, limit: number): string {
  const groups: readonly { readonly title: string; readonly lines: readonly string[] }[] = [
    {
      title: 'invalid',
      lines: issues.invalid.map(
        ({ index, asset, reason }) => `item ${index} (${nameOf(asset)}): ${reason}`,
      ),
    },
    {
      title: 'duplicates',
      lines: issues.duplicates.map(
        ({ externalId, indexes }) =>
          `${quoted(externalId)} at items ${indexes.slice(0, limit).join(', ')}`,
      ),
    },
    {
      title: 'unsure parents',
      lines: issues.unsureParents.map(
        (asset) =>
          `${nameOf(asset)}: parentId ${String(asset.parentId)} and parentExternalId ${parentOf(asset)}`,
      ),
    },
    {
      title: 'orphans',
      lines: issues.orphans.map(
        (asset) => `${nameOf(asset)}: parent ${parentOf(asset)} is not in the input`,
      ),
    },
    { title: 'cycles', lines: issues.cycles.map((cycle) => cycleText(cycle, limit)) },
  ];
  const found = groups.filter(({ lines }) => lines.length > 0);
  if (found.length === 0) return 'no issues';
  return found
    .map(({ title, lines }) => {
      const hidden = lines.length - limit;
      const shown = hidden > 0 ? [...lines.slice(0, limit), `and ${hidden} more`] : lines;
      return [`${title}: ${lines.length}`, ...shown.map((line) => `  ${line}`)].join('\n');
    })
    .join('\n');
}

function cycleText(cycle: readonly AssetCreate[], limit: number): string {
  const names = cycle.slice(0, limit).map((asset) => nameOf(asset));
  if (cycle.length > limit) names.push(`${cycle.length - limit} more`);
  return [...names, nameOf(cycle[0] as AssetCreate)].join(' below ');
}

/** The value may not be an asset at all. */
function nameOf(asset: Partial<AssetCreate> | null | undefined): string {
  return quoted(String(asset?.externalId ?? asset?.name ?? 'no name'));
}

function parentOf(asset: AssetCreate): string {
  return quoted(String(asset.parentExternalId));
}
