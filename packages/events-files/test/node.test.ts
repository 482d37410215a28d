import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CdfError, ConfigError } from '@cdf/core';
import { FilesApi } from '@cdf/events-files';
import {
  downloadToDirectory,
  downloadToPath,
  fromPath,
  planPaths,
  safeName,
  sha256,
  uploadDirectory,
} from '@cdf/events-files/node';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeFiles, isSame, pattern } from './fake-files.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const setUp = (): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  return { fake, files: new FilesApi(fake.transport) };
};

const HOSTILE = [
  '../../x',
  'C:\\x',
  '/etc/x',
  'con',
  'CON.txt',
  'a\0b',
  'x'.repeat(300),
  `${'😀'.repeat(100)}.png`,
  '😀',
  'same.txt',
  'SAME.txt',
  'same.txt',
  '.',
  '..',
  '',
  ' . ',
  'trailing. ',
  'a/b',
  'lpt1.log',
  'e\u0301',
  '\u00e9',
  '\ud800',
  'abc\u202etxt.exe',
];

describe('fromPath', () => {
  it('uploads a file by its name and MIME type, in parts', async () => {
    const { fake, files } = setUp();
    const bytes = pattern(11 * 1024 * 1024);
    await writeFile(join(folder, 'data.csv'), bytes);
    const seen: number[] = [];
    const onProgress = (done: number): void => void seen.push(done);
    const options = { partSize: 5_300_000, checksum: sha256, onProgress };
    const stored = await files.upload(fromPath(join(folder, 'data.csv')), {}, options);
    expect([seen.length > 100, seen.at(-1)]).toEqual([true, bytes.length]);
    expect(stored).toMatchObject({ name: 'data.csv', mimeType: 'text/csv' });
    expect(stored.metadata?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(isSame(fake.bytesOf('data.csv'), bytes)).toBe(true);
    expect(isSame(await files.download({ id: stored.id }, { checksum: sha256 }), bytes)).toBe(true);
  });

  it.each([
    ['a.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['a.DOCX', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a.pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    ['a.xls', 'application/vnd.ms-excel'],
    ['a.parquet', 'application/vnd.apache.parquet'],
    ['a.dwg', 'image/vnd.dwg'],
    ['a.constructor', undefined],
    ['xlsx', undefined],
  ])('knows the type of %s', async (name, type) => {
    const { files } = setUp();
    await writeFile(join(folder, name), 'a');
    expect((await files.upload(fromPath(join(folder, name)))).mimeType).toBe(type);
  });

  it('says what to install where nothing knows MIME types', async () => {
    const { fake, files } = setUp();
    await writeFile(join(folder, 'data.csv'), 'a');
    vi.doMock('mrmime', () => {
      throw new Error('Cannot find package');
    });
    const error = await files.upload(fromPath(join(folder, 'data.csv'))).catch((each) => each);
    vi.doUnmock('mrmime');
    expect(ConfigError.isInstance(error)).toBe(true);
    expect(error.message).toContain('npm install mrmime');
    expect(fake.steps).toEqual([]);
  });

  it('refuses a path that is not a file before sending anything', async () => {
    const { fake, files } = setUp();
    await expect(files.upload(fromPath(folder))).rejects.toThrow(/use uploadDirectory/);
    const error = await files.upload(fromPath(join(folder, 'none'))).catch((each) => each);
    expect(ConfigError.isInstance(error)).toBe(true);
    expect(error.message).toContain('none');
    expect(fake.steps).toEqual([]);
  });

  it('fails when the file changes while it goes up', async () => {
    const { fake, files } = setUp();
    const path = join(folder, 'log.txt');
    await writeFile(path, pattern(1000));
    const content = await fromPath(path).open();
    await writeFile(path, pattern(2000));
    await expect(files.upload(content, { name: 'log.txt' })).rejects.toMatchObject({
      code: 'upload',
      entry: 'deleted',
    });
    expect(fake.files.size).toBe(0);
  });
});

describe('uploadDirectory', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'logs', 'old'), { recursive: true });
    await writeFile(join(folder, 'a.txt'), 'a');
    await writeFile(join(folder, 'logs', 'b.log'), 'bb');
    await writeFile(join(folder, 'logs', 'old', 'c.log'), 'ccc');
    await symlink(join(folder, 'a.txt'), join(folder, 'link.txt'));
    await symlink(folder, join(folder, 'logs', 'loop'));
  });

  it('keeps the directories, and follows no links', async () => {
    const { fake, files } = setUp();
    const seen: [number, number | undefined][] = [];
    const uploaded = await uploadDirectory(files, folder, {
      directory: '/plant',
      describe: (path) => ({ externalId: `up/${path}` }),
      onProgress: (...each) => seen.push(each),
    });
    expect(
      uploaded.map(({ path, file }) => [path, file.name, file.directory, file.externalId]),
    ).toEqual([
      ['a.txt', 'a.txt', '/plant', 'up/a.txt'],
      ['logs/b.log', 'b.log', '/plant/logs', 'up/logs/b.log'],
      ['logs/old/c.log', 'c.log', '/plant/logs/old', 'up/logs/old/c.log'],
    ]);
    expect(fake.bytesOf('c.log')).toEqual(new Uint8Array(Buffer.from('ccc')));
    expect(seen.at(-1)).toEqual([6, 6]);
  });

  it('takes what it is asked to take', async () => {
    const { files } = setUp();
    const names = async (options: object): Promise<string[]> =>
      (await uploadDirectory(files, folder, options)).map(({ path }) => path);
    expect(await names({ recursive: false })).toEqual(['a.txt']);
    expect(await names({ include: /\.log$/g })).toEqual(['logs/b.log', 'logs/old/c.log']);
    expect(await names({ exclude: (path: string) => path.startsWith('logs/old/') })).toEqual([
      'a.txt',
      'logs/b.log',
    ]);
  });

  it('waits for what it is told about files', async () => {
    const { files } = setUp();
    const uploaded = await uploadDirectory(files, folder, {
      include: async (path) => path !== 'a.txt',
      exclude: async (path) => path.includes('old'),
      describe: async (path) => ({ externalId: `up/${path}`, source: 'scanner' }),
    });
    expect(uploaded.map(({ file }) => [file.externalId, file.source])).toEqual([
      ['up/logs/b.log', 'scanner'],
    ]);
  });

  it.each([false, true])(
    'refuses one external id for two files before anything is sent, overwrite %s',
    async (overwrite) => {
      const { fake, files } = setUp();
      const error = await uploadDirectory(files, folder, {
        overwrite,
        describe: (path) => (path === 'a.txt' ? {} : { externalId: 'log' }),
      }).catch((each) => each);
      expect(ConfigError.isInstance(error)).toBe(true);
      expect(error.message).toContain(
        '"logs/b.log" and "logs/old/c.log" have the same externalId "log"',
      );
      expect(fake.steps).toEqual([]);
    },
  );

  it('runs to the end, and accounts for every path', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name, index }) => {
      if (name === 'PUT single' && index === 2)
        throw new CdfError('refused', { delivery: 'refused' });
    };
    const error = await uploadDirectory(files, folder, { parallelFiles: 1 }).catch(
      (each: CdfError) => each,
    );
    expect(error).toMatchObject({
      successful: ['logs/b.log', 'logs/old/c.log'],
      failed: ['a.txt'],
      unknown: [],
    });
    await expect(uploadDirectory(files, join(folder, 'a.txt'))).rejects.toThrow(ConfigError);
  });
});

