import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryTokenStore, type StoredTokens, webTokenStore } from '../src/index.js';
import { fileTokenStore } from '../src/node/index.js';
import { eventually } from './helpers/server.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cdf-tokens-'));
});
afterEach(() => rm(root, { recursive: true }));

const TOKENS: StoredTokens = { accessToken: 'a', expiresAt: 5, refreshToken: 'r' };
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('a file token store', () => {
  it('keeps what it was given, for this user only, under names that say nothing', async () => {
    const folder = join(root, 'deep', 'tokens');
    await fileTokenStore(folder).update('https://login/tenant|client|me', async () => TOKENS);
    expect(await fileTokenStore(folder).update('https://login/tenant|client|me', async (found) => found)).toEqual(
      TOKENS,
    );
    expect(await fileTokenStore(folder).update('another key', async (found) => found)).toBeUndefined();
    const files = await readdir(folder);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^[0-9a-f]{32}\.json$/);
    expect([await mode(folder), await mode(join(folder, files[0] as string))]).toEqual(['700', '600']);
  });

  it('closes a folder that others could read', async () => {
    await chmod(root, 0o755);
    await fileTokenStore(root).update('k', async () => TOKENS);
    expect(await mode(root)).toBe('700');
  });

  it('forgets, and takes a broken file as none', async () => {
    const store = fileTokenStore(root);
    await store.update('k', async () => TOKENS);
    const [file] = await readdir(root);
    for (const broken of ['', '{"accessToken":', '[]', '{"accessToken":5}', 'null']) {
      await writeFile(join(root, file as string), broken);
      expect(await store.update('k', async (found) => (found === undefined ? TOKENS : found))).toEqual(TOKENS);
    }
    await store.update('k', async () => undefined);
    expect(await readdir(root)).toEqual([]);
  });

  it('lets one at a time rotate, among stores that know nothing of each other', async () => {
    // Each store has its own queue, as two processes have: only the lock file is between them.
    const stores = Array.from({ length: 4 }, () => fileTokenStore(root));
    let working = 0;
    const rotate = async (found: StoredTokens | undefined): Promise<StoredTokens> => {
      expect(++working).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      working--;
      return { accessToken: String(Number(found?.accessToken ?? 0) + 1) };
    };
    await Promise.all(stores.flatMap((store) => [store.update('k', rotate), store.update('k', rotate)]));
    const [file] = await readdir(root);
    expect(JSON.parse(await readFile(join(root, file as string), 'utf8'))).toEqual({ accessToken: '8' });
  });

  it('lets one at a time rotate, among processes', async () => {
    const program = `
      import { fileTokenStore } from '@cdf/core/node';
      const store = fileTokenStore(process.argv[1]);
      for (let round = 0; round < 15; round++)
        await store.update('k', async (found) => ({ accessToken: String(Number(found?.accessToken ?? 0) + 1) }));`;
    const parameters = ['--conditions=@cdf/source', '--import', 'tsx', '--input-type=module', '--eval', program, root];
    const cwd = new URL('..', import.meta.url);
    await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, parameters, { cwd })));
    expect(await fileTokenStore(root).update('k', async (found) => found)).toEqual({ accessToken: '45' });
  });

  it('can be given up while someone else holds the lock', async () => {
    const controller = new AbortController();
    let finish = (): void => {};
    const holding = fileTokenStore(root).update('k', () => new Promise((resolve) => (finish = () => resolve(TOKENS))));
    await eventually(() => readdir(root)).toHaveLength(1);
    const waiting = fileTokenStore(root).update('k', async () => ({ accessToken: 'never' }), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('abort');
    finish();
    expect(await holding).toEqual(TOKENS);
  });

  it('releases its lock when the work fails, and writes nothing', async () => {
    const store = fileTokenStore(root);
    await store.update('k', async () => TOKENS);
    await expect(store.update('k', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await fileTokenStore(root).update('k', async (found) => found)).toEqual(TOKENS);
    expect(await readdir(root)).toHaveLength(1);
  });

  it('takes over a lock that was left behind by a program that died', async () => {
    const store = fileTokenStore(root);
    await store.update('k', async () => TOKENS);
    const [file] = await readdir(root);
    const lock = join(root, (file as string).replace('.json', '.lock'));
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    expect(await store.update('k', async (found) => found)).toEqual(TOKENS);
    expect(await readdir(root)).toEqual([file]);
  });

  it('says so when its folder is none', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(fileTokenStore(join(root, 'file')).update('k', async () => TOKENS)).rejects.toThrow();
    await mkdir(join(root, 'fine'));
    await fileTokenStore(join(root, 'fine')).update('k', async () => TOKENS);
  });
});

describe('other token stores', () => {
  it('keep, forget, and let one at a time work', async () => {
    const entries = new Map<string, string>();
    const storage = {
      getItem: (name: string) => entries.get(name) ?? null,
      setItem: (name: string, value: string) => void entries.set(name, value),
      removeItem: (name: string) => void entries.delete(name),
    };
    for (const store of [memoryTokenStore(), webTokenStore(storage)]) {
      let working = 0;
      const work = async (found: StoredTokens | undefined): Promise<StoredTokens> => {
        expect(++working).toBe(1);
        await Promise.resolve();
        working--;
        return { accessToken: `${found?.accessToken ?? ''}x` };
      };
      await Promise.all([store.update('k', work), store.update('k', work), store.update('other', async () => TOKENS)]);
      expect(await store.update('k', async (found) => found)).toEqual({ accessToken: 'xx' });
      await expect(store.update('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      await store.update('k', async () => undefined);
      expect(await store.update('k', async (found) => found)).toBeUndefined();
    }
    expect([...entries.keys()]).toEqual(['cdf:other']);
  });
});
