/**
 * The wait of a new user for `npx @cdf/emulator`: packs the package, installs the tarball into an
 * empty folder, starts it some times with the small seed, and prints the time from the start of the
 * process to its first answer, and how long processors worked for it. Exits with 1 when it does not
 * answer.
 *
 *     node --conditions=@cdf/source --import tsx apps/bench/src/emulator-start.ts [starts]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../../packages/emulator', import.meta.url));
const PATIENCE_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'cdf-stranger-'));
try {
  install();
  const starts = Number(process.argv[2] ?? 5);
  for (const [title, command] of [
    ['npx @cdf/emulator --seed small', ['npx', '@cdf/emulator']],
    [
      'node_modules/.bin/cdf-emulator --seed small',
      [join(folder, 'node_modules/.bin/cdf-emulator')],
    ],
  ] as const) {
    const found: Start[] = [];
    for (let index = 0; index < starts; index += 1) found.push(await firstAnswer(command));
    const median = (of: (start: Start) => number): number => {
      const sorted = found.map(of).sort((left, right) => left - right);
      return Math.round(sorted[sorted.length >> 1] ?? Number.NaN);
    };
    const [waited, worked] = [
      median(({ milliseconds }) => milliseconds),
      median(({ processorMs }) => processorMs),
    ];
    console.log(
      `${title}: first answer after ${waited} ms, ${worked} ms of processor time (medians of ${starts})`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function install(): void {
  const run = (command: string, args: readonly string[], cwd: string): void => {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  run('npx', ['pnpm', 'run', 'build'], PACKAGE);
  run('npx', ['pnpm', 'pack', '--pack-destination', folder], PACKAGE);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('nothing was packed');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`],
    folder,
  );
}

interface Start {
  /** From spawning to the first answer of the API. */
  readonly milliseconds: number;
  /** Processor time of the program and its launchers until then; NaN without `/proc`. */
  readonly processorMs: number;
}

async function firstAnswer([command = '', ...args]: readonly string[]): Promise<Start> {
  const port = await freePort();
  const begin = performance.now();
  const child = spawn(command, [...args, '--seed', 'small', '--port', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  try {
    while (performance.now() - begin < PATIENCE_MS) {
      const url = `http://127.0.0.1:${port}/api/v1/projects/emulator/assets`;
      const answer = await fetch(url, { headers: { 'api-key': 'emulator-key' } }).catch(
        () => undefined,
      );
      if (answer?.ok === true)
        return {
          milliseconds: performance.now() - begin,
          processorMs: processorMs(child.pid ?? 0),
        };
      if (child.exitCode !== null) break;
      await wait(5);
    }
    throw new Error(`${command} did not answer`);
  } finally {
    const closed = child.exitCode === null ? once(child, 'exit') : undefined;
    // npx starts a shell that starts the program: all of them are one group.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await closed;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The processor time of a group of processes so far. */
function processorMs(group: number): number {
  if (!existsSync('/proc/self/stat')) return Number.NaN;
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      // After the name: state, parent, group; user and system time of its own are the 12th and
      // 13th.
      if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks * 10;
}
