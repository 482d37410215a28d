import { type CallOptions, ConfigError } from '@cdf/core';
import type { DatapointsApi, Granularity } from '@cdf/datapoints';

/**
 * One request for the counts of all: hundreds of millions of points would fill the memory before
 * there is a picture.
 */
export async function refuseTooMany(
  api: DatapointsApi,
  series: readonly { readonly id: number }[],
  start: number,
  end: number,
  most: number,
  call: CallOptions | undefined,
): Promise<void> {
  const hours = Math.ceil((end - start) / 3_600_000);
  // One bucket where it can be: hours go up to 100,000 of them.
  const granularity: Granularity = hours <= 100_000 ? `${hours}h` : `${Math.ceil(hours / 24)}d`;
  const items = series.map(({ id }) => ({ id }));
  const counts = await api.retrieve(
    { items, start, end, aggregates: ['count'], granularity },
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
