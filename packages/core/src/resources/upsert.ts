import { evenChunks } from '../async/chunks.js';
import { concurrently } from '../async/concurrently.js';
import { ApiError, ConfigError, DuplicatedError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import { describeIdentifier } from '../values/describe-identifier.js';
import { identifierKey } from '../values/identifiers.js';
import { refuseUnknown } from '../values/known-names.js';
import type { ResourceName } from '../values/resource-name.js';
import { IDENTIFIER_NAMES } from '../values/to-identifier.js';
import {
  accountedError,
  answersOf,
  type ChunkFailure,
  classifyFailure,
  type Outcome,
  reportProgress,
} from './writes.js';

/** The outcome of an upsert for one item. */
export type UpsertOutcome = 'created' | 'updated';

/** The outcome of an upsert, both lists in input order. */
export interface UpsertResult<L> {
  /** The items as CDF has them now. */
  readonly items: L;
  readonly outcomes: readonly UpsertOutcome[];
}

/** How the items of one request are written: answers come in the order of the items. */
export type UpsertStep<T> = (
  indexes: readonly number[],
  options: CallOptions,
  onAttempt: () => void,
) => Promise<readonly T[]>;

export interface UpsertWrite<T> {
  /** For messages: `'upsert assets'`. */
  readonly action: string;
  readonly items: readonly object[];
  readonly maxItems: number;
  readonly update: UpsertStep<T>;
  readonly create: UpsertStep<T>;
}

/**
 * Steps that one request's items may take: someone else may create or delete some of them in
 * between.
 */
const MAX_STEPS = 8;

/**
 * Updates items and creates those that the update does not find, in requests of bounded size. Not
 * atomic.
 *
 * @throws {CdfError} whose class and reason are those of the request that failed, an update as well
 * as a creation, with the account of every item.
 */
export async function upsertInChunks<T>(
  transport: Transport,
  write: UpsertWrite<T>,
  options: CallOptions = {},
): Promise<{ results: T[]; outcomes: UpsertOutcome[] }> {
  const { items, action } = write;
  const names = upsertNames(items, action);
  const results: T[] = new Array(items.length);
  const outcomes: UpsertOutcome[] = new Array(items.length);
  const account: Outcome[] = new Array(items.length).fill('notAttempted');
  const failures: ChunkFailure[] = [];
  const settled = new Set<number>();
  let done = 0;

  const settle = (indexes: readonly number[], outcome: Outcome): void => {
    for (const index of indexes) {
      account[index] = outcome;
      settled.add(index);
    }
  };
  const attempt = async (
    kind: UpsertOutcome,
    indexes: readonly number[],
  ): Promise<ApiError | undefined> => {
    if (indexes.length === 0) return undefined;
    let attempted = false;
    try {
      const answers = await (kind === 'updated' ? write.update : write.create)(
        indexes,
        options,
        () => {
          attempted = true;
        },
      );
      indexes.forEach((index, position) => {
        results[index] = answers[position] as T;
        outcomes[index] = kind;
      });
      settle(indexes, 'successful');
      return undefined;
    } catch (error) {
      const failure = classifyFailure(error, attempted, options.signal);
      // The reason of an abort may be the refusal of another call.
      const refusal =
        failure.reason === undefined && ApiError.isInstance(error) ? error : undefined;
      if (refusal?.delivery === 'refused' && isAboutNames(kind, refusal)) {
        // Should nothing follow, then they were sent and are not stored.
        for (const index of indexes) account[index] = 'failed';
        return refusal;
      }
      failures.push(failure);
      const answers = answersOf<T>(error);
      settle(
        indexes.filter((_, position) => answers[position] === undefined),
        failure.outcome,
      );
      settle(
        indexes.filter((_, position) => answers[position] !== undefined),
        'successful',
      );
      return undefined;
    }
  };
  const fail = (indexes: readonly number[], error: Error): void => {
    failures.push({ outcome: 'failed', error, final: false });
    settle(indexes, 'failed');
  };

  /**
   * Items that an update does not find are created, and items that a creation finds are updated,
   * until all are stored.
   */
  const run = async (chunk: readonly number[]): Promise<void> => {
    let updates = chunk;
    let creations: readonly number[] = [];
    for (let step = 1; updates.length + creations.length > 0; step += 1) {
      // Creations first: an update may refer to an item that is being created, such as a new
      // parent.
      const present = await attempt('created', creations);
      const absent = failures.some((failure) => failure.final)
        ? undefined
        : await attempt('updated', updates);
      const toUpdate = named(names, creations, present?.duplicated);
      const toCreate = named(names, updates, absent?.missing);
      const stuck = step === MAX_STEPS;
      if (present !== undefined && (stuck || toUpdate.length === 0)) fail(creations, present);
      // An item with an id cannot be created.
      const lost =
        absent === undefined
          ? []
          : toCreate.filter((index) => names[index]?.externalId === undefined);
      if (absent !== undefined && (stuck || toCreate.length === 0)) fail(updates, absent);
      else if (absent !== undefined && lost.length > 0) fail(lost, absent);
      const open = (index: number): boolean => !settled.has(index);
      if (failures.some((failure) => failure.final)) break;
      [updates, creations] = [
        [...without(absent === undefined ? [] : updates, toCreate), ...toUpdate].filter(open),
        [...without(present === undefined ? [] : creations, toUpdate), ...toCreate].filter(open),
      ];
    }
    done += chunk.length;
    reportProgress(options, done, items.length, failures);
  };

  const chunks = evenChunks(items.length, write.maxItems);
  await concurrently(chunks, run, {
    limit: transport.limits.write,
    proceed: () => !failures.some((failure) => failure.final),
  });
  if (failures.length > 0) throw accountedError(action, items, account, failures);
  return { results, outcomes };
}

/**
 * The names by which items are looked up.
 *
 * @throws {ConfigError} when an item has no identifier, or two items have the same.
 */
export function upsertNames(items: readonly object[], action: string): ResourceName[] {
  const names = items.map((item, index) => nameOf(item, `${action}: item ${index}`));
  const seen = new Set<string>();
  for (const name of names) {
    const key = keyOf(name);
    if (seen.has(key))
      throw new ConfigError(`${action}: ${describeIdentifier(name)} appears twice`);
    seen.add(key);
  }
  return names;
}

/** True if a refusal names the items on the wrong side, so that the others can go on. */
function isAboutNames(kind: UpsertOutcome, error: ApiError): boolean {
  return kind === 'updated'
    ? error.missing.length > 0
    : DuplicatedError.isInstance(error) && error.duplicated.length > 0;
}

/** The name by which an item is looked up: its id, else its external id, else its instance id. */
function nameOf(item: object, what: string): ResourceName {
  const { id, externalId, instanceId } = item as ResourceName;
  if (id !== undefined) return { id };
  if (externalId !== undefined) return { externalId };
  if (instanceId !== undefined) return { instanceId };
  refuseUnknown(Object.keys(item), IDENTIFIER_NAMES, what, true);
  throw new ConfigError(`${what} has neither externalId nor id; to make a new one, use create()`);
}

function keyOf(name: ResourceName): string {
  return identifierKey(name as Parameters<typeof identifierKey>[0]);
}

/** The indexes whose items an answer named. */
function named(
  names: readonly ResourceName[],
  indexes: readonly number[],
  mentioned: readonly ResourceName[] = [],
): number[] {
  const keys = new Set<string>();
  for (const { id, externalId, instanceId } of mentioned) {
    // An answer may give several names of one item.
    if (id !== undefined) keys.add(keyOf({ id }));
    if (externalId !== undefined) keys.add(keyOf({ externalId }));
    if (instanceId !== undefined) keys.add(keyOf({ instanceId }));
  }
  return indexes.filter((index) => keys.has(keyOf(names[index] as ResourceName)));
}

function without(indexes: readonly number[], removed: readonly number[]): number[] {
  const set = new Set(removed);
  return indexes.filter((index) => !set.has(index));
}
