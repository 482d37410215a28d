import { type CallOptions, CdfError, ConfigError, type ResourceName, type Transport } from '@cdf/core';
import { describeIdentifier, describeTime, readNothing, writeInChunks } from '@cdf/core/resource';
import { encodeInsertion, type InsertionPart, toJsonInsertion } from '../wire/insertion.js';
import { mergeSeries } from './order.js';
import { type SeriesInput, type SeriesPoints, toSeriesPoints } from './points.js';
import { checkPoints, isPlain } from './validate.js';

/** What one request takes. */
export const MOST_INSERTED = { points: 100_000, series: 10_000 };

/** Points of one series that were written, or not, together: what errors of writes account for. */
export interface PointRange extends ResourceName {
  /** Time of the first point. @unit milliseconds since the epoch */
  readonly first: number;
  /** Time of the last point. @unit milliseconds since the epoch */
  readonly last: number;
  /** Number of points. */
  readonly count: number;
}

/** Checks and orders what is to be written. Throws before anything is sent. */
export function prepareSeries(inputs: readonly SeriesInput[], what: string): SeriesPoints[] {
  if (!Array.isArray(inputs))
    throw new ConfigError('series must be an array of { id, timestamps, values } or the like');
  const series = inputs.map((input, index) => toSeriesPoints(input, inputs.length === 1 ? what : `${what}[${index}]`));
  const plain = new Set(series.filter(({ columns }) => isPlain(columns)));
  checkPoints(series.filter((each) => !plain.has(each)));
  return mergeSeries(series, plain);
}

export async function insertSeries(
  transport: Transport,
  series: readonly SeriesPoints[],
  options: CallOptions = {},
): Promise<void> {
  const requests = fillRequests(series);
  const parts = requests.flat();
  const ranges = parts.map(toRange);
  const partOf = new Map(ranges.map((range, index) => [range, parts[index] as InsertionPart]));
  const total = ranges.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  let next = 0;
  const write = writeInChunks<PointRange, undefined>(
    transport,
    {
      action: 'insert data points',
      items: ranges,
      chunks: requests.map((request) => request.map(() => next++)),
      async send(chunk, callOptions, onAttempt) {
        await sendInsertion(
          transport,
          chunk.map((range) => partOf.get(range) as InsertionPart),
          callOptions,
          onAttempt,
        );
        done += chunk.reduce((sum, { count }) => sum + count, 0);
        options.onProgress?.(done, total);
        return [];
      },
    },
    { ...options, onProgress: undefined },
  );
  await write.catch((error: unknown) => {
    throw nameRanges(error);
  });
}

/** Says in the message which points are not, or maybe not, stored: the first few ranges. */
export function nameRanges(error: unknown): unknown {
  if (!CdfError.isInstance(error)) return error;
  const name = (label: string, ranges: readonly unknown[]): string => {
    const named = (ranges as readonly PointRange[]).slice(0, 3).map(describeRange).join('; ');
    return ranges.length === 0
      ? ''
      : `. ${label}: ${named}${ranges.length > 3 ? `; and ${ranges.length - 3} more` : ''}`;
  };
  error.message += name('Not stored', error.failed) + name('Maybe stored', error.unknown);
  return error;
}

/** Writing a point twice leaves the same point, so a request may be sent again whatever became of it. */
export async function sendInsertion(
  transport: Transport,
  parts: readonly InsertionPart[],
  options: CallOptions,
  onAttempt: () => void,
): Promise<void> {
  const asJson = parts.some(({ columns }) => columns.needsJson);
  const answer = await transport.request(
    {
      method: 'POST',
      path: '/timeseries/data',
      body: asJson ? toJsonInsertion(parts) : encodeInsertion(parts),
      contentType: asJson ? undefined : 'application/protobuf',
      idempotent: true,
      lane: 'write',
      onAttempt,
    },
    options,
  );
  readNothing(answer, 'POST /timeseries/data');
}

/** Requests filled to the brim, in order. */
export function fillRequests(series: readonly SeriesPoints[]): InsertionPart[][] {
  const requests: InsertionPart[][] = [];
  let request: InsertionPart[] = [];
  let room = MOST_INSERTED.points;
  for (const { identifier, columns } of series)
    for (let from = 0; from < columns.timestamps.length; ) {
      const to = Math.min(columns.timestamps.length, from + room);
      request.push({ identifier, columns, from, to });
      room -= to - from;
      from = to;
      if (room > 0 && request.length < MOST_INSERTED.series) continue;
      requests.push(request);
      request = [];
      room = MOST_INSERTED.points;
    }
  if (request.length > 0) requests.push(request);
  return requests;
}

export function toRange({ identifier, columns, from, to }: InsertionPart): PointRange {
  const { timestamps } = columns;
  return { ...identifier, first: timestamps[from] as number, last: timestamps[to - 1] as number, count: to - from };
}

/** `externalId "pump", 1000 points from … to …`. */
function describeRange(range: PointRange): string {
  const points = `${range.count} point${range.count === 1 ? '' : 's'}`;
  return `${describeIdentifier(range)}, ${points} from ${describeTime(range.first)} to ${describeTime(range.last)}`;
}
