import { ConfigError, type Identifier, type ListPatch } from '@cdf/core';
import { shown, toIdentifier } from '@cdf/core/resource';
import type {
  SubscriptionCreate,
  SubscriptionPatch,
  SubscriptionUpdate,
} from './subscription-types.js';

/** Series that one request may name. */
const MAX_MEMBERS = 100;

const LISTS = ['timeSeriesIds', 'instanceIds'] as const;

/** A creation with as many series as one may have, and an update with the others. */
export function splitCreation({ timeSeriesIds, instanceIds, ...fields }: SubscriptionCreate): {
  readonly item: object;
  readonly more: SubscriptionUpdate | undefined;
} {
  const members = {
    ...(timeSeriesIds !== undefined && { timeSeriesIds: namesOf('timeSeriesIds', timeSeriesIds) }),
    ...(instanceIds !== undefined && { instanceIds: namesOf('instanceIds', instanceIds) }),
  };
  const first = Object.entries(members).map(([list, names]) => [list, names.slice(0, MAX_MEMBERS)]);
  const more = Object.entries(members).flatMap(([list, names]) =>
    names.length <= MAX_MEMBERS ? [] : [[list, { add: names.slice(MAX_MEMBERS) }]],
  );
  return {
    item: { ...fields, ...Object.fromEntries(first) },
    more:
      more.length === 0
        ? undefined
        : { externalId: fields.externalId, update: Object.fromEntries(more) },
  };
}

/**
 * The names of series alone: nodes that were read say much more.
 *
 * @throws {ConfigError} when it is no array, or one is no name.
 */
function namesOf(list: (typeof LISTS)[number], given: unknown): unknown[] {
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given))
    throw new ConfigError(`${list}: expected an array, got ${shown(given)}`);
  const names = [...(given as Iterable<unknown>)];
  if (list === 'timeSeriesIds') return names;
  return names.map(
    (name, index) =>
      toIdentifier({ instanceId: Object(name) } as Identifier, `${list}[${index}]`).instanceId,
  );
}

/**
 * A patch as several that are sent one after the other: each names at most 100 series of a list.
 */
export function splitPatch(patch: SubscriptionPatch): SubscriptionPatch[] {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    throw new ConfigError(`update: expected an object of changes, got ${shown(patch)}`);
  const [first = {}, ...later] = mergeSteps(LISTS.map((list) => splitList(list, patch[list])));
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

function splitList(list: (typeof LISTS)[number], patch: unknown): ListPatch<never>[] {
  if (patch === undefined) return [];
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    throw new ConfigError(
      `update: ${list}: expected { add, remove } or { set }, got ${shown(patch)}`,
    );
  const {
    set,
    add = [],
    remove = [],
  } = patch as {
    readonly [change in 'set' | 'add' | 'remove']?: unknown;
  };
  const chunksOf = (names: unknown): never[][] => inChunks(namesOf(list, names) as never[]);
  if (set !== undefined) {
    const [first = [], ...more] = chunksOf(set);
    return [{ set: first }, ...more.map((chunk) => ({ add: chunk }))];
  }
  const removals = chunksOf(remove).map((chunk) => ({ remove: chunk }));
  const additions = chunksOf(add).map((chunk) => ({ add: chunk }));
  return [...removals, ...additions];
}

/** Runs of at most 100. */
function inChunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MAX_MEMBERS) }, (_, index) =>
    items.slice(index * MAX_MEMBERS, (index + 1) * MAX_MEMBERS),
  );
}
