import { AbortedError, type CallOptions, CdfError } from '@cdf/core';
import { classifyFailure, nextTurn, openScope, untilAborted } from '@cdf/core/resource';
import { JsonBytes } from '../wire/json-bytes.js';
import { referenceKey } from '../wire/references.js';
import type { Counts } from './confirmations.js';
import type { Entry } from './entries.js';
import { MOST_FAILED, MOST_PER_REQUEST, type Transactions } from './transactions.js';
import type { WriteCounts } from './write-counts.js';

/**
 * What the error of a stream has besides: `successful` is empty there, so that a stream of any
 * length is written in bounded memory.
 */
export interface StreamAccount {
  /** How many items were written before it ended. */
  readonly written: WriteCounts;
}

/**
 * Writes the items of a stream in bounded memory. An item that comes again is written after the one
 * before it.
 *
 * It reacts to its signal, to the end of the client and to a final failure while the stream is
 * silent, and lets go of the stream then.
 *
 * @throws {CdfError} whose `failed` and `unknown` are exact; written items are counted, not listed
 */
export async function writeStream(
  transactions: Transactions,
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: CallOptions,
  closing?: AbortSignal,
): Promise<Counts> {
  const scope = openScope([options.signal, closing]);
  const ended = new CdfError('no further items are taken');
  const open: Pick<Entry, 'item' | 'outcome'>[] = [];
  const running = new Set<Promise<void>>();
  const keys = new Set<string>();
  let batch: Entry[] = [];
  // Items are written as they were when the stream gave them: it may give the same object again.
  const out = new JsonBytes();
  const isEnough = (): boolean => transactions.isOver || open.length >= MOST_FAILED;
  const flush = async (): Promise<void> => {
    const entries = batch;
    const json = transactions.end(out);
    batch = [];
    while (running.size >= transactions.parallel) await Promise.race(running);
    if (entries.length === 0) return;
    if (transactions.isOver) return void open.push(...entries);
    const work = transactions.write(entries, json).then(() => {
      running.delete(work);
      for (const { name } of entries) keys.delete(referenceKey(name));
      open.push(...entries.filter(({ outcome }) => outcome !== 'successful'));
      transactions.report();
      if (isEnough()) scope.abort(ended);
    });
    running.add(work);
    // The stream may work long, without a pause.
    await nextTurn(work);
  };
  let iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
  let isDone = false;
  try {
    options.signal?.throwIfAborted();
    iterator =
      Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    for (let index = 0; ; index++) {
      scope.signal.throwIfAborted();
      let next = iterator.next();
      // What is there need not be waited for.
      if (!('done' in next)) next = await untilAborted(Promise.resolve(next), scope.signal);
      if (next.done) break;
      const before = out.length;
      let entry = take(transactions, out, next.value, index, { batch, open });
      const key = referenceKey(entry.name);
      if (keys.has(key)) {
        // Not read a second time: it may change while it waits.
        const json = out.since(entry.start);
        out.cutTo(before);
        await flush();
        await Promise.all(running);
        entry = transactions.addAgain(out, entry, json);
      }
      keys.add(key);
      batch.push(entry);
      if (batch.length === MOST_PER_REQUEST) await flush();
    }
    isDone = true;
    await flush();
  } catch (error) {
    if (error !== ended) transactions.fail(endOf(error, options.signal, closing));
  }
  await Promise.all(running);
  open.push(...batch);
  scope.end();
  // It may never answer.
  if (!isDone && iterator !== undefined) letGo(iterator);
  if (transactions.failures.length > 0) throw streamError(transactions, open);
  return transactions.counts;
}

/** An item of the stream. One that is refused is in the account too, behind those that wait. */
function take(
  transactions: Transactions,
  out: JsonBytes,
  item: unknown,
  index: number,
  { batch, open }: { readonly batch: Entry[]; readonly open: Pick<Entry, 'item' | 'outcome'>[] },
): Entry {
  try {
    return transactions.add(out, item, index);
  } catch (error) {
    open.push(...batch.splice(0), { item, outcome: 'notAttempted' });
    throw error;
  }
}

function endOf(
  error: unknown,
  signal: AbortSignal | undefined,
  closing: AbortSignal | undefined,
): ReturnType<typeof classifyFailure> {
  if (closing?.aborted === true && error === closing.reason) {
    const closed = new AbortedError('the client was closed', { delivery: 'none' });
    return { ...classifyFailure(closed, false), final: true };
  }
  const isAbort = signal?.aborted === true && error === signal.reason;
  return isAbort
    ? classifyFailure(error, false, signal)
    : { ...classifyFailure(error, false), final: true, reason: { cause: error } };
}

function letGo(iterator: AsyncIterator<unknown> | Iterator<unknown>): void {
  try {
    void Promise.resolve(iterator.return?.()).catch(() => {});
  } catch {
    // A stream that fails to end is not ours to mend.
  }
}

function streamError(
  transactions: Transactions,
  open: readonly Pick<Entry, 'item' | 'outcome'>[],
): CdfError {
  const outcomes = open.map(({ outcome }) => outcome);
  const items = open.map(({ item }) => item);
  const error = transactions.error(items, outcomes);
  const { counts } = transactions;
  const written = counts.created + counts.updated + counts.unchanged;
  error.message += `; ${written} items of the stream were written`;
  return Object.assign(error, { written: { ...counts } });
}
