import { execFile } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError, memoryTokenStore, type StoredTokens, webTokenStore } from '@cdf/core';
import { fileTokenStore } from '@cdf/core/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './helpers/server.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cdf-tokens-'));
});
afterEach(() => rm(root, { recursive: true }));

const ROUNDS = process.env.CDF_TEST_LONG === '1' ? 50 : 4;
const TOKENS: StoredTokens = { accessToken: 'a', expiresAt: 5, refreshToken: 'r' };
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('a file token store', () => {
  it('keeps what it was given, for this user only, under names that say nothing', async () => {
    const folder = join(root, 'deep', 'tokens');
    await fileTokenStore(folder).update('https://login/tenant|client|me', async () => TOKENS);
    expect(
      await fileTokenStore(folder).update('https://login/tenant|client|me', async (found) => found),
    ).toEqual(TOKENS);
    expect(
      await fileTokenStore(folder).update('another key', async (found) => found),
    ).toBeUndefined();
    const files = await readdir(folder);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^[0-9a-f]{32}\.json$/);
    expect([await mode(folder), await mode(join(folder, files[0] as string))]).toEqual([
      '700',
      '600',
    ]);
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
      expect(
        await store.update('k', async (found) => (found === undefined ? TOKENS : found)),
      ).toEqual(TOKENS);
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
    await Promise.all(
      stores.flatMap((store) => [store.update('k', rotate), store.update('k', rotate)]),
    );
    const [file] = await readdir(root);
    expect(JSON.parse(await readFile(join(root, file as string), 'utf8'))).toEqual({
      accessToken: '8',
    });
  });

  it('lets one at a time rotate, among processes', async () => {
    const program = `
      import { fileTokenStore } from '@cdf/core/node';
      const store = fileTokenStore(process.argv[1]);
      for (let round = 0; round < 15; round++)
        await store.update('k', async (found) => ({ accessToken: String(Number(found?.accessToken ?? 0) + 1) }));`;
    const parameters = [
      '--conditions=@cdf/source',
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      program,
      root,
    ];
    const cwd = new URL('..', import.meta.url);
    await Promise.all(
      [1, 2, 3].map(() => promisify(execFile)(process.execPath, parameters, { cwd })),
    );
    expect(await fileTokenStore(root).update('k', async (found) => found)).toEqual({
      accessToken: '45',
    });
  });

  it('can be given up while someone else holds the lock', async () => {
    const controller = new AbortController();
    let finish = (): void => {};
    const holding = fileTokenStore(root).update(
      'k',
      () => new Promise((resolve) => (finish = () => resolve(TOKENS))),
    );
    await eventually(() => readdir(root)).toHaveLength(1);
    const waiting = fileTokenStore(root).update(
      'k',
      async () => ({ accessToken: 'never' }),
      controller.signal,
    );
    controller.abort();
    await expect(waiting).rejects.toThrow('abort');
    finish();
    expect(await holding).toEqual(TOKENS);
  });

  it('releases its lock when the work fails, and writes nothing', async () => {
    const store = fileTokenStore(root);
    await store.update('k', async () => TOKENS);
    await expect(store.update('k', () => Promise.reject(new Error('refused')))).rejects.toThrow(
      'refused',
    );
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

  /** The lock, as it is when its owner has slept for a minute. */
  const age = async (): Promise<string> => {
    const name = (await readdir(root)).find((each) => each.endsWith('.lock')) ?? '';
    const then = new Date(Date.now() - 60_000);
    await utimes(join(root, name), then, then);
    return join(root, name);
  };
  /** An update that works until it is told its result. */
  const hold = async (): Promise<{
    update: Promise<unknown>;
    finish: (tokens: StoredTokens) => void;
  }> => {
    let finish: (tokens: StoredTokens) => void = () => {};
    let begun = false;
    const update = fileTokenStore(root).update('k', () => {
      begun = true;
      return new Promise((resolve) => (finish = resolve));
    });
    await eventually(() => begun).toBe(true);
    return { update, finish: (tokens) => finish(tokens) };
  };

  it('does not remove the lock of another when it wakes, and gives what that one has stored', async () => {
    const sleeper = await hold();
    const lock = await age();
    const second = await hold();
    const { ino } = await stat(lock);
    let third = false;
    const waiting = fileTokenStore(root).update('k', async (found) => {
      third = true;
      return found;
    });
    const order: string[] = [];
    void sleeper.update.then(() => order.push('sleeper'));
    sleeper.finish({ accessToken: 'of the sleeper' });
    // More steps than the sleeper takes to find that the lock is not its own.
    for (let look = 0; look < 100; look++)
      expect([(await stat(lock)).ino, third, order]).toEqual([ino, false, []]);
    second.finish(TOKENS);
    expect(await Promise.all([second.update, sleeper.update, waiting])).toEqual([
      TOKENS,
      TOKENS,
      TOKENS,
    ]);
    expect(await readdir(root)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)]);
  });

  it('stores what it got while it slept, where the other one has stored nothing', async () => {
    await fileTokenStore(root).update('k', async () => TOKENS);
    const sleeper = await hold();
    await age();
    await expect(
      fileTokenStore(root).update('k', () => Promise.reject(new Error('refused'))),
    ).rejects.toThrow();
    sleeper.finish({ accessToken: 'of the sleeper' });
    await sleeper.update;
    expect(await fileTokenStore(root).update('k', async (found) => found)).toEqual({
      accessToken: 'of the sleeper',
    });
  });

  it('is taken over by one at a time, of many that find the same lock left behind', async () => {
    const store = fileTokenStore(root);
    await store.update('k', async () => ({ accessToken: '0' }));
    const lock = join(root, ((await readdir(root))[0] as string).replace('.json', '.lock'));
    const then = new Date(Date.now() - 60_000);
    let working = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await writeFile(lock, 'of a program that died');
      await utimes(lock, then, then);
      const count = async (found: StoredTokens | undefined): Promise<StoredTokens> => {
        expect(++working).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        working--;
        return { accessToken: String(Number(found?.accessToken) + 1) };
      };
      await Promise.all(Array.from({ length: 5 }, () => fileTokenStore(root).update('k', count)));
    }
    expect(await store.update('k', async (found) => found)).toEqual({
      accessToken: String(5 * ROUNDS),
    });
    expect(await readdir(root)).toHaveLength(1);
  });

  it('removes temporary files and locks of programs that were killed, and not those of one that works', async () => {
    const names = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
    const then = new Date(Date.now() - 60_000);
    const [dead, alive, unlocked] = names as [string, string, string];
    for (const name of names)
      await writeFile(join(root, `${name}.json.0123456789ab`), '{"refreshToken":"r"}');
    for (const name of [dead, alive]) await writeFile(join(root, `${name}.lock`), '');
    for (const name of [`${dead}.lock`, `${unlocked}.lock.1234`]) {
      await writeFile(join(root, name), '');
      await utimes(join(root, name), then, then);
    }
    await writeFile(join(root, 'notes.json.txt'), 'not of the SDK');
    await fileTokenStore(root).update('k', async () => undefined);
    expect((await readdir(root)).sort()).toEqual([
      `${alive}.json.0123456789ab`,
      `${alive}.lock`,
      'notes.json.txt',
    ]);
  });

  it('refuses a folder that is a symbolic link, however it is written', async () => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere, { mode: 0o755 });
    await symlink(elsewhere, join(root, 'link'));
    await symlink(join(root, 'nowhere'), join(root, 'dangling'));
    for (const name of ['link', 'link/', 'link/.', 'elsewhere/../link', 'dangling', './link//']) {
      let worked = false;
      const update = fileTokenStore(`${root}/${name}`).update('k', async () => {
        worked = true;
        return TOKENS;
      });
      await expect(update).rejects.toMatchObject({
        code: 'config',
        message: expect.stringContaining('symbolic link'),
      });
      expect(worked).toBe(false);
    }
    expect([await readdir(elsewhere), await mode(elsewhere)]).toEqual([[], '755']);
    // A home below a link is not the program's to judge.
    await fileTokenStore(join(root, 'link', 'tokens')).update('k', async () => TOKENS);
    expect(await readdir(join(elsewhere, 'tokens'))).toHaveLength(1);
  });

  it('refuses a token file or lock that is a symbolic link or no file, and does not touch where it leads', async () => {
    const folder = join(root, 'tokens');
    const store = fileTokenStore(folder);
    await store.update('k', async () => TOKENS);
    const file = join(folder, (await readdir(folder))[0] as string);
    const target = join(root, 'target');
    const content = JSON.stringify({ accessToken: 'of someone else' });
    await writeFile(target, content);
    const attempts: [string, (path: string) => Promise<unknown>][] = [
      [file, (path) => symlink(target, path)],
      [file, (path) => symlink(join(root, 'nowhere'), path)],
      [file, (path) => symlink('/dev/zero', path)],
      [file, (path) => mkdir(path)],
      [file.replace('.json', '.lock'), (path) => symlink(target, path)],
    ];
    for (const [path, make] of attempts) {
      await rm(path, { recursive: true, force: true });
      await make(path);
      let worked = false;
      const update = store.update('k', async () => {
        worked = true;
        return TOKENS;
      });
      await expect(update).rejects.toMatchObject({ code: 'config' });
      expect(worked).toBe(false);
      await rm(path, { recursive: true });
    }
    expect([await readFile(target, 'utf8'), await readdir(root)]).toEqual([
      content,
      ['target', 'tokens'],
    ]);
  });

  it('says so when its folder is not a folder', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(
      fileTokenStore(join(root, 'file')).update('k', async () => TOKENS),
    ).rejects.toThrow();
    await mkdir(join(root, 'fine'));
    await fileTokenStore(join(root, 'fine')).update('k', async () => TOKENS);
  });
});

