/// <reference types="node" />

import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CdfError, ConfigError } from '@cdf/core';
import { onDisk } from './to-path.js';

const PERMISSIONS = 0o7777;
/** Of the name in that of the file beside it: at most 160 bytes, where names have at most 255. */
const SHOWN_CHARACTERS = 40;

/**
 * Writes a file beside its path, and renames it when it is complete: the path has the old file or
 * the new one at any time. The new file has the mode of the old one.
 *
 * @param folder the real path of the folder
 * @throws {CdfError} when the folder was replaced by a link, or the path is a directory, a pipe or a
 * device, in which case it writes nothing
 */
export async function replaceFile(
  folder: string,
  name: string,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const path = join(folder, name);
  const beside = join(
    folder,
    `.${[...name].slice(0, SHOWN_CHARACTERS).join('')}.${randomUUID()}.part`,
  );
  let created: string | undefined;
  try {
    const mode = await modeOf(path);
    const file = await open(beside, 'wx');
    try {
      created = await realpath(beside);
      await checkPlace(file, beside, created);
      // Not at its creation, where the process's mask takes permissions away.
      if (mode !== undefined) await file.chmod(mode);
      for await (const chunk of body) await writeAll(file, chunk);
      await file.sync();
      await checkPlace(file, beside, await realpath(beside));
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await body.cancel(error).catch(() => {});
    if (created !== undefined) await rm(created, { force: true });
    throw onDisk(error, `download: cannot write ${JSON.stringify(path)}`);
  }
}

/**
 * The real folder of a path, which must exist, and the name within it. A link leads to the place of
 * its target: the target is replaced, and the link stays.
 *
 * @throws {ConfigError} when the path cannot be that of a file
 */
export async function placeOf(path: string): Promise<[folder: string, name: string]> {
  try {
    return await realPlaceOf(path);
  } catch (cause) {
    if (CdfError.isInstance(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? `unknown folder ${JSON.stringify(dirname(resolve(path)))}; create it, or download to another`
        : `cannot write ${JSON.stringify(path)}: ${message}`;
    throw new ConfigError(`download: ${problem}`, { cause });
  }
}

async function realPlaceOf(path: string): Promise<[folder: string, name: string]> {
  if (path.endsWith('/') || path.endsWith(sep))
    throw new ConfigError(
      `download: ${JSON.stringify(path)} names a directory; pass the path of the file`,
    );
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) {
    const real = await realpath(path).catch(async (error) => {
      // The target is missing: it is created.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return realPlaceOf(real ?? resolve(await realpath(dirname(path)), await readlink(path)));
  }
  if (found !== undefined) checkFile(path, found);
  return [await realpath(dirname(path)), basename(path)];
}

/** @throws {ConfigError} for a directory, a pipe or a device, which must not become a file */
function checkFile(path: string, found: Stats): void {
  if (!found.isFile())
    throw new ConfigError(
      `download: ${JSON.stringify(path)} exists and is not a file; pass another path, or use downloadStream`,
    );
}

/** A folder on the way may have been swapped for a link since it was checked. */
async function checkPlace(file: FileHandle, expected: string, real: string): Promise<void> {
  const [opened, found] = await Promise.all([file.stat(), stat(real)]);
  if (real !== expected || opened.ino !== found.ino || opened.dev !== found.dev)
    throw new CdfError(`download: a folder of ${JSON.stringify(expected)} was replaced by a link`);
}

/** The mode of a file that is replaced. For a link, the mode is that of its target. */
async function modeOf(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isSymbolicLink()) checkFile(path, found);
  const target = await stat(path).catch(() => undefined);
  return target?.isFile() ? target.mode & PERMISSIONS : undefined;
}

/** A write may take only a part of the chunk. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let position = 0; position < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, position);
    position += bytesWritten;
  }
}
