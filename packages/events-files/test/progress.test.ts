import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CdfError } from '@cdf/core';
import { FilesApi } from '@cdf/events-files';
import { downloadToDirectory, downloadToPath, uploadDirectory } from '@cdf/events-files/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeFiles, pattern } from './fake-files.js';

const COUNT = 40;
const PART = 5_300_000;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-progress-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/**
 * Runs work whose `onProgress` throws at its third call, and gives its error and the requests that
 * were sent after that.
 */
async function run(
  fake: FakeFiles,
  thrown: unknown,
  work: (onProgress: () => void) => Promise<unknown>,
) {
  let calls = 0;
  let sent = 0;
  const count = (): number => fake.transport.requests.length + fake.transport.transfers.length;
  const error = await work(() => {
    if (++calls < 3) return;
    sent = count();
    throw thrown;
  }).then(
    () => expect.fail('it did not fail'),
    (failure) => failure as CdfError<string>,
  );
  return { error, calls, after: count() - sent };
}

it.each([new Error('the window is closed'), 'a string', undefined])(
  'a download ends with a CdfError whose cause is what onProgress throws: %s',
  async (thrown) => {
    const fake = new FakeFiles();
    const files = new FilesApi(fake.transport);
    const { id } = await files.upload(new Blob([pattern(3_000_000)]), { name: 'a' });
    for (const read of [
      (onProgress: () => void) => files.download({ id }, { onProgress }),
      (onProgress: () => void) => downloadToPath(files, { id }, join(folder, 'a'), { onProgress }),
    ]) {
      // The body may come as one piece: the first call throws.
      let calls = 0;
      const error = await read(() => {
        calls++;
        throw thrown;
      }).then(
        () => expect.fail('it did not fail'),
        (failure) => failure as CdfError,
      );
      expect(calls).toBe(1);
      expect(CdfError.isInstance(error)).toBe(true);
      expect(error.message).toMatch(/^onProgress threw/);
      expect(error.cause).toBe(thrown);
      expect(fake.openBodies).toBe(0);
    }
    expect(await readdir(folder)).toEqual([]);
  },
);

it.each([new Error('the window is closed'), 'a string', undefined])(
  'an upload ends with an UploadError whose cause is what onProgress throws, and its entry is deleted: %s',
  async (thrown) => {
    for (const content of [
      new Blob([pattern(1_000_000)]),
      pattern(1_000_000),
      new Blob([pattern(4 * PART)]),
    ]) {
      const fake = new FakeFiles();
      const files = new FilesApi(fake.transport);
      const { error, after } = await run(fake, thrown, (onProgress) =>
        files.upload(content, { name: 'a' }, { onProgress, partSize: PART, parallelParts: 2 }),
      );
      expect(error.code).toBe('upload');
      expect(error.cause).toBe(thrown);
      // The entry is deleted, and nothing else is sent.
      expect([after, fake.files.size]).toEqual([1, 0]);
    }
  },
);

it.each([new Error('the window is closed'), undefined])(
  'a directory: nothing more is sent, the account is whole, and the cause is what onProgress throws: %s',
  async (thrown) => {
    const names = Array.from({ length: COUNT }, (_, index) => `f${String(index).padStart(2, '0')}`);
    for (const name of names) await writeFile(join(folder, name), name);
    const fake = new FakeFiles();
    const files = new FilesApi(fake.transport);
    const up = await run(fake, thrown, (onProgress) =>
      uploadDirectory(files, folder, { onProgress }),
    );
    expect(up.calls).toBe(3);
    expect(up.error.cause).toBe(thrown);
    expect(up.error.message).toMatch(/^onProgress threw/);
    const { successful, unknown, failed, notAttempted } = up.error;
    expect([...successful, ...unknown, ...failed].sort()).toEqual(names);
    expect(notAttempted.length).toBeGreaterThan(COUNT - 12);
    expect(fake.files.size).toBeLessThan(12);

    await uploadDirectory(files, folder, { overwrite: true });
    const which = names.map((name) => ({ externalId: `/${name}` }));
    const target = join(folder, 'target');
    const down = await run(fake, thrown, (onProgress) =>
      downloadToDirectory(files, which, target, { onProgress }),
    );
    expect(down.calls).toBe(3);
    expect(down.error.cause).toBe(thrown);
    expect(down.error.successful.length).toBeLessThan(12);
    expect(
      down.error.successful.length + down.error.unknown.length + down.error.failed.length,
    ).toBe(COUNT);
    const arrived = await readdir(target);
    expect(arrived.filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(arrived.length).toBe(down.error.successful.length);
  },
);
