import { readRows } from './csv.js';

/** One measured quantity: what becomes a sensor asset and a time series. */
export interface Measurement {
  readonly externalId: string;
  readonly name: string;
  readonly station: string;
  readonly unit?: string;
  readonly isStep?: boolean;
  readonly timestamps: readonly number[];
  readonly values: readonly number[] | readonly string[];
}

/** Days in a row with the same kind of weather: what becomes an event. */
export interface Spell {
  readonly station: string;
  readonly kind: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly days: number;
}

/** Where each station lies: regions become assets between the network and the stations. */
export const STATIONS: Readonly<Record<string, { region: string; description: string }>> = {
  Seattle: {
    region: 'Pacific Northwest',
    description: 'Daily weather 2012 to 2015, and hourly normals 1981 to 2010',
  },
  'New York': { region: 'Northeast', description: 'Daily weather 2012 to 2015' },
  'Mauna Loa': {
    region: 'Hawaii',
    description: 'Monthly concentration of carbon dioxide since 1958',
  },
};

/**
 * Units as the publisher states them. For the hourly normals it says "metric": pressure in hPa,
 * wind in m/s.
 */
const DAILY = {
  temp_max: { name: 'highest temperature', unit: '°C' },
  temp_min: { name: 'lowest temperature', unit: '°C' },
  precipitation: { name: 'precipitation', unit: 'mm', isStep: true },
  wind: { name: 'wind speed', unit: 'km/h' },
} as const;

const NORMALS = {
  temperature: { name: 'normal temperature', unit: '°C' },
  pressure: { name: 'normal pressure', unit: 'hPa' },
  wind: { name: 'normal wind speed', unit: 'm/s' },
} as const;

const DAY = 86_400_000;

function externalIdOf(station: string, column: string): string {
  return `weather:${station.toLowerCase().replaceAll(' ', '-')}:${column}`;
}

/** Everything measured, with every value of the source. */
export function measurements(now: Date): Measurement[] {
  return [...dailyMeasurements(), ...normalMeasurements(now), carbonDioxide()];
}

function dailyMeasurements(): Measurement[] {
  const rows = readRows('weather.csv');
  return ['Seattle', 'New York'].flatMap((station) => {
    const mine = rows.filter((row) => row.location === station);
    const timestamps = mine.map((row) => Date.parse(`${row.date}T00:00:00Z`));
    const numeric = Object.entries(DAILY).map(([column, { name, ...rest }]) => ({
      externalId: externalIdOf(station, column),
      name: `${station} ${name}`,
      station,
      ...rest,
      timestamps,
      values: mine.map((row) => Number(row[column])),
    }));
    const conditions = {
      externalId: externalIdOf(station, 'weather'),
      name: `${station} conditions`,
      station,
      timestamps,
      values: mine.map((row) => row.weather as string),
    };
    return [...numeric, conditions];
  });
}

/**
 * A climate normal belongs to an hour of the year, not to a year. It is stored for last year and
 * for this one, so that "the last 24 hours" has something to show whenever this runs.
 */
function normalMeasurements(now: Date): Measurement[] {
  const rows = readRows('seattle-weather-hourly-normals.csv');
  const years = [now.getUTCFullYear() - 1, now.getUTCFullYear()];
  const timestamps = years.flatMap((year) =>
    rows.map((row) => Date.parse(`${year}${row.date?.slice(4)}Z`)),
  );
  return Object.entries(NORMALS).map(([column, { name, unit }]) => ({
    externalId: externalIdOf('Seattle', `normal-${column}`),
    name: `Seattle ${name}`,
    station: 'Seattle',
    unit,
    timestamps,
    values: years.flatMap(() => rows.map((row) => Number(row[column]))),
  }));
}

function carbonDioxide(): Measurement {
  const rows = readRows('co2-concentration.csv');
  return {
    externalId: externalIdOf('Mauna Loa', 'co2'),
    name: 'Mauna Loa carbon dioxide',
    station: 'Mauna Loa',
    unit: 'ppm',
    timestamps: rows.map((row) => Date.parse(`${row.Date}T00:00:00Z`)),
    values: rows.map((row) => Number(row.CO2)),
  };
}

/** Spells of rain, snow and fog, found in the weather column. */
export function spells(): Spell[] {
  const rows = readRows('weather.csv');
  const found: Spell[] = [];
  for (const [index, row] of rows.entries()) {
    const kind = row.weather as string;
    if (!['rain', 'snow', 'fog'].includes(kind)) continue;
    const station = row.location as string;
    const startTime = Date.parse(`${row.date}T00:00:00Z`);
    const last = found.at(-1);
    const before = rows[index - 1];
    if (
      last !== undefined &&
      before?.weather === kind &&
      before.location === station &&
      last.endTime === startTime
    )
      found[found.length - 1] = { ...last, endTime: startTime + DAY, days: last.days + 1 };
    else found.push({ station, kind, startTime, endTime: startTime + DAY, days: 1 });
  }
  return found;
}
