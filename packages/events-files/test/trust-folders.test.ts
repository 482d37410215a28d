import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, AuthError, type CdfError, NetworkError } from '@cdf/core';
import { type Checksum, FilesApi } from '@cdf/events-files';
import {
  downloadToDirectory,
  downloadToPath,
  planPaths,
  sha256,
  uploadDirectory,
} from '@cdf/events-files/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeFiles, isSame, pattern } from './fake-files.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-folders-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const setUp = (): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  return { fake, files: new FilesApi(fake.transport) };
};

const failing = (promise: Promise<unknown>): Promise<CdfError> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe('a belief about files: a name tells them apart', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'logs'));
    await writeFile(join(folder, 'a.txt'), 'a');
    await writeFile(join(folder, 'logs', 'a.txt'), 'bb');
  });

  const idsOf = (fake: FakeFiles): unknown[] =>
    [...fake.files.values()].map(({ externalId }) => externalId);

  it('is false: the external id is the path in CDF, unless another one or no id is requested', async () => {
    for (const [options, ids] of [
      [{}, ['/a.txt', '/logs/a.txt']],
      [{ directory: '/plant' }, ['/plant/a.txt', '/plant/logs/a.txt']],
      [{ externalId: false }, [undefined, undefined]],
      [
        {
          directory: '/plant',
          describe: (path: string) => (path === 'a.txt' ? { externalId: 'x' } : {}),
        },
        ['x', '/plant/logs/a.txt'],
      ],
      [{ describe: () => ({ externalId: false }) }, [undefined, undefined]],
      [
        { externalId: false, describe: (path: string) => ({ externalId: `own ${path}` }) },
        ['own a.txt', 'own logs/a.txt'],
      ],
    ] as const) {
      const { fake, files } = setUp();
      await uploadDirectory(files, folder, options as never);
      // They go up side by side, in any order.
      expect(idsOf(fake).sort()).toEqual([...ids].sort());
    }
  });

  it('is not needed: what is there is skipped and reported', async () => {
    const { fake, files } = setUp();
    const first = await uploadDirectory(files, folder);
    expect(first.map(({ skipped }) => skipped)).toEqual([false, false]);
    await writeFile(join(folder, 'new.txt'), 'c');
    fake.steps.length = 0;
    const seen: number[] = [];
    const second = await uploadDirectory(files, folder, { onProgress: (done) => seen.push(done) });
    expect(second.map(({ path, skipped }) => [path, skipped])).toEqual([
      ['a.txt', true],
      ['logs/a.txt', true],
      ['new.txt', false],
    ]);
    expect(fake.steps.filter((step) => step.startsWith('PUT'))).toHaveLength(1);
    expect([fake.files.size, seen.at(-1)]).toEqual([3, 4]);
  });

  it('is not needed: other content is refused, of the same size too, unless overwrite', async () => {
    const { fake, files } = setUp();
    await uploadDirectory(files, folder, { parallelFiles: 1 });
    await writeFile(join(folder, 'a.txt'), 'x');
    const error = await failing(uploadDirectory(files, folder));
    expect(error.message).toContain('exists with other content; pass overwrite');
    expect(error).toMatchObject({ failed: ['a.txt'], successful: ['logs/a.txt'], unknown: [] });
    expect(new TextDecoder().decode(fake.bytesOf('a.txt'))).toBe('a');
    const again = await uploadDirectory(files, folder, { overwrite: true });
    expect(again.map(({ skipped }) => skipped)).toEqual([false, true]);
    expect([fake.files.size, new TextDecoder().decode(fake.files.get(1)?.bytes)]).toEqual([2, 'x']);
  });

  it('is false: a file that lost its stored bytes is not skipped, nor one without a checksum', async () => {
    const { fake, files } = setUp();
    await uploadDirectory(files, folder, { parallelFiles: 1 });
    Object.assign(fake.files.get(1) ?? {}, { bytes: new Uint8Array(0) });
    expect((await failing(uploadDirectory(files, folder))).failed).toEqual(['a.txt']);
    fake.add({ name: 'b.txt', externalId: '/b.txt' }, new TextEncoder().encode('b'));
    await writeFile(join(folder, 'b.txt'), 'b');
    expect((await failing(uploadDirectory(files, folder))).failed).toEqual(['a.txt', 'b.txt']);
  });

  const big = pattern(7_000_000);
  it.each<[string, (files: FilesApi, bytes: Uint8Array) => Promise<unknown>]>([
    [
      'uploadContent',
      (files, bytes) => files.uploadContent({ externalId: '/a.txt' }, bytes as never),
    ],
    [
      'upload with overwrite',
      (files, bytes) =>
        files.upload(bytes as never, { name: 'a.txt', externalId: '/a.txt' }, { overwrite: true }),
    ],
    [
      'an upload that is resumed',
      async (files, bytes) => {
        let session = '';
        const keep = (each: object): never => {
          session = JSON.stringify(each);
          throw new Error('enough');
        };
        const identifier = { externalId: '/a.txt' };
        await failing(files.uploadContent(identifier, bytes as never, { onSession: keep }));
        await files.resumeUpload(JSON.parse(session), bytes as never);
      },
    ],
  ])('is false of a checksum whose bytes were replaced: %s', async (_, replace) => {
    const small = _.includes('resumed') ? [] : [new TextEncoder().encode('b')];
    for (const bytes of [...small, big]) {
      const { fake, files } = setUp();
      await uploadDirectory(files, folder);
      await replace(files, bytes);
      // Two files have the name.
      const stored = [...fake.files.values()].find(({ externalId }) => externalId === '/a.txt');
      expect(isSame(stored?.bytes, bytes)).toBe(true);
      const options = { checksum: sha256 };
      expect((await failing(files.download({ externalId: '/a.txt' }, options))).message).toContain(
        'no checksum sha256',
      );
      const again = await uploadDirectory(files, folder, { overwrite: true });
      expect(again.map(({ skipped }) => skipped)).toEqual([false, true]);
      expect(
        new TextDecoder().decode(await files.download({ externalId: '/a.txt' }, options)),
      ).toBe('a');
    }
  });

  const md5: Checksum = {
    name: 'md5',
    create: () => {
      const hash = createHash('md5');
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
    },
  };
  it.each([
    ['of one request', pattern(9, 1), pattern(9, 2), sha256],
    ['of parts', big, pattern(big.length, 2), sha256],
    ['of another checksum', pattern(9, 1), pattern(9, 2), md5],
  ])(
    'is false of an overwrite that was stopped at any step: %s',
    async (_, old, fresh, checksum) => {
      const path = join(folder, 'a.txt');
      const options = { overwrite: true, checksum, exclude: /logs/, parallelParts: 1 };
      for (let at = 0, isStopped = true; isStopped; at += 1) {
        const { fake, files } = setUp();
        const upload = async (content: Uint8Array): Promise<void> => {
          await writeFile(path, content);
          await uploadDirectory(files, folder, options);
        };
        await upload(old);
        const last = fake.steps.length + at;
        fake.interference.before = ({ index }) => {
          if (index >= last) throw new NetworkError('gone', { delivery: 'unknown' });
        };
        isStopped = await upload(fresh).then(
          () => false,
          () => true,
        );
        fake.interference = {};
        await upload(old);
        const stored = await files.download({ externalId: '/a.txt' }, { checksum });
        expect(isSame(stored, old)).toBe(true);
      }
    },
  );

  it('is true of a checksum that comes with the new bytes, and of one that is the own of a caller', async () => {
    const { fake, files } = setUp();
    const digest = 'A'.repeat(64);
    const file = { name: 'c', externalId: 'c', metadata: { sha256: digest } };
    await files.upload(new Blob(['c']), file);
    await files.upload(new Blob(['c']), file, { overwrite: true });
    expect(fake.files.get(1)?.metadata).toEqual({ sha256: digest });
    expect(fake.steps).not.toContain('POST /files/update');
    await files.uploadContent({ externalId: 'c' }, new Blob(['c']), { checksum: sha256 });
    expect(fake.files.get(1)?.metadata).toEqual({
      sha256: createHash('sha256').update('c').digest('hex'),
    });
    fake.add({ name: 'd', externalId: 'd', metadata: { sha256: 'see the log' } }, pattern(3));
    await files.uploadContent({ externalId: 'd' }, new Blob(['d']));
    expect(fake.files.get(2)?.metadata).toEqual({ sha256: 'see the log' });
  });

  it('is not needed: an upload that was interrupted goes on', async () => {
    const { fake, files } = setUp();
    // A killed process leaves an entry without bytes.
    fake.add({ name: 'a.txt', externalId: '/logs/a.txt' });
    const controller = new AbortController();
    fake.interference.after = ({ name }) =>
      name === 'PUT single' && controller.abort(new Error('enough'));
    await failing(uploadDirectory(files, folder, { signal: controller.signal, parallelFiles: 1 }));
    fake.interference = {};
    await uploadDirectory(files, folder).catch(() =>
      uploadDirectory(files, folder, { overwrite: true }),
    );
    const last = await uploadDirectory(files, folder);
    expect(last.map(({ skipped }) => skipped)).toEqual([true, true]);
    expect(fake.files.size).toBe(2);
  });

  it('works with credentials that may only write', async () => {
    const { fake, files } = setUp();
    const reads = ['POST /files/downloadlink', 'POST /files/byids'];
    fake.interference.before = ({ name }) => {
      if (reads.includes(name)) throw new AuthError('no', { status: 403 });
    };
    expect(await uploadDirectory(files, folder)).toHaveLength(2);
  });
});

