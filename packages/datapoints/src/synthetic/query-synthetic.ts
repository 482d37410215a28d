import { type CallOptions, ConfigError, DecodeError, type Transport } from '@cdf/core';
import {
  callProgress,
  concurrently,
  loadPart,
  mayBeLocal,
  type ReadLocal,
  readPage,
  refuseUnknown,
  shown,
  toEpochRange,
} from '@cdf/core/resource';
import type { Expression } from './expression.js';
import type { SyntheticDatapoints, SyntheticQuery, SyntheticRange } from './synthetic-types.js';

const MOST_EXPRESSIONS = 10;
const MOST_POINTS = 10_000;

const NAMES = {
  expression: true,
  expressions: true,
  start: true,
  end: true,
  limit: true,
  timeZone: true,
  disambiguation: true,
} as const satisfies Record<keyof SyntheticQuery, true>;

export async function querySynthetic(
  transport: Transport,
  query: SyntheticQuery,
  options: CallOptions,
): Promise<SyntheticDatapoints | SyntheticDatapoints[]> {
  const { expression, expressions } = query ?? {};
  if ((expression === undefined) === (expressions === undefined))
    throw new ConfigError('synthetic.query takes either { expression } or { expressions: [...] }');
  if (expressions !== undefined && !Array.isArray(expressions))
    throw new ConfigError(
      'synthetic.query: expressions must be an array; pass a single one as expression',
    );
  refuseUnknown(Object.keys(query), NAMES, 'synthetic.query');
  const wanted = expressions ?? [expression as Expression | string];
  const hasZones = mayBeLocal([query.start, query.end], query.timeZone);
  const readerOf = hasZones
    ? await (await loadPart(import('../read/local-reader.js'))).loadReader()
    : undefined;
  const pending = toPending(wanted, query, readerOf?.(query));
  const groups = Array.from({ length: Math.ceil(pending.length / MOST_EXPRESSIONS) }, (_, index) =>
    pending.slice(index * MOST_EXPRESSIONS, (index + 1) * MOST_EXPRESSIONS),
  );
  let points = 0;
  await concurrently(
    groups,
    async (group, signal) => {
      for (let open = group; open.length > 0; open = open.filter(({ isDone }) => !isDone)) {
        points += await fetchPage(transport, open, query.timeZone, { ...options, signal });
        callProgress(options, points, pending.every(({ isDone }) => isDone) ? points : undefined);
      }
    },
    { limit: transport.limits.read, signal: options.signal },
  );
  const results = pending.map(toResult);
  return expressions === undefined ? (results[0] as SyntheticDatapoints) : results;
}

/**
 * There are no cursors: a full page means that there may be more. The next one begins at the last
 * point, which it repeats, and not after it: the first bucket of a request is interpolated even
 * where it is empty, and would be a point that no single answer has.
 */
async function fetchPage(
  transport: Transport,
  open: readonly Pending[],
  timeZone: string | undefined,
  options: CallOptions,
): Promise<number> {
  const asked = open.map(({ left, last }) =>
    Math.min(last === undefined ? left : left + 1, MOST_POINTS),
  );
  const items = open.map(({ expression, start, end }, index) => ({
    expression,
    start,
    end,
    limit: asked[index],
    timeZone,
  }));
  const answer = await transport.request<unknown>(
    { method: 'POST', path: '/timeseries/synthetic/query', body: { items }, idempotent: true },
    options,
  );
  const results = readPage<{ datapoints?: unknown }>(answer, 'synthetic query').items;
  if (results.length !== open.length)
    throw unexpected(`${results.length} results for ${open.length} expressions`);
  let count = 0;
  open.forEach((each, index) => {
    const most = asked[index] as number;
    const read = readPoints(results[index]?.datapoints ?? [], each, most);
    const points = read
      .slice(each.last !== undefined && read[0]?.timestamp === each.last ? 1 : 0)
      // The point to repeat may have been deleted since: then there is one more than is left.
      .slice(0, each.left);
    for (const point of points) each.points.push(point);
    count += points.length;
    each.left -= points.length;
    each.last = points.at(-1)?.timestamp;
    each.isDone = read.length < most || each.left <= 0 || each.last === undefined;
    if (each.last === undefined) return;
    each.start = each.last;
    each.isDone ||= each.last + 1 >= each.end;
  });
  return count;
}

/** @throws {DecodeError} when they cannot be the next points of an expression */
function readPoints(points: unknown, { start, end }: Pending, most: number): readonly Point[] {
  if (!Array.isArray(points)) throw unexpected('datapoints is not an array');
  if (points.length > most)
    throw unexpected(`it has ${points.length} points, expected at most ${most}`);
  let least = start;
  for (const [index, point] of (points as (Partial<Point> | null)[]).entries()) {
    const { timestamp: time, value, error } = point ?? {};
    if (!Number.isSafeInteger(time) || (time as number) < least || (time as number) >= end)
      throw unexpected(
        `timestamps[${index}] is ${typeof time === 'number' ? time : `a ${typeof time}`}, expected ${least} to ${end - 1}`,
      );
    if (typeof value !== 'number' && typeof error !== 'string')
      throw unexpected(`point ${index} has no numeric value`);
    least = (time as number) + 1;
  }
  return points;
}

function unexpected(what: string): DecodeError {
  return new DecodeError(`synthetic query: unexpected answer: ${what}`);
}

interface Point {
  readonly timestamp: number;
  readonly value?: number | undefined;
  readonly error?: string | undefined;
}

interface Pending {
  readonly expression: string;
  readonly end: number;
  readonly points: Point[];
  start: number;
  /** The time of the last point that is read, which the next page repeats. */
  last: number | undefined;
  left: number;
  isDone: boolean;
}

function toPending(
  expressions: readonly (Expression | string)[],
  range: SyntheticRange,
  readLocal: ReadLocal | undefined,
): Pending[] {
  const now = Date.now();
  const { start, end } = toEpochRange(
    range.start ?? 0,
    range.end ?? now,
    now,
    'synthetic.query',
    readLocal,
  );
  const left = range.limit ?? Infinity;
  if (left !== Infinity && (!Number.isInteger(left) || left < 1))
    throw new ConfigError(
      `limit must be a whole number of at least 1, got ${shown(left)}; omit it for every point`,
    );
  return expressions.map((expression) => ({
    expression: String(expression),
    start,
    end,
    left,
    points: [],
    last: undefined,
    isDone: false,
  }));
}

function toResult({ expression, points }: Pending): SyntheticDatapoints {
  const errors = new Map<number, string>();
  points.forEach(({ error }, index) => {
    if (error !== undefined) errors.set(index, error);
  });
  return {
    expression,
    length: points.length,
    timestamps: Float64Array.from(points, ({ timestamp }) => timestamp),
    values: Float64Array.from(points, ({ value }) => value ?? Number.NaN),
    errors,
  };
}
