import { ConfigError, type Identifier, type Transport } from '@cdf/core';
import { checkCall, concurrently, spelledIdentifier, type toIdentifier } from '@cdf/core/resource';
import { mergeSeries } from './order.js';
import {
  type DatapointsInput,
  type SeriesInput,
  type SeriesPoints,
  toSeriesPoints,
} from './points.js';
import { countPoints, fillRequests } from './request.js';
import { checkPoints, isPlain } from './validate.js';
import { type InsertOptions, PointWriter } from './writer.js';

/** Writes points of one series. */
export async function insertOne(
  transport: Transport,
  nameOf: typeof toIdentifier,
  series: Identifier,
  points: DatapointsInput,
  options?: InsertOptions,
): Promise<{ readonly points: number }> {
  const named = { ...nameOf(spelledIdentifier(series, 'series')), datapoints: points };
  return insertMany(transport, [named], options);
}

/** Checks points of several series, and writes them. */
export async function insertMany(
  transport: Transport,
  series: readonly SeriesInput[],
  options: InsertOptions = {},
): Promise<{ readonly points: number }> {
  options.signal?.throwIfAborted();
  return insertSeries(transport, prepareSeries(series, 'series'), options);
}

/** Checks and orders what is to be written. Throws before anything is sent. */
function prepareSeries(inputs: readonly SeriesInput[], what: string): SeriesPoints[] {
  if (!Array.isArray(inputs))
    throw new ConfigError('series must be an array of { id, timestamps, values }');
  const series = inputs.map((input, index) =>
    toSeriesPoints(input, inputs.length === 1 ? what : `${what}[${index}]`),
  );
  const plain = new Set(series.filter(({ columns }) => isPlain(columns)));
  checkPoints(series.filter((each) => !plain.has(each)));
  return mergeSeries(series, plain);
}

/**
 * Writes all of it, a few requests at a time, also after one has failed.
 *
 * @returns the number of points written.
 */
async function insertSeries(
  transport: Transport,
  series: readonly SeriesPoints[],
  { continueOnError, ...callOptions }: InsertOptions = {},
): Promise<{ readonly points: number }> {
  checkCall(callOptions);
  const requests = fillRequests(series);
  const total = requests.reduce((sum, parts) => sum + countPoints(parts), 0);
  const writer = new PointWriter(transport, {
    ...callOptions,
    continueOnError,
    total,
    endsAtFailure: false,
  });
  const started = new Set<readonly unknown[]>();
  const send = (parts: (typeof requests)[number]): Promise<void> => {
    started.add(parts);
    return writer.send(parts);
  };
  await concurrently(requests, send, {
    limit: transport.limits.write,
    proceed: () => !writer.isOver,
  });
  if (!writer.hasFailed) return { points: writer.points };
  for (const parts of requests) if (!started.has(parts)) writer.notSent(parts);
  throw writer.error();
}
