import { isVisible } from '../datapoints/read.js';
import { statusObject } from '../datapoints/status.js';
import { readTime } from '../datapoints/times.js';
import { badRequest } from '../errors.js';
import { hashOf, readCursor, writeCursor } from '../resources/paging.js';
import type { State } from '../state.js';
import type { Columns } from '../storage/columns.js';
import { externalIdText } from '../validation/common.js';
import { array, boolean, integer, needed, object, parse, text } from '../validation/schema.js';
import type { LogEntry, Subscription } from './log.js';

const check = object({
  externalId: needed(externalIdText),
  partitions: needed(array(object({ index: needed(integer({ min: 0 })), cursor: text() }), { min: 1, max: 100 })),
  limit: integer({ min: 1, max: 100_000 }),
  initializeCursors: text(),
  pollTimeoutSeconds: integer({ min: 0, max: 5 }),
  includeStatus: boolean,
  ignoreBadDataPoints: boolean,
  treatUncertainAsBad: boolean,
});

interface View {
  readonly includeStatus: boolean;
  readonly ignoreBad: boolean;
  readonly uncertainIsBad: boolean;
}

interface Batch {
  readonly updates: object[];
  readonly added: object[];
  readonly removed: object[];
  readonly positions: number[];
  hasNext: boolean;
}

/** The next batch of a subscription; waits for one when there is none. */
export async function subscriptionData(
  state: State,
  body: unknown,
  find: (externalId: string) => Subscription,
): Promise<object> {
  const request = parse(check, body ?? {});
  const { externalId, partitions, limit = 100, pollTimeoutSeconds = 5 } = request;
  const subscription = find(externalId);
  const first = firstPosition(state, request.initializeCursors);
  const places = partitions.map(({ index, cursor }) => {
    if (index >= subscription.partitionCount) throw badRequest(`partition ${index} does not exist`);
    return { index, after: cursor === undefined ? first : readCursor(cursor, markOf(subscription, index)) };
  });
  const view = {
    includeStatus: request.includeStatus ?? false,
    ignoreBad: request.ignoreBadDataPoints ?? true,
    uncertainIsBad: request.treatUncertainAsBad ?? true,
  };
  const deadline = performance.now() + pollTimeoutSeconds * 1000;
  for (;;) {
    const batch = readBatch(state, subscription, places, limit, view);
    const left = deadline - performance.now();
    const isEmpty = batch.updates.length + batch.added.length + batch.removed.length === 0;
    if (!isEmpty || left <= 0) return answer(subscription, places, batch);
    await state.subscriptionLog.wait(left);
    if (!state.store.connection.open) return answer(subscription, places, batch);
  }
}

function readBatch(
  state: State,
  subscription: Subscription,
  places: readonly { readonly index: number; readonly after: number }[],
  limit: number,
  view: View,
): Batch {
  const batch: Batch = { updates: [], added: [], removed: [], positions: [], hasNext: false };
  for (const { index, after } of places) {
    const { entries, more } = state.subscriptionLog.read(subscription.id, index, after, limit);
    for (const entry of entries) put(batch, entry, view);
    batch.positions.push(entries.at(-1)?.seq ?? after);
    batch.hasNext ||= more;
  }
  return batch;
}

function put(batch: Batch, entry: LogEntry, view: View): void {
  const { series: timeSeries, kind, columns, range } = entry;
  if (kind === 'added') batch.added.push(timeSeries);
  else if (kind === 'removed') batch.removed.push(timeSeries);
  else if (range !== undefined) batch.updates.push({ timeSeries, deletes: [range] });
  else if (columns !== undefined) {
    const upserts = pointsOf(columns, view);
    if (upserts.length > 0) batch.updates.push({ timeSeries, upserts });
  }
}

function pointsOf({ timestamps, values, statuses, nulls }: Columns, view: View): object[] {
  const points: object[] = [];
  for (let place = 0; place < timestamps.length; place += 1) {
    const status = statuses?.[place] ?? 0;
    if (!isVisible(status, view)) continue;
    const value = values[place];
    const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    points.push({
      timestamp: timestamps[place],
      ...(nulls?.[place] === 1 ? {} : { value: shown }),
      ...(view.includeStatus && status !== 0 ? { status: statusObject(status) } : {}),
    });
  }
  return points;
}

function answer(subscription: Subscription, places: readonly { readonly index: number }[], batch: Batch): object {
  const { updates, added, removed, positions, hasNext } = batch;
  const changes = {
    ...(added.length > 0 ? { added } : {}),
    ...(removed.length > 0 ? { removed } : {}),
  };
  return {
    updates,
    ...(Object.keys(changes).length > 0 ? { subscriptionChanges: changes } : {}),
    partitions: places.map(({ index }, place) => ({
      index,
      nextCursor: writeCursor(markOf(subscription, index), positions[place] as number),
    })),
    hasNext,
  };
}

function firstPosition(state: State, initialize: string | undefined): number {
  if (initialize === undefined) return 0;
  const now = state.clock.now();
  // What was written in this very millisecond is before "now" as well.
  return state.subscriptionLog.positionAt(
    initialize === 'now' ? now + 1 : readTime(initialize, now, 'initializeCursors'),
  );
}

function markOf(subscription: Subscription, index: number): string {
  return hashOf(['subscription', subscription.id, index]);
}
