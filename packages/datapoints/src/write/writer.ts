import type { CallOptions, CdfError, Transport } from '@cdf/core';
import {
  accountedError,
  type ChunkFailure,
  classifyFailure,
  describeIdentifier,
  identifierKey,
  quoted,
  reportProgress,
} from '@cdf/core/resource';
import type { InsertionPart } from '../wire/insertion.js';
import { type AccountLimits, PointAccount } from './account.js';
import { nameRanges, type PointRange } from './point-range.js';
import { isRefusal, keysOf, type Refusal, sendAround } from './refusals.js';
import { countPoints, sendInsertion } from './request.js';

/** Options of a call that writes points. */
export interface InsertOptions extends CallOptions {
  /**
   * Goes on past series that do not exist and points that CDF refuses (4xx, but 401, 403, 408 and
   * 429): the other points of their request are stored, in further requests. The call rejects in
   * the end, with exactly those in `failed`.
   * @default false
   */
  readonly continueOnError?: boolean | undefined;
}

/** Errors that are kept: an endless source may have any number of them. */
const MOST_ERRORS = 1000;

interface WriterSettings extends InsertOptions {
  /** Points in all, where that is known. */
  readonly total?: number | undefined;
  /** How much detail the account keeps. @default all */
  readonly limits?: AccountLimits | undefined;
  /** True where any failure ends the call, also one that leaves other requests a chance. */
  readonly endsAtFailure: boolean;
  /** Called once, when nothing new may be sent. */
  readonly onOver?: (() => void) | undefined;
}

/** Sends requests, and keeps the outcome of their points. */
export class PointWriter {
  readonly #transport: Transport;
  readonly #settings: WriterSettings;
  readonly #callOptions: CallOptions;
  readonly #account: PointAccount;
  readonly #failures: ChunkFailure[] = [];
  /** Series that do not exist. */
  readonly #missing = new Set<string>();
  #isOver = false;
  /** A likely reason of a refusal. */
  #numberText: string | undefined;
  /** Points that were stored. */
  points = 0;

  constructor(transport: Transport, settings: WriterSettings) {
    const { signal, timeoutMs, limits } = settings;
    this.#transport = transport;
    this.#settings = settings;
    this.#callOptions = { signal, timeoutMs };
    this.#account = new PointAccount(limits);
  }

  /** Nothing new may be sent. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  /** Sends one request, and further ones where it goes on past errors. Never rejects. */
  async send(given: readonly InsertionPart[]): Promise<void> {
    for (const { identifier } of given) this.#account.open(identifier);
    const parts = this.#missing.size === 0 ? given : this.#withoutMissing(given);
    if (parts.length === 0) return;
    const failure = await this.#attempt(parts);
    if (failure === undefined || !this.#goesPast(failure)) this.#settle(parts, failure);
    else
      await sendAround(parts, failure, {
        isOver: () => this.#isOver,
        settle: (some, outcome) => this.#settle(some, outcome),
        send: async (some) => {
          const again = await this.#attempt(some);
          // All of these points were sent before, and refused.
          return again?.outcome === 'notAttempted' ? { ...again, outcome: 'failed' } : again;
        },
      });
  }

  /** Points that are not going to be sent. */
  notSent(parts: readonly InsertionPart[]): void {
    for (const part of parts) this.#account.add(part, 'notAttempted');
  }

  /** Ends the call: nothing new is sent. */
  end(failure: ChunkFailure): void {
    this.#note(failure);
    this.#over();
  }

  /** With the account of all points that went in. */
  error(): CdfError<PointRange> {
    const ranges = this.#account.ranges();
    const error = accountedError(
      'insert data points',
      ranges.map(({ range }) => range),
      ranges.map(({ outcome }) => outcome),
      this.#failures,
    );
    if (this.#numberText !== undefined) error.message += `. ${this.#numberText}`;
    return nameRanges(error) as CdfError<PointRange>;
  }

  async #attempt(parts: readonly InsertionPart[]): Promise<ChunkFailure | undefined> {
    let attempted = false;
    try {
      await sendInsertion(this.#transport, parts, this.#callOptions, () => {
        attempted = true;
      });
      return undefined;
    } catch (error) {
      return classifyFailure(error, attempted, this.#callOptions.signal);
    }
  }

  #settle(parts: readonly InsertionPart[], failure: ChunkFailure | undefined): void {
    for (const part of parts) this.#account.add(part, failure?.outcome ?? 'successful');
    if (failure === undefined) this.#stored(countPoints(parts));
    else {
      this.#note(failure);
      if (isRefusal(failure) && failure.error.status === 400 && failure.error.missing.length === 0)
        this.#numberText ??= numberText(parts);
      this.#noteMissing(parts, failure);
      if (!this.#goesPast(failure) && (failure.final || this.#settings.endsAtFailure)) this.#over();
    }
  }

  #goesPast(failure: ChunkFailure): failure is Refusal {
    return this.#settings.continueOnError === true && isRefusal(failure);
  }

  /** Everything was sent: the total is known, also that of a source. */
  complete(): void {
    if (this.#settings.total === undefined) this.#report(this.points);
  }

  #stored(count: number): void {
    this.points += count;
    this.#report(this.#settings.total);
  }

  #report(total: number | undefined): void {
    const { onProgress } = this.#settings;
    // Exceptions of onProgress end the call: then it is not called again.
    if (this.#isOver && this.#failures.some(({ reason }) => reason !== undefined)) return;
    const thrown: ChunkFailure[] = [];
    reportProgress({ onProgress }, this.points, total, thrown);
    for (const failure of thrown) this.end(failure);
  }

  #note(failure: ChunkFailure): void {
    const { error, final } = failure;
    if (this.#failures.some((known) => known.error === error)) return;
    if (this.#failures.length < MOST_ERRORS || final) this.#failures.push(failure);
  }

  /**
   * Series of these points only: an answer may name others, which were not requested and do exist.
   */
  #noteMissing(parts: readonly InsertionPart[], failure: ChunkFailure): void {
    if (!this.#goesPast(failure)) return;
    const missing = new Set(failure.error.missing.flatMap(keysOf));
    for (const { identifier } of missing.size === 0 ? [] : parts) {
      const key = identifierKey(identifier);
      if (missing.has(key)) this.#missing.add(key);
    }
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settings.onOver?.();
  }

  /**
   * Series that do not exist are not requested again: each time would cost their request another
   * one.
   */
  #withoutMissing(parts: readonly InsertionPart[]): readonly InsertionPart[] {
    const isMissing = ({ identifier }: InsertionPart): boolean =>
      this.#missing.has(identifierKey(identifier));
    this.notSent(parts.filter(isMissing));
    return parts.filter((part) => !isMissing(part));
  }
}

/** Strings that are numbers: the series that refused them is probably one of numbers. */
function numberText(parts: readonly InsertionPart[]): string | undefined {
  for (const { identifier, columns, from, to } of parts) {
    if (columns.values instanceof Float64Array) continue;
    const text = columns.values
      .slice(from, to)
      .find((value) => /^ *-?\d+([.,]\d+)? *$/.test(value));
    if (text !== undefined)
      return `${describeIdentifier(identifier)}: the values are strings, such as ${quoted(text)}; a series of numbers takes numbers`;
  }
  return undefined;
}
