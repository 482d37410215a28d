import type { SeriesInfo } from '../datapoints-types.js';
import type { Columns } from './columns.js';

/**
 * Points with their methods. Columns come after what is known of the series, so that nothing in an
 * answer can hide one.
 */
export function makeDatapoints(
  info: SeriesInfo,
  granularity: string | undefined,
  timeZone: string | undefined,
  columns: Columns,
  prototype: object,
): object {
  const { timestamps, values, aggregates, statuses, nulls } = columns;
  // Made with its prototype: setPrototypeOf costs twenty times as much. Not assigned onto it: what
  // an answer has would meet its getters.
  const own: Record<string, unknown> = { __proto__: prototype, ...info, timestamps };
  if (values !== undefined) own.values = values;
  if (aggregates !== undefined)
    Object.assign(own, { aggregates: [...aggregates.keys()], granularity });
  if (timeZone !== undefined) own.timeZone = timeZone;
  for (const [name, column] of aggregates ?? []) own[name] = column;
  if (statuses !== undefined) own.statuses = statuses;
  if (nulls !== undefined) own.nulls = nulls;
  return own;
}
