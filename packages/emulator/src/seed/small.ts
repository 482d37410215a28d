import type { Seed } from '../options.js';

const HOUR = 3_600_000;
const DAYS = 14;

/** A small water works: two pumps in a station with sensors, two weeks of hourly points, a few events and a manual. */
export function smallSeed(now: number): Seed {
  const pumps = ['pump-1', 'pump-2'];
  const begin = Math.floor(now / HOUR) * HOUR - DAYS * 24 * HOUR;
  const sensors = pumps.flatMap((pump, index) => [
    { pump, kind: 'temperature', unit: '°C', unitExternalId: 'temperature:deg_c', base: 40 + 5 * index, swing: 6 },
    { pump, kind: 'pressure', unit: 'bar', unitExternalId: 'pressure:bar', base: 4 + index, swing: 0.5 },
  ]);
  return {
    labels: [{ externalId: 'rotating', name: 'Rotating equipment' }],
    assets: [
      { externalId: 'water-works', name: 'Water works' },
      { externalId: 'station', name: 'Pumping station', parentExternalId: 'water-works' },
      ...pumps.map((externalId, index) => ({
        externalId,
        name: `Pump ${index + 1}`,
        parentExternalId: 'station',
        labels: [{ externalId: 'rotating' }],
        metadata: { manufacturer: 'Example' },
      })),
    ],
    timeseries: sensors.map(({ pump, kind, unit, unitExternalId }) => ({
      externalId: `${pump}-${kind}`,
      name: `${pump} ${kind}`,
      unit,
      unitExternalId,
    })),
    datapoints: sensors.map(({ pump, kind, base, swing }) => ({
      externalId: `${pump}-${kind}`,
      datapoints: Array.from({ length: DAYS * 24 }, (_, hour) => ({
        timestamp: begin + hour * HOUR,
        value: Math.round((base + swing * Math.sin((hour / 24) * 2 * Math.PI)) * 100) / 100,
      })),
    })),
    events: pumps.map((pump, index) => ({
      externalId: `${pump}-inspection`,
      type: 'maintenance',
      subtype: 'inspection',
      description: `Yearly inspection of ${pump}`,
      startTime: begin + index * 48 * HOUR,
      endTime: begin + index * 48 * HOUR + 4 * HOUR,
    })),
    files: [
      {
        file: { externalId: 'pump-manual', name: 'pump-manual.txt', mimeType: 'text/plain' },
        content: 'Keep the pump primed. Check the seal every year.\n',
      },
    ],
  };
}
