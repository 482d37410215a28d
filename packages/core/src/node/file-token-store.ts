/// <reference types="node" />

import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  memoryTokenStore,
  parseStoredTokens,
  type StoredTokens,
  type TokenStore,
} from '../auth/shared/token-store.js';
import { printable } from '../values/text.js';
import { type FileLock, lockFile } from './token-files/file-lock.js';
import {
  prepareFolder,
  readTokenFile,
  removeLeftovers,
  writeTokenFile,
} from './token-files/token-folder.js';

/** A sign-in that could not be stored. */
interface Unstored {
  readonly tokens: StoredTokens;
  /** The text of the file at that time: once it differs, another program has stored a newer one. */
  readonly instead: string | undefined;
}

/**
 * Sign-ins in a folder that only this user can read (0700, files 0600), for programs that run
 * again. Files are replaced whole, under a lock: two programs cannot rotate each other's refresh
 * token away. A folder or file that is a symbolic link is rejected. Where the disk is full, a
 * renewed sign-in stays in memory, with a warning of the process (`CDF_SIGN_IN_NOT_STORED`).
 *
 * @param folder by default `.cdf/tokens` in the user's home
 */
export function fileTokenStore(folder: string = join(homedir(), '.cdf', 'tokens')): TokenStore {
  return new FileTokenStore(resolve(folder));
}

class FileTokenStore implements TokenStore {
  readonly #folder: string;
  /** The queue of this process: the lock then only has other processes to keep out. */
  readonly #inProcess = memoryTokenStore();
  readonly #unstored = new Map<string, Unstored>();
  #warned = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  update(
    key: string,
    work: Parameters<TokenStore['update']>[1],
    signal?: AbortSignal,
  ): Promise<StoredTokens | undefined> {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    return this.#inProcess.update(key, () => this.#locked(name, work, signal), signal);
  }

  async #locked(
    name: string,
    work: Parameters<TokenStore['update']>[1],
    signal: AbortSignal | undefined,
  ): Promise<StoredTokens | undefined> {
    const file = join(this.#folder, `${name}.json`);
    let lock = await this.#lock(name, signal);
    try {
      signal?.throwIfAborted();
      // No reason not to sign in.
      if (lock !== undefined) await removeLeftovers(this.#folder, name).catch(() => {});
      const before = await readTokenFile(file);
      const unstored = this.#unstored.get(name);
      const kept = unstored?.instead === before ? unstored?.tokens : undefined;
      const stored = kept ?? parseStoredTokens(before);
      const next = await work(
        stored,
        async () => parseStoredTokens(await readTokenFile(file)) ?? stored,
      );
      if (next === undefined) {
        await rm(file, { force: true });
        this.#unstored.delete(name);
        return undefined;
      }
      try {
        if (lock === undefined || !(await lock.isOwned())) {
          // This process was suspended, and another one has taken over. Without the signal: what
          // came must not be lost.
          await lock?.release();
          lock = await this.#lock(name, undefined);
          const theirs = await readTokenFile(file);
          if (theirs !== before) return parseStoredTokens(theirs) ?? next;
        }
        if (next !== stored || kept !== undefined) await writeTokenFile(file, JSON.stringify(next));
        this.#unstored.delete(name);
        this.#warned = false;
      } catch (error) {
        this.#unstored.set(name, { tokens: next, instead: before });
        this.#warn(error);
      }
      return next;
    } finally {
      await lock?.release().catch(() => {});
    }
  }

  /**
   * @returns `undefined` where the disk has no place for a lock: the sign-in is then kept in
   * memory.
   */
  async #lock(name: string, signal: AbortSignal | undefined): Promise<FileLock | undefined> {
    try {
      await prepareFolder(this.#folder);
      return await lockFile(join(this.#folder, `${name}.lock`), signal);
    } catch (error) {
      if (!/^(ENOSPC|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return undefined;
    }
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    process.emitWarning(
      `the sign-in could not be stored in ${printable(this.#folder)} (${code}): it is kept in memory until the program ends`,
      { type: 'CdfWarning', code: 'CDF_SIGN_IN_NOT_STORED' },
    );
  }
}
