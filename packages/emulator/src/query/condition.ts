import type { Entry } from '../instances/entry.js';

/** Instances among which are all that a condition lets through, and about how many they are. */
export interface Candidates {
  readonly size: number;
  readonly entries: () => Iterable<Entry>;
  /** True if they belong to the system, and are found in no other way. */
  readonly isGlobal?: true;
}

/** A compiled filter. */
export interface Condition {
  readonly test: (entry: Entry) => boolean;
  /** Where an index knows them. They are living instances; deleted ones are only tested. */
  readonly candidates?: Candidates | undefined;
}

export const EVERYTHING: Condition = { test: () => true };
export const NOTHING: Condition = { test: () => false, candidates: { size: 0, entries: () => [] } };

export function allOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only === undefined) return EVERYTHING;
  if (conditions.length === 1) return only;
  const tests = conditions.map(({ test }) => test);
  const known = conditions.flatMap(({ candidates }) => candidates ?? []);
  const rank = ({ size, isGlobal }: Candidates): number => (isGlobal === true ? -1 : size);
  const smallest = known.sort((left, right) => rank(left) - rank(right))[0];
  return { test: (entry) => tests.every((test) => test(entry)), candidates: smallest };
}

export function anyOf(conditions: readonly Condition[]): Condition {
  const tests = conditions.map(({ test }) => test);
  const known = conditions.map(({ candidates }) => candidates);
  return { test: (entry) => tests.some((test) => test(entry)), candidates: together(known) };
}

export function negated({ test }: Condition): Condition {
  return { test: (entry) => !test(entry) };
}

/** The union; `undefined` when one of them is unknown. */
export function together(parts: readonly (Candidates | undefined)[]): Candidates | undefined {
  const known: Candidates[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    known.push(part);
  }
  return {
    size: known.reduce((sum, { size }) => sum + size, 0),
    *entries() {
      for (const part of known) yield* part.entries();
    },
  };
}
