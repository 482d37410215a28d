import type { CallOptions, CdfError } from '@cdf/core';
import {
  accountedError,
  type ChunkFailure,
  type Outcome,
  reportProgress,
} from '@cdf/core/resource';
import type { AssetCreate } from '../asset-types.js';
import type { HierarchyLinks } from './links.js';

/** The outcome of every asset of a hierarchy so far. */
export class Ledger<T> {
  readonly assets: readonly AssetCreate[];
  /** The answers of CDF, by position. */
  readonly results: T[];
  readonly #links: HierarchyLinks;
  readonly #outcomes: Outcome[];
  readonly #settled: Uint8Array;
  readonly #failures: ChunkFailure[] = [];
  readonly #onProgress: CallOptions['onProgress'];
  #done = 0;

  constructor(
    assets: readonly AssetCreate[],
    links: HierarchyLinks,
    onProgress: CallOptions['onProgress'],
  ) {
    this.assets = assets;
    this.results = new Array(assets.length);
    this.#links = links;
    this.#outcomes = new Array(assets.length).fill('notAttempted');
    this.#settled = new Uint8Array(assets.length);
    this.#onProgress = onProgress;
  }

  /** No later request can succeed: the credential is refused, or the caller has given up. */
  get isOver(): boolean {
    return this.#failures.some((failure) => failure.final);
  }

  isOpen(index: number): boolean {
    return this.#settled[index] === 0;
  }

  store(indexes: readonly number[], answers: readonly T[]): void {
    indexes.forEach((index, position) => {
      this.results[index] = answers[position] as T;
    });
    this.#settle(indexes, 'successful');
  }

  fail(indexes: readonly number[], failure: ChunkFailure): void {
    if (indexes.length === 0) return;
    this.note(failure);
    this.#settle(
      indexes.filter((index) => this.isOpen(index)),
      failure.outcome,
    );
  }

  /** A cause that decides on nothing by itself. */
  note(failure: ChunkFailure): void {
    this.#failures.push(failure);
  }

  /**
   * The assets that can still be stored. Assets below one that is not stored are settled: as
   * `failed` when they were in a refused request, else as never sent.
   */
  keepAttached(indexes: readonly number[], outcome: 'failed' | 'notAttempted'): number[] {
    const attached: number[] = [];
    // Parents come before their children.
    for (const index of indexes) {
      if (!this.isOpen(index)) continue;
      const parent = this.#links.parent[index] as number;
      const isLost =
        parent !== -1 && !this.isOpen(parent) && this.#outcomes[parent] !== 'successful';
      if (isLost) this.#settle([index], outcome);
      else attached.push(index);
    }
    return attached;
  }

  /** The error of the write, or `undefined` when everything is stored. */
  toError(action: string): CdfError<AssetCreate> | undefined {
    const isGivenUp = this.#failures.some(({ reason }) => reason !== undefined);
    if (!isGivenUp && this.#outcomes.every((outcome) => outcome === 'successful')) return undefined;
    return accountedError(action, this.assets, this.#outcomes, this.#failures);
  }

  #settle(indexes: readonly number[], outcome: Outcome): void {
    if (indexes.length === 0) return;
    for (const index of indexes) {
      this.#outcomes[index] = outcome;
      this.#settled[index] = 1;
    }
    this.#done += indexes.length;
    reportProgress(
      { onProgress: this.#onProgress },
      this.#done,
      this.assets.length,
      this.#failures,
    );
  }
}
