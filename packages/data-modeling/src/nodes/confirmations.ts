import { unexpected } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { readConfirmed } from '../wire/confirmed.js';
import type { ReferenceMap } from '../wire/reference-map.js';
import { describeNames } from './describe-names.js';
import { type Entry, placesOf } from './entries.js';

const LABEL = 'POST /models/instances';

/** How many items a write has written so far. */
export interface Counts {
  created: number;
  updated: number;
  unchanged: number;
}

/** The part of an answer about an item that was written. */
interface Confirmation extends NodeReference {
  readonly version?: unknown;
  readonly wasModified?: unknown;
}

/**
 * Notes and counts the items that an answer confirms.
 *
 * @throws {DecodeError} when not every item is confirmed; those that are count as written
 */
export function takeConfirmations(
  entries: readonly Entry[],
  answer: unknown,
  counts: Counts,
): void {
  const { items, problem: nameless } = readConfirmed<Confirmation>(answer, LABEL, [
    'space',
    'externalId',
  ]);
  // Answers have the order of the request: names are looked up only where one has not.
  let places: ReferenceMap<Entry> | undefined;
  const entryOf = (name: NodeReference, index: number): Entry | undefined => {
    const entry = entries[index];
    if (entry?.name.externalId === name.externalId && entry.name.space === name.space) return entry;
    places ??= placesOf(entries);
    return places.get(name);
  };
  let problem: Error | undefined = nameless;
  for (const [index, name] of items.entries()) {
    const entry = entryOf(name, index);
    const { version, wasModified } = name;
    if (entry === undefined || typeof wasModified !== 'boolean' || !Number.isSafeInteger(version)) {
      problem ??= unexpected(
        LABEL,
        `the answer for ${describeNames([name])} was not asked for, or is invalid`,
      );
      continue;
    }
    if (entry.outcome === 'successful')
      problem ??= unexpected(LABEL, `${describeNames([name])} appears twice`);
    else {
      const isNew = version === 1 || entry.isMade === true;
      counts[!wasModified ? 'unchanged' : isNew ? 'created' : 'updated']++;
    }
    entry.outcome = 'successful';
  }
  const open = entries.filter(({ outcome }) => outcome !== 'successful').length;
  if (open > 0)
    problem ??= unexpected(LABEL, `${open} of ${entries.length} items are not confirmed`);
  if (problem !== undefined) throw problem;
}
