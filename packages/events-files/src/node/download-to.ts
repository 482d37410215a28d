/// <reference types="node" />

import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type CallOptions, CdfError, ConfigError, type Identifier, NotFoundError } from '@cdf/core';
import {
  CALL_OPTIONS,
  checkMethodOptions,
  DEPTH_OF_NAMES,
  describeIdentifier,
  type OptionKind,
  ownCopy,
} from '@cdf/core/resource';
import type { DownloadOptions } from '../download/download.js';
import type { CdfFile } from '../file-types.js';
import type { FilesApi } from '../files-api.js';
import { placeOf, replaceFile } from './replace-file.js';
import { runAll } from './run-all.js';
import { planPaths } from './safe-paths.js';
import { onDisk, toPath } from './to-path.js';

/**
 * Downloads one file to a path in an existing directory. It is written beside it under a temporary
 * name and renamed when complete: the path has the old file or the new one at any time. An existing
 * file keeps its mode. A link stays, and its target is replaced.
 *
 * @param path also a `file:` URL
 * @throws {ConfigError} before anything is sent: the path is a directory, a pipe or a device, or
 * its directory is missing
 * @throws {NotFoundError} when the file is unknown in CDF
 */
export async function downloadToPath(
  files: FilesApi,
  identifier: Identifier,
  path: string | URL,
  options: DownloadOptions = {},
): Promise<void> {
  const [own, ownOptions] = ownCopy([identifier, options], DEPTH_OF_NAMES);
  const place = await placeOf(toPath(path, 'download'));
  await replaceFile(...place, await files.downloadStream(own, ownOptions));
}

/**
 * How files are placed in a directory, and how many are downloaded at a time. `onProgress` counts
 * files.
 */
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

const OPTIONS: Readonly<Record<keyof DownloadDirectoryOptions, OptionKind>> = {
  keepDirectories: 'switch',
  parallelFiles: 'other',
  ...CALL_OPTIONS,
};

/**
 * Downloads files into a directory, which is created if missing. Names are sanitized and made
 * distinct: no file is written outside of the directory. Existing files are replaced when the new
 * ones are complete, and keep their mode. Runs to the end past files that are unknown, without
 * bytes or refused; `onProgress` counts the files that arrived. Costs a request per 1,000 files,
 * one per 100, and one per file.
 *
 * @param identifiers also entries that were read before
 * @param where a path, or a `file:` URL
 * @throws {ConfigError} when the directory cannot be created, or is a file
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together `identifiers`: the files
 * that arrived are `successful`. `errors` says why the others did not.
 */
export async function downloadToDirectory(
  files: FilesApi,
  identifiers: readonly (Identifier | CdfFile)[],
  where: string | URL,
  given: DownloadDirectoryOptions = {},
): Promise<DownloadedFile[]> {
  const which = ownCopy(identifiers, DEPTH_OF_NAMES);
  const options = ownCopy(given);
  const directory = toPath(where, 'downloadToDirectory');
  checkMethodOptions(options, OPTIONS, 'downloadToDirectory');
  const { signal, timeoutMs, keepDirectories, parallelFiles = DEFAULT_PARALLEL_FILES } = options;
  const calls = { signal, timeoutMs };
  const unread = which.filter((each): each is Identifier => !isEntry(each));
  const read = await files.retrieveMultiple(unread, { ignoreUnknownIds: true }, calls);
  const found = which.map((each) => (isEntry(each) ? each : read.get(each)));
  const entries = found.filter((each) => each !== undefined);
  const planned = planPaths(entries, { keepDirectories });
  const root = await makeRoot(directory);
  let opening: ReturnType<FilesApi['openMany']> | undefined;
  let position = 0;
  const positions = found.map((each) => (each === undefined ? -1 : position++));
  let done = 0;
  return runAll({
    action: `download to ${JSON.stringify(directory)}`,
    items: which.map((each, index) => found[index] ?? each),
    parallel: parallelFiles,
    options,
    // One file may be refused without the others.
    goesOn: ({ status }) => status === 403,
    onlyReads: true,
    run: async (_, index, steps) => {
      const file = found[index];
      if (file === undefined) throw unknownFile(which[index] as Identifier);
      const path = join(root, ...(planned[positions[index] as number] as string).split('/'));
      const folder = dirname(path);
      await makeFolder(root, folder);
      steps.onAttempt();
      opening ??= files.openMany(entries, { timeoutMs, signal: steps.signal });
      const openFile = await opening;
      const { body } = await openFile(positions[index] as number);
      await replaceFile(folder, basename(path), body);
      done += 1;
      steps.report(done, which.length);
      return { file, path };
    },
  });
}

function unknownFile(identifier: Identifier): NotFoundError {
  return new NotFoundError(
    `download: not found: ${describeIdentifier(identifier)}; it must exist, in this project`,
    {
      status: 404,
      missing: [identifier],
    },
  );
}

function isEntry(each: Identifier | CdfFile): each is CdfFile {
  return 'name' in each;
}

/** The real path of the directory, which is created if missing. */
async function makeRoot(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    return await realpath(directory);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const problem =
      code === 'EEXIST'
        ? `${JSON.stringify(directory)} exists and is not a directory; download to another`
        : `cannot create the directory ${JSON.stringify(directory)}: ${message}`;
    throw new ConfigError(`download: ${problem}`, { cause });
  }
}

async function makeFolder(root: string, folder: string): Promise<void> {
  // One level at a time: an existing folder may be a link out of the directory.
  let path = root;
  for (const part of relative(root, folder).split(sep)) {
    path = join(path, part);
    const real = await mkdir(path, { recursive: true })
      .then(() => realpath(path))
      .catch((error: unknown) => {
        throw onDisk(error, `download: cannot create the folder ${JSON.stringify(path)}`);
      });
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new CdfError(
        `download: ${JSON.stringify(path)} is a link that leads outside the directory`,
      );
  }
}
