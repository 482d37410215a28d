/// <reference types="node" />

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../errors.js';
import { printable } from '../../values/text.js';
import { removeIfOld, tryLock } from './file-lock.js';

/** No sign-in is longer. @unit bytes */
const LONGEST = 1_048_576;

/**
 * Makes the folder, for this user only.
 *
 * @throws {ConfigError} when it is a symbolic link, which may lead to where others can read, or
 * belongs to another user.
 */
export async function prepareFolder(folder: string): Promise<void> {
  const shown = printable(folder);
  const isLink = await lstat(folder).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink) throw new ConfigError(`the token folder must not be a symbolic link: ${shown}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new ConfigError(`the token folder is not a folder: ${shown}`);
  // Windows has no such modes: there the user's profile protects it.
  if (process.platform === 'win32') return;
  if (found.uid !== process.getuid?.())
    throw new ConfigError(`the token folder belongs to another user: ${shown}`);
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/**
 * The text of a token file; `undefined` where it is missing, or cannot be one.
 *
 * @throws {ConfigError} when it is a symbolic link or anything but a file.
 */
export async function readTokenFile(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile())
    throw new ConfigError(
      `the token file must be a file, and not a ${found.isSymbolicLink() ? 'symbolic link' : 'folder or a device'}: ${printable(file)}`,
    );
  try {
    const handle = await open(
      file,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    try {
      return (await handle.stat()).size > LONGEST ? undefined : await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** Replaces a token file as a whole, or not at all. */
export async function writeTokenFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Removes files that killed programs have left: temporary files with tokens, and locks.
 *
 * @param own the name whose lock this process has
 */
export async function removeLeftovers(folder: string, own: string): Promise<void> {
  const others = new Set<string>();
  for (const entry of await readdir(folder)) {
    const [, name, kind] = /^([0-9a-f]{32})\.(json\.\w+|lock|lock\.\w+)$/.exec(entry) ?? [];
    if (name === undefined || kind === undefined) continue;
    const path = join(folder, entry);
    if (kind.startsWith('lock.')) await removeIfOld(path);
    else if (name !== own) others.add(name);
    else if (kind !== 'lock') await rm(path, { force: true });
  }
  for (const name of others) {
    // A sign-in in use by another program is cleaned up by that program.
    const lock = await tryLock(join(folder, `${name}.lock`));
    if (lock === undefined) continue;
    try {
      for (const entry of await readdir(folder))
        if (entry.startsWith(`${name}.json.`)) await rm(join(folder, entry), { force: true });
    } finally {
      await lock.release();
    }
  }
}
