import type { CdfClient } from '@cdf/sdk';

const HOUR = 3_600_000;
const DAYS = 14;

/** What the blocks of the guides find in CDF: a plant with two pumps, two weeks of hourly points, two events and a file. */
export async function buildPlant(client: CdfClient): Promise<void> {
  const pumps = ['pump-1', 'pump-2'];
  const assets = await client.assets.createHierarchy([
    { externalId: 'plant', name: 'Plant' },
    { externalId: 'station-1', name: 'Pumping station', parentExternalId: 'plant' },
    ...pumps.map((externalId) => ({ externalId, name: externalId, parentExternalId: 'station-1' })),
  ]);
  const idOf = (externalId: string): number => assets.get({ externalId })?.id ?? 0;
  const sensors = pumps.flatMap((pump) => [
    { pump, kind: 'pressure', unit: 'bar', base: 4, swing: 0.5 },
    { pump, kind: 'temperature', unit: '°C', base: 40, swing: 6 },
  ]);
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const hours = Array.from({ length: DAYS * 24 }, (_, hour) => hour);
  const timestamps = hours.map((hour) => end - (DAYS * 24 - 1 - hour) * HOUR);
  await client.timeSeries.create(
    sensors.map(({ pump, kind, unit }) => ({
      externalId: `${pump}-${kind}`,
      name: `${pump} ${kind}`,
      unit,
      assetId: idOf(pump),
    })),
  );
  await client.datapoints.insertMany(
    sensors.map(({ pump, kind, base, swing }) => ({
      externalId: `${pump}-${kind}`,
      timestamps,
      values: hours.map((hour) => base + swing * Math.sin((hour / 24) * 2 * Math.PI)),
    })),
  );
  await client.events.create(
    pumps.map((pump, index) => ({
      externalId: `${pump}-inspection`,
      type: 'maintenance',
      subtype: 'inspection',
      description: `Inspection of ${pump}`,
      startTime: end - (index + 2) * 24 * HOUR,
      endTime: end - (index + 2) * 24 * HOUR + 4 * HOUR,
      assetIds: [idOf(pump)],
    })),
  );
  await client.files.upload(new Blob(['Keep the pump primed.\n'], { type: 'text/plain' }), {
    name: 'manual.txt',
    externalId: 'pump-1-manual',
    assetIds: [idOf('pump-1')],
  });
}
