import { createTransport, Token } from '@cdf/core';
import { DatapointsApi, type DatapointsTable } from '@cdf/datapoints';
import { startEmulator } from '@cdf/emulator';

const HOUR = 3_600_000;
export const START: number = Date.UTC(2024, 5, 1);

/**
 * Four days of a temperature per hour, with a gap of six hours, and of a valve that is on or off, as a table. They are written to and read
 * from an emulator.
 */
export async function sampleTable(): Promise<DatapointsTable> {
  await using emulator = await startEmulator({
    seed: {
      timeseries: [
        { externalId: 'outdoor temperature', unit: 'deg C' },
        { externalId: 'valve', isString: true },
      ],
    },
  });
  await using transport = createTransport({
    clientName: 'tables',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(() => emulator.issueToken()),
  });
  const datapoints = new DatapointsApi(transport);
  const hours = Array.from({ length: 96 }, (_, hour) => hour);
  await datapoints.insertMany([
    {
      externalId: 'outdoor temperature',
      datapoints: hours
        .filter((hour) => hour < 30 || hour >= 36)
        .map((hour) => ({ timestamp: START + hour * HOUR, value: Math.floor(hour / 24) * 10 + (hour % 24) / 4 })),
    },
    {
      externalId: 'valve',
      datapoints: [0, 32, 48].map((hour) => ({ timestamp: START + hour * HOUR, value: hour === 32 ? 'on' : 'off' })),
    },
  ]);
  const read = await datapoints.retrieve({
    items: [{ externalId: 'outdoor temperature' }, { externalId: 'valve' }],
    start: START,
    end: START + 96 * HOUR,
  });
  return read.toTable();
}
