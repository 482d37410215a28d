import type { CdfClient } from '@cdf/sdk';
import { fact } from '../account.js';

/** Discover time series: the first 25, without their metadata. `for await` walks all of them. */
export async function discover(cdf: CdfClient): Promise<void> {
  const list = await cdf.timeSeries.list({ includeMetadata: false });
  for (const series of list)
    fact(`${series.id}`, `${series.name}${series.unit === undefined ? '' : ` (${series.unit})`}`);

  let inDegrees = 0;
  for await (const series of cdf.timeSeries.list({ filter: { unit: '°C' } }))
    inDegrees += series.isString ? 0 : 1;
  fact('series in °C', inDegrees);
}