describe('safe names', () => {
  it('leave harmless names alone', () => {
    for (const name of ['a.txt', 'Größe 2.csv', '.hidden', '日本.png', 'a-b_c (1).tar.gz'])
      expect(safeName(name)).toBe(name);
  });

  it('keep any files apart and inside, whatever they are called', () => {
    const part = fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const file = fc.record({
      name: part,
      directory: fc.array(part, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
    });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 20 }), fc.boolean(), (files, keepDirectories) => {
        const paths = planPaths(files, { keepDirectories });
        const names = paths.flatMap((path) => path.split('/'));
        const isHarmless = (name: string): boolean =>
          !/^\.{0,2}$|[\\:*?"<>|\p{Cc}]|[. ]$/u.test(name) &&
          Buffer.byteLength(name) <= 200 &&
          Buffer.from(name).toString() === name;
        expect(names.filter((name) => !isHarmless(name))).toEqual([]);
        const all = new Set(paths.map((path) => path.toLowerCase().normalize('NFC')));
        expect(all.size).toBe(files.length);
        expect(paths.filter((path) => paths.some((other) => other.startsWith(`${path}/`)))).toEqual(
          [],
        );
      }),
    );
  });
});

describe('downloading to disk', () => {
  it('keeps hostile names inside of the directory, and apart', async () => {
    const { fake, files } = setUp();
    const stored = HOSTILE.map((name, index) =>
      fake.add({ name, directory: '/../..//up' }, pattern(100 + index)),
    );
    for (const keepDirectories of [false, true]) {
      const target = join(folder, 'deep', 'target');
      const downloaded = await downloadToDirectory(files, stored, target, { keepDirectories });
      expect(downloaded).toHaveLength(HOSTILE.length);
      for (const [index, { path, file }] of downloaded.entries()) {
        expect(path.startsWith(`${target}/`)).toBe(true);
        expect(file.id).toBe(stored[index]?.id);
        expect(isSame(await readFile(path), pattern(100 + index))).toBe(true);
      }
      const written = await readdir(target, { recursive: true, withFileTypes: true });
      expect(written.filter((entry) => entry.isFile())).toHaveLength(HOSTILE.length);
      expect(await readdir(folder)).toEqual(['deep']);
      expect(await readdir(join(folder, 'deep'))).toEqual(['target']);
      await rm(join(folder, 'deep'), { recursive: true });
    }
  });

  it('does not follow a link out of the directory', async () => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'x', directory: '/sub/deeper' }, pattern(3));
    await mkdir(join(folder, 'target'));
    await mkdir(join(folder, 'outside'));
    await symlink(join(folder, 'outside'), join(folder, 'target', 'sub'));
    const download = downloadToDirectory(files, [{ id }], join(folder, 'target'), {
      keepDirectories: true,
    });
    await expect(download).rejects.toThrow(/leads outside the directory/);
    expect(await readdir(join(folder, 'outside'))).toEqual([]);
  });

  it('asks for links 100 at a time and has few bodies open', async () => {
    const { fake, files } = setUp();
    const ids = Array.from({ length: 230 }, () => ({
      id: fake.add({ name: 'same.bin' }, pattern(70_000)).id,
    }));
    const seen: number[] = [];
    const options = { parallelFiles: 3, onProgress: (done: number) => seen.push(done) };
    const downloaded = await downloadToDirectory(files, ids, folder, options);
    expect(new Set(downloaded.map(({ path }) => path)).size).toBe(230);
    expect(fake.steps.filter((step) => step === 'POST /files/downloadlink')).toHaveLength(3);
    expect(fake.mostOpenBodies).toBeLessThanOrEqual(3);
    expect(seen.at(-1)).toBe(230);
  });

  it('renews links that have expired for all of their batch at once', async () => {
    const { fake, files } = setUp();
    const ids = Array.from({ length: 20 }, () => ({ id: fake.add({ name: 'a' }, pattern(10)).id }));
    for (let link = 1; link <= 20; link += 1)
      fake.expiredLinks.add(`https://store/download/${link}?link=${link}`);
    await downloadToDirectory(files, ids, folder, { parallelFiles: 4 });
    expect(fake.steps.filter((step) => step === 'POST /files/downloadlink')).toHaveLength(2);
  });

  it('leaves a file that is there alone until the new one is complete', async () => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'a.bin' }, pattern(100_000));
    const path = join(folder, 'a.bin');
    await writeFile(path, 'old');
    fake.interference.before = ({ name }) => {
      if (name === 'GET download') throw new CdfError('refused');
    };
    await expect(downloadToPath(files, { id }, path)).rejects.toThrow('refused');
    fake.interference = {};
    fake.cuts = new Array(20).fill(0);
    await expect(downloadToPath(files, { id }, path)).rejects.toThrow('reset');
    fake.cuts = [];
    const controller = new AbortController();
    const stopped = downloadToPath(files, { id }, path, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await readFile(path, 'utf8')).toBe('old');
    await downloadToPath(files, { id }, path);
    expect(isSame(await readFile(path), pattern(100_000))).toBe(true);
    expect(await readdir(folder)).toEqual(['a.bin']);
  });

  it('accounts for every file when some fail', async () => {
    const { fake, files } = setUp();
    const stored = ['a', 'b', 'c'].map((name) => fake.add({ name }, pattern(10)));
    fake.interference.before = ({ name, index }) => {
      if (name === 'GET download' && index === 1) throw new CdfError('refused');
    };
    const error = await downloadToDirectory(files, stored, folder, { parallelFiles: 1 }).catch(
      (each: CdfError) => each,
    );
    expect((error as CdfError<{ name: string }>).failed.map(({ name }) => name)).toEqual(['a']);
    expect((error as CdfError).successful).toHaveLength(2);
    expect((await readdir(folder)).sort()).toEqual(['b', 'c']);
  });

  it('says so when a directory cannot be written to', async () => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'a' }, pattern(10));
    await writeFile(join(folder, 'file'), 'x');
    await chmod(folder, 0o700);
    await expect(downloadToPath(files, { id }, join(folder, 'file', 'a'))).rejects.toThrow(
      /ENOTDIR/,
    );
    expect(fake.openBodies).toBe(0);
  });
});
