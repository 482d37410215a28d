import type { WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import type { WireWrite } from '../wire/writer-codec.js';
import { alreadyThere, versionConflict } from './describe-names.js';
import type { WriteCounts } from './write-counts.js';

/** What a write would do, from what there is. @throws {CdfError} as the write would */
export function dryRunOf(
  wires: readonly WireWrite[],
  found: ReadonlyMap<string, WireInstance>,
  isNew: boolean,
  what: string,
): WriteCounts {
  const existing = wires.filter((wire) => found.has(referenceKey(wire)));
  if (isNew && existing.length > 0) throw alreadyThere(existing, what);
  const stale = existing.filter((wire) => {
    const { version = 0 } = found.get(referenceKey(wire)) as Partial<WireInstance>;
    return wire.existingVersion !== undefined && version > wire.existingVersion;
  });
  if (stale.length > 0) throw versionConflict(stale, what, { status: 409 });
  return { created: wires.length - existing.length, updated: existing.length, unchanged: 0 };
}
