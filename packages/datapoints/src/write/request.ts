import { type CallOptions, DecodeError, type Transport } from '@cdf/core';
import { encodeInsertion, type InsertionPart, toJsonInsertion } from '../wire/insertion.js';
import type { SeriesPoints } from './points.js';

/** What one request takes. */
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
 * Writing a point twice leaves the same point, so a request may be sent again whatever became of it.
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
      // An empty answer is as good as an empty object, which it would not be as JSON.
      accept: 'bytes',
      idempotent: true,
      lane: 'write',
      onAttempt,
    },
    options,
  );
  checkWritten(answer, `POST ${PATH}`);
}

/**
 * Checks the answer to a write that gives nothing back: an object without an error, or no body.
 *
 * @throws {DecodeError} otherwise. A gateway may answer 200 to what failed.
 */
export function checkWritten(answer: unknown, label: string): void {
  let said = answer;
  if (answer instanceof Uint8Array) {
    const text = new TextDecoder().decode(answer).trim();
    try {
      said = text === '' ? undefined : JSON.parse(text);
    } catch {
      said = text;
    }
  }
  if (said === undefined || said === null) return;
  const isObject = typeof said === 'object' && !Array.isArray(said);
  const error = isObject ? (said as { readonly error?: unknown }).error : undefined;
  if (isObject && (error === undefined || error === null)) return;
  const what = isObject ? 'an error with a status of success' : 'no JSON object';
  throw new DecodeError(`${label}: unexpected answer: ${what}`, { delivery: 'unknown' });
}
