import { type CallOptions, ConfigError, type Transport } from '@cdf/core';
import { checkMethodOptions, type OptionKind, shown } from '@cdf/core/resource';
import type { AssetCreate, AssetData } from '../asset-types.js';
import type { HierarchyOptions } from '../call-options.js';
import { AssetHierarchy, linksOf } from './asset-hierarchy.js';
import { assetWriter } from './asset-writer.js';
import { type HierarchyPlan, planHierarchy } from './plan.js';
import { runHierarchy } from './run.js';

/** A hierarchy that is valid and planned, but not sent. */
export interface PreparedHierarchy<T> {
  readonly plan: HierarchyPlan;
  /** Sends it. Gives the stored assets in input order. */
  run(options?: CallOptions): Promise<T[]>;
}

const WHAT = 'createHierarchy';

const OPTIONS: Readonly<Record<keyof HierarchyOptions, OptionKind>> = {
  upsert: 'switch',
  upsertMode: 'other',
  verifyUnknown: 'switch',
  dryRun: 'switch',
};

/**
 * @throws {ConfigError} for an invalid option
 * @throws {AssetHierarchyError} with every issue of the input
 */
export function prepareHierarchy<T extends AssetData>(
  transport: Transport,
  input: readonly AssetCreate[] | AssetHierarchy,
  query: HierarchyOptions,
): PreparedHierarchy<T> {
  checkMethodOptions(query, OPTIONS, WHAT);
  const { upsert = false, upsertMode = 'patch', verifyUnknown = false } = query;
  if (upsertMode !== 'patch' && upsertMode !== 'replace')
    throw new ConfigError(
      `${WHAT}: upsertMode must be "patch" or "replace", got ${shown(upsertMode)}`,
    );
  const { assets } = input instanceof AssetHierarchy ? input : new AssetHierarchy(input);
  const links = linksOf(assets);
  const plan = planHierarchy(assets, links, transport.limits.write);
  const settings = { upsert, verify: verifyUnknown };
  const writer = assetWriter<T>(transport, upsertMode);
  return {
    plan,
    run: (options) => runHierarchy(transport, writer, { assets, links, plan }, settings, options),
  };
}
