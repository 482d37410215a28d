import type { CdfClient } from '@cdf/sdk';
import { fromPath, progressBar } from '@cdf/sdk/node';
import { fact } from '../account.js';
import { FILES, filePath } from '../source/csv.js';
import type { Measurement, Spell } from '../source/weather.js';
import { stationId } from './04-assets.js';

/**
 * Not on the page, but every example needs data: time series, every data point, events and the
 * source files themselves.
 */
export async function load(
  cdf: CdfClient,
  measurements: readonly Measurement[],
  spells: readonly Spell[],
): Promise<void> {
  const sensors = await cdf.assets.retrieveMultiple(
    measurements.map(({ externalId }) => ({ externalId: `sensor:${externalId}` })),
  );
  const series = await cdf.timeSeries.create(
    measurements.map(({ externalId, name, unit, isStep = false, values }, index) => ({
      externalId,
      name,
      isStep,
      isString: typeof values[0] === 'string',
      ...(unit === undefined ? {} : { unit }),
      assetId: (sensors[index] as { id: number }).id,
    })),
  );
  fact('time series', series.length);

  await cdf.datapoints.insertMany(
    measurements.map(({ externalId, timestamps, values }) => ({ externalId, timestamps, values })),
    { onProgress: progressBar('writing data points') },
  );
  fact(
    'data points inserted',
    measurements.reduce((total, { timestamps }) => total + timestamps.length, 0),
  );

  const stations = await cdf.assets.retrieveMultiple(
    [...new Set(spells.map(({ station }) => station))].map((station) => ({
      externalId: stationId(station),
    })),
  );
  const events = await cdf.events.create(
    spells.map(({ station, kind, startTime, endTime, days }) => ({
      externalId: `${kind}:${station}:${new Date(startTime).toISOString().slice(0, 10)}`,
      type: 'weather spell',
      subtype: kind,
      startTime,
      endTime,
      description: `${days} ${days === 1 ? 'day' : 'days'} of ${kind}`,
      metadata: { days: String(days) },
      assetIds: stations.filter((each) => each.name === station).map(({ id }) => id),
    })),
  );
  fact('events', events.length);

  for (const name of FILES) {
    const file = await cdf.files.upload(fromPath(filePath(name)), {
      name,
      externalId: `source:${name}`,
      assetIds: stations.map(({ id }) => id),
    });
    fact('file uploaded', `${file.name}, id ${file.id}`);
  }
}
