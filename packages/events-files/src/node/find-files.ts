/// <reference types="node" />

import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ConfigError } from '@cdf/core';

/** Selects files by their path within the directory, with slashes, such as `logs/june.txt`. */
export type PathFilter = RegExp | ((path: string) => boolean | Promise<boolean>);

/** A file of the directory, and its path within it. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

/** Which files are found. */
interface FindOptions {
  readonly recursive?: boolean | undefined;
  readonly include?: PathFilter | undefined;
  readonly exclude?: PathFilter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The files of a directory in the order of their paths. Symbolic links are not followed. */
export async function findFiles(root: string, options: FindOptions): Promise<FoundFile[]> {
  const { recursive = true, include = () => true, exclude = () => false, signal } = options;
  const found: FoundFile[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal?.throwIfAborted();
    for (const entry of await readFolder(root, folder)) {
      const path = posix.join(folder, entry.name);
      // A symbolic link is neither a directory nor a file here.
      if (entry.isDirectory() && recursive) pending.push(path);
      if (!entry.isFile() || !(await matches(include, path))) continue;
      if (await matches(exclude, path)) continue;
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
    throw new ConfigError(
      `upload: ${JSON.stringify(join(root, folder))} cannot be listed: ${message}`,
      { cause },
    );
  }
}

async function matches(filter: PathFilter, path: string): Promise<boolean> {
  // A pattern with the flag g or y keeps its lastIndex.
  return typeof filter === 'function'
    ? filter(path)
    : new RegExp(filter.source, filter.flags.replace(/[gy]/g, '')).test(path);
}
