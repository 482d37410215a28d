import type { ListPatch } from '@cdf/core';
import type { SubscriptionPatch } from './subscription-types.js';

/** Series that one request may name. */
const MAX_MEMBERS = 100;

const LISTS = ['timeSeriesIds', 'instanceIds'] as const;

/**
 * A patch as several that are sent one after the other: each names at most 100 series of a list.
 */
export function splitPatch(patch: SubscriptionPatch): SubscriptionPatch[] {
  const [first = {}, ...later] = mergeSteps(
    LISTS.map((list) => splitList(patch[list] as ListPatch<never> | undefined)),
  );
  const { timeSeriesIds: _, instanceIds: __, ...fields } = patch;
  return [{ ...fields, ...first }, ...later];
}

/** The lists of the first request, then those of the next, as far as they go. */
function mergeSteps(steps: readonly (readonly ListPatch<never>[])[]): SubscriptionPatch[] {
  const length = Math.max(...steps.map((list) => list.length));
  return Array.from({ length }, (_, step) =>
    Object.fromEntries(
      LISTS.flatMap((list, index) =>
        steps[index]?.[step] === undefined ? [] : [[list, steps[index][step]]],
      ),
    ),
  );
}

function splitList<V>(patch: ListPatch<V> | undefined): ListPatch<V>[] {
  if (patch === undefined) return [];
  if ('set' in patch) {
    const [first = [], ...more] = inChunks(patch.set);
    return [{ set: first }, ...more.map((add) => ({ add }))];
  }
  const removals = inChunks(patch.remove ?? []).map((remove) => ({ remove }));
  const additions = inChunks(patch.add ?? []).map((add) => ({ add }));
  return [...removals, ...additions];
}

/** Runs of at most 100. */
function inChunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MAX_MEMBERS) }, (_, index) =>
    items.slice(index * MAX_MEMBERS, (index + 1) * MAX_MEMBERS),
  );
}
