// The data that must have arrived, computed from the CSV files alone: this file imports no @cdf
// package and nothing of the loader.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FILES, filePath } from './csv.js';

export interface ExpectedSeries {
  readonly count: number;
  /** The sum of values, or of the lengths of strings. */
  readonly sum: number;
  readonly first: readonly [time: number, value: number | string];
  readonly last: readonly [time: number, value: number | string];
}

export interface Expected {
  /** By external id. */
  readonly series: ReadonlyMap<string, ExpectedSeries>;
  readonly events: number;
  /** SHA-256 by file name. */
  readonly files: ReadonlyMap<string, string>;
}

export function expected(year: number): Expected {
  const points = new Map<string, [number, number | string][]>();
  const put = (key: string, time: string, text: string, numeric: boolean): void => {
    const list = points.get(key) ?? [];
    list.push([Date.parse(time), numeric ? Number.parseFloat(text) : text]);
    points.set(key, list);
  };
  let events = 0;
  let previous = '';
  for (const line of lines('weather.csv')) {
    const [location, date, precipitation, hottest, coldest, wind, weather] = line.split(',') as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const station = location === 'New York' ? 'new-york' : 'seattle';
    const midnight = `${date}T00:00:00Z`;
    put(`weather:${station}:precipitation`, midnight, precipitation, true);
    put(`weather:${station}:temp_max`, midnight, hottest, true);
    put(`weather:${station}:temp_min`, midnight, coldest, true);
    put(`weather:${station}:wind`, midnight, wind, true);
    put(`weather:${station}:weather`, midnight, weather, false);
    const spell = `${station} ${weather}`;
    if (/rain|snow|fog/.test(weather) && spell !== previous) events += 1;
    previous = spell;
  }
  for (const each of [year - 1, year])
    for (const line of lines('seattle-weather-hourly-normals.csv')) {
      const [date, pressure, temperature, wind] = line.split(',') as [
        string,
        string,
        string,
        string,
      ];
      const time = `${each}${date.substring(4)}Z`;
      put('weather:seattle:normal-pressure', time, pressure, true);
      put('weather:seattle:normal-temperature', time, temperature, true);
      put('weather:seattle:normal-wind', time, wind, true);
    }
  for (const line of lines('co2-concentration.csv')) {
    const [date, concentration] = line.split(',') as [string, string];
    put('weather:mauna-loa:co2', `${date}T00:00:00Z`, concentration, true);
  }
  return {
    series: new Map([...points].map(([key, list]) => [key, summary(list)])),
    events,
    files: new Map(
      FILES.map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(filePath(name)))
          .digest('hex'),
      ]),
    ),
  };
}

function lines(name: (typeof FILES)[number]): string[] {
  return readFileSync(filePath(name), 'utf8').trim().split('\n').slice(1);
}

function summary(list: readonly [number, number | string][]): ExpectedSeries {
  const sum = list.reduce(
    (total, [, value]) => total + (typeof value === 'number' ? value : value.length),
    0,
  );
  return {
    count: list.length,
    sum,
    first: list[0] as [number, number],
    last: list.at(-1) as [number, number],
  };
}
