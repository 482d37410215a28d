/// <reference types="node" />

import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryTokenStore, parseStoredTokens, type StoredTokens, type TokenStore } from '../auth/shared/token-store.js';
import { ConfigError } from '../errors.js';

/** How often a lock that someone else holds is looked at. @unit milliseconds */
const LOOK = 50;
/** A lock that nobody has touched for so long was left behind. Its holder touches it every quarter of that. @unit milliseconds */
const LEFT_BEHIND = 20_000;

/**
 * Sign-ins in a folder that only this user can read (0700, files 0600), for programs that run again. Files are replaced whole, under a
 * lock: two programs cannot rotate each other's refresh token away.
 *
 * @param folder by default `.cdf/tokens` in the user's home
 */
export function fileTokenStore(folder: string = join(homedir(), '.cdf', 'tokens')): TokenStore {
  const inProcess = memoryTokenStore();
  return {
    update(key, work, signal) {
      const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
      const file = join(folder, `${name}.json`);
      // The queue of this process first: the lock then only has other processes to keep out.
      return inProcess.update(key, async () => {
        await prepareFolder(folder);
        const unlock = await lock(join(folder, `${name}.lock`), signal);
        try {
          const next = await work(parseStoredTokens(await readFile(file, 'utf8').catch(() => undefined)));
          await (next === undefined ? rm(file, { force: true }) : replace(file, next));
          return next;
        } finally {
          await unlock();
        }
      });
    },
  };
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = await stat(folder);
  // Windows has no such modes: there the user's profile is what protects it.
  if (process.platform === 'win32') return;
  if (uid !== process.getuid?.()) throw new ConfigError(`the token folder ${folder} belongs to another user`);
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
}

async function replace(file: string, tokens: StoredTokens): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(tokens));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

async function lock(path: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await open(path, 'wx', 0o600);
      // A person may take minutes to sign in: the file's time says that its holder is still there.
      const touch = setInterval(() => void handle.utimes(new Date(), new Date()).catch(() => {}), LEFT_BEHIND / 4);
      touch.unref();
      return async () => {
        clearInterval(touch);
        await handle.close();
        await rm(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await removeIfLeftBehind(path);
      await wait(LOOK, undefined, { ...(signal !== undefined && { signal }) });
    }
  }
}

async function removeIfLeftBehind(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs < LEFT_BEHIND) return;
  // Renamed first: of two that find it, one gets it, and neither removes a lock that was taken since.
  const mine = `${path}.${randomBytes(6).toString('hex')}`;
  await rename(path, mine).catch(() => {});
  await rm(mine, { force: true });
}
