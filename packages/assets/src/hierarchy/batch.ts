import { ApiError, type CallOptions, DuplicatedError } from '@cdf/core';
import { answersOf, type ChunkFailure, classifyFailure } from '@cdf/core/resource';
import type { AssetCreate, AssetData } from '../asset-types.js';
import type { Ledger } from './ledger.js';

/** Times that a request without an answer is followed up. */
const MAX_ROUNDS = 20;

/** Times that a refused request is halved to find out which of its assets are to blame. */
const MAX_SPLITS = 40;

/** The requests that creating a hierarchy takes. Answers come in the order of the assets. */
export interface AssetWriter<T extends AssetData> {
  create(
    assets: readonly AssetCreate[],
    options: CallOptions,
    onAttempt: () => void,
  ): Promise<readonly T[]>;
  update(
    assets: readonly AssetCreate[],
    options: CallOptions,
    onAttempt: () => void,
  ): Promise<readonly T[]>;
  /** The assets that exist, in any order. */
  read(externalIds: readonly string[], options: CallOptions): Promise<readonly T[]>;
}

export interface BatchSettings {
  /** Assets that exist are updated. */
  readonly upsert: boolean;
  /**
   * Reads back requests without an answer and sends the rest again, until every outcome is known.
   */
  readonly verify: boolean;
}

/** No asset is known to have been there before. */
const NONE: ReadonlySet<number> = /* @__PURE__ */ new Set();

/** Why a request did nothing, or may have done nothing. */
interface Refusal {
  readonly failure: ChunkFailure;
  /** Assets that exist already, of those sent. */
  readonly existing: ReadonlySet<number>;
  /** Assets that refer to something which does not exist. */
  readonly dangling: ReadonlySet<number>;
  /** The service looked at the assets and will not have them: it would say so again. */
  readonly isVerdict: boolean;
}

/**
 * One request's worth of assets, followed until each of them is settled. A request stores all of
 * its assets, or fails as a whole.
 */
export class Batch<T extends AssetData> {
  readonly #ledger: Ledger<T>;
  readonly #writer: AssetWriter<T>;
  readonly #settings: BatchSettings;
  readonly #options: CallOptions;
  readonly #before: ReadonlySet<number>;
  /** Sent without an answer. */
  readonly #unanswered = new Set<number>();
  #rounds = 0;
  #splits = 0;

  /** @param before positions of assets that were there before the first request */
  constructor(
    ledger: Ledger<T>,
    writer: AssetWriter<T>,
    settings: BatchSettings,
    options: CallOptions,
    before: ReadonlySet<number> = NONE,
  ) {
    this.#ledger = ledger;
    this.#writer = writer;
    this.#settings = settings;
    this.#options = options;
    this.#before = before;
  }

  /** @param indexes positions, parents before children */
  async send(indexes: readonly number[]): Promise<void> {
    const existing = await this.#create(indexes, 'notAttempted');
    // After the creations: an update may move an asset below a new one.
    await this.#update(existing);
  }

