/**
 * Measures if the emulator's cost per point grows with the number of stored points: the same
 * appends and reads on 10^5, 10^6 and 10^7 stored points, in one process, on disk. It compares
 * processor time, which other programs disturb little. Exits with 1 when a point costs more than
 * 1.3 times as much.
 *
 *     node --conditions=@cdf/source --import tsx apps/bench/src/emulator-growth.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator } from '@cdf/emulator';
import { insertBody, readBody } from './emulator-bodies.js';
import { type Ask, store } from './emulator-servers.js';

const SIZES = [100_000, 1_000_000, 10_000_000];
const [REQUESTS, POINTS, ROUNDS] = [100, 1000, 5];
const AT_MOST = 1.3;

interface Cost {
  /** @unit microseconds of processor time per point */
  readonly append: number;
  readonly read: number;
}

await measure(SIZES[0] as number);
const costs = new Map<number, Cost>();
for (const size of SIZES) costs.set(size, await measure(size));
const smallest = costs.get(SIZES[0] as number) as Cost;
for (const [size, { append, read }] of costs) {
  const ratios = [append / smallest.append, read / smallest.read];
  const [appends, reads] = ratios.map((ratio) => `x ${ratio.toFixed(2)}`);
  const stored = size.toLocaleString('en').padStart(10);
  console.log(
    `${stored} stored: append ${append.toFixed(2)} us ${appends}, read ${read.toFixed(2)} us ${reads}, per point`,
  );
  if (Math.max(...ratios) > AT_MOST) process.exitCode = 1;
}

/** The least of some rounds: time that other programs took is not part of the cost. */
async function measure(size: number): Promise<Cost> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'cdf-growth-'));
  const emulator = createEmulator({ dataFolder, logCapacity: 100 });
  const ask: Ask = async (path, body) => {
    const type = typeof body === 'string' ? 'application/json' : 'application/protobuf';
    const headers = {
      'api-key': emulator.apiKey ?? '',
      'content-type': type,
      accept: 'application/protobuf',
    };
    const url = `${emulator.url}/api/v1/projects/${emulator.project}${path}`;
    const response = await emulator.fetch(url, { method: 'POST', headers, body: body as BodyInit });
    const answer = await response.arrayBuffer();
    if (!response.ok) throw new Error(`${response.status} ${new TextDecoder().decode(answer)}`);
    return answer;
  };
  await store(ask, size);
  let [append, read] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    const places = Array.from(
      { length: REQUESTS },
      (_, index) => size + (round * REQUESTS + index) * POINTS,
    );
    const bodies = places.map((from) => insertBody(from, from + POINTS));
    append = Math.min(append, await timed(bodies, (body) => ask('/timeseries/data', body)));
    const reads = places
      .map((from) => (from * 7_919) % size)
      .map((from) => readBody(from, from + POINTS));
    read = Math.min(read, await timed(reads, (body) => ask('/timeseries/data/list', body)));
  }
  await emulator.close();
  rmSync(dataFolder, { recursive: true });
  return { append, read };
}

async function timed<T>(jobs: readonly T[], work: (job: T) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (const job of jobs) await work(job);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS / POINTS;
}
