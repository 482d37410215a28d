/// <reference types="node" />

import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CdfError } from '@cdf/core';

const PERMISSIONS = 0o7777;

/**
 * Writes a file beside its path, and renames it when it is complete: the path has the old file or
 * the new one at any time. The new file has the mode of the old one.
 *
 * @param folder the real path of the folder
 * @throws {CdfError} when the folder was replaced by a link, in which case it writes nothing
 */
export async function replaceFile(
  folder: string,
  name: string,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const path = join(folder, name);
  const beside = join(folder, `.${name}.${randomUUID()}.part`);
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
    throw error;
  }
}

/** The real folder of a path, which must exist. */
export async function placeOf(path: string): Promise<[folder: string, name: string]> {
  return [await realpath(dirname(path)), basename(path)];
}

/** A folder on the way may have been swapped for a link since it was checked. */
async function checkPlace(file: FileHandle, expected: string, real: string): Promise<void> {
  const [opened, found] = await Promise.all([file.stat(), stat(real)]);
  if (real !== expected || opened.ino !== found.ino || opened.dev !== found.dev)
    throw new CdfError(`download: a folder of ${JSON.stringify(expected)} was replaced by a link`);
}

/** For a link, the mode is that of its target. */
async function modeOf(path: string): Promise<number | undefined> {
  const found: Stats | undefined = await lstat(path).catch(() => undefined);
  return found?.isFile() ? found.mode & PERMISSIONS : undefined;
}

/** A write may take only a part of the chunk. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let position = 0; position < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, position);
    position += bytesWritten;
  }
}
