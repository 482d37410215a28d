import type { WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import type { WriteName } from '../wire/writer-codec.js';
import { alreadyThere, versionConflict } from './describe-names.js';
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