describe('a belief about errors: what was refused had no effect', () => {
  const cut = pattern(3);
  it.each([
    ['the checksum of a new file', 'POST /files/update', false],
    ['the checksum of a file that is replaced', 'POST /files/update', true],
    ['the check of the length', 'POST /files/downloadlink', true],
    ['and another length is stored', '', true],
  ])('is false of a file once its bytes are stored: %s', async (_, step, overwrite) => {
    for (const bytes of [pattern(9), pattern(7_000_000)]) {
      const { fake, files } = setUp();
      const path = join(folder, 'a.txt');
      await writeFile(path, pattern(4, 2));
      if (overwrite) await uploadDirectory(files, folder);
      await writeFile(path, bytes);
      let isStored = false;
      fake.interference.after = ({ name }) => {
        if (!/^PUT single|completemultipart/.test(name)) return;
        isStored = true;
        if (step === '') Object.assign(fake.files.get(1) ?? {}, { bytes: cut });
      };
      fake.interference.before = ({ name }) => {
        if (isStored && name === step) throw new ApiError('no', { status: 400 });
      };
      const error = await failing(uploadDirectory(files, folder, { overwrite, verify: true }));
      expect(error).toMatchObject({ successful: [], unknown: ['a.txt'], failed: [] });
      expect(error.errors[0]).toMatchObject({ delivery: 'unknown', entry: 'kept' });
    }
  });

  it('is true before', async () => {
    const { fake, files } = setUp();
    await writeFile(join(folder, 'a.txt'), 'a');
    fake.interference.before = ({ name }) => {
      if (name === 'PUT single') throw new ApiError('no', { status: 400 });
    };
    const error = await failing(uploadDirectory(files, folder));
    expect(error).toMatchObject({ unknown: [], failed: ['a.txt'] });
  });
});

