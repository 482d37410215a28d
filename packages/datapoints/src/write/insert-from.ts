import type { CallOptions, Transport } from '@cdf/core';
import { accountedError, type ChunkFailure, classifyFailure, identifierKey, type Outcome } from '@cdf/core/resource';
import type { InsertionPart } from '../wire/insertion.js';
import {
  fillRequests,
  MOST_INSERTED,
  nameRanges,
  type PointRange,
  prepareSeries,
  sendInsertion,
  toRange,
} from './insert.js';
import type { SeriesInput } from './points.js';

/** What a source of points gives: points of one series, or of several. */
export type InsertSource =
  | AsyncIterable<SeriesInput | readonly SeriesInput[]>
  | Iterable<SeriesInput | readonly SeriesInput[]>;

/**
 * Writes what a source gives as it comes. Holds at most the points of the requests on their way, of one more that is being filled,
 * and what the source gave last; the source waits meanwhile.
 *
 * @returns the number of points written.
 */
export async function insertFrom(
  transport: Transport,
  source: InsertSource,
  options: CallOptions = {},
): Promise<{ readonly points: number }> {
  const writing = new Writing(transport, options);
  let batch: SeriesInput[] = [];
  let held = 0;
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    held = 0;
    await writing.write(full);
  };
  try {
    for await (const given of source as AsyncIterable<SeriesInput | readonly SeriesInput[]>) {
      options.signal?.throwIfAborted();
      const inputs: readonly SeriesInput[] = Array.isArray(given) ? given : [given as SeriesInput];
      for (const input of inputs) {
        batch.push(input);
        held += countPoints(input);
        if (held >= MOST_INSERTED.points || batch.length >= MOST_INSERTED.series) await flush();
      }
      if (writing.hasFailed) break;
    }
    if (!writing.hasFailed) await flush();
  } catch (error) {
    await writing.settle();
    throw writing.error(error);
  }
  await writing.settle();
  if (writing.hasFailed) throw writing.error(undefined);
  return { points: writing.points };
}

function countPoints(input: SeriesInput): number {
  const points = 'datapoints' in input ? input.datapoints : input;
  if ('timestamps' in points) return points.timestamps.length;
  return Array.isArray(points) ? points.length : 1;
}

/** Requests on their way, and what became of the ones before. */
class Writing {
  readonly #transport: Transport;
  readonly #options: CallOptions;
  readonly #flying = new Map<Promise<void>, readonly PointRange[]>();
  readonly #outcomes = new Map<Outcome, PointRange[]>();
  readonly #failures: ChunkFailure[] = [];
  points = 0;

  constructor(transport: Transport, options: CallOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  async write(inputs: readonly SeriesInput[]): Promise<void> {
    for (const parts of fillRequests(prepareSeries(inputs, 'points'))) {
      const ranges = parts.map(toRange);
      while (this.#flying.size >= this.#transport.limits.write || this.#collides(ranges))
        await Promise.race(this.#flying.keys());
      if (this.hasFailed) {
        this.#record('notAttempted', ranges);
        continue;
      }
      const flight: Promise<void> = this.#send(parts, ranges).finally(() => this.#flying.delete(flight));
      this.#flying.set(flight, ranges);
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#flying.keys());
  }

  /** @param thrown what the source, or a check of its points, threw; the writes may have failed as well. */
  error(thrown: unknown): unknown {
    if (thrown !== undefined)
      this.#failures.push({ ...classifyFailure(thrown, false, this.#options.signal), outcome: 'failed' });
    const ranges = [...this.#outcomes].flatMap(([outcome, items]) => items.map((item) => [item, outcome] as const));
    return nameRanges(
      accountedError(
        'insert data points',
        ranges.map(([range]) => range),
        ranges.map(([, outcome]) => outcome),
        this.#failures,
      ),
    );
  }

  async #send(parts: readonly InsertionPart[], ranges: readonly PointRange[]): Promise<void> {
    let attempted = false;
    const { onProgress, ...options } = this.#options;
    try {
      await sendInsertion(this.#transport, parts, options, () => {
        attempted = true;
      });
      this.points += ranges.reduce((sum, { count }) => sum + count, 0);
      this.#record('successful', ranges);
      onProgress?.(this.points, this.points);
    } catch (error) {
      const failure = classifyFailure(error, attempted, options.signal);
      this.#failures.push(failure);
      this.#record(failure.outcome, ranges);
    }
  }

  /** Whether a request on its way writes the same times: the later one must come second, or the older value would win. */
  #collides(ranges: readonly PointRange[]): boolean {
    const keyed = new Map(ranges.map((range) => [keyOf(range), range]));
    for (const flying of this.#flying.values())
      for (const other of flying) {
        const range = keyed.get(keyOf(other));
        if (range !== undefined && other.first <= range.last && range.first <= other.last) return true;
      }
    return false;
  }

  /** Ranges that follow each other become one, so that the account of an endless source stays small. */
  #record(outcome: Outcome, ranges: readonly PointRange[]): void {
    const known = this.#outcomes.get(outcome) ?? [];
    this.#outcomes.set(outcome, known);
    for (const range of ranges) {
      const index = known.findLastIndex((each) => keyOf(each) === keyOf(range));
      const before = known[index];
      if (before !== undefined && before.last < range.first)
        known[index] = { ...before, last: range.last, count: before.count + range.count };
      else known.push(range);
    }
  }
}

function keyOf(range: PointRange): string {
  return identifierKey(range as Parameters<typeof identifierKey>[0]);
}
