import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { clients, type Scenario } from './datapoints-clients.js';
import { type Checksum, isSame, PLANS, planChecksum } from './datapoints-data.js';
import { insertChecksum, insertData } from './datapoints-floor.js';

/**
 * Data points side by side: `datapoints.ts [--latency 20] [--rounds 5] [--only A,B] [--clients ours,...]`. Every result is checked against sums that
 * are known beforehand. Ratios are to be trusted, seconds are not.
 */
const TITLES: Record<Scenario, string> = {
  A: `raw, 1 series x ${PLANS.A.points.toLocaleString('en')}`,
  B: 'raw, 100 series x 50,000',
  C: '3 hourly aggregates, 1,000 series x 1,000',
  D: 'latest of 1,000',
  E1: 'insert 1,000,000 into one series',
  E2: 'insert 100 series x 10,000',
  'E1 gzip': 'insert 1,000,000, both compressed',
};

function option(name: string, fallback: string): string {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? fallback : (process.argv[index + 1] ?? fallback);
}

async function startServer(latency: string): Promise<{ baseUrl: string; child: ChildProcess }> {
  const child = fork(fileURLToPath(new URL('./datapoints-server.ts', import.meta.url)), [latency], {
    execArgv: process.execArgv,
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port));
    child.once('exit', () => reject(new Error('the server did not start')));
  });
  return { baseUrl: `http://127.0.0.1:${port}`, child };
}

async function checked(baseUrl: string): Promise<{ inserted: Checksum; requests: number }> {
  return (await (await fetch(`${baseUrl}/checked`, { method: 'POST' })).json()) as {
    inserted: Checksum;
    requests: number;
  };
}

async function once(
  baseUrl: string,
  name: string,
  scenario: Scenario,
): Promise<{ ms: number; requests: number } | undefined> {
  const isInsert = scenario.startsWith('E');
  const plan = scenario.slice(0, 2) as 'E1' | 'E2';
  const run = known(baseUrl)[name]?.(scenario, isInsert ? insertData(plan) : []);
  if (run === undefined) return undefined;
  await checked(baseUrl);
  (globalThis as { gc?: () => void }).gc?.();
  const begin = performance.now();
  const result = await run.run();
  const ms = performance.now() - begin;
  const { inserted, requests } = await checked(baseUrl);
  const sum = isInsert ? inserted : run.check(result);
  const expected = isInsert ? insertChecksum(plan) : scenario === 'D' ? 1000 : planChecksum(PLANS[scenario as 'A']);
  const right = typeof expected === 'number' ? sum === expected : isSame(sum as Checksum, expected);
  if (!right) throw new Error(`${name}, ${scenario}: ${JSON.stringify(sum)} where ${JSON.stringify(expected)} belongs`);
  return { ms, requests };
}

const made = new Map<string, ReturnType<typeof clients>>();
function known(baseUrl: string): ReturnType<typeof clients> {
  const all = made.get(baseUrl) ?? clients(baseUrl, 'bench');
  made.set(baseUrl, all);
  return all;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** One client in a process of its own, since memory that was once used shows for ever. */
async function measureMemory(baseUrl: string, name: string, scenario: Scenario): Promise<void> {
  const before = process.memoryUsage.rss();
  const heldBefore = process.memoryUsage();
  const first = await once(baseUrl, name, scenario);
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ peakMb: Math.round((peak - before) / 1e6), held: heldBefore.rss, ms: first?.ms }));
  process.exit(0);
}

async function main(): Promise<void> {
  const memory = option('memory', '');
  if (memory !== '') {
    const [baseUrl, name, scenario] = memory.split('|') as [string, string, Scenario];
    return measureMemory(baseUrl, name, scenario);
  }
  const latency = option('latency', '0');
  const rounds = Number(option('rounds', '3'));
  const scenarios = option('only', 'A,B,C,D,E1,E2,E1 gzip').split(',') as Scenario[];
  const { baseUrl, child } = await startServer(latency);
  const names = option('clients', Object.keys(known(baseUrl)).join()).split(',');
  console.log(
    `Latency ${latency} ms, ${rounds} interleaved rounds after a warm-up, medians; factors are to the fetch floor. Node ${process.version}.`,
  );
  for (const scenario of scenarios) {
    const times = new Map<string, number[]>(names.map((name) => [name, []]));
    const requests = new Map<string, number>();
    for (let round = -1; round < rounds; round++)
      for (const name of names) {
        // A minute each: once is enough to tell a factor of thirty.
        if (round !== 0 && name === '@cognite/sdk' && (scenario === 'A' || scenario === 'B')) continue;
        const taken = await once(baseUrl, name, scenario);
        if (taken === undefined || (round < 0 && name !== '@cognite/sdk')) continue;
        times.get(name)?.push(taken.ms);
        requests.set(name, taken.requests);
      }
    const base = median(times.get('fetch floor') ?? []);
    console.log(`\n${scenario}  ${TITLES[scenario]}`);
    for (const [name, all] of times) {
      if (all.length === 0) continue;
      const ms = median(all);
      const memoryArgs = [
        ...process.execArgv,
        '--expose-gc',
        fileURLToPath(import.meta.url),
        '--memory',
        `${baseUrl}|${name}|${scenario}`,
      ];
      const peak = process.argv.includes('--no-memory')
        ? ''
        : String(spawnSync(process.execPath, memoryArgs, { encoding: 'utf8' }).stdout)
            .trim()
            .split('\n')
            .at(-1);
      const peakMb =
        peak === '' || peak === undefined ? '' : `, peak +${(JSON.parse(peak) as { peakMb: number }).peakMb} MB`;
      console.log(
        `  ${name.padEnd(14)} ${ms.toFixed(0).padStart(6)} ms  x ${(ms / base).toFixed(2).padStart(5)}  ${requests.get(name)} requests${peakMb}`,
      );
    }
  }
  child.disconnect();
}

await main();
