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
 * Downloads one file to a path in an existing directory. It is written beside it under a temporary name
 * and renamed when complete: the path has the old file or the new one at any time.
 *
 * @throws {NotFoundError} when the file is unknown in CDF
 */
export async function downloadToPath(
  files: FilesApi,
  identifier: Identifier,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  await replaceFile(path, await files.downloadStream(identifier, options));
}

/** How files are placed in a directory, and how many are downloaded at a time. `onProgress` counts files. */
export interface DownloadDirectoryOptions extends CallOptions {
  /** Places files in folders by their `directory`. @default false */
  readonly keepDirectories?: boolean | undefined;
  /** Files downloaded at the same time. @default 5 */
  readonly parallelFiles?: number | undefined;
}

/** A downloaded file and its path. */
export interface DownloadedFile {
  readonly file: CdfFile;
  readonly path: string;
}

const DEFAULT_PARALLEL_FILES = 5;

/**
 * Downloads files into a directory, which is created if missing. Names are sanitized and made distinct:
 * nothing is written outside of the directory. Existing files are replaced when the new ones are
 * complete. Runs to the end after failures; `onProgress` counts files. Costs a request per 1,000 files,
 * one per 100, and one per file.
 *
 * @param which identifiers, or entries that were read before
 * @throws {NotFoundError} when a file is unknown in CDF, before anything is written
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
  const openFile = await files.openMany(entries, calls);
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

async function makeFolder(root: string, folder: string): Promise<void> {
  // One level at a time: an existing folder may be a link out of the directory.
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

/** A write may take only a part of the chunk. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let position = 0; position < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, position);
    position += bytesWritten;
  }
}
