import { jsonPoints } from '../datapoints/answer.js';
import { visible } from '../datapoints/read.js';
import { readTime } from '../datapoints/times.js';
import { badRequest } from '../errors.js';
import { JsonText } from '../http/route.js';
import type { Subscription } from '../model/subscription.js';
import { hashOf, readCursor, writeCursor } from '../resources/paging.js';
import type { State } from '../state.js';
import { externalIdText } from '../validation/common.js';
import { array, boolean, integer, needed, object, parse, text } from '../validation/schema.js';
import type { LogEntry } from './log.js';

const check = object({
  externalId: needed(externalIdText),
  partitions: needed(
    array(object({ index: needed(integer({ min: 0 })), cursor: text() }), { min: 1, max: 100 }),
  ),
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
  /** Each as JSON: values need their fraction. */
  readonly updates: string[];
  readonly added: object[];
  readonly removed: object[];
  readonly positions: number[];
  hasNext: boolean;
}

/** The next batch of a subscription; waits until there is one. */
export async function subscriptionData(
  state: State,
  body: unknown,
  find: (externalId: string) => Subscription,
): Promise<JsonText> {
  const request = parse(check, body ?? {});
  const { externalId, partitions, limit = 100, pollTimeoutSeconds = 5 } = request;
  const subscription = find(externalId);
  const first = firstPosition(state, request.initializeCursors);
  const places = partitions.map(({ index, cursor }) => {
    if (index >= subscription.partitionCount) throw badRequest(`partition ${index} does not exist`);
    return {
      index,
      after: cursor === undefined ? first : readCursor(cursor, markOf(subscription, index)),
    };
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
  else if (range !== undefined) batch.updates.push(updateText(timeSeries, [], [range]));
  else if (columns !== undefined) {
    const shown = visible({ columns, from: 0, to: columns.timestamps.length }, view);
    const upserts = jsonPoints(shown, view.includeStatus);
    if (upserts.length > 0) batch.updates.push(updateText(timeSeries, upserts, []));
  }
}

/** Clients read both lists of an update, whichever it has. */
function updateText(
  timeSeries: object,
  upserts: readonly string[],
  deletes: readonly object[],
): string {
  return `{"timeSeries":${JSON.stringify(timeSeries)},"upserts":[${upserts.join(',')}],"deletes":${JSON.stringify(deletes)}}`;
}

function answer(
  subscription: Subscription,
  places: readonly { readonly index: number }[],
  batch: Batch,
): JsonText {
  const { updates, added, removed, positions, hasNext } = batch;
  const rest = JSON.stringify({
    subscriptionChanges: { added, removed },
    partitions: places.map(({ index }, place) => ({
      index,
      nextCursor: writeCursor(markOf(subscription, index), positions[place] as number),
    })),
    hasNext,
  });
  return new JsonText(`{"updates":[${updates.join(',')}],${rest.slice(1)}`);
}

function firstPosition(state: State, initialize: string | undefined): number {
  if (initialize === undefined) return 0;
  const now = state.clock.now();
  // Changes of this very millisecond are before "now" as well.
  return state.subscriptionLog.positionAt(
    initialize === 'now' ? now + 1 : readTime(initialize, now, 'initializeCursors'),
  );
}

function markOf(subscription: Subscription, index: number): string {
  return hashOf(['subscription', subscription.id, index]);
}