describe('other token stores', () => {
  it('say where there is no storage, as on a server', () => {
    for (const none of [undefined, null, {}, 'sessionStorage'])
      expect(() => webTokenStore(none as never)).toThrow(
        new ConfigError('webTokenStore needs a storage, such as sessionStorage of a page'),
      );
  });

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
      await Promise.all([
        store.update('k', work),
        store.update('k', work),
        store.update('other', async () => TOKENS),
      ]);
      expect(await store.update('k', async (found) => found)).toEqual({ accessToken: 'xx' });
      await expect(store.update('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      await store.update('k', async () => undefined);
      expect(await store.update('k', async (found) => found)).toBeUndefined();
    }
    expect([...entries.keys()]).toEqual(['cdf:other']);
  });

  it('do not lose a sign-in where the storage is full, and take what another page has stored since', async () => {
    const entries = new Map<string, string>();
    let isFull = true;
    const storage = {
      getItem: (name: string) => entries.get(name) ?? null,
      setItem: (name: string, value: string) => {
        if (isFull) throw new DOMException('no more', 'QuotaExceededError');
        entries.set(name, value);
      },
      removeItem: (name: string) => void entries.delete(name),
    };
    const store = webTokenStore(storage);
    const renew = async (found: StoredTokens | undefined): Promise<StoredTokens> => ({
      accessToken: `${found?.accessToken ?? ''}x`,
    });
    for (const accessToken of ['x', 'xx'])
      expect(await store.update('k', renew)).toEqual({ accessToken });
    isFull = false;
    expect(await store.update('k', renew)).toEqual({ accessToken: 'xxx' });
    expect(entries.get('cdf:k')).toBe('{"accessToken":"xxx"}');
    isFull = true;
    await store.update('k', renew);
    entries.set('cdf:k', '{"accessToken":"another"}');
    expect(await store.update('k', renew)).toEqual({ accessToken: 'anotherx' });
    await store.update('k', async () => undefined);
    expect(await store.update('k', async (found) => found)).toBeUndefined();
  });
});
