import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import { describe } from '../wire/describe.js';
import type { ClassicAsset } from './classic-asset.js';

/** Assets of a loop that a message names. */
const MOST_NAMED = 10;

/**
 * Assets without members that are null: JSON of other programs has it for what is absent.
 *
 * @throws {ConfigError} for an item that is no asset, and for two of one id or external id
 */
export function checkAssets(assets: readonly unknown[], what: string): ClassicAsset[] {
  const ids = new Map<number, number>();
  const externalIds = new Set<string>();
  // Holes of the array are items too.
  return Array.from(assets, (given, index) => {
    const asset = presentOf(given, `${what}: item ${index}`);
    const { id, externalId, labels } = asset;
    const other = ids.get(id);
    if (other !== undefined)
      throw new ConfigError(`${what}: id ${id} appears twice: items ${other} and ${index}`);
    ids.set(id, index);
    if (externalId !== undefined && externalIds.has(externalId))
      throw new ConfigError(`${what}: external id ${quoted(externalId)} appears twice`);
    if (externalId !== undefined) externalIds.add(externalId);
    checkLabels(labels, `${what}: asset ${id}`);
    return asset;
  });
}

function presentOf(given: unknown, what: string): ClassicAsset {
  if (typeof given !== 'object' || given === null)
    throw new ConfigError(`${what}: expected an asset, got ${describe(given)}`);
  const { id, externalId } = given as Partial<ClassicAsset>;
  if (typeof id !== 'number')
    throw new ConfigError(`${what}: id must be a number, got ${describe(id)}`);
  if (externalId !== undefined && externalId !== null && typeof externalId !== 'string')
    throw new ConfigError(`${what}: externalId must be a string, got ${describe(externalId)}`);
  // Assets of a client have methods, which a copy would lose.
  return Object.values(given).includes(null)
    ? (Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== null),
      ) as unknown as ClassicAsset)
    : (given as ClassicAsset);
}

function checkLabels(labels: unknown, what: string): void {
  if (labels === undefined) return;
  if (!Array.isArray(labels))
    throw new ConfigError(`${what}: labels must be an array, got ${describe(labels)}`);
  const wrong = Array.from(labels).findIndex(
    (label) => typeof (Object(label) as { readonly externalId?: unknown }).externalId !== 'string',
  );
  if (wrong >= 0)
    throw new ConfigError(
      `${what}: labels[${wrong}]: expected { externalId }, got ${describe(labels[wrong])}`,
    );
}

/**
 * The API computes the path of no node whose parents lead back to it.
 *
 * @param parents names of nodes by those of their children
 * @throws {ConfigError} that names the assets of a loop
 */
export function refuseLoops(parents: ReadonlyMap<string, string>, what: string): void {
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const walked = new Set<string>();
    let name: string | undefined = start;
    while (name !== undefined && !walked.has(name) && !done.has(name)) {
      walked.add(name);
      name = parents.get(name);
    }
    if (name !== undefined && walked.has(name)) {
      const line = [...walked];
      const loop = line.slice(line.indexOf(name)).map(quoted);
      const shown = loop.slice(0, MOST_NAMED);
      if (loop.length > MOST_NAMED) shown.push(`${loop.length - MOST_NAMED} more`);
      throw new ConfigError(
        `${what}: the parents form a loop: ${[...shown, quoted(name)].join(' below ')}`,
      );
    }
    for (const each of walked) done.add(each);
  }
}
