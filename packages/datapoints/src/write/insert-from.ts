import { AbortedError, CdfError, ConfigError, type Transport } from '@cdf/core';
import {
  type ChunkFailure,
  checkCall,
  checkOptions,
  identifierKey,
  numberProblems,
  openScope,
  type Scope,
} from '@cdf/core/resource';
import type { InsertionPart } from '../wire/insertion.js';
import { HeldPoints } from './held-points.js';
import type { SeriesInput } from './points.js';
import { MOST_INSERTED } from './request.js';
import { salvage } from './salvage.js';
import { readSource, type Source, SourceFailure } from './source.js';
import { type InsertOptions, PointWriter } from './writer.js';

/**
 * A source of points: each value is points of one series, such as a row, or an array of such
 * values.
 */
export type InsertSource = Source<SeriesInput | readonly SeriesInput[]>;

/** Options of `insertFrom`. */
export interface InsertFromOptions extends InsertOptions {
  /**
   * How long points wait for a request to be full; 0 sends full requests only, and the rest when
   * the source ends.
   * @unit milliseconds
   * @default 1000
   */
  readonly flushAfterMs?: number | undefined;
}

/** Times are kept of so much for the account: about four requests' worth. */
const ACCOUNT = { points: 500_000, segments: 50_000 };
const NAMES = {
  signal: true,
  timeoutMs: true,
  onProgress: true,
  continueOnError: true,
  flushAfterMs: true,
};

/**
 * Writes what a source gives as it comes. Holds the points of the requests on their way, of one
 * more that is being filled, and what the source gave last; the source waits meanwhile.
 *
 * @returns the number of points written.
 */
export async function insertFrom(
  transport: Transport,
  source: InsertSource,
  options: InsertFromOptions = {},
): Promise<{ readonly points: number }> {
  const { flushAfterMs = 1000, continueOnError: _, ...callOptions } = options;
  const problem = numberProblems({ flushAfterMs }, 0).join();
  if (problem) throw new ConfigError(problem);
  // Names that are not even similar are left to the check of all calls.
  checkOptions(options, NAMES, 'insertFrom', true);
  checkCall(callOptions);
  return new Insertion(transport, options, flushAfterMs).run(source);
}

type Times = ReadonlyMap<string, { readonly first: number; readonly last: number }>;

class Insertion {
  readonly #transport: Transport;
  readonly #signal: AbortSignal | undefined;
  readonly #flushAfterMs: number;
  readonly #writer: PointWriter;
  /** Ends the reading: by the caller, by the client, or by a failure. */
  readonly #scope: Scope;
  readonly #held = new HeldPoints();
  /** Requests that wait for one on its way. While there are any, the source waits too. */
  #queue: InsertionPart[][] = [];
  readonly #flying = new Map<Promise<void>, Times>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;
  /** No new requests. A field, since it is read for each row and reading a signal is slow. */
  #isEnding = false;
  #queued: { readonly promise: Promise<void>; resolve(): void } | undefined;
  /** The rest of an array that waits for room. */
  #taking: Promise<void> | undefined;

