import { badRequest } from '../errors.js';
import { positionCursor, readPosition } from '../http/position-cursor.js';
import type { JsonText } from '../http/route.js';
import type { Entry } from '../instances/entry.js';
import { KEPT_DELETED } from '../instances/instance-store.js';
import type { Selections } from '../instances/selection.js';
import type { State } from '../state.js';
import { isObject } from '../validation/schema.js';
import { pageOfEntries } from './pages.js';
import { answerText, queryMark } from './query.js';
import { type EdgesStep, type NodesStep, type QueryBody, readQuery } from './query-body.js';
import { asPosition, orderOf, type Position } from './sort.js';
import { checkViewUse } from './sources.js';
import { Reach } from './sync-reach.js';

const DEFAULT_LIMIT = 100;

/** How far a sync has come with one step. */
interface Progress {
  /** The number of the last change that came, or with which the sync began. */
  readonly change: number;
  /**
   * The last instance that came of several that this change brought: those of a dependent step
   * share their parent's.
   */
  readonly seq?: number | undefined;
  /** The last change when the sync began: earlier deletions are not news. */
  readonly first: number;
  /** When the cursor was given. */
  readonly time: number;
  /** In which history of the store: in another one, the numbers of changes mean something else. */
  readonly epoch: string;
  /** In the backfill of two phases, the last instance that came. */
  readonly backfill?: Position | 'start' | undefined;
}

interface Page {
  readonly entries: readonly Entry[];
  readonly progress: Progress;
}

/** POST /models/instances/sync */
export function syncInstances(state: State, selections: Selections, body: unknown): JsonText {
  const query = readQuery(body, 'sync');
  const mark = queryMark('sync', query);
  const now = state.clock.now();
  const reach = new Reach(query, state.schema, state.instances);
  const emits = query.debug?.emitResults !== false;
  const [items, cursors]: [string[], string[]] = [[], []];
  for (const name of query.with.keys()) reach.check(name);
  for (const [name, { sources }] of query.select) {
    const step = query.with.get(name) as NodesStep | EdgesStep;
    const stepMark = `${mark} ${name}`.replaceAll('.', ' ');
    const selection = selections.get(sources, 'empty');
    checkViewUse(selection.views, 'nodes' in step ? 'node' : 'edge');
    const before = progressOf(state, query, name, stepMark, now);
    const { entries, progress } = pageOfStep(state, query, reach, name, step, before, now);
    if (!emits) continue;
    items.push(`${JSON.stringify(name)}:[${entries.map(selection.textOf).join(',')}]`);
    cursors.push(
      `${JSON.stringify(name)}:"${positionCursor(stepMark, { ...progress, time: now })}"`,
    );
  }
  return answerText(query, selections, items, cursors);
}

/** Where the cursor of a step says that it is; without one, where its mode begins. */
function progressOf(
  state: State,
  query: QueryBody,
  name: string,
  mark: string,
  now: number,
): Progress {
  const step = query.with.get(name) as NodesStep | EdgesStep;
  const { mode = 'onePhase' } = step;
  const { last } = state.instances.changes;
  const cursor = query.cursors.get(name);
  const { epoch } = state.store;
  if (cursor === undefined) {
    if (mode === 'noBackfill') return { change: last, first: 0, time: now, epoch };
    return {
      change: 0,
      first: last,
      time: now,
      epoch,
      ...(mode === 'twoPhase' ? { backfill: 'start' } : {}),
    };
  }
  const progress = asProgress(readPosition(cursor, mark));
  if (progress.epoch !== epoch)
    throw badRequest('Cursor has expired. Start over without a cursor.');
  if (now - progress.time > KEPT_DELETED && !query.allowExpired)
    throw badRequest(
      'Cursor has expired. Start over without a cursor, or allow expired cursors and accept missed deletes.',
    );
  return progress;
}

function asProgress(value: unknown): Progress {
  const { change, seq, first, time, epoch, backfill } = (
    isObject(value) ? value : {}
  ) as Partial<Progress>;
  if (![change, first, time, seq ?? 0].every(Number.isFinite))
    throw badRequest('The cursor is not one that was given out.');
  const at = backfill === undefined || backfill === 'start' ? backfill : asPosition(backfill);
  const within = seq === undefined ? {} : { seq };
  return {
    change,
    ...within,
    first,
    time,
    epoch,
    ...(at === undefined ? {} : { backfill: at }),
  } as Progress;
}

function pageOfStep(
  state: State,
  query: QueryBody,
  reach: Reach,
  name: string,
  step: NodesStep | EdgesStep,
  before: Progress,
  now: number,
): Page {
  const { limit = DEFAULT_LIMIT } = step;
  if (before.backfill !== undefined)
    return backfill(state, query, reach, name, step, before, limit);
  const hides = (step.skipAlreadyDeleted ?? true) && before.first > 0;
  const entries: Entry[] = [];
  for (const { entry, at } of reach.changesAfter(name, before.change, before.seq)) {
    if (entry.deletedTime !== undefined) {
      if (hides && entry.change <= before.first) continue;
      if (now - entry.deletedTime > KEPT_DELETED) continue;
    }
    entries.push(entry);
    if (entries.length === limit)
      return { entries, progress: { ...before, change: at, seq: entry.seq } };
  }
  // Nothing else has happened: the next call begins behind the last change of all.
  return { entries, progress: { ...before, change: state.instances.changes.last, seq: undefined } };
}

/** Instances that existed when the sync began; later changes come in the second phase. */
function backfill(
  state: State,
  { parameters }: QueryBody,
  reach: Reach,
  name: string,
  step: NodesStep | EdgesStep,
  before: Progress,
  limit: number,
): Page {
  const instanceType = 'nodes' in step ? ('node' as const) : ('edge' as const);
  const order = orderOf(step.backfillSort, {
    schema: state.schema,
    instances: state.instances,
    instanceType,
    parameters,
  });
  const living = [...reach.living(name)];
  const after = before.backfill === 'start' ? undefined : before.backfill;
  const { entries, last } = pageOfEntries(living, order, limit, after);
  if (entries.length === limit) return { entries, progress: { ...before, backfill: last } };
  const { first, time, epoch } = before;
  return { entries, progress: { change: first, first, time, epoch } };
}
