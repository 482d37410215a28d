import { ApiError, type CallOptions, type CdfError } from '@cdf/core';
import {
  type ChunkFailure,
  classifyFailure,
  concurrently,
  copyOfError,
  evenChunks,
  type Outcome,
  reportProgress,
} from '@cdf/core/resource';
import { JsonBytes } from '../wire/json-bytes.js';
import { laneLimit } from '../wire/lane-limit.js';
import { lanesOf } from '../wire/lanes.js';
import { send } from '../wire/send.js';
import { type Counts, takeConfirmations } from './confirmations.js';
import { alreadyThere, describeNames, versionConflict } from './describe-names.js';
import { type Entry, middleOf, settle, uncertain, withoutSpaces } from './entries.js';
import type { InstanceScope } from './instance-scope.js';
import type { ItemEncoder } from './item-encoder.js';
import { MadeTargets } from './made-targets.js';
import type { WriteOrder } from './order.js';
import { concernsAll, isConflict, isCulprit } from './refusals.js';
import { writeError } from './write-error.js';

export const MOST_PER_REQUEST = 1_000;
/** Items that may fail before the rest is not tried. */
export const MOST_FAILED = 1_000;
/** How the JSON of a transaction begins. */
const BEGINNING = '{"items":[';

/**
 * What one transaction after the other is put together in, without a pause between. All writes
 * share it: the engine forgets what it has learned of a class when none of its objects is left.
 */
const shared = /* @__PURE__ */ new JsonBytes();

/** How items are written. */
export interface WriteSettings {
  readonly what: string;
  readonly isNew: boolean;
  readonly replace: boolean;
  readonly autoCreate: boolean;
  readonly parallel: number | undefined;
  /** Relations may make nodes that any later item of the write is to create. */
  readonly notesTargets: boolean;
}

/** Writes items in transactions, splits those that are refused, and accounts for each item. */
export class Transactions {
  readonly #scope: InstanceScope;
  readonly #settings: WriteSettings;
  readonly #encoder: ItemEncoder;
  readonly #options: CallOptions;
  /** How the JSON of a transaction ends. */
  readonly #ending: string;
  readonly failures: ChunkFailure[] = [];
  readonly counts: Counts = { created: 0, updated: 0, unchanged: 0 };
  readonly #made: MadeTargets;
  #done = 0;

  constructor(
    scope: InstanceScope,
    settings: WriteSettings,
    encoder: ItemEncoder,
    options: CallOptions,
  ) {
    this.#scope = scope;
    this.#settings = settings;
    this.#encoder = encoder;
    this.#options = options;
    this.#made = new MadeTargets(scope.transport, settings.notesTargets);
    const { replace, autoCreate } = settings;
    this.#ending = `],"replace":${replace},"autoCreateDirectRelations":${autoCreate},"autoCreateStartNodes":${autoCreate},"autoCreateEndNodes":${autoCreate},"skipOnVersionConflict":false}`;
  }