  constructor(transport: Transport, options: InsertFromOptions, flushAfterMs: number) {
    this.#transport = transport;
    this.#signal = options.signal;
    this.#flushAfterMs = flushAfterMs;
    this.#scope = openScope([options.signal, transport.closing]);
    const { signal } = this.#scope;
    const onEnd = (): void => {
      this.#isEnding = true;
      this.#queued?.resolve();
    };
    if (signal.aborted) onEnd();
    else signal.addEventListener('abort', onEnd);
    const onOver = (): void => this.#scope.abort(new Error('the insert has failed'));
    this.#writer = new PointWriter(transport, {
      ...options,
      limits: ACCOUNT,
      endsAtFailure: true,
      onOver,
    });
  }

  async run(source: InsertSource): Promise<{ readonly points: number }> {
    const writer = this.#writer;
    // Then nothing is taken: the rejection is the signal's own reason, as everywhere.
    const isEarly = this.#signal?.aborted === true;
    try {
      await readSource(source, (given) => this.#take(given), this.#scope.signal);
      if (isEarly) throw this.#signal?.reason;
      await this.#finish();
    } catch (error) {
      if (isEarly) throw error;
      if (!this.#isEnding) writer.end(toFailure(error));
    } finally {
      this.#stopClock();
      if (isEarly) this.#scope.end();
    }
    await this.#settle();
    this.#scope.end();
    if (!writer.hasFailed) writer.complete();
    if (writer.hasFailed) throw writer.error();
    return { points: writer.points };
  }

  /** Sends the rest. */
  async #finish(): Promise<void> {
    if (this.#isEnding) return;
    this.#stopClock();
    this.#queue.push(...this.#held.seal(true));
    this.#pump();
    await this.#room();
  }

  /** Waits for what is on its way, and accounts for what is not going to be. */
  async #settle(): Promise<void> {
    while (this.#flying.size > 0) await Promise.all(this.#flying.keys());
    if (!this.#writer.isOver && this.#scope.signal.aborted) {
      const isAborted = this.#signal?.aborted === true;
      const [message, cause] = isAborted
        ? ['aborted by the caller', this.#signal?.reason as unknown]
        : ['the client was closed', undefined];
      const error = new AbortedError(`insert data points: ${message}`, { cause });
      this.#writer.end({
        outcome: 'notAttempted',
        error,
        final: true,
        ...(isAborted && { reason: { cause } }),
      });
    }
    await this.#taking;
    for (const parts of [...this.#queue, ...this.#held.seal(true)]) this.#writer.notSent(parts);
  }

  #take(given: SeriesInput | readonly SeriesInput[]): Promise<void> | undefined {
    if (!Array.isArray(given)) {
      try {
        return this.#takeOne(given as SeriesInput);
      } catch (error) {
        this.#accountFor([given as SeriesInput]);
        throw error;
      }
    }
    const taking = this.#takeAll(given, 0);
    // Only waited for in the end, where it has nothing more to say.
    this.#taking = taking?.catch(() => {});
    return taking;
  }

  #takeAll(inputs: readonly SeriesInput[], from: number): Promise<void> | undefined {
    for (let index = from; index < inputs.length; index++) {
      let room: Promise<void> | undefined;
      try {
        room = this.#takeOne(inputs[index] as SeriesInput);
      } catch (error) {
        this.#accountFor(inputs.slice(index));
        throw error;
      }
      if (room !== undefined) return room.then(() => this.#takeAll(inputs, index + 1));
    }
    return undefined;
  }

  /** Gives what to wait for before the next. */
  #takeOne(input: SeriesInput): Promise<void> | undefined {
    this.#held.add(input);
    if (this.#isEnding) return undefined;
    if (this.#timer === undefined) this.#startClock();
    if (this.#held.points < MOST_INSERTED.points) return undefined;
    this.#queue.push(...this.#held.seal(false));
    if (this.#held.points === 0) this.#stopClock();
    this.#pump();
    return this.#room();
  }

  /** The rest of an array that has something in it that cannot be written. */
  #accountFor(rest: readonly SeriesInput[]): void {
    for (const input of rest)
      try {
        this.#held.add(input);
      } catch {
        const part = salvage(input);
        if (part !== undefined) this.#writer.notSent([part]);
      }
  }

  #startClock(): void {
    if (
      this.#timer !== undefined ||
      this.#isDue ||
      this.#flushAfterMs === 0 ||
      this.#held.points === 0
    )
      return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#isDue = true;
      this.#pump();
    }, this.#flushAfterMs);
  }

  #stopClock(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
  }

  /** Sends as much as may be on its way at once, in order. */
  #pump(): void {
    while (!this.#isEnding && this.#flying.size < Math.max(1, this.#transport.limits.write)) {
      if (this.#queue.length === 0 && this.#isDue) {
        this.#stopClock();
        this.#queue.push(...this.#held.seal(true));
      }
      const [parts] = this.#queue;
      if (parts === undefined) break;
      const times = timesOf(parts);
      if (this.#collides(times)) break;
      this.#queue.shift();
      const flight: Promise<void> = this.#writer.send(parts).then(() => {
        this.#flying.delete(flight);
        this.#pump();
      });
      this.#flying.set(flight, times);
    }
    if (this.#queue.length === 0 || this.#isEnding) this.#queued?.resolve();
  }

  /**
   * Fulfilled when no request waits; `undefined` when there is none, or nothing is sent any more.
   */
  #room(): Promise<void> | undefined {
    if (this.#queue.length === 0 || this.#isEnding) return undefined;
    if (this.#queued === undefined) {
      let wake = (): void => {};
      const promise = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const resolve = (): void => {
        this.#queued = undefined;
        wake();
      };
      this.#queued = { promise, resolve };
    }
    return this.#queued.promise;
  }

  /**
   * True if a request on its way writes the same times: the later one must come second, or the
   * older value would win.
   */
  #collides(times: Times): boolean {
    for (const flying of this.#flying.values())
      for (const [key, { first, last }] of times) {
        const other = flying.get(key);
        if (other !== undefined && other.first <= last && first <= other.last) return true;
      }
    return false;
  }
}

function timesOf(parts: readonly InsertionPart[]): Times {
  return new Map(
    parts.map(({ identifier, columns: { timestamps }, from, to }) => [
      identifierKey(identifier),
      { first: timestamps[from] as number, last: timestamps[to - 1] as number },
    ]),
  );
}

/** A failure of the source ends the call as an abort does. */
function toFailure(error: unknown): ChunkFailure {
  const common = { outcome: 'notAttempted', final: true } as const;
  if (!(error instanceof SourceFailure) && CdfError.isInstance(error)) return { ...common, error };
  const isSource = error instanceof SourceFailure;
  const cause: unknown = isSource ? error.thrown : error;
  const message = cause instanceof Error ? `: ${cause.message}` : '';
  const what = isSource ? 'the source threw' : 'a value of the source cannot be read';
  return {
    ...common,
    error: new CdfError(`insert data points: ${what}${message}`, { cause }),
    reason: { cause },
  };
}
