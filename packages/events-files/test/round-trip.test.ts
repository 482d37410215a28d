import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '@cdf/emulator';
import { FilesApi, type UploadContent, UploadError } from '@cdf/events-files';
import { fromPath } from '@cdf/events-files/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmulatedFiles, startEmulated } from './emulated.js';
import { isSame, pattern, streamOf } from './fake-files.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB + 1;
const isLong = process.env.CDF_TEST_LONG === '1';
const SIZES = [0, 1, 5 * MIB - 1, 5 * MIB, isLong ? 64 * MIB : 2 * PART + 1];

let folder = '';
let emulated: EmulatedFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-trip-'));
  emulated = await startEmulated({ timeoutMs: 2000, fileTransferTimeoutMs: isLong ? 6000 : 2000 });
});
afterAll(async () => {
  await emulated[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type ToContent = (bytes: Uint8Array<ArrayBuffer>) => UploadContent | Promise<UploadContent>;

/** Every kind of content; those that say so are uploaded with their size. */
const sources: Readonly<Record<string, ToContent>> = {
  Blob: (bytes) => new Blob([bytes]),
  File: (bytes) => new File([bytes], 'own.bin'),
  ArrayBuffer: (bytes) => bytes.slice().buffer,
  Uint8Array: (bytes) => bytes,
  Float64Array: (bytes) =>
    bytes.length % 8 === 0 ? new Float64Array(bytes.slice().buffer) : bytes,
  'a stream': (bytes) => streamOf(bytes),
  'a stream of stated size': (bytes) => streamOf(bytes),
  'a stream factory': (bytes) => () => streamOf(bytes),
  'a stream factory of stated size': (bytes) => () => streamOf(bytes),
  'a path': async (bytes) => {
    const path = join(folder, 'trip.bin');
    await writeFile(path, bytes);
    return fromPath(path);
  },
};

/**
 * Every way in which one request may go wrong. Latency stands for a stall: it is longer than an
 * attempt may take.
 */
const uploadFaults: Readonly<Record<string, Fault>> = {
  '503': { status: 503 },
  'a reset before the bytes': { resetBeforeBody: true },
  'a reset after the bytes': { resetAfterHandling: true },
  'a stall': { latencyMs: isLong ? 7000 : 2500 },
};
const downloadFaults: Readonly<Record<string, Fault>> = {
  '503': { status: 503 },
  'a reset': { resetBeforeBody: true },
  'a cut body': { cutBodyAfterBytes: 3 * MIB },
  'a stalled body': { stallBodyAfterBytes: 2 * MIB },
};

async function roundTrip(size: number, kind: string): Promise<void> {
  const { files, emulator } = emulated;
  const bytes = pattern(size, size + 1);
  const content = await (sources[kind] as ToContent)(bytes);
  const stated = kind.endsWith('of stated size') ? { size } : {};
  const seen: number[] = [];
  const onProgress = (done: number): void => void seen.push(done);
  const stored = await files.upload(
    content,
    { name: 'trip' },
    { partSize: PART, onProgress, ...stated },
  );
  // Bytes that are sent again do not count twice, and the last word is the whole.
  expect(seen.at(-1)).toBe(size);
  expect(seen).toEqual([...seen].sort((left, right) => left - right));
  const back = await files.download({ id: stored.id });
  expect(isSame(back, bytes)).toBe(true);
  expect(stored.uploaded).toBe(true);
  await files.delete([{ id: stored.id }]);
  const toStorage = emulator.requests.all().filter(({ path }) => path.startsWith('/storage/'));
  expect(toStorage.length).toBeGreaterThan(0);
  for (const { headers } of toStorage)
    for (const name of ['authorization', 'api-key', 'x-cdp-app', 'x-cdp-sdk', 'cookie'])
      expect(headers).not.toHaveProperty(name);
  emulator.requests.clear();
}

/**
 * A round trip that this fault strikes once: of a content in parts, not the first of its requests.
 */
async function faultyTrip(fault: Fault, size: number, kind: string): Promise<void> {
  const { faults } = emulated.emulator;
  faults.add({ ...fault, skip: size > PART ? 1 : 0 });
  await roundTrip(size, kind);
  expect(faults.all().map(({ struck }) => struck)).toEqual([1]);
  faults.clear();
}

describe('a round trip', () => {
  it.each(Object.keys(sources))('of %s gives back the same bytes', async (kind) => {
    for (const size of isLong || kind === 'Blob' ? SIZES : [0, 1, PART + 1])
      await roundTrip(size, kind);
  });

  it.each(Object.entries(uploadFaults))('survives %s on the way up', async (_, fault) => {
    const some = fault.latencyMs === undefined ? ['Blob', 'a stream', 'a path'] : ['Blob'];
    const strike = { ...fault, method: 'PUT', path: '/storage/upload/*' };
    for (const kind of isLong ? Object.keys(sources) : some)
      for (const size of isLong ? SIZES : [PART + 1]) await faultyTrip(strike, size, kind);
  });

  it.each(Object.entries(downloadFaults))('survives %s on the way down', async (_, fault) => {
    const strike = { ...fault, method: 'GET', path: '/storage/download/*' };
    for (const size of isLong ? SIZES : [5 * MIB]) await faultyTrip(strike, size, 'Blob');
  });

  it.each(Object.entries(uploadFaults))(
    'of a stream names the entry when %s does not end, and leaves no wrong file',
    async (name, fault) => {
      const { emulator, files } = emulated;
      const settings = { retry: { limit: 1, backoffLimitMs: 20 }, fileTransferTimeoutMs: 1000 };
      const impatient = new FilesApi(emulated.connect(settings));
      emulator.faults.add({ ...fault, method: 'PUT', path: '/storage/upload/*', count: 100 });
      const bytes = pattern(PART + 5);
      const options = { partSize: PART };
      const upload = impatient.upload(streamOf(bytes), { name: 'gone', externalId: name }, options);
      const error = await upload.catch((each) => each);
      expect(UploadError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ entry: 'deleted', fileId: expect.any(Number) });
      expect(await files.retrieve({ externalId: name })).toBeUndefined();
      emulator.faults.clear();
      const again = await files.upload(
        () => streamOf(bytes),
        { name: 'here', externalId: name },
        options,
      );
      expect(isSame(await files.download({ id: again.id }), bytes)).toBe(true);
    },
  );
});

describe('an overwrite', () => {
  const old = pattern(1000, 3);
  const inParts = pattern(PART + 5);
  const steps: readonly [string, Fault, Uint8Array<ArrayBuffer>][] = [
    ['the request for addresses', { path: '/files/initmultipartupload' }, inParts],
    ['the first part', { path: '/storage/upload/*' }, inParts],
    ['the last part', { path: '/storage/upload/*', skip: 1 }, inParts],
    ['the completion', { path: '/files/completemultipartupload' }, inParts],
    ['the request for a link', { path: '/files' }, pattern(3000)],
    ['the only request with bytes', { path: '/storage/upload/*' }, pattern(3000)],
  ];
  const options = { overwrite: true, partSize: PART };
  const entry = { name: 'kept', externalId: 'kept' };
  const failures: readonly Fault[] = [
    { status: 500 },
    { resetBeforeBody: true },
    { resetAfterHandling: true },
  ];

  it.each(steps)('keeps the old bytes readable when %s fails for good', async (_, step, bytes) => {
    const { files, emulator } = emulated;
    const impatient = new FilesApi(emulated.connect({ retry: { limit: 2, backoffLimitMs: 5 } }));
    for (const failure of isLong ? failures : failures.slice(0, 1)) {
      const { id } = await files.upload(old, entry, { overwrite: true });
      emulator.faults.add({ ...step, ...failure, count: 100 });
      await expect(impatient.upload(bytes, entry, options)).rejects.toThrow();
      emulator.faults.clear();
      const now = await files.download({ id });
      // A request that was handled without an answer may have been the last that was needed.
      const isDone = failure.resetAfterHandling === true && isSame(now, bytes);
      expect(isDone || isSame(now, old)).toBe(true);
    }
  });

  it('keeps the old bytes readable when it is aborted at any request', async () => {
    const { files, emulator } = emulated;
    const { id } = await files.upload(old, entry, { overwrite: true });
    for (const [, { path, skip = 0 }, bytes] of steps) {
      const controller = new AbortController();
      emulator.faults.add({ path, skip, latencyMs: 10_000 });
      const upload = files.upload(bytes, entry, { ...options, signal: controller.signal });
      upload.catch(() => {});
      await expect.poll(() => emulator.faults.all()[0]?.struck, { timeout: 10_000 }).toBe(1);
      controller.abort(new Error('enough'));
      await expect(upload).rejects.toThrow('enough');
      emulator.faults.clear();
      expect(isSame(await files.download({ id }), old)).toBe(true);
    }
  });

  it('replaces the bytes as a whole', async () => {
    const { files } = emulated;
    const { id } = await files.upload(old, { name: 'new', externalId: 'new' });
    const bytes = pattern(PART + 9);
    const stored = await files.upload(
      bytes,
      { name: 'new', externalId: 'new' },
      { overwrite: true, partSize: PART },
    );
    expect(stored.id).toBe(id);
    expect(isSame(await files.download({ externalId: 'new' }), bytes)).toBe(true);
    await expect(files.upload(old, { name: 'new', externalId: 'new' })).rejects.toMatchObject({
      code: 'duplicated',
    });
  });
});

describe('a file that is changed while it goes up', () => {
  it.each([100, PART + 5])('fails its upload at once, %i bytes', async (size) => {
    const { files } = emulated;
    const path = join(folder, `changing-${size}`);
    await writeFile(path, pattern(size));
    const content = await fromPath(path).open();
    await writeFile(path, pattern(size + 1));
    const upload = files.upload(content, { name: 'changing' }, { partSize: PART });
    await expect(upload).rejects.toMatchObject({
      message: expect.stringContaining('the content can no longer be read'),
      entry: 'deleted',
    });
  });
});

/** The kernel announces a page for it, and gives a line. */
const SHORT = '/sys/kernel/mm/transparent_hugepage/enabled';

describe.runIf(existsSync(SHORT))('a file that is shorter than announced', () => {
  it('fails its upload at once, without another try', async () => {
    const { files, emulator } = emulated;
    emulator.requests.clear();
    const error = await files.upload(fromPath(SHORT)).catch((each) => each);
    expect(error).toMatchObject({ code: 'upload', entry: 'deleted' });
    expect(error.message).toMatch(
      /the content (gave \d+ bytes, expected 4096|can no longer be read)/,
    );
    expect(
      emulator.requests.all().filter(({ method }) => method === 'PUT').length,
    ).toBeLessThanOrEqual(1);
    emulator.requests.clear();
  });
});

describe('a link that expires', () => {
  it('is renewed when a download has to go on', async () => {
    const { files, emulator } = emulated;
    const bytes = pattern(3 * MIB);
    const { id } = await files.upload(bytes, { name: 'slow' });
    emulator.faults.add({ method: 'GET', path: '/storage/download/*', cutBodyAfterBytes: MIB });
    emulator.requests.clear();
    let isLate = false;
    const onProgress = (): void => {
      // Half a minute is what a link lasts.
      if (!isLate) emulator.clock.advance(60_000);
      isLate = true;
    };
    expect(isSame(await files.download({ id }, { onProgress }), bytes)).toBe(true);
    expect(
      emulator.requests.all().filter(({ path }) => path.endsWith('/files/downloadlink')),
    ).toHaveLength(2);
    emulator.clock.reset();
    emulator.faults.clear();
  });
});

describe('a completion whose answer is lost', () => {
  it('counts as done when the bytes are there, whatever its repetition says', async () => {
    const { files, emulator } = emulated;
    emulator.faults.add({ path: '/files/completemultipartupload', resetAfterHandling: true });
    const bytes = pattern(PART + 5);
    const stored = await files.upload(bytes, { name: 'lost' }, { partSize: PART });
    expect(isSame(await files.download({ id: stored.id }), bytes)).toBe(true);
    emulator.faults.clear();
  });
});

describe('an upload session', () => {
  it('goes on with what is missing after the connection was lost for good', async () => {
    const { files, emulator } = emulated;
    const bytes = pattern(4 * PART);
    let kept = '';
    const onSession = (session: object): void => {
      kept = JSON.stringify(session);
    };
    emulator.faults.add({
      method: 'PUT',
      path: '/storage/upload/*',
      skip: 2,
      status: 500,
      count: 50,
    });
    const options = { partSize: PART, parallelParts: 1, onSession };
    await expect(files.upload(bytes, { name: 'session' }, options)).rejects.toMatchObject({
      entry: 'kept',
    });
    emulator.faults.clear();
    emulator.requests.clear();
    const stored = await files.resumeUpload(JSON.parse(kept), bytes);
    expect(emulator.requests.all().filter(({ method }) => method === 'PUT')).toHaveLength(2);
    expect(isSame(await files.download({ id: stored.id }), bytes)).toBe(true);
  });
});