  /**
   * Writes all of them.
   *
   * @param order in which they are written. @default their own, all at the same time
   * @throws {CdfError} with the account of every item
   */
  async all(items: readonly unknown[], order?: WriteOrder): Promise<Counts> {
    const outcomes = items.map((): Outcome => 'notAttempted');
    const chunks = order?.chunks ?? evenChunks(items.length, MOST_PER_REQUEST);
    const works: Promise<void>[] = [];
    const write = async (places: readonly number[]): Promise<void> => {
      const entries = this.#entriesOf(items, places, order?.circles);
      await this.write(entries, this.end(shared));
      for (const [index, { outcome }] of entries.entries())
        outcomes[places[index] as number] = outcome;
      this.report(items.length);
    };
    /** Those before it have started: none waits for one that does not. */
    const inTurn = async (places: readonly number[], _: unknown, number: number): Promise<void> => {
      const behind = order?.behind[number]?.map((before) => works[before]) ?? [];
      works[number] = Promise.all(behind).then(() => (this.#isEnough ? undefined : write(places)));
      await works[number];
    };
    await concurrently(chunks, order === undefined ? write : inTurn, {
      limit:
        this.#settings.parallel ??
        (await laneLimit(this.#scope.transport, 'apply', chunks.length, this.#options)),
      proceed: () => !this.#isEnough,
    });
    if (this.failures.length > 0) throw this.error(items, outcomes);
    return this.counts;
  }

  /** The error of the write, with the account of some items. */
  error(items: readonly unknown[], outcomes: readonly Outcome[]): CdfError {
    return writeError(this.#settings.what, items, outcomes, this.failures);
  }

  /** No later transaction can succeed, or the caller has given up. */
  get isOver(): boolean {
    return this.failures.some(({ final }) => final);
  }

  /** Nothing more is worth a try. */
  get #isEnough(): boolean {
    return this.isOver || this.failures.length >= MOST_FAILED;
  }

  /** Tells how far the write is. @param total absent for a stream */
  report(total?: number): void {
    reportProgress(this.#options, this.#done, total, this.failures);
  }

  /** Ends the write for a reason of its own. */
  fail(failure: ChunkFailure): void {
    this.failures.push(failure);
  }

  /** Transactions that the API runs at the same time. */
  get parallel(): number {
    return lanesOf(this.#scope.transport).limits.apply;
  }

  /** Adds an item to the JSON of a transaction. @throws {ConfigError} when it cannot be written */
  add(out: JsonBytes, item: unknown, index: number, circle?: number): Entry {
    const start = this.#begin(out);
    const name = this.#encoder.write(out, item, index);
    // One that is not in the transaction of others of its circle may be made by these.
    if (circle !== undefined) this.#made.note([name]);
    if (this.#settings.notesTargets) this.#made.note(this.#encoder.references(item, index));
    return { item, name, start, end: out.length, outcome: 'notAttempted', circle };
  }

  /** Adds the JSON of an item, as it was added to another transaction. */
  addAgain(out: JsonBytes, entry: Entry, json: Uint8Array): Entry {
    const start = this.#begin(out);
    out.bytes(json);
    return { ...entry, start, end: out.length };
  }

  #begin(out: JsonBytes): number {
    out.json(out.length === 0 ? BEGINNING : ',');
    return out.length;
  }

  /** The JSON of the transaction of all that was added. */
  end(out: JsonBytes): Uint8Array {
    out.json(this.#ending);
    return out.take();
  }

  /** None where an item has become wrong since it was checked. */
  #entriesOf(
    items: readonly unknown[],
    indexes: readonly number[],
    circles: readonly (number | undefined)[] | undefined,
  ): Entry[] {
    shared.cutTo(0);
    try {
      return indexes.map((index) => this.add(shared, items[index], index, circles?.[index]));
    } catch (error) {
      this.failures.push(classifyFailure(error, false));
      this.#done += indexes.length;
      return [];
    }
  }

  /**
   * Writes some items in one transaction; in smaller ones when it is refused.
   *
   * @param json that of the transaction that they were put together in
   */
  async write(entries: readonly Entry[], json: Uint8Array): Promise<void> {
    if (entries.length === 0) return;
    let attempted = false;
    try {
      this.#options.signal?.throwIfAborted();
      const answer = await this.#send(entries, json, () => {
        attempted = true;
      });
      takeConfirmations(entries, answer, this.counts);
      this.#done += entries.length;
    } catch (error) {
      const { signal } = this.#options;
      const isAbort = classifyFailure(error, attempted, signal).reason !== undefined;
      // The reason of an abort may be the refusal of another call.
      const refusal = !isAbort && isCulprit(error) ? error : undefined;
      // An attempt before the refusal may have stored the items: a refusal of a part cannot tell.
      if (refusal?.delivery === 'unknown') for (const entry of entries) entry.isUncertain = true;
      if (refusal && (await this.#made.cause(refusal, entries, json, this.#options)))
        return this.write(entries, json);
      if (refusal && !concernsAll(refusal) && entries.length > 1) {
        const { lost, others } = withoutSpaces(refusal, entries);
        if (others.length > 0 && lost.length > 0) {
          this.#fail(lost, refusal, attempted);
          return this.#isEnough ? this.#skip(others) : this.write(others, json);
        }
        if (lost.length === 0) {
          const middle = middleOf(entries);
          await this.write(entries.slice(0, middle), json);
          const rest = entries.slice(middle);
          return this.#isEnough ? this.#skip(rest) : this.write(rest, json);
        }
      }
      this.#fail(entries, isAbort ? error : this.#named(error, entries), attempted);
    }
  }

  #fail(entries: readonly Entry[], error: unknown, attempted: boolean): void {
    const failure = classifyFailure(error, attempted, this.#options.signal);
    const isUncertain = failure.outcome === 'failed' && entries.some((each) => each.isUncertain);
    this.failures.push(isUncertain ? uncertain(failure) : failure);
    settle(entries, failure.outcome);
    this.#done += entries.length;
  }

  #skip(entries: readonly Entry[]): void {
    settle(entries, 'notAttempted');
    this.#done += entries.length;
  }

  #send(entries: readonly Entry[], json: Uint8Array, onAttempt: () => void): Promise<unknown> {
    const { isNew } = this.#settings;
    // A merge does the same twice. One that looks at versions is refused the second time.
    const idempotent = !isNew && entries.every(({ name }) => name.existingVersion === undefined);
    const { onProgress: _, ...options } = this.#options;
    const request = {
      body: this.#bodyOf(entries, json),
      contentType: 'application/json',
      lane: 'apply',
    } as const;
    return send(
      this.#scope.transport,
      { path: '/instances', ...request, idempotent, onAttempt },
      options,
    );
  }

  /** The JSON of a transaction of some entries. */
  #bodyOf(entries: readonly Entry[], json: Uint8Array): Uint8Array {
    const length = entries.reduce((sum, { start, end }) => sum + 1 + end - start, -1);
    // No copy for all of them: engines keep those of requests on their way for long.
    if (BEGINNING.length + length + this.#ending.length === json.length) return json;
    // Whatever a write that ran out of memory has left.
    shared.cutTo(0);
    for (const { start, end } of entries) {
      this.#begin(shared);
      shared.bytes(json.subarray(start, end));
    }
    return this.end(shared);
  }

  /** The error with the name of what it is about, where that is one item. */
  #named(error: unknown, entries: readonly Entry[]): unknown {
    const [entry] = entries;
    if (entry === undefined || entries.length > 1 || !isCulprit(error)) return error;
    const { what, isNew } = this.#settings;
    const { name } = entry;
    const { delivery } = error;
    if (isNew && isConflict(error)) {
      const duplicated = alreadyThere([name], what, this.#scope.instance, error);
      return copyOfError(duplicated, duplicated.message, { delivery, cause: error });
    }
    if (name.existingVersion !== undefined && isConflict(error))
      return versionConflict([name], what, { ...error, cause: error });
    return new ApiError(`${what}: ${describeNames([name])}: ${error.message}`, {
      ...error,
      cause: error,
    });
  }
}
