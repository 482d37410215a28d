import type { CallOptions, Transport } from '@cdf/core';
import { callProgress } from '@cdf/core/resource';
import type { SeriesInfo } from '../datapoints-types.js';
import type { Columns } from '../points/columns.js';
import { isMissing, mergeMissing } from './missing.js';
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

/**
 * Every point of every item, in the order of the items; unknown ones are undefined if they are to
 * be ignored.
 */
export async function retrieveAll(
  transport: Transport,
  query: RetrieveQuery,
  options: CallOptions = {},
  most: { readonly raw: number; readonly aggregates: number } = MOST_POINTS,
): Promise<(Retrieved | undefined)[]> {
  options.signal?.throwIfAborted();
  const requests = await toSeriesRequests(query, Date.now());
  return fetchSeries(
    transport,
    requests,
    { ignoreUnknownIds: query.ignoreUnknownIds, most },
    options,
  );
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
  const onPoints = (): void => {
    if (options.onProgress === undefined) return;
    const done = tasks.reduce((sum, task) => sum + task.useful, 0);
    // How many points a window has shows with its end.
    callProgress(options, done, tasks.every(({ isDone }) => isDone) ? done : undefined);
  };
  const onMissing = (): void => {
    for (const scheduler of schedulers) scheduler.askOnlyUnmet();
  };
  const schedule = (chosen: SeriesTask[], mostPoints: number): Scheduler =>
    new Scheduler(
      transport,
      chosen,
      { mostPoints, ignoreUnknownIds, onPoints, onMissing },
      options,
    );
  // The points of raw series and of aggregates are counted apart from each other, so they are
  // packed apart.
  const schedulers = [
    schedule(tasks.filter(isRaw), most.raw),
    schedule(
      tasks.filter((task) => !isRaw(task)),
      most.aggregates,
    ),
  ];
  await runTogether(schedulers);
  return tasks.map((task) => {
    const columns = task.collect();
    return columns && task.info && { info: task.info, request: task.request, columns };
  });
}

/**
 * When one fails, the other is stopped and waited for: nothing of a call that has failed goes on
 * behind the caller's back. Where series are missing, the other goes on, to tell which of its own
 * are missing as well.
 */
async function runTogether(schedulers: readonly Scheduler[]): Promise<void> {
  const results = await Promise.allSettled(
    schedulers.map(async (scheduler) => {
      try {
        await scheduler.run();
      } catch (error) {
        if (!isMissing(error))
          for (const other of schedulers) if (other !== scheduler) other.stop(error);
        throw error;
      }
    }),
  );
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const failed =
    errors.find((error) => !isMissing(error)) ?? mergeMissing(errors.filter(isMissing));
  if (failed !== undefined) throw failed;
}
