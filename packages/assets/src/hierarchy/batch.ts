import {
  ApiError,
  type CallOptions,
  type ChunkFailure,
  classifyFailure,
  DecodeError,
  DuplicatedError,
} from '@cdf/core';
import type { AssetCreate, AssetData } from '../asset-types.js';
import type { Ledger } from './ledger.js';

/** Times that a request without an answer is followed up. */
const MAX_ROUNDS = 20;

/** The requests that creating a hierarchy takes. Answers come in the order of the assets. */
export interface AssetWriter<T extends AssetData> {
  create(assets: readonly AssetCreate[], options: CallOptions, onAttempt: () => void): Promise<readonly T[]>;
  update(assets: readonly AssetCreate[], options: CallOptions, onAttempt: () => void): Promise<readonly T[]>;
  /** Those that exist, in any order. */
  read(externalIds: readonly string[], options: CallOptions): Promise<readonly T[]>;
}

export interface BatchSettings {
  /** Assets that exist are updated. */
  readonly upsert: boolean;
  /** What got no answer is read back and sent again, until it is known. */
  readonly verify: boolean;
}

/** Why a request did nothing, or may have done nothing. */
interface Refusal {
  readonly failure: ChunkFailure;
  /** Assets that exist already, of those sent. */
  readonly existing: ReadonlySet<number>;
  /** Assets that refer to something which does not exist. */
  readonly dangling: ReadonlySet<number>;
}

/** One request's worth of assets, followed until each of them is settled. A request stores all of its assets or none. */
export class Batch<T extends AssetData> {
  readonly #ledger: Ledger<T>;
  readonly #writer: AssetWriter<T>;
  readonly #settings: BatchSettings;
  readonly #options: CallOptions;
  /** Sent without an answer: should it exist, then this call stored it. */
  readonly #unanswered = new Set<number>();
  #rounds = 0;

  constructor(ledger: Ledger<T>, writer: AssetWriter<T>, settings: BatchSettings, options: CallOptions) {
    this.#ledger = ledger;
    this.#writer = writer;
    this.#settings = settings;
    this.#options = options;
  }

  /** @param indexes positions, parents before children */
  async send(indexes: readonly number[]): Promise<void> {
    const existing = await this.#create(indexes);
    // After the creations: an update may move an asset below a new one.
    await this.#update(existing);
  }

