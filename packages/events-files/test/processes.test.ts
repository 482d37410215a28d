import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pattern } from './fake-files.js';
import type { Errand } from './helpers/mover.js';

const MIB = 1024 * 1024;
const isLong = process.env.CDF_TEST_LONG === '1';
/** A GiB in the long suite; so much in the short one that keeping it all would show. */
const SIZE = Number(process.env.CDF_TEST_FILE_MIB ?? (isLong ? 1024 : 160)) * MIB;
const MOVER = fileURLToPath(new URL('helpers/mover.ts', import.meta.url));

let folder = '';
let emulator: Emulator;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-process-'));
  emulator = await startEmulator({ dataFolder: join(folder, 'emulator') });
});
afterEach(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

async function start(what: Errand['what'], path: string, externalId: string): Promise<ChildProcess> {
  const { url, project } = emulator;
  const errand: Errand = { what, url, project, token: await emulator.issueToken(), externalId, path };
  const args = ['--conditions=@cdf/source', '--import', 'tsx', MOVER, JSON.stringify(errand)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(what: Errand['what'], path: string, externalId: string): Promise<{ grewBy: number }> {
  const child = await start(what, path, externalId);
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (text) => {
    output += text;
  });
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' });
  return JSON.parse(output);
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

describe('another process', () => {
  it('that is killed while it downloads leaves the old file', async () => {
    const source = join(folder, 'source');
    const target = join(folder, 'target');
    await writeFile(source, pattern(9 * MIB));
    await run('up', source, 'x');
    await writeFile(target, 'old');
    emulator.faults.add({ method: 'GET', path: '/storage/download/*', stallBodyAfterBytes: 4 * MIB });
    const child = await start('down', target, 'x');
    const ended = new Promise((resolve) => child.on('close', resolve));
    const beside = async (): Promise<number> => {
      const [name] = (await readdir(folder)).filter((each) => each.endsWith('.part'));
      return name === undefined ? 0 : (await readFile(join(folder, name))).length;
    };
    await expect.poll(beside, { timeout: 30_000 }).toBeGreaterThan(MIB);
    child.kill('SIGKILL');
    await ended;
    expect(await readFile(target, 'utf8')).toBe('old');
    await run('down', target, 'x');
    expect(await digestOf(target)).toBe(await digestOf(source));
  });

  const kinds: [string, Errand['what']][] = [['a stream factory', 'up-stream']];
  if (isLong) kinds.push(['a path', 'up']);
  it.each(kinds)('moves a large file from %s with little memory, with and without faults', async (_, what) => {
    const source = join(folder, 'source');
    const file = await open(source, 'w');
    const block = pattern(MIB);
    for (let index = 0; index < SIZE / MIB; index += 1) {
      block[index % MIB] = index;
      await file.write(block);
    }
    await file.close();
    const digest = await digestOf(source);
    const faults = isLong ? [false, true] : [true];
    for (const faulty of faults) {
      const half = { path: '/storage/*', probability: 0.3, count: isLong ? 10 : 3 };
      if (faulty) {
        emulator.faults.add({ ...half, method: 'PUT', seed: 7, status: 503 });
        emulator.faults.add({ ...half, method: 'PUT', seed: 8, resetBeforeBody: true });
      }
      const target = join(folder, `target-${faulty}`);
      const up = await run(what, source, `large-${faulty}`);
      if (faulty) expect(emulator.faults.all().reduce((sum, { struck }) => sum + struck, 0)).toBe(2 * half.count);
      emulator.faults.clear();
      const down = await run('down', target, `large-${faulty}`);
      expect(await digestOf(target)).toBe(digest);
      console.log(
        `${SIZE / MIB} MiB from ${_}${faulty ? ' with faults' : ''}: up +${Math.round(up.grewBy / MIB)} MiB, down +${Math.round(down.grewBy / MIB)} MiB`,
      );
      expect(up.grewBy).toBeLessThan(150 * MIB);
      expect(down.grewBy).toBeLessThan(150 * MIB);
      await rm(target);
    }
  });
});
