/// <reference types="node" />

import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isRegExp } from 'node:util/types';
import { ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';

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
  readonly onLeftOut?: ((path: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The files of a directory in the order of their paths. Symbolic links are not followed. */
export async function findFiles(root: string, options: FindOptions): Promise<FoundFile[]> {
  const { recursive = true, include = () => true, exclude = () => false } = options;
  const { onLeftOut, signal } = options;
  checkFilters({ include, exclude });
  const found: FoundFile[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal?.throwIfAborted();
    for (const entry of await readFolder(root, folder)) {
      const path = posix.join(folder, entry.name);
      // A symbolic link is neither a directory nor a file here.
      if (entry.isDirectory()) {
        if (recursive) pending.push(path);
        continue;
      }
      if (!(await matches(include, path)) || (await matches(exclude, path))) continue;
      // A promise of it that rejects would otherwise end the program.
      if (!entry.isFile()) await onLeftOut?.(path);
      else found.push({ path, size: await sizeOf(join(root, path)) });
    }
  }
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** @throws {ConfigError} for a glob, and for anything else that selects no files */
function checkFilters(filters: Readonly<Record<string, PathFilter>>): void {
  for (const [name, filter] of Object.entries(filters))
    if (typeof filter !== 'function' && !isRegExp(filter))
      throw new ConfigError(
        `uploadDirectory: ${name} must be a RegExp or a function, such as /\\.pdf$/, got ${shown(filter)}`,
      );
}

async function sizeOf(path: string): Promise<number> {
  try {
    const { size }: Stats = await lstat(path);
    return size;
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfigError(`upload: ${JSON.stringify(path)} cannot be read: ${message}`, { cause });
  }
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
