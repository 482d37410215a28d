import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createTransport, Token, type Transport } from '@cdf/core';
import { type Emulator, type Fault, startEmulator } from '@cdf/emulator';
import { FilesApi, type UploadSessionData } from '@cdf/events-files';
import { downloadToPath, fromPath, sha256 } from '@cdf/events-files/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomOf } from '../../../tooling/lying-server/random.js';
import { isSame, pattern } from './fake-files.js';
import type { Errand } from './helpers/mover.js';

const MIB = 1024 * 1024;
const isLong = process.env.CDF_TEST_LONG === '1';
const SIZE = Number(process.env.CDF_TEST_FILE_MIB ?? 1024) * MIB;
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

async function start(
  what: Errand['what'],
  path: string,
  externalId: string,
  sessionPath?: string,
  overwrite?: boolean,
): Promise<ChildProcess> {
  const { url, project } = emulator;
  const errand: Errand = {
    what,
    url,
    project,
    token: await emulator.issueToken(),
    externalId,
    path,
    sessionPath,
    overwrite,
  };
  const args = ['--conditions=@cdf/source', '--import', 'tsx', MOVER, JSON.stringify(errand)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function connect(): Promise<Transport> {
  const { url: baseUrl, project } = emulator;
  return createTransport({
    clientName: 'processes',
    project,
    baseUrl,
    credentials: new Token(await emulator.issueToken()),
  });
}

async function run(
  what: Errand['what'],
  path: string,
  externalId: string,
): Promise<{ grewBy: number }> {
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

describe('a process that is killed while it downloads', () => {
  it('leaves the old file, and the next one gets the new one', async () => {
    const target = join(folder, 'target');
    const bytes = pattern(9 * MIB);
    await using transport = await connect();
    const files = new FilesApi(transport);
    await files.upload(bytes, { name: 'x', externalId: 'x' }, { checksum: sha256 });
    await writeFile(target, 'old');
    emulator.faults.add({
      method: 'GET',
      path: '/storage/download/*',
      stallBodyAfterBytes: 4 * MIB,
    });
    const child = await start('down', target, 'x');
    const ended = new Promise((resolve) => child.on('close', resolve));
    const beside = async (): Promise<number> => {
      const [name] = (await readdir(folder)).filter((each) => each.endsWith('.part'));
      return name === undefined ? 0 : (await stat(join(folder, name))).size;
    };
    await expect.poll(beside, { timeout: 30_000 }).toBeGreaterThan(MIB);
    child.kill('SIGKILL');
    await ended;
    expect(await readFile(target, 'utf8')).toBe('old');
    await downloadToPath(files, { externalId: 'x' }, target);
    expect(isSame(await readFile(target), bytes)).toBe(true);
  });
});

if (isLong)
  describe('a process that is killed while it uploads', () => {
    it('leaves a session with which another one sends only what is missing', async () => {
      const [source, sessionPath] = [join(folder, 'source'), join(folder, 'session')];
      const bytes = pattern(21 * MIB);
      await writeFile(source, bytes);
      // The third of four parts does not get through.
      emulator.faults.add({ method: 'PUT', path: '/storage/upload/*', skip: 2, latencyMs: 20_000 });
      const child = await start('up', source, 'x', sessionPath);
      const ended = new Promise((resolve) => child.on('close', resolve));
      await expect.poll(() => emulator.faults.all()[0]?.struck, { timeout: 30_000 }).toBe(1);
      child.kill('SIGKILL');
      await ended;
      emulator.faults.clear();
      emulator.requests.clear();
      await using transport = await connect();
      const files = new FilesApi(transport);
      const session = JSON.parse(await readFile(sessionPath, 'utf8')) as UploadSessionData;
      expect(session.completed).toEqual([0, 1]);
      await files.resumeUpload(session, fromPath(source));
      expect(emulator.requests.all().filter(({ method }) => method === 'PUT')).toHaveLength(2);
      expect(isSame(await files.download({ externalId: 'x' }), bytes)).toBe(true);
    });
  });

if (isLong)
  describe('twenty processes that are killed at any moment', () => {
    const random = randomOf(Number(process.env.CDF_TEST_SEED));
    const [old, bytes] = [pattern(3 * MIB, 2), pattern(21 * MIB)];
    const isOneOf = (found: Uint8Array): string =>
      isSame(found, bytes)
        ? 'new'
        : isSame(found, old)
          ? 'old'
          : expect.fail('neither the old nor the new file');
    /** Kills it after so many requests, and a little later. */
    const killAfter = async (child: ChildProcess, requests: number): Promise<void> => {
      let hasEnded = false;
      const ended = new Promise<void>((resolve) => {
        child.on('close', () => {
          hasEnded = true;
          resolve();
        });
      });
      await expect
        .poll(() => hasEnded || emulator.requests.all().length >= requests, {
          timeout: 60_000,
          interval: 5,
        })
        .toBe(true);
      await new Promise((resolve) => setTimeout(resolve, random() * 150));
      child.kill('SIGKILL');
      await ended;
    };

    it.each(Array.from({ length: 10 }, (_, index) => index))(
      'leave the old file or the new one, and a session that is right: upload %i',
      async () => {
        const [source, sessionPath] = [join(folder, 'source'), join(folder, 'session')];
        await writeFile(source, bytes);
        await using transport = await connect();
        const files = new FilesApi(transport);
        await files.upload(old, { name: 'x', externalId: 'x' });
        emulator.requests.clear();
        emulator.faults.add({ path: '*', latencyMs: 60, count: 1000 });
        // Four parts, and the requests before and after them.
        const requests = 1 + Math.floor(random() * 9);
        await killAfter(await start('up', source, 'x', sessionPath, true), requests);
        emulator.faults.clear();
        const left = isOneOf(await files.download({ externalId: 'x' }));
        const session = await readFile(sessionPath, 'utf8').catch(() => undefined);
        const wrong = bytes.slice();
        wrong[5] = 1 ^ (wrong[5] as number);
        if (session !== undefined) {
          const data = JSON.parse(session) as UploadSessionData;
          await expect(files.resumeUpload(data, wrong)).rejects.toThrow(/other bytes/);
          await files.resumeUpload(data, fromPath(source));
          expect(isOneOf(await files.download({ externalId: 'x' }, { checksum: sha256 }))).toBe(
            'new',
          );
        }
        console.log(
          `upload killed after ${requests} requests: the ${left} file, ${session === undefined ? 'no session' : 'resumed'}`,
        );
      },
    );

    it.each(Array.from({ length: 10 }, (_, index) => index))(
      'leave the old file or the new one: download %i',
      async () => {
        const target = join(folder, 'target');
        await using transport = await connect();
        const files = new FilesApi(transport);
        await files.upload(bytes, { name: 'x', externalId: 'x' }, { checksum: sha256 });
        await writeFile(target, old);
        emulator.requests.clear();
        const requests = 1 + Math.floor(random() * 3);
        await killAfter(await start('down', target, 'x'), requests);
        const left = isOneOf(await readFile(target));
        await downloadToPath(files, { externalId: 'x' }, target);
        expect(isOneOf(await readFile(target))).toBe('new');
        console.log(`download killed after ${requests} requests: the ${left} file`);
      },
    );
  });

/**
 * Twenty of the requests that carry bytes up go wrong, drawn by seeds; three times the body of a
 * download is cut.
 */
const FAULTS: readonly Fault[] = [
  { method: 'PUT', seed: 7, probability: 0.3, count: 7, status: 503 },
  { method: 'PUT', seed: 8, probability: 0.3, count: 7, resetBeforeBody: true },
  { method: 'PUT', seed: 9, probability: 0.3, count: 6, resetAfterHandling: true },
  { method: 'GET', skip: 1, count: 3, cutBodyAfterBytes: 100 * MIB },
];

if (isLong)
  describe('another process', () => {
    const kinds: [string, Errand['what']][] = [
      ['a path', 'up'],
      ['a stream factory of stated size', 'up-sized-stream'],
      ['a stream factory', 'up-stream'],
    ];
    const cases = kinds.flatMap(([name, what]) => [
      [name, what, 'no faults', []] as const,
      [name, what, 'faults', FAULTS] as const,
    ]);
    it.each(cases)(
      'moves a large file from %s with little memory (%s, %s)',
      async (name, what, how, faults) => {
        const source = join(folder, 'source');
        const target = join(folder, 'target');
        const file = await open(source, 'w');
        const block = pattern(MIB);
        for (let index = 0; index < SIZE / MIB; index += 1) {
          block[index % MIB] = index;
          await file.write(block);
        }
        await file.close();
        for (const fault of faults) emulator.faults.add({ ...fault, path: '/storage/*' });
        const up = await run(what, source, 'large');
        const down = await run('down', target, 'large');
        expect(emulator.faults.all().map(({ struck }) => struck)).toEqual(
          faults.map(({ count }) => count),
        );
        expect(await digestOf(target)).toBe(await digestOf(source));
        console.log(
          `${SIZE / MIB} MiB from ${name}, ${how}: up +${Math.round(up.grewBy / MIB)} MiB, down +${Math.round(down.grewBy / MIB)} MiB`,
        );
        expect(up.grewBy).toBeLessThan(150 * MIB);
        expect(down.grewBy).toBeLessThan(150 * MIB);
      },
    );
  });
