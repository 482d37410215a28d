import { type CallOptions, ConfigError, type Identifier } from '@cdf/core';
import { openScope } from '@cdf/core/resource';
import type { DatapointsApi, Granularity } from '@cdf/datapoints';

const DAY = 86_400_000;

/** A window, and the most points that it may have. */
interface CountedWindow {
  readonly start: number;
  readonly end: number;
  readonly most: number;
}

/**
 * Reads what is not too much: a window of more than a day is counted first, a shorter one at the
 * same time.
 *
 * @throws {ConfigError} where there are more points than `most`.
 */
export async function readCounted<T>(
  api: DatapointsApi,
  series: readonly Identifier[],
  window: CountedWindow,
  read: (signal: AbortSignal | undefined) => Promise<T>,
  call: CallOptions | undefined,
): Promise<T> {
  const count = (): Promise<void> => refuseTooMany(api, series, window, call);
  if (window.end - window.start <= DAY) return alongside(count, read, call?.signal);
  await count();
  return read(call?.signal);
}

/** Does both at the same time; what fails first ends both. */
async function alongside<T>(
  check: () => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  signal?.throwIfAborted();
  const scope = openScope([signal]);
  try {
    const [, result] = await Promise.all([check(), work(scope.signal)]);
    return result;
  } catch (error) {
    scope.abort(error);
    throw error;
  } finally {
    scope.end();
  }
}

/**
 * One request for the counts of all: hundreds of millions of points would fill the memory before
 * there is a picture.
 */
async function refuseTooMany(
  api: DatapointsApi,
  series: readonly Identifier[],
  { start, end, most }: CountedWindow,
  call: CallOptions | undefined,
): Promise<void> {
  const hours = Math.ceil((end - start) / 3_600_000);
  // One bucket where it can be: hours go up to 100,000 of them.
  const granularity: Granularity = hours <= 100_000 ? `${hours}h` : `${Math.ceil(hours / 24)}d`;
  const counts = await api.retrieve(
    { items: series, start, end, aggregates: ['count'], granularity },
    call,
  );
  const total = counts.reduce(
    (sum, { count }) => count.reduce((all, each) => all + (each || 0), sum),
    0,
  );
  if (total <= most) return;
  // About a thousand buckets.
  const bucket = (['1m', '10m', '1h', '6h', '1d'] as const)[
    [17, 170, 1000, 6000].filter((limit) => hours > limit).length
  ];
  throw new ConfigError(
    `plot: about ${total.toLocaleString('en')} raw points from ${new Date(start).toISOString()} to ${new Date(end).toISOString()}, more than the ${most.toLocaleString('en')} that maxPoints allows; use aggregates: ['average', 'min', 'max'], granularity: '${bucket}', or a shorter window, or raise maxPoints`,
  );
}
