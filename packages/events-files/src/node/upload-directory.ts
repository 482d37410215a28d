/// <reference types="node" />

import { join, posix } from 'node:path';
import { AuthError, type CallOptions, CdfError, ConfigError } from '@cdf/core';
import {
  CALL_OPTIONS,
  checkMethodOptions,
  type OptionKind,
  ownCopy,
  shown,
} from '@cdf/core/resource';
import type { CdfFile, FileUpload, StoredFile } from '../file-types.js';
import type { FilesApi } from '../files-api.js';
import type { Checksum } from '../upload/entry.js';
import type { ContentUploadOptions } from '../upload/upload-options.js';
import { type FoundFile, findFiles, type PathFilter } from './find-files.js';
import { fromPath } from './from-path.js';
import { runAll } from './run-all.js';
import { sha256 } from './sha256.js';
import { toPath } from './to-path.js';

/**
 * The files of a directory to upload, and the fields of their entries. `onProgress` counts bytes.
 */
export interface UploadDirectoryOptions
  extends CallOptions,
    Pick<ContentUploadOptions, 'partSize' | 'parallelParts' | 'verify'> {
  /** Includes the directories within. @default true */
  readonly recursive?: boolean | undefined;
  /** @default every file */
  readonly include?: PathFilter | undefined;
  /** @default none */
  readonly exclude?: PathFilter | undefined;
  /**
   * Called with the path of each symbolic link, pipe and device that `include` and `exclude` let
   * through: they are not uploaded. A promise is waited for.
   */
  readonly onLeftOut?: ((path: string) => void) | undefined;
  /**
   * The directory in CDF, with slashes. `directory` of each file is this and its own directory
   * within the uploaded one.
   * @default '/'
   */
  readonly directory?: string | undefined;
  /**
   * Further fields of an entry, such as another external id. Called once per file, one after the
   * other, before anything is sent. External ids must be distinct.
   */
  readonly describe?: ((path: string) => DescribedFile | Promise<DescribedFile>) | undefined;
  /**
   * `false` gives files no external id, unless `describe` gives one. They are uploaded again each
   * time.
   * @default the path in CDF, such as `/plant/logs/june.txt`
   */
  readonly externalId?: false | undefined;
  /**
   * Replaces files that have the external id of a file and other content. Such a file is an error
   * otherwise.
   * @default false
   */
  readonly overwrite?: boolean | undefined;
  /**
   * The checksum in the metadata of files, by which a file that is there already is recognized.
   * @default sha256
   */
  readonly checksum?: Checksum | undefined;
  /** Files uploaded at the same time. @default 4 */
  readonly parallelFiles?: number | undefined;
}

/** The fields of an entry. `externalId: false` gives it no external id. */
export interface DescribedFile extends Omit<FileUpload, 'externalId'> {
  readonly externalId?: string | false | undefined;
}

/** A file of the directory that is in CDF, and its path. */
export interface UploadedFile {
  /** Within the directory, with slashes. */
  readonly path: string;
  readonly file: StoredFile;
  /** True if it existed already, with the same size and checksum. */
  readonly skipped: boolean;
}

const DEFAULT_PARALLEL_FILES = 4;

const OPTIONS: Readonly<Record<keyof UploadDirectoryOptions, OptionKind>> = {
  recursive: 'switch',
  include: 'other',
  exclude: 'other',
  onLeftOut: 'function',
  directory: 'other',
  describe: 'function',
  externalId: 'switch',
  overwrite: 'switch',
  checksum: 'other',
  parallelFiles: 'other',
  partSize: 'other',
  parallelParts: 'other',
  verify: 'switch',
  ...CALL_OPTIONS,
};

/**
 * Uploads the files of a directory with the directories within. Symbolic links are not followed:
 * `onLeftOut` says which there are. Runs to the end after failures; `onProgress` counts bytes.
 *
 * Each file gets the external id `<directory>/<path>`. A file that is there already with the same
 * size and checksum is skipped, so that a second call continues the first. A file with other
 * content is an error unless `overwrite`.
 *
 * @param given the path of a directory, or a `file:` URL
 * @returns files by path, in the order of their paths
 * @throws {ConfigError} before anything is sent: the path is not a directory, `directory` is not
 * one of CDF, or `describe` gives two files one external id
 * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the paths
 */
