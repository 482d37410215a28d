import { ApiError, type CallOptions, ConfigError } from '@cdf/core';
import { Cursors, openScope, readObject, readPage, sleep, unexpected } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { toSource } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { allOf, hasData } from '../wire/filters.js';
import { holdsBigint } from '../wire/holds-bigint.js';
import { timesAt } from '../wire/parameters.js';
import { type InstanceReader, readName, type WireInstance, wrong } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { differencesOf } from '../wire/typing-differences.js';
import { checkOptions, checkSwitches } from './check-options.js';
import { checkView, isChecked } from './checked-views.js';
import { ExpiredCursorError } from './expired-cursor-error.js';
import type { InstanceScope } from './instance-scope.js';
import { readerOf } from './instance-scope.js';
import { scopedFilter } from './query.js';

/** The one step of the query. */
const STEP = 'changes';
const PAGE = 1_000;
/**
 * Pages in a row that are short before there is no more: the first ends what was there at the
 * start, the second what came since.
 */
const LAST_PAGES = 2;
/** A timer that is longer ends at once. */
const LONGEST_PAUSE = 2 ** 31 - 1;
/** A follower is given a new cursor so often, also without a change. @unit milliseconds */
const LONGEST_SILENCE = 3_600_000;
const LABEL = 'POST /models/instances/sync';

interface Query {
  readonly where?: unknown;
  readonly cursor?: string;
  readonly follow?: boolean;
  readonly pauseMs?: number;
}

interface Page {
  readonly upserted: object[];
  readonly deleted: NodeReference[];
  readonly cursor: string;
}

/** Pages of what changed since a cursor, each in its last state. */
export async function* readChanges(
  scope: InstanceScope,
  query: Query,
  options: CallOptions = {},
): AsyncGenerator<Page, void, undefined> {
  const what = `changes of ${scope.instance}s`;
  checkOptions(query, ['where', 'cursor', 'follow', 'pauseMs'], what);
  checkSwitches(query, ['follow'], what);
  const { where, cursor, follow = false, pauseMs = 1_000 } = query;
  if (!(pauseMs >= 0 && pauseMs <= LONGEST_PAUSE))
    throw new ConfigError(
      `${what}: pauseMs must be a number of milliseconds up to ${LONGEST_PAUSE}, got ${describe(pauseMs)}`,
    );
  const saved = cursor === undefined ? { now: Date.now() } : fromCursor(cursor, what);
  // The API takes a cursor for the same question only: relative times stay those of its beginning.
  const open = scopedFilter(scope, where, what, 'times');
  const filter = allOf([timesAt(open, saved.now), hasData(scope.view)]);
  const step = {
    [`${scope.instance}s`]: { filter },
    limit: PAGE,
    mode: 'twoPhase',
    skipAlreadyDeleted: true,
  };
  const select = { sources: [{ source: toSource(scope.view), properties: ['*'] }] };
  const question = fingerprint({ step, select });
  if (cursor !== undefined && saved.question !== question)
    throw new ConfigError(
      `${what}: the cursor belongs to another view, space or where; start again without it`,
    );
  let { position } = saved;
  const reader = readerOf(scope);
  const cursors = new Cursors(LABEL);
  let short = 0;
  let idle = 0;
  let told = Date.now();
  for (;;) {
    const body = {
      with: { [STEP]: step },
      select: { [STEP]: select },
      cursors: position === undefined ? undefined : { [STEP]: position },
      includeTyping: !isChecked(scope),
    };
    const { items, next } = await ask(scope, body, options);
    const page = splitPage(items, reader, scope.instance);
    const isShort = items.length < PAGE;
    short = isShort ? short + 1 : 0;
    idle = items.length === 0 ? idle + 1 : 0;
    if (next === position && items.length > 0)
      throw unexpected(LABEL, 'its cursor is the one that was sent, with items');
    position = next;
    const isLast = short >= LAST_PAGES && !follow;
    // A cursor ends after three days, also where nothing changes.
    if (items.length > 0 || isLast || Date.now() - told > LONGEST_SILENCE) {
      told = Date.now();
      yield { ...page, cursor: JSON.stringify({ question, position: next, now: saved.now }) };
    }
    if (isLast) return;
    if (!follow) cursors.next(next, items.length);
    if (follow && idle > 1) await pause(pauseMs, options.signal, scope.transport.closing);
  }
}

