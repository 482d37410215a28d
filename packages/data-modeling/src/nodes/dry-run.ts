import { NotFoundError } from '@cdf/core';
import type { NodeReference } from '../view/definition.js';
import type { WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import type { WriteName } from '../wire/writer-codec.js';
import { alreadyThere, describeNames, versionConflict } from './describe-names.js';
import { lateTargets, orderOf, targetsAmong } from './order.js';
import type { WriteCounts } from './write-counts.js';

/** What a write would do, from what there is. @throws {CdfError} as the write would */
export function dryRunOf(
  items: readonly WriteName[],
  found: ReadonlyMap<string, WireInstance>,
  isNew: boolean,
  what: string,
  instance: 'node' | 'edge',
): WriteCounts {
  const existing = items.filter((item) => found.has(referenceKey(item)));
  if (isNew && existing.length > 0) throw alreadyThere(existing, what, instance);
  const stale = existing.filter((item) => {
    const { version = 0 } = found.get(referenceKey(item)) as Partial<WireInstance>;
    return item.existingVersion !== undefined && version > item.existingVersion;
  });
  if (stale.length > 0) throw versionConflict(stale, what, { status: 409 });
  return { created: items.length - existing.length, updated: existing.length, unchanged: 0 };
}

/**
 * @param found those that exist
 * @param most the items of a transaction
 * @throws {NotFoundError} for items that the transaction before their own refers to, as circles do
 * that do not fit into one
 */
export function checkCircles(
  names: readonly NodeReference[],
  referencesOf: (place: number) => readonly NodeReference[],
  found: ReadonlyMap<string, unknown>,
  { what, most }: { readonly what: string; readonly most: number },
): void {
  const among = names.length > most ? targetsAmong(names, referencesOf) : undefined;
  if (among === undefined) return;
  const late = lateTargets(among, orderOf(among, most)).map((place) => names[place] as WriteName);
  const missing = late.filter((name) => !found.has(referenceKey(name)));
  if (missing.length > 0)
    throw new NotFoundError(
      `${what}: more than ${most} items refer to one another in a circle, and a transaction takes ${most}: ${describeNames(missing)} would come too late; write them without their relations first, or leave out dependencies: 'order'`,
      {
        status: 400,
        missing: missing.map(({ space, externalId }) => ({ instanceId: { space, externalId } })),
      },
    );
}