export async function uploadDirectory(
  files: FilesApi,
  given: string | URL,
  settings: UploadDirectoryOptions = {},
): Promise<UploadedFile[]> {
  const path = toPath(given, 'uploadDirectory');
  const options = ownCopy(settings);
  checkMethodOptions(options, OPTIONS, 'uploadDirectory');
  const {
    signal,
    timeoutMs,
    partSize,
    parallelParts,
    verify,
    overwrite = false,
    checksum = sha256,
  } = options;
  const { directory = '/', parallelFiles = DEFAULT_PARALLEL_FILES } = options;
  checkDirectory(directory);
  const calls = { signal, timeoutMs };
  const found = await findFiles(path, options);
  const described: FileUpload[] = [];
  for (const each of found) described.push(await describeFile(each.path, directory, options));
  checkDistinct(found, described);
  const present = await presentFiles(files, described, calls);
  const total = found.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return runAll({
    action: `upload of ${JSON.stringify(path)}`,
    items: found.map((each) => each.path),
    parallel: parallelFiles,
    options,
    run: async (relative, index, steps) => {
      const calls = { signal: steps.signal, timeoutMs };
      const { size } = found[index] as FoundFile;
      const file = described[index] as FileUpload;
      const known = present.get(file.externalId ?? '');
      let sent = 0;
      const report = (bytes: number): void => {
        done += bytes - sent;
        sent = bytes;
        steps.report(done, total);
      };
      const source = fromPath(join(path, relative));
      if (known?.uploaded === true) {
        if (await isSameContent(files, known, await source.open(), checksum, calls)) {
          report(size);
          return { path: relative, file: known, skipped: true };
        }
        if (!overwrite)
          throw new CdfError(
            `upload of ${JSON.stringify(relative)}: ${JSON.stringify(file.externalId)} exists with other content; pass overwrite`,
          );
      }
      steps.onAttempt();
      const stored = await files.upload(source, file, {
        ...calls,
        partSize,
        parallelParts,
        verify,
        checksum,
        // An interrupted upload leaves an entry without bytes.
        overwrite: known !== undefined || (overwrite && file.externalId !== undefined),
        onProgress: report,
      });
      return { path: relative, file: stored, skipped: false };
    },
  });
}

/** @throws {ConfigError} for a path of Windows, and for one that leads to another directory */
function checkDirectory(directory: unknown): void {
  if (typeof directory !== 'string' || /\\|^[a-z]:|(^|\/)\.\.(\/|$)/i.test(directory))
    throw new ConfigError(
      `uploadDirectory: directory must be one of CDF, such as "/plant/logs", without ".." and backslashes, got ${shown(directory)}`,
    );
}

/** @throws {ConfigError} when two files have one external id: the second would replace the first */
function checkDistinct(found: readonly FoundFile[], described: readonly FileUpload[]): void {
  const paths = new Map<string, string>();
  for (const [index, { externalId }] of described.entries()) {
    if (externalId === undefined) continue;
    const { path } = found[index] as FoundFile;
    const other = paths.get(externalId);
    if (other !== undefined)
      throw new ConfigError(
        `uploadDirectory: ${JSON.stringify(other)} and ${JSON.stringify(path)} have the same externalId ${JSON.stringify(externalId)}; describe must give each file its own`,
      );
    paths.set(externalId, path);
  }
}

async function describeFile(
  path: string,
  directory: string,
  options: UploadDirectoryOptions,
): Promise<FileUpload> {
  const { describe = (): DescribedFile => ({}), externalId: byDefault } = options;
  const within = posix.join('/', directory, posix.dirname(path));
  const { externalId, ...fields } = await describe(path);
  const id = externalId ?? (byDefault === false ? false : posix.join('/', directory, path));
  const file: FileUpload = { ...(within === '/' ? {} : { directory: within }), ...fields };
  return id === false ? file : { ...file, externalId: id };
}

/** The entries that are there, by external id. Credentials that may only write find no entries. */
async function presentFiles(
  files: FilesApi,
  described: readonly FileUpload[],
  calls: CallOptions,
): Promise<ReadonlyMap<string, CdfFile>> {
  const asked = described.flatMap(({ externalId }) =>
    externalId === undefined ? [] : [{ externalId }],
  );
  try {
    const found = await files.retrieveMultiple(asked, { ignoreUnknownIds: true }, calls);
    return new Map(found.map((file) => [file.externalId ?? '', file]));
  } catch (error) {
    if (AuthError.isInstance(error) && error.status === 403) return new Map();
    throw error;
  }
}

/** Compares the checksum in the metadata and the stored length. */
async function isSameContent(
  files: FilesApi,
  { id, metadata }: CdfFile,
  content: Blob,
  { name, create }: Checksum,
  calls: CallOptions,
): Promise<boolean> {
  const expected = metadata?.[name];
  if (expected === undefined) return false;
  const hasher = create();
  for await (const chunk of content.stream()) hasher.update(chunk);
  return (
    hasher.digest() === expected &&
    (await files.storedLength({ id }, content.size, calls)) === content.size
  );
}