  /**
   * The assets that exist already and are to be updated.
   * @param dropped the outcome of assets below an asset that is not stored
   */
  async #create(indexes: readonly number[], dropped: 'failed' | 'notAttempted'): Promise<number[]> {
    const attached = this.#ledger.keepAttached(indexes, dropped);
    const updates = attached.filter((index) => this.#before.has(index));
    let pending = attached.filter((index) => !this.#before.has(index));
    while (pending.length > 0) {
      const refusal = await this.#attempt('create', pending);
      if (refusal === undefined) break;
      const { failure, existing, dangling, isVerdict } = refusal;
      if (existing.size > 0) {
        // An asset without an answer that exists now was stored by this call: it needs no update.
        const ours = [...existing].filter((index) => this.#unanswered.has(index));
        const theirs = [...existing].filter((index) => !this.#unanswered.has(index));
        if (this.#settings.upsert) for (const index of theirs) updates.push(index);
        else this.#ledger.fail(theirs, failure);
        if (ours.length > 0 && !(await this.#readBack(ours))) this.#goOn(ours, failure);
        pending = pending.filter((index) => !updates.includes(index));
      } else if (failure.outcome === 'unknown') {
        for (const index of pending) this.#unanswered.add(index);
        if (this.#goOn(pending, failure)) await this.#readBack(pending);
      } else if (isVerdict && this.#maySplit(pending, dangling)) {
        // Parents come first, so that each half can stand alone once the one before is stored.
        const middle = Math.ceil(pending.length / 2);
        for (const half of [pending.slice(0, middle), pending.slice(middle)])
          for (const index of await this.#create(half, 'failed')) updates.push(index);
        return updates;
      } else if (isVerdict) {
        await this.#refuse(dangling.size > 0 ? [...dangling] : pending, failure);
      } else if (pending.some((index) => this.#unanswered.has(index))) {
        this.#goOn(pending, failure);
      } else {
        this.#ledger.fail(pending, failure);
      }
      pending = this.#ledger.keepAttached(pending, 'failed');
    }
    return updates;
  }

  async #update(indexes: readonly number[]): Promise<void> {
    let pending = indexes.filter((index) => this.#ledger.isOpen(index));
    while (pending.length > 0) {
      const refusal = await this.#attempt('update', pending);
      if (refusal === undefined) break;
      const { failure, dangling, isVerdict } = refusal;
      if (failure.outcome === 'unknown') for (const index of pending) this.#unanswered.add(index);
      // An earlier request that got no answer said the same, and was refused for the same reason.
      if (isVerdict) this.#ledger.fail(dangling.size > 0 ? [...dangling] : pending, failure);
      else if (pending.some((index) => this.#unanswered.has(index))) this.#goOn(pending, failure);
      else this.#ledger.fail(pending, failure);
      pending = pending.filter((index) => this.#ledger.isOpen(index));
    }
  }

  /** Stores the answer, or says why it is missing. */
  async #attempt(
    kind: 'create' | 'update',
    indexes: readonly number[],
  ): Promise<Refusal | undefined> {
    const assets = indexes.map((index) => this.#ledger.assets[index] as AssetCreate);
    let attempted = false;
    try {
      const answers = await this.#writer[kind](assets, this.#options, () => {
        attempted = true;
      });
      this.#ledger.store(indexes, answers);
      return undefined;
    } catch (error) {
      const failure = classifyFailure(error, attempted, this.#options.signal);
      // Items that an incomplete answer confirms were stored.
      const answers = answersOf<T>(error);
      this.#ledger.store(
        indexes.filter((_, position) => answers[position] !== undefined),
        answers.filter((answer) => answer !== undefined),
      );
      const named = failure.outcome === 'failed' && ApiError.isInstance(error) ? error : undefined;
      return {
        failure,
        existing: new Set(
          named !== undefined && kind === 'create'
            ? exists(this.#ledger.assets, indexes, named)
            : [],
        ),
        dangling: new Set(named === undefined ? [] : dangles(this.#ledger.assets, indexes, named)),
        isVerdict: named !== undefined && ![401, 403, 408, 429].includes(named.status),
      };
    }
  }

  /** A refusal that does not say which assets it is about may be about one of them only. */
  #maySplit(indexes: readonly number[], dangling: ReadonlySet<number>): boolean {
    if (dangling.size > 0 || indexes.length < 2 || this.#splits >= MAX_SPLITS) return false;
    if (indexes.some((index) => this.#unanswered.has(index))) return false;
    this.#splits += 1;
    return true;
  }

  /** True if open items are sent again; otherwise they are settled. */
  #goOn(indexes: readonly number[], failure: ChunkFailure): boolean {
    this.#rounds += 1;
    if (
      this.#settings.verify &&
      this.#rounds <= MAX_ROUNDS &&
      !failure.final &&
      !this.#ledger.isOver
    )
      return true;
    this.#giveUp(indexes, failure);
    return false;
  }

  /** A failure says nothing about an earlier request that got no answer. */
  #giveUp(indexes: readonly number[], failure: ChunkFailure): void {
    const isDoubtful = (index: number): boolean => this.#unanswered.has(index);
    this.#ledger.fail(indexes.filter(isDoubtful), { ...failure, outcome: 'unknown' });
    this.#ledger.fail(
      indexes.filter((index) => !isDoubtful(index)),
      failure,
    );
  }

  /** Refused items are not stored, unless an earlier request without an answer stored them. */
  async #refuse(indexes: readonly number[], failure: ChunkFailure): Promise<void> {
    const doubtful = indexes.filter((index) => this.#unanswered.has(index));
    const isKnown = await this.#readBack(doubtful);
    const absent = indexes.filter((index) => this.#ledger.isOpen(index));
    if (isKnown) this.#ledger.fail(absent, failure);
    else this.#giveUp(absent, failure);
  }

  /** Settles those that exist. `false` when that cannot be known. */
  async #readBack(indexes: readonly number[]): Promise<boolean> {
    if (indexes.length === 0) return true;
    const positions = new Map(
      indexes.map((index) => [this.#ledger.assets[index]?.externalId, index]),
    );
    try {
      const externalIds = indexes.map((index) => this.#ledger.assets[index]?.externalId as string);
      const found = (await this.#writer.read(externalIds, this.#options)).filter(({ externalId }) =>
        positions.has(externalId),
      );
      this.#ledger.store(
        found.map(({ externalId }) => positions.get(externalId) as number),
        found,
      );
      return true;
    } catch (error) {
      this.#ledger.note(classifyFailure(error, false, this.#options.signal));
      return false;
    }
  }
}

/** Indexes of the sent assets that an answer calls duplicates. */
function exists(
  assets: readonly AssetCreate[],
  indexes: readonly number[],
  error: ApiError,
): number[] {
  if (!DuplicatedError.isInstance(error)) return [];
  const names = new Set(error.duplicated.map(({ externalId }) => externalId));
  return indexes.filter((index) => names.has(assets[index]?.externalId));
}

/**
 * Indexes of assets that refer to something that an answer calls missing: themselves in an update,
 * a parent, a data set, a label.
 */
function dangles(
  assets: readonly AssetCreate[],
  indexes: readonly number[],
  error: ApiError,
): number[] {
  const externalIds = new Set(error.missing.flatMap(({ externalId }) => externalId ?? []));
  const ids = new Set(error.missing.flatMap(({ id }) => id ?? []));
  if (externalIds.size === 0 && ids.size === 0) return [];
  return indexes.filter((index) => {
    const {
      externalId,
      parentExternalId,
      parentId,
      dataSetId,
      labels = [],
    } = assets[index] as AssetCreate;
    const names = [externalId, parentExternalId, ...labels.map((label) => label.externalId)];
    return (
      names.some((name) => name !== undefined && externalIds.has(name)) ||
      [parentId, dataSetId].some((id) => id !== undefined && ids.has(id))
    );
  });
}