describe('a belief about the API: files that were listed can be downloaded', () => {
  it('is false: pending, deleted and refused ones do not stop the others', async () => {
    const { fake, files } = setUp();
    const all = Array.from({ length: 150 }, (_, index) =>
      fake.add({ name: `${index}` }, pattern(10 + index)),
    );
    const [pending, deleted, refused] = [all[3], all[70], all[120]].map(
      (file) => file?.id as number,
    );
    Object.assign(fake.files.get(pending as number) ?? {}, { uploaded: false });
    fake.files.delete(deleted as number);
    fake.onDownload = (answer, _, __, url) => {
      if (url.includes(`/download/${refused}?`)) throw new AuthError('no', { status: 403 });
      return answer;
    };
    const error = await failing(downloadToDirectory(files, all, folder));
    const account = error as CdfError<{ id: number }>;
    expect(account.failed.map(({ id }) => id)).toEqual([pending, deleted, refused]);
    expect(account.successful).toHaveLength(147);
    expect(error.errors).toHaveLength(3);
    expect(await readdir(folder)).toHaveLength(147);
    expect(fake.steps.filter((step) => step === 'POST /files/downloadlink').length).toBeLessThan(
      60,
    );
  });

  it('is false: identifiers that are unknown do not stop the others', async () => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'a' }, pattern(10));
    const error = await failing(
      downloadToDirectory(files, [{ id: 99 }, { id }, { externalId: 'none' }], folder),
    );
    expect(error.failed).toEqual([{ id: 99 }, { externalId: 'none' }]);
    expect(error).toMatchObject({ code: 'not-found', successful: [{ id }] });
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('is false of the credentials: 401 stops', async () => {
    const { fake, files } = setUp();
    const all = Array.from({ length: 50 }, () => fake.add({ name: 'a' }, pattern(10)));
    fake.interference.before = ({ name }) => {
      if (name === 'POST /files/downloadlink') throw new AuthError('no', { status: 401 });
    };
    expect((await failing(downloadToDirectory(files, all, folder))).failed).toHaveLength(50);
    expect(fake.steps.length).toBeLessThan(20);
  });
});

