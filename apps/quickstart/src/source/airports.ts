import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_FOLDER } from './csv.js';

/** One node of the hierarchy country, state, airport. */
export interface Place {
  readonly externalId: string;
  readonly name: string;
  readonly parentExternalId?: string;
  readonly metadata?: Record<string, string>;
}

/**
 * All airports of the United States below their states: 3,400 assets, so that creating them takes
 * several requests.
 */
export function airportHierarchy(): Place[] {
  const [, ...lines] = readFileSync(join(DATA_FOLDER, 'airports.csv'), 'utf8')
    .trim()
    .split(/\r?\n/);
  const country = { externalId: 'airports:USA', name: 'Airports of the United States' };
  const states = new Map<string, Place>();
  const airports: Place[] = [];
  for (const line of lines) {
    const [iata = '', name = '', city = '', state = '', , latitude = '', longitude = ''] =
      cells(line);
    if (state === '' || name === '') continue;
    const externalId = `airports:USA:${state}`;
    states.set(state, {
      externalId,
      name: `Airports of ${state}`,
      parentExternalId: country.externalId,
    });
    airports.push({
      externalId: `airports:${iata}`,
      name,
      parentExternalId: externalId,
      metadata: { iata, city, latitude, longitude },
    });
  }
  return [country, ...states.values(), ...airports];
}

/** Cells of a CSV line in which some are quoted. */
function cells(line: string): string[] {
  return [...line.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)].map((match) =>
    (match[1] ?? '').replace(/^"|"$/g, '').replaceAll('""', '"'),
  );
}
