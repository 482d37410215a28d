import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CdfError, ConfigError } from '@cdf/core';
import { FilesApi } from '@cdf/events-files';
import {
  downloadToDirectory,
  downloadToPath,
  fromPath,
  type UploadDirectoryOptions,
  uploadDirectory,
} from '@cdf/events-files/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeFiles } from './fake-files.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-paths-'));
  await writeFile(join(folder, 'a.txt'), 'a');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BYTES = new TextEncoder().encode('new');

const setUp = (): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  return { fake, files: new FilesApi(fake.transport) };
};

const problemOf = (outcome: Promise<unknown>): Promise<CdfError> =>
  outcome.then(
    () => Promise.reject(new Error('did not fail')),
    (error: CdfError) => {
      expect(CdfError.isInstance(error), String(error)).toBe(true);
      return error;
    },
  );

describe('uploadDirectory', () => {
  it('tells of links that it does not follow, as far as they were selected', async () => {
    const { files } = setUp();
    await mkdir(join(folder, 'logs'));
    await symlink('a.txt', join(folder, 'link.txt'));
    await symlink(folder, join(folder, 'logs', 'loop'));
    await symlink('gone', join(folder, 'logs', 'old'));
    const leftOut = async (options: UploadDirectoryOptions): Promise<string[]> => {
      const told: string[] = [];
      const onLeftOut = (path: string): unknown => told.push(path);
      const uploaded = await uploadDirectory(files, folder, { ...options, onLeftOut });
      expect(uploaded.map(({ path }) => path)).toEqual(['a.txt']);
      return told;
    };
    expect(await leftOut({})).toEqual(['link.txt', 'logs/loop', 'logs/old']);
    expect(await leftOut({ exclude: /old$/ })).toEqual(['link.txt', 'logs/loop']);
    expect(await leftOut({ recursive: false })).toEqual(['link.txt']);
  });

  it('fails with a promise of onLeftOut that rejects, before anything is sent', async () => {
    const { files, fake } = setUp();
    await symlink('a.txt', join(folder, 'link.txt'));
    const onLeftOut = async (): Promise<never> => {
      throw new Error('no links, please');
    };
    await expect(uploadDirectory(files, folder, { onLeftOut })).rejects.toThrow('no links, please');
    expect(fake.steps).toEqual([]);
  });

  it.each(['C:\\data', 'c:/data', 'plant\\logs', '../x', '/a/../b', 'a/..', 5 as never])(
    'rejects directory: %j, which CDF does not have',
    async (directory) => {
      const { files } = setUp();
      const { code, message } = await problemOf(uploadDirectory(files, folder, { directory }));
      expect(code).toBe('config');
      expect(message).toContain('uploadDirectory: directory must be one of CDF, such as "/plant/');
    },
  );

  it('takes directories with dots and colons in their names', async () => {
    const { files } = setUp();
    for (const directory of ['/..a/b..', 'plant', '/', '/ab:c'])
      expect(await uploadDirectory(files, folder, { directory })).toHaveLength(1);
  });

  it.each(['include', 'exclude'])('rejects a glob as %s', async (name) => {
    const { files } = setUp();
    const { message } = await problemOf(uploadDirectory(files, folder, { [name]: '*.txt' }));
    expect(message).toBe(
      `uploadDirectory: ${name} must be a RegExp or a function, such as /\\.pdf$/, got the string "*.txt"`,
    );
  });
});

describe('paths', () => {
  it('may be file: URLs', async () => {
    const { fake, files } = setUp();
    const url = (name: string): URL => pathToFileURL(join(folder, name));
    const { id } = fake.add({ name: 'b ä.txt' }, BYTES);
    const file = { id };
    await downloadToPath(files, file, url('c d.txt'));
    expect(await readFile(join(folder, 'c d.txt'), 'utf8')).toBe('new');
    await downloadToDirectory(files, [file], url('sub'));
    expect(await readFile(join(folder, 'sub', 'b ä.txt'), 'utf8')).toBe('new');
    expect((await files.upload(fromPath(url('c d.txt')))).name).toBe('c d.txt');
    const uploaded = await uploadDirectory(files, url('sub'));
    expect(uploaded.map(({ path }) => path)).toEqual(['b ä.txt']);
  });

  it.each<[unknown, string]>([
    [new URL('https://a.b/c'), 'https://a.b/c is not the URL of a file on this machine'],
    [5, 'the path must be a string or a file: URL, got 5'],
    [undefined, 'the path must be a string or a file: URL, got undefined'],
  ])('are nothing else: %s', async (path, said) => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'b.txt' }, BYTES);
    const file = { id };
    const given = path as string;
    for (const call of [
      async () => fromPath(given),
      () => downloadToPath(files, file, given),
      () => downloadToDirectory(files, [file], given),
      () => uploadDirectory(files, given),
    ]) {
      const error = await problemOf(call());
      expect(ConfigError.isInstance(error)).toBe(true);
      expect(error.message).toContain(said);
    }
  });

  it('that cannot be written are errors of the SDK', async () => {
    const { fake, files } = setUp();
    const { id } = fake.add({ name: 'b.txt', directory: '/a.txt' }, BYTES);
    const file = { id };
    const at = (...names: string[]): string => join(folder, ...names);
    const taken = JSON.stringify(at('a.txt'));
    expect((await problemOf(downloadToDirectory(files, [file], at('a.txt')))).message).toBe(
      `download: ${taken} exists and is not a directory; download to another`,
    );
    const below = await problemOf(downloadToDirectory(files, [file], at('a.txt', 'x')));
    expect(below.message).toContain(
      `download: cannot create the directory ${JSON.stringify(at('a.txt', 'x'))}: ENOTDIR`,
    );
    expect((await problemOf(downloadToPath(files, file, at('no', 'such', 'x')))).message).toBe(
      `download: unknown folder ${JSON.stringify(at('no', 'such'))}; create it, or download to another`,
    );
    expect((await problemOf(downloadToPath(files, file, at('a.txt', 'x')))).message).toContain(
      `download: cannot write ${JSON.stringify(at('a.txt', 'x'))}: ENOTDIR`,
    );
    const { errors } = await problemOf(
      downloadToDirectory(files, [file], folder, { keepDirectories: true }),
    );
    expect(errors.map(String)).toEqual([
      expect.stringContaining(`download: cannot create the folder ${taken}: EEXIST`),
    ]);
    expect((await problemOf(downloadToPath(files, file, at('n'.repeat(300))))).message).toContain(
      'ENAMETOOLONG',
    );
  });
});