describe('a belief about disks: they have room', () => {
  it('is false: what failed while it was written is failed, and not as if it was never sent', async () => {
    const { fake, files } = setUp();
    const all = ['a', 'b', 'c'].map((name) => fake.add({ name }, pattern(10)));
    await mkdir(join(folder, 'b'));
    const error = await failing(downloadToDirectory(files, all, folder, { parallelFiles: 1 }));
    const account = error as CdfError<{ name: string }>;
    expect(account.failed.map(({ name }) => name)).toEqual(['b']);
    expect([account.unknown, account.notAttempted]).toEqual([[], []]);
    expect(error.message).not.toContain('never sent');
  });

  it('and an abort leaves the others as never sent', async () => {
    const { fake, files } = setUp();
    const all = ['a', 'b', 'c'].map((name) => fake.add({ name }, pattern(10)));
    const controller = new AbortController();
    fake.beforeDownload = async () => controller.abort(new Error('enough'));
    const { signal } = controller;
    const error = await failing(
      downloadToDirectory(files, all, folder, { parallelFiles: 1, signal }),
    );
    expect([error.failed.length, error.unknown, error.notAttempted.length]).toEqual([3, [], 2]);
  });
});

describe('a belief about names: few files share one', () => {
  it('is false: 8,000 files of one name take linear time', () => {
    const start = performance.now();
    const paths = planPaths(Array.from({ length: 8000 }, () => ({ name: 'same.txt' })));
    expect(new Set(paths).size).toBe(8000);
    // Quadratic time would be half a minute.
    expect(performance.now() - start).toBeLessThan(3000);
    expect(planPaths([{ name: 'a' }, { name: 'a (1)' }, { name: 'a' }, { name: 'A' }])).toEqual([
      'a',
      'a (1)',
      'a (2)',
      'A (3)',
    ]);
  });
});

