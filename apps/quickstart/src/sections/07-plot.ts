import { join } from 'node:path';
import { type CdfClient, EmptyDataError } from '@cdf/sdk';
import { fact, line } from '../account.js';
import { OUTPUT_FOLDER, shown } from '../environment.js';

/** Plot time series. Returns the paths of the pictures. */
export async function plot(cdf: CdfClient): Promise<string[]> {
  const pictures: string[] = [];
  const save = async (
    chart: { save(path: string): Promise<unknown> },
    name: string,
  ): Promise<void> => {
    const path = join(OUTPUT_FOLDER, name);
    await chart.save(path);
    pictures.push(shown(path));
    fact('saved', shown(path));
  };

  // One series: raw data points of the last 24 hours.
  const { id } = await found(cdf, 'weather:seattle:normal-temperature');
  const myTimeSeries = await cdf.timeSeries.retrieve({ id });
  if (myTimeSeries === undefined) throw new Error('the series that was just listed is gone');
  const lastDay = await myTimeSeries.plot();
  await save(lastDay, 'last-24-hours.svg');
  for (const row of lastDay.toText({ columns: 72, rows: 12 }).split('\n')) line(row);

  // The same with other arguments.
  await save(
    await myTimeSeries.plot({
      start: '365d-ago',
      end: 'now',
      aggregates: ['average'],
      granularity: '1d',
    }),
    'last-year.png',
  );

  // A list: every highest temperature, month by month, with the range of each month behind the
  // average.
  const hottest = await cdf.timeSeries.retrieveMultiple([
    { externalId: 'weather:seattle:temp_max' },
    { externalId: 'weather:new-york:temp_max' },
  ]);
  const fourYears = {
    start: '2012-01-01',
    end: '2016-01-01',
    aggregates: ['average', 'min', 'max'],
    granularity: '1mo',
  } as const;
  await save(
    await hottest.plot({ ...fourYears, title: 'Highest temperature of the day, month by month' }),
    'four-years.png',
  );

  // Data points that were fetched before: several series, several units, one interactive page.
  const myDatapoints = await cdf.datapoints.retrieve({
    items: [
      { id },
      { externalId: 'weather:seattle:normal-pressure' },
      { externalId: 'weather:seattle:normal-wind' },
    ],
    start: '10d-ago',
    end: 'now',
    aggregates: ['max'],
    granularity: '1h',
  });
  const names = {
    [id]: 'Normal temperature',
    'weather:seattle:normal-pressure': 'Normal pressure',
    'weather:seattle:normal-wind': 'Normal wind',
  };
  await save(myDatapoints.plot({ names, title: 'Seattle, hour by hour' }), 'ten-days.html');

  // The daily series ends in 2015: its last 24 hours are empty, and the error says so.
  const daily = await found(cdf, 'weather:seattle:temp_max');
  try {
    await daily.plot();
    throw new Error('a series that ended in 2015 had data points today');
  } catch (error) {
    if (!EmptyDataError.isInstance(error)) throw error;
    fact('nothing to plot', error.message);
  }
  return pictures;
}

async function found(cdf: CdfClient, externalId: string) {
  const [series] = await cdf.timeSeries.retrieveMultiple([{ externalId }]);
  return series as NonNullable<typeof series>;
}
