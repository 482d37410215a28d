/// <reference types="node" />

import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type CallOptions, CdfError, type Identifier } from '@cdf/core';
import type { DownloadOptions } from '../download/download.js';
import type { CdfFile } from '../file-types.js';
import type { FilesApi } from '../files-api.js';
import { runAll } from './run-all.js';
import { planPaths } from './safe-paths.js';

/**
 * Downloads one file to a path. It is written beside it under another name and renamed when it is complete: whatever happens,
 * there is the old file or the new one. The directory must exist.
 *
 * @throws {NotFoundError} when there is no such file in CDF
 */
export async function downloadToPath(
  files: FilesApi,
  identifier: Identifier,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  await replaceFile(path, await files.downloadStream(identifier, options));
}

/** Where files go within a directory, and how many at a time. `onProgress` counts files. */
export interface DownloadDirectoryOptions extends CallOptions {
  /** Puts files into folders by their `directory`. @default false */
  readonly keepDirectories?: boolean | undefined;
  /** Bodies that are open at the same time. @default 5 */
  readonly parallelFiles?: number | undefined;
}

/** A file that was downloaded, and where it is. */
export interface DownloadedFile {
  readonly file: CdfFile;
  readonly path: string;
}

const DEFAULT_PARALLEL_FILES = 5;

/**
 * Downloads files into a directory, which is made if it is not there. Names are made safe, and told apart where they would be the
 * same: nothing is ever written outside of the directory. Files that are there already are replaced when the new ones are complete.
 * Runs to the end whatever fails; `onProgress` counts files. A request per 1,000 files, one per 100, and one per file.
 *
 * @param which identifiers, or entries that were read before
 * @throws {NotFoundError} when there is no such file in CDF, before anything is written
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the files
 */
export async function downloadToDirectory(
  files: FilesApi,
  which: readonly (Identifier | CdfFile)[],
  directory: string,
  options: DownloadDirectoryOptions = {},
): Promise<DownloadedFile[]> {
  const { signal, timeoutMs, onProgress, keepDirectories, parallelFiles = DEFAULT_PARALLEL_FILES } = options;
  const calls = { signal, timeoutMs };
  const unread = which.filter((each): each is Identifier => !isEntry(each));
  const read = await files.retrieveMultiple(unread, {}, calls);
  const entries = which.map((each) => (isEntry(each) ? each : (read.get(each) as CdfFile)));
  const paths = planPaths(entries, { keepDirectories });
  await mkdir(directory, { recursive: true });
  const root = await realpath(directory);
  const openFile = await files.openMany(
    entries.map(({ id }) => ({ id })),
    calls,
  );
  let done = 0;
  return runAll({
    action: `download to ${JSON.stringify(directory)}`,
    items: entries,
    parallel: parallelFiles,
    signal,
    run: async (file, index) => {
      const path = join(root, ...(paths[index] as string).split('/'));
      await makeFolder(root, dirname(path));
      const { body } = await openFile(index);
      await replaceFile(path, body);
      done += 1;
      onProgress?.(done, entries.length);
      return { file, path };
    },
  });
}

function isEntry(each: Identifier | CdfFile): each is CdfFile {
  return 'name' in each;
}

/** A folder of the same name may be a link to somewhere else. */
async function makeFolder(root: string, folder: string): Promise<void> {
  // One level at a time: below a link to somewhere else nothing must be made.
  let path = root;
  for (const part of relative(root, folder).split(sep)) {
    path = join(path, part);
    await mkdir(path, { recursive: true });
    const real = await realpath(path);
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new CdfError(`download: ${JSON.stringify(path)} is a link that leads out of the directory`);
  }
}

async function replaceFile(path: string, body: ReadableStream<Uint8Array>): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  let created = false;
  try {
    const file = await open(beside, 'wx');
    created = true;
    try {
      for await (const chunk of body) await writeAll(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await body.cancel(error).catch(() => {});
    if (created) await rm(beside, { force: true });
    throw error;
  }
}

/** One write may take a part only. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let position = 0; position < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, position);
    position += bytesWritten;
  }
}
