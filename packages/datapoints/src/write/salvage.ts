import type { Identifier } from '@cdf/core';
import { MAX_TIME, MIN_TIME, toIdentifier } from '@cdf/core/resource';
import { epochOf } from '../points/point-time.js';
import type { InsertionPart } from '../wire/insertion.js';

/**
 * Points of an input that cannot be written, for the account: as far as series and times can be
 * read.
 */
export function salvage(input: unknown): InsertionPart | undefined {
  try {
    const given = input as {
      readonly id?: number;
      readonly datapoints?: unknown;
      readonly isString?: unknown;
      readonly space?: unknown;
    };
    const identifier = toIdentifier(
      (given.isString === undefined || given.space !== undefined
        ? given
        : { id: given.id }) as Identifier,
    );
    const times = timesOf(given.datapoints ?? given).filter(
      (time) => Number.isInteger(time) && time >= MIN_TIME && time <= MAX_TIME,
    );
    const timestamps = Float64Array.from(new Set(times)).sort();
    const columns = { timestamps, values: new Float64Array(timestamps.length), needsJson: false };
    return { identifier, columns, from: 0, to: timestamps.length };
  } catch {
    return undefined;
  }
}

function timesOf(points: unknown): number[] {
  if (Array.isArray(points)) return points.flatMap(timesOfRow);
  const { timestamps } = points as { readonly timestamps?: ArrayLike<number> };
  return timestamps === undefined ? timesOfRow(points) : Array.from(timestamps);
}

function timesOfRow(row: unknown): number[] {
  if (typeof row !== 'object' || row === null) return [];
  const time: unknown = Array.isArray(row)
    ? row[0]
    : (row as { readonly timestamp?: unknown }).timestamp;
  const epoch = epochOf(time);
  return epoch === undefined ? [] : [epoch];
}
