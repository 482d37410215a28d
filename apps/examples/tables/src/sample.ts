import { createTransport, Token } from '@cdf/core';
import { DatapointsApi, type DatapointsTable } from '@cdf/datapoints';
import { startEmulator } from '@cdf/emulator';

const HOUR = 3_600_000;
export const START: number = Date.UTC(2024, 5, 1);

/**
 * Four days of a temperature per hour, with a gap of six hours, and of a valve that is on or off,
 * as a table. They are written to and read from an emulator.
 */
export function sampleTable(): Promise<DatapointsTable> {
  const hours = Array.from({ length: 96 }, (_, hour) => hour);
  return tableOf({
    'outdoor temperature': hours
      .filter((hour) => hour < 30 || hour >= 36)
      .map((hour) => ({
        timestamp: START + hour * HOUR,
        value: Math.floor(hour / 24) * 10 + (hour % 24) / 4,
      })),
    valve: [0, 32, 48].map((hour) => ({
      timestamp: START + hour * HOUR,
      value: hour === 32 ? 'on' : 'off',
    })),
  });
}

/** Data points of these series from an emulator, by external id, in the four days from `START`. */
export async function tableOf(
  series: Readonly<Record<string, readonly { timestamp: number; value: number | string }[]>>,
): Promise<DatapointsTable> {
  const names = Object.keys(series);
  await using emulator = await startEmulator({
    seed: {
      timeseries: names.map((externalId) => ({
        externalId,
        isString: typeof series[externalId]?.[0]?.value === 'string',
      })),
    },
  });
  await using transport = createTransport({
    clientName: 'tables',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(() => emulator.issueToken()),
  });
  const api = new DatapointsApi(transport);
  await api.insertMany(
    names.map((externalId) => ({ externalId, datapoints: series[externalId] as never })),
  );
  const items = names.map((externalId) => ({ externalId }));
  return (await api.retrieve({ items, start: START, end: START + 96 * HOUR })).toTable();
}
