import type { CallOptions, Transport } from '@cdf/core';
import { readNothing } from '@cdf/core/resource';
import { encodeInsertion, type InsertionPart, toJsonInsertion } from '../wire/insertion.js';
import type { SeriesPoints } from './points.js';

/** The limits of one request. */
export const MOST_INSERTED = { points: 100_000, series: 10_000 };

const PATH = '/timeseries/data';

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

export function countPoints(parts: readonly InsertionPart[]): number {
  return parts.reduce((sum, { from, to }) => sum + to - from, 0);
}

/**
 * Writing a point twice leaves the same point, so a request may be sent again whatever became of
 * it.
 *
 * @throws {DecodeError} for an answer that says neither that it worked nor that it failed.
 */
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
      path: PATH,
      body: asJson ? toJsonInsertion(parts) : encodeInsertion(parts),
      contentType: asJson ? undefined : 'application/protobuf',
      idempotent: true,
      lane: 'write',
      onAttempt,
    },
    options,
  );
  readNothing(answer, `POST ${PATH}`);
}
