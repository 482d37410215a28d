/// <reference types="node" />

import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError } from '../../errors.js';

/** How often a lock that another process holds is looked at. @unit milliseconds */
const LOOK = 50;
/**
 * A lock that has not been touched for so long was left behind. Its owner touches it every quarter
 * of that.
 *
 * @unit milliseconds
 */
const LEFT_BEHIND = 20_000;

/** A lock that this process has taken. */
export interface FileLock {
  /**
   * True if this owner still has it: another process takes over the lock of one that was suspended.
   */
  isOwned(): Promise<boolean>;
  /** Removes it, unless it is another owner's by now. */
  release(): Promise<void>;
}

/**
 * Waits for a lock, which is a file. Its owner is the process that has the file open: no other file
 * can have its inode for that time.
 *
 * @param signal ends the wait
 */
export async function lockFile(path: string, signal: AbortSignal | undefined): Promise<FileLock> {
  const seen = new Map<bigint, number>();
  for (;;) {
    const lock = await takeLock(path);
    if (lock !== undefined) return lock;
    await removeIfLeftBehind(path, seen);
    await wait(LOOK, undefined, { ...(signal !== undefined && { signal }) });
  }
}

/** Takes a lock if it is free or was left behind. */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  const lock = await takeLock(path);
  if (lock !== undefined) return lock;
  await removeIfLeftBehind(path, new Map());
  return takeLock(path);
}

async function takeLock(path: string): Promise<FileLock | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', 0o600);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // On Windows a file that is being removed cannot be opened.
    if (code === 'EEXIST' || (process.platform === 'win32' && /^(EPERM|EACCES|EBUSY)$/.test(code)))
      return undefined;
    throw error;
  }
  // A person may take minutes to sign in: the file's time says that its owner is still there.
  const touch = setInterval(
    () => void handle.utimes(new Date(), new Date()).catch(() => {}),
    LEFT_BEHIND / 4,
  );
  touch.unref();
  return {
    isOwned: () => isSame(path, handle),
    async release() {
      clearInterval(touch);
      try {
        await removeLock(path, handle);
      } finally {
        await handle.close();
      }
    },
  };
}

/**
 * Removes a lock whose owner has died or sleeps.
 *
 * @param seen when each lock was first seen with this time, by a clock that is never set
 */
async function removeIfLeftBehind(path: string, seen: Map<bigint, number>): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The lock was released; or, on Windows, it is being removed.
    if (code === 'ENOENT' || (process.platform === 'win32' && code !== 'ELOOP')) return;
    if (code === 'ELOOP')
      throw new ConfigError(`the lock of the token file is a symbolic link: ${path}`);
    throw error;
  }
  try {
    const { mtimeNs } = await handle.stat({ bigint: true });
    if (!seen.has(mtimeNs)) seen.set(mtimeNs, performance.now());
    // The second rule is for a time that lies ahead, because the system's clock was set back.
    const isLeftBehind =
      Date.now() - Number(mtimeNs / 1_000_000n) >= LEFT_BEHIND ||
      performance.now() - (seen.get(mtimeNs) as number) >= LEFT_BEHIND;
    if (isLeftBehind) await removeLock(path, handle);
  } finally {
    await handle.close();
  }
}

/**
 * Removes the file of a lock, and no other: the owner may have been suspended, and several may find
 * the same lock left behind. The right to do so is a second file whose name says which lock is
 * meant.
 *
 * @param handle of the lock that is meant
 */
async function removeLock(path: string, handle: FileHandle): Promise<void> {
  const { ino } = await handle.stat({ bigint: true });
  const claim = `${path}.${ino}`;
  try {
    await (await open(claim, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return removeIfOld(claim);
    // A full disk has no place for the second file.
    if (await isSame(path, handle)) await rm(path, { force: true });
    return;
  }
  try {
    if (!(await isSame(path, handle))) return;
    // One step, so that the file can be checked before it is removed.
    await rename(path, claim);
    // This process slept before that step, and another one has the lock: put the lock back.
    if (!(await isSame(claim, handle))) await link(claim, path).catch(() => {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(claim, { force: true });
  }
}

/** Removes a second file that a process left behind which was killed between two steps. */
export async function removeIfOld(claim: string): Promise<void> {
  const found = await lstat(claim).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs >= LEFT_BEHIND)
    await rm(claim, { force: true });
}

async function isSame(path: string, handle: FileHandle): Promise<boolean> {
  const [found, own]: (BigIntStats | undefined)[] = await Promise.all([
    lstat(path, { bigint: true }).catch(() => undefined),
    handle.stat({ bigint: true }),
  ]);
  return found !== undefined && found.ino === own?.ino && found.dev === own.dev;
}
