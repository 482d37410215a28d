import { type ApiError, CdfError } from '@cdf/core';
import { type ChunkFailure, copyOfError, type Outcome } from '@cdf/core/resource';
import { ReferenceMap } from '../wire/reference-map.js';
import type { WriteName } from '../wire/writer-codec.js';
import { missingSpaces } from './refusals.js';

/** The version of a new item. No string in JSON has it: quotation marks there are escaped. */
const VERSION_OF_NEW = '"existingVersion":0';

/** One item on its way. */
export interface Entry {
  readonly item: unknown;
  readonly name: WriteName;
  /** Where its JSON is in that of its transaction. */
  readonly start: number;
  readonly end: number;
  outcome: Outcome;
  /** An earlier transaction with it has no certain outcome. */
  isUncertain?: boolean;
  /** A relation of the same write has made the node, without data. */
  isMade?: boolean;
  /** For a number: items that share it refer to each other. */
  readonly circle?: number | undefined;
}

/** The refusal of items that an earlier transaction may have stored. */
export function uncertain(failure: ChunkFailure): ChunkFailure {
  const { error } = failure;
  if (!CdfError.isInstance(error)) return { ...failure, outcome: 'unknown' };
  const details = { delivery: 'unknown', cause: error.cause } as const;
  return { ...failure, outcome: 'unknown', error: copyOfError(error, error.message, details) };
}

/** Entries whose space does not exist, as an error says, and the others. */
export function withoutSpaces(
  error: ApiError,
  entries: readonly Entry[],
): { readonly lost: readonly Entry[]; readonly others: readonly Entry[] } {
  const missing = missingSpaces(error, new Set(entries.map(({ name }) => name.space)));
  const isLost = ({ name }: Entry): boolean => missing.includes(name.space);
  return { lost: entries.filter(isLost), others: entries.filter((entry) => !isLost(entry)) };
}

/** Where entries are split: in the middle, or beside it where a circle is there. */
export function middleOf(entries: readonly Entry[]): number {
  const middle = Math.ceil(entries.length / 2);
  const isWithin = (place: number): boolean => {
    const circle = entries[place]?.circle;
    return circle !== undefined && circle === entries[place - 1]?.circle;
  };
  let before = middle;
  while (before > 0 && isWithin(before)) before--;
  let after = middle;
  while (after < entries.length && isWithin(after)) after++;
  if (before > 0 && (after === entries.length || middle - before <= after - middle)) return before;
  return after < entries.length ? after : middle;
}

/** Changes the version of the item there that may exist from 0 to 1. */
export function allowFirstVersion(json: Uint8Array, start: number): void {
  const codes = [...VERSION_OF_NEW].map((each) => each.charCodeAt(0));
  let at = start;
  while (!codes.every((code, index) => json[at + index] === code)) at++;
  json[at + codes.length - 1] = 0x31;
}

export function placesOf(entries: readonly Entry[]): ReferenceMap<Entry> {
  const places = new ReferenceMap<Entry>();
  for (const entry of entries) places.set(entry.name, entry);
  return places;
}

/** Notes what became of items that are not confirmed. */
export function settle(entries: readonly Entry[], outcome: Outcome): void {
  for (const entry of entries)
    if (entry.outcome !== 'successful') entry.outcome = entry.isUncertain ? 'unknown' : outcome;
}