  /** The assets that exist already and are to be updated. */
  async #create(indexes: readonly number[]): Promise<number[]> {
    const updates: number[] = [];
    let pending = this.#ledger.keepAttached(indexes, 'notAttempted');
    while (pending.length > 0) {
      const refusal = await this.#attempt('create', pending);
      if (refusal === undefined) break;
      const { failure, existing, dangling } = refusal;
      if (failure.outcome === 'unknown') {
        await this.#follow(pending, failure);
      } else if (existing.size > 0 && this.#settings.upsert) {
        for (const index of existing) updates.push(index);
        pending = pending.filter((index) => !existing.has(index));
      } else if (existing.size > 0) {
        const ours = [...existing].filter((index) => this.#unanswered.has(index));
        this.#ledger.fail(
          [...existing].filter((index) => !this.#unanswered.has(index)),
          failure,
        );
        await this.#readBack(ours);
        // What cannot be read back is followed up like what got no answer.
        if (ours.some((index) => this.#ledger.isOpen(index)))
          await this.#follow(ours, { ...failure, outcome: 'unknown' });
      } else {
        await this.#refuse(dangling.size > 0 ? [...dangling] : pending, failure);
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
      const { failure, dangling } = refusal;
      if (failure.outcome === 'unknown') this.#giveUpOrGoOn(pending, failure);
      else this.#ledger.fail(dangling.size > 0 ? [...dangling] : pending, failure);
      pending = pending.filter((index) => this.#ledger.isOpen(index));
    }
  }

  /** Stores the answer, or says why there is none. */
  async #attempt(kind: 'create' | 'update', indexes: readonly number[]): Promise<Refusal | undefined> {
    const assets = indexes.map((index) => this.#ledger.assets[index] as AssetCreate);
    let attempted = false;
    try {
      const answers = await this.#writer[kind](assets, this.#options, () => {
        attempted = true;
      });
      if (answers.length !== assets.length)
        throw new DecodeError(`${kind} assets: sent ${assets.length}, the answer has ${answers.length}`, {
          delivery: 'unknown',
        });
      this.#ledger.store(indexes, answers);
      return undefined;
    } catch (error) {
      const failure = classifyFailure(error, attempted, this.#options.signal);
      const named = failure.outcome === 'failed' && ApiError.isInstance(error) ? error : undefined;
      return {
        failure,
        existing: new Set(named !== undefined && kind === 'create' ? exists(this.#ledger.assets, indexes, named) : []),
        dangling: new Set(named === undefined ? [] : dangles(this.#ledger.assets, indexes, named)),
      };
    }
  }

  /** No answer came: reads back what is there. What is not is sent again. */
  async #follow(indexes: readonly number[], failure: ChunkFailure): Promise<void> {
    for (const index of indexes) this.#unanswered.add(index);
    if (!this.#giveUpOrGoOn(indexes, failure)) return;
    if (!this.#settings.upsert) await this.#readBack(indexes);
  }

  #giveUpOrGoOn(indexes: readonly number[], failure: ChunkFailure): boolean {
    this.#rounds += 1;
    if (this.#settings.verify && this.#rounds <= MAX_ROUNDS && !failure.final && !this.#ledger.isOver) return true;
    this.#ledger.fail(indexes, failure);
    return false;
  }

  /** A refusal says nothing about an earlier request that got no answer. */
  async #refuse(indexes: readonly number[], failure: ChunkFailure): Promise<void> {
    const doubtful = indexes.filter((index) => this.#unanswered.has(index));
    this.#ledger.fail(
      indexes.filter((index) => !this.#unanswered.has(index)),
      failure,
    );
    if (doubtful.length === 0) return;
    const isKnown = !failure.final && (await this.#readBack(doubtful));
    const absent = doubtful.filter((index) => this.#ledger.isOpen(index));
    this.#ledger.fail(absent, isKnown ? failure : { ...failure, outcome: 'unknown' });
  }

  /** Settles those that exist. `false` when that cannot be known. */
  async #readBack(indexes: readonly number[]): Promise<boolean> {
    if (indexes.length === 0) return true;
    const positions = new Map(indexes.map((index) => [this.#ledger.assets[index]?.externalId, index]));
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

/** Which of the assets sent an answer calls duplicates. */
function exists(assets: readonly AssetCreate[], indexes: readonly number[], error: ApiError): number[] {
  if (!DuplicatedError.isInstance(error)) return [];
  const names = new Set(error.duplicated.map(({ externalId }) => externalId));
  return indexes.filter((index) => names.has(assets[index]?.externalId));
}

/** Which of the assets sent refer to what an answer calls missing: themselves in an update, a parent, a data set, a label. */
function dangles(assets: readonly AssetCreate[], indexes: readonly number[], error: ApiError): number[] {
  const externalIds = new Set(error.missing.flatMap(({ externalId }) => externalId ?? []));
  const ids = new Set(error.missing.flatMap(({ id }) => id ?? []));
  if (externalIds.size === 0 && ids.size === 0) return [];
  return indexes.filter((index) => {
    const { externalId, parentExternalId, parentId, dataSetId, labels = [] } = assets[index] as AssetCreate;
    const names = [externalId, parentExternalId, ...labels.map((label) => label.externalId)];
    return (
      names.some((name) => name !== undefined && externalIds.has(name)) ||
      [parentId, dataSetId].some((id) => id !== undefined && ids.has(id))
    );
  });
}