/** Ends early when the client is closed: the next request tells so. */
async function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
  closing: AbortSignal | undefined,
): Promise<void> {
  const scope = openScope([signal, closing]);
  try {
    await sleep(milliseconds, scope.signal);
  } catch (error) {
    if (signal?.aborted || !closing?.aborted) throw error;
  } finally {
    scope.end();
  }
}

async function ask(
  scope: InstanceScope,
  body: object,
  options: CallOptions,
): Promise<{ readonly items: readonly object[]; readonly next: string }> {
  const { transport, isExact } = scope;
  try {
    const request = {
      path: '/instances/sync',
      body,
      lane: 'query',
      idempotent: true,
      isExact: isExact || holdsBigint(body),
    } as const;
    const answer = readObject(await send(transport, request, options), LABEL) as {
      readonly items?: Readonly<Record<string, unknown>>;
      readonly nextCursor?: Readonly<Record<string, unknown>>;
      readonly typing?: Readonly<Record<string, unknown>>;
    };
    const { items } = readPage<object>({ items: Object(answer.items)[STEP] }, LABEL);
    await checkView(scope, answer, differencesOf, Object(answer.typing)[STEP]);
    const next: unknown = Object(answer.nextCursor)[STEP];
    if (typeof next !== 'string' || next === '')
      throw unexpected(LABEL, `it has no cursor for ${STEP}`);
    return { items, next };
  } catch (error) {
    if (
      ApiError.isInstance(error) &&
      error.status === 400 &&
      /cursor has expired/i.test(error.message)
    )
      throw new ExpiredCursorError(
        'changes: the cursor has expired; read everything again without a cursor, into a new copy: what was deleted meanwhile is in no page',
        { cause: error, delivery: error.delivery },
      );
    throw error;
  }
}

/**
 * What a page has of living and of deleted instances. Of an instance that is there in several
 * states, the last one counts: one that was deleted lives only if it was made afterwards.
 */
function splitPage(
  items: readonly object[],
  reader: InstanceReader,
  instance: 'node' | 'edge',
): { upserted: object[]; deleted: NodeReference[] } {
  const living = new Map<string, WireInstance>();
  const deleted = new Map<string, WireInstance>();
  for (const item of items) {
    const named = readName(item, LABEL);
    const key = referenceKey(named);
    const { deletedTime } = named;
    if (deletedTime === undefined || deletedTime === null) {
      const other = living.get(key);
      if (other === undefined || isLater(named, other)) living.set(key, named);
      continue;
    }
    if (named.instanceType !== instance || !Number.isFinite(deletedTime))
      throw wrong(LABEL, named, `it is deleted, and no ${instance} with a deletedTime`);
    const other = deleted.get(key);
    if (other === undefined || deletedTime > (other.deletedTime as number)) deleted.set(key, named);
  }
  const upserted = [...living].flatMap(([key, item]) => {
    const end = deleted.get(key)?.deletedTime;
    return end !== undefined && item.createdTime < end ? [] : [reader.read(item, LABEL)];
  });
  const names = [...deleted.values()].map(({ space, externalId }) => ({ space, externalId }));
  return { upserted, deleted: names };
}

function isLater(one: WireInstance, other: WireInstance): boolean {
  return one.createdTime === other.createdTime
    ? one.version >= other.version
    : one.createdTime > other.createdTime;
}

/** Where a read goes on: in which question, and when that was asked first. */
interface Saved {
  readonly question?: unknown;
  readonly position?: string;
  readonly now: number;
}

/** @throws {ConfigError} for what `changes` did not give */
function fromCursor(cursor: unknown, what: string): Saved {
  let parsed: Partial<Record<keyof Saved, unknown>> | undefined;
  try {
    parsed = Object(JSON.parse(cursor as string));
  } catch {
    parsed = undefined;
  }
  // Cursors of earlier versions have no time: nothing in their question was relative.
  const { question, position, now = 0 } = parsed ?? {};
  if (typeof position !== 'string' || !Number.isSafeInteger(now))
    throw new ConfigError(
      `${what}: cursor must be one that changes() gave, or undefined for the beginning; got ${describe(cursor)}`,
    );
  return { question, position, now: now as number };
}

/** A short string that is equal for equal queries, and hardly ever for others. */
function fingerprint(question: object): string {
  const text = JSON.stringify(question, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  let [left, right] = [0x811c9dc5, 0x01000193];
  for (let index = 0; index < text.length; index++) {
    left = Math.imul(left ^ text.charCodeAt(index), 0x01000193);
    right = Math.imul(right ^ text.charCodeAt(index), 0x5bd1e995);
  }
  return (left >>> 0).toString(36) + (right >>> 0).toString(36);
}
