import type { CallOptions, Transport } from '@cdf/core';
import type { SeriesInfo } from '../datapoints-types.js';
import type { Columns } from '../points/columns.js';
import { Scheduler } from './scheduler.js';
import { type SeriesQuery, type SeriesRequest, toSeriesRequests } from './series/series-request.js';
import { SeriesTask } from './series/series-task.js';

/** Points in one request. */
export const MOST_POINTS = { raw: 100_000, aggregates: 10_000 };

export interface Retrieved {
  readonly info: SeriesInfo;
  readonly request: SeriesRequest;
  readonly columns: Columns;
}

export interface RetrieveQuery extends SeriesQuery {
  readonly ignoreUnknownIds?: boolean | undefined;
}

/** Every point of every item, in the order of the items; unknown ones are undefined if they are to be ignored. */
export async function retrieveAll(
  transport: Transport,
  query: RetrieveQuery,
  options: CallOptions = {},
  most: { readonly raw: number; readonly aggregates: number } = MOST_POINTS,
): Promise<(Retrieved | undefined)[]> {
  options.signal?.throwIfAborted();
  const requests = await toSeriesRequests(query, Date.now());
  return fetchSeries(transport, requests, { ignoreUnknownIds: query.ignoreUnknownIds, most }, options);
}

export interface FetchSettings {
  readonly ignoreUnknownIds: boolean | undefined;
  readonly most?: { readonly raw: number; readonly aggregates: number } | undefined;
}

/** Fetches what requests ask for, in their order. */
export async function fetchSeries(
  transport: Transport,
  requests: readonly SeriesRequest[],
  { ignoreUnknownIds, most = MOST_POINTS }: FetchSettings,
  options: CallOptions = {},
): Promise<(Retrieved | undefined)[]> {
  const tasks = requests.map((request) => new SeriesTask(request));
  const isRaw = (task: SeriesTask): boolean => task.request.layout === undefined;
  const { onProgress } = options;
  const onPoints = (): void => {
    if (onProgress === undefined) return;
    const done = tasks.reduce((sum, task) => sum + task.useful, 0);
    onProgress(done, done + Math.ceil(tasks.reduce((sum, task) => sum + task.left(), 0)));
  };
  const schedule = (chosen: SeriesTask[], mostPoints: number): Scheduler =>
    new Scheduler(transport, chosen, { mostPoints, ignoreUnknownIds, onPoints }, options);
  // The points of raw series and of aggregates are counted apart from each other, so they are packed apart.
  const raw = schedule(tasks.filter(isRaw), most.raw);
  const aggregates = schedule(
    tasks.filter((task) => !isRaw(task)),
    most.aggregates,
  );
  await runTogether([raw, aggregates]);
  return tasks.map((task) => {
    const columns = task.collect();
    return columns && task.info && { info: task.info, request: task.request, columns };
  });
}

/** When one fails, the other is stopped and waited for: nothing of a call that has failed goes on behind the caller's back. */
async function runTogether(schedulers: readonly Scheduler[]): Promise<void> {
  const results = await Promise.allSettled(
    schedulers.map(async (scheduler) => {
      try {
        await scheduler.run();
      } catch (error) {
        for (const other of schedulers) if (other !== scheduler) other.stop(error);
        throw error;
      }
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
