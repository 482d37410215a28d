/// <reference types="node" />

import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type CallOptions, ConfigError } from '@cdf/core';
import type { CdfFile, FileUpload } from '../file-types.js';
import type { FilesApi } from '../files-api.js';
import type { ContentUploadOptions } from '../upload/upload.js';
import { fromPath } from './from-path.js';
import { runAll } from './run-all.js';

/** Selects files by their path within the directory, with slashes, such as `logs/june.txt`. */
export type PathFilter = RegExp | ((path: string) => boolean);

/** The files of a directory to upload, and the fields of their entries. `onProgress` counts bytes. */
export interface UploadDirectoryOptions
  extends CallOptions,
    Pick<ContentUploadOptions, 'partSize' | 'parallelParts' | 'verify' | 'checksum'> {
  /** Includes the directories within. @default true */
  readonly recursive?: boolean | undefined;
  /** @default every file */
  readonly include?: PathFilter | undefined;
  /** @default none */
  readonly exclude?: PathFilter | undefined;
  /**
   * The directory in CDF. `directory` of each file is this and its own directory within the uploaded one.
   * @default '/'
   */
  readonly directory?: string | undefined;
  /** Further fields of an entry, such as its external id. Called once per file. */
  readonly describe?: ((path: string) => FileUpload) | undefined;
  /** Replaces files with the same external id, which every file needs then. @default false */
  readonly overwrite?: boolean | undefined;
  /** Files uploaded at the same time. @default 4 */
  readonly parallelFiles?: number | undefined;
}

/** An uploaded file and its path. */
export interface UploadedFile {
  /** Within the directory, with slashes. */
  readonly path: string;
  readonly file: CdfFile;
}

const DEFAULT_PARALLEL_FILES = 4;

/**
 * Uploads the files of a directory with the directories within. Symbolic links are not followed. Runs
 * to the end after failures; `onProgress` counts bytes.
 *
 * @returns files by path, in the order of their paths
 * @throws {ConfigError} when the path is not a directory
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the paths
 */
export async function uploadDirectory(
  files: FilesApi,
  path: string,
  options: UploadDirectoryOptions = {},
): Promise<UploadedFile[]> {
  const { signal, timeoutMs, partSize, parallelParts, verify, checksum, overwrite, onProgress } = options;
  const { describe = (): FileUpload => ({}), directory = '/', parallelFiles = DEFAULT_PARALLEL_FILES } = options;
  const found = await findFiles(path, options);
  const total = found.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return runAll({
    action: `upload of ${JSON.stringify(path)}`,
    items: found.map((each) => each.path),
    parallel: parallelFiles,
    signal,
    run: async (relative, _index, onAttempt) => {
      let sent = 0;
      const within = posix.join('/', directory, posix.dirname(relative));
      const file = { ...(within === '/' ? {} : { directory: within }), ...describe(relative) };
      const source = fromPath(join(path, relative));
      onAttempt();
      const uploaded = await files.upload(source, file, {
        signal,
        timeoutMs,
        partSize,
        parallelParts,
        verify,
        checksum,
        overwrite,
        onProgress: (bytes) => {
          done += bytes - sent;
          sent = bytes;
          onProgress?.(done, total);
        },
      });
      return { path: relative, file: uploaded };
    },
  });
}

interface FoundFile {
  readonly path: string;
  readonly size: number;
}

async function findFiles(root: string, options: UploadDirectoryOptions): Promise<FoundFile[]> {
  const { recursive = true, include = () => true, exclude = () => false, signal } = options;
  const found: FoundFile[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal?.throwIfAborted();
    for (const entry of await readFolder(root, folder)) {
      const path = posix.join(folder, entry.name);
      // A symbolic link is neither a directory nor a file here.
      if (entry.isDirectory() && recursive) pending.push(path);
      if (!entry.isFile() || !matches(include, path) || matches(exclude, path)) continue;
      const { size }: Stats = await lstat(join(root, path));
      found.push({ path, size });
    }
  }
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function readFolder(root: string, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfigError(`upload: ${JSON.stringify(join(root, folder))} cannot be listed: ${message}`, { cause });
  }
}

function matches(filter: PathFilter, path: string): boolean {
  // A pattern with the flag g or y keeps its lastIndex.
  return typeof filter === 'function'
    ? filter(path)
    : new RegExp(filter.source, filter.flags.replace(/[gy]/g, '')).test(path);
}