describe('a belief about disks: a folder stays what it was', () => {
  it('is false: a folder that was swapped for a link is not followed', async () => {
    const { fake, files } = setUp();
    const file = fake.add({ name: 'x', directory: '/sub' }, pattern(1000));
    const [target, outside] = [join(folder, 'target'), join(folder, 'outside')];
    await mkdir(join(target, 'sub'), { recursive: true });
    await mkdir(outside);
    const swap = async (): Promise<void> => {
      await rename(join(target, 'sub'), join(target, 'old'));
      await symlink(outside, join(target, 'sub'));
    };
    fake.beforeDownload = swap;
    const error = await failing(
      downloadToDirectory(files, [file], target, { keepDirectories: true }),
    );
    expect(error.message).toContain('was replaced by a link');
    expect([await readdir(outside), await readdir(join(target, 'old')), fake.openBodies]).toEqual([
      [],
      [],
      0,
    ]);
  });

  it('is true of the mode of a file: it stays', async () => {
    const { fake, files } = setUp();
    const file = fake.add({ name: 'a.bin' }, pattern(1000));
    const path = join(folder, 'a.bin');
    for (const mode of [0o600, 0o666, 0o755]) {
      await writeFile(path, 'old');
      await chmod(path, mode);
      await downloadToPath(files, { id: file.id }, path);
      expect((await stat(path)).mode & 0o7777).toBe(mode);
      await downloadToDirectory(files, [file], folder);
      expect((await stat(path)).mode & 0o7777).toBe(mode);
      expect(isSame(await readFile(path), pattern(1000))).toBe(true);
    }
  });

  const lines = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('is true of pipes, devices and directories: they are refused, and nothing is sent', async () => {
    const { fake, files } = setUp();
    const file = fake.add({ name: 'pipe' }, lines('new'));
    const pipe = join(folder, 'pipe');
    const server = createServer().listen(pipe);
    await once(server, 'listening');
    await symlink(pipe, join(folder, 'link'));
    for (const path of [pipe, join(folder, 'link'), '/dev/null', folder, join(folder, '.')])
      expect((await failing(downloadToPath(files, { id: file.id }, path))).message).toContain(
        'exists and is not a file',
      );
    const missing = `${join(folder, 'new')}/`;
    expect((await failing(downloadToPath(files, { id: file.id }, missing))).message).toContain(
      'names a directory',
    );
    expect(fake.steps).toEqual([]);
    expect((await failing(downloadToDirectory(files, [file], folder))).message).toContain(
      'is not a file',
    );
    expect([(await stat(pipe)).isSocket(), fake.openBodies]).toEqual([true, 0]);
    expect((await readdir(folder)).sort()).toEqual(['link', 'pipe']);
    server.close();
  });

  it('is true of a link to a file: the link stays, and its target is replaced', async () => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'a' }, lines('new'));
    await mkdir(join(folder, 'deep'));
    const [target, link] = [join(folder, 'deep', 'target'), join(folder, 'link')];
    await symlink(join('deep', 'target'), link);
    await downloadToPath(files, { id }, link);
    expect(await readFile(target, 'utf8')).toBe('new');
    await writeFile(target, 'old');
    await chmod(target, 0o600);
    await downloadToPath(files, { id }, link);
    expect(await readlink(link)).toBe(join('deep', 'target'));
    expect([await readFile(target, 'utf8'), (await stat(target)).mode & 0o7777]).toEqual([
      'new',
      0o600,
    ]);
    await symlink('round', join(folder, 'round'));
    expect((await failing(downloadToPath(files, { id }, join(folder, 'round')))).message).toContain(
      'ELOOP',
    );
  });

  it('is false of a link in a directory of downloads: it is replaced, with the mode of its target', async () => {
    const { fake, files } = setUp();
    const file = fake.add({ name: 'link' }, lines('new'));
    const target = join(folder, 'target');
    await writeFile(target, 'old');
    await chmod(target, 0o600);
    await symlink(target, join(folder, 'link'));
    await downloadToDirectory(files, [file], folder);
    const { mode } = await lstat(join(folder, 'link'));
    expect([await readFile(target, 'utf8'), mode & 0o7777]).toEqual(['old', 0o600]);
    expect(await readFile(join(folder, 'link'), 'utf8')).toBe('new');
  });

  it.each(['n'.repeat(212), 'n'.repeat(255), '😀'.repeat(63)])(
    'is true of any name that the disk accepts',
    async (name) => {
      const { fake, files } = setUp();
      const { id } = fake.add({ name: 'a' }, lines('new'));
      await writeFile(join(folder, name), 'old');
      await downloadToPath(files, { id }, join(folder, name));
      expect(await readdir(folder)).toEqual([name]);
      expect(await readFile(join(folder, name), 'utf8')).toBe('new');
    },
  );

  it('and a checksum is compared with what was stored by uploadDirectory', async () => {
    const { files } = setUp();
    await writeFile(join(folder, 'a.bin'), pattern(1000));
    const [stored] = await uploadDirectory(files, folder);
    expect(
      isSame(
        await files.download({ id: stored?.file.id as number }, { checksum: sha256 }),
        pattern(1000),
      ),
    ).toBe(true);
  });
});
