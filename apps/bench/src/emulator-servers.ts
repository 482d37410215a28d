import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { insertBody, PAGE, SERIES } from './emulator-bodies.js';
import type { BenchServer, Target } from './scenario.js';

/** A request to one server; the path is the API's, below the project. */
export type Ask = (path: string, body: string | Uint8Array) => Promise<ArrayBuffer>;

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/protobuf' };

/** An emulator on a data folder that goes away with this process. */
export async function startOnDisk(): Promise<Emulator> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'cdf-bench-'));
  process.once('exit', () => rmSync(dataFolder, { recursive: true, force: true }));
  return await startEmulator({ dataFolder, project: 'bench', logCapacity: 100 });
}

/** Several servers behind one target: their addresses with blanks between. */
export function together(
  emulator: Emulator,
  urls: readonly string[],
): Pick<BenchServer, 'url' | 'project' | 'token'> {
  return { url: urls.join(' '), project: emulator.project, token: emulator.apiKey ?? '' };
}

/** A plain client of the server with this number: `fetch`, nothing compressed. */
export function plainClient({ url, project, token }: Target, server: number): Ask {
  const base = `${url.split(' ')[server]}/api/v1/projects/${project}`;
  return async (path, body) => {
    const type =
      typeof body === 'string' ? JSON_HEADERS : { 'content-type': 'application/protobuf' };
    const headers = { ...type, 'api-key': token, 'accept-encoding': 'identity' };
    const response = await fetch(base + path, { method: 'POST', headers, body: body as BodyInit });
    const answer = await response.arrayBuffer();
    if (!response.ok) throw new Error(`${response.status} ${new TextDecoder().decode(answer)}`);
    return answer;
  };
}

/** Asks the emulator in its own process, unmeasured. */
export function ownClient(emulator: Emulator): Ask {
  return plainClient({ ...together(emulator, [emulator.url]) }, 0);
}

/** Stores so many points in a series of its own. */
export async function store(ask: Ask, points: number): Promise<void> {
  await ask('/timeseries', JSON.stringify({ items: [{ externalId: SERIES }] }));
  for (let from = 0; from < points; from += PAGE) {
    await ask('/timeseries/data', insertBody(from, Math.min(points, from + PAGE)));
  }
}

/** How many points are stored. */
export async function storedPoints(emulator: Emulator): Promise<number> {
  const items = [
    { externalId: SERIES, aggregates: ['count'], granularity: '100000h', end: 4_102_444_800_000 },
  ];
  const response = await fetch(
    `${emulator.url}/api/v1/projects/${emulator.project}/timeseries/data/list`,
    {
      method: 'POST',
      headers: { 'api-key': emulator.apiKey ?? '' },
      body: JSON.stringify({ items }),
    },
  );
  const answer = (await response.json()) as { items: { datapoints: { count: number }[] }[] };
  return (answer.items[0]?.datapoints ?? []).reduce((sum, { count }) => sum + count, 0);
}
