import { createHash } from 'node:crypto';
import type { CdfClient } from '@cdf/sdk';
import { count, fact, line } from './account.js';
import type { Related } from './sections/09-related.js';
import { type Expected, type ExpectedSeries, expected } from './source/expected.js';

/** Reads everything back and compares it with the source files. Throws with every difference. */
export async function verify(cdf: CdfClient, now: Date, found: Related): Promise<void> {
  const truth = expected(now.getUTCFullYear());
  const differences = [...(await comparePoints(cdf, truth)), ...(await compareFiles(cdf, truth))];
  if (found.events !== truth.events)
    differences.push(`events: ${found.events} instead of ${truth.events}`);
  if (found.timeSeries !== truth.series.size)
    differences.push(`time series: ${found.timeSeries} instead of ${truth.series.size}`);
  if (found.files !== truth.files.size)
    differences.push(`files: ${found.files} instead of ${truth.files.size}`);
  if (differences.length > 0)
    throw new Error(`what was read back differs from the source:\n  ${differences.join('\n  ')}`);
}

async function comparePoints(cdf: CdfClient, truth: Expected): Promise<string[]> {
  const externalIds = [...truth.series.keys()];
  // The normals reach to the end of this year, and the default end is now.
  const read = await cdf.datapoints.retrieve({
    items: externalIds.map((externalId) => ({ externalId })),
    start: '1950-01-01',
    end: '2099-01-01',
  });
  const differences: string[] = [];
  let total = 0;
  line(
    `${'series'.padEnd(36)} ${'points'.padStart(8)} ${'sum'.padStart(14)}  first and last value`,
  );
  for (const [index, externalId] of externalIds.entries()) {
    const wanted = truth.series.get(externalId) as ExpectedSeries;
    const got = summary(
      read[index] as { timestamps: Float64Array; values: ArrayLike<number | string> },
    );
    total += got.count;
    const same = JSON.stringify(got) === JSON.stringify(wanted);
    if (!same)
      differences.push(
        `${externalId}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`,
      );
    line(
      `${externalId.padEnd(36)} ${count(got.count).padStart(8)} ${got.sum.toFixed(1).padStart(14)}  ${got.first[1]} … ${got.last[1]} ${same ? '✓' : 'DIFFERENT'}`,
    );
  }
  fact('data points read back', total);
  fact(
    'data points in the source',
    [...truth.series.values()].reduce((sum, each) => sum + each.count, 0),
  );
  return differences;
}

/** In the order of the data points, as the source was summed: floating-point sums depend on it. */
function summary({
  timestamps,
  values,
}: {
  timestamps: Float64Array;
  values: ArrayLike<number | string>;
}): ExpectedSeries {
  let sum = 0;
  for (const value of Array.from(values)) sum += typeof value === 'number' ? value : value.length;
  const at = (index: number): [number, number | string] => [
    timestamps[index] as number,
    values[index] as number | string,
  ];
  return { count: timestamps.length, sum, first: at(0), last: at(timestamps.length - 1) };
}

async function compareFiles(cdf: CdfClient, truth: Expected): Promise<string[]> {
  const differences: string[] = [];
  for (const [name, wanted] of truth.files) {
    const bytes = await cdf.files.download({ externalId: `source:${name}` });
    const got = createHash('sha256').update(bytes).digest('hex');
    if (got !== wanted) differences.push(`${name}: SHA-256 ${got} instead of ${wanted}`);
    fact(
      'file read back',
      `${name}, ${count(bytes.byteLength)} bytes, SHA-256 ${got === wanted ? 'equal' : 'DIFFERENT'}`,
    );
  }
  return differences;
}
