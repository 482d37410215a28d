/// <reference types="node" />

import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { ConfigError } from '@cdf/core';
import type { UploadSource } from '../upload/content.js';
import { toPath } from './to-path.js';

/**
 * A file on disk, for `files.upload`: its name becomes the entry's name, its extension tells the
 * MIME type. The entry of an unknown extension has none, unless it is passed as `mimeType`. The file
 * is read part by part during the upload, which fails if it changes. Needs the package `mrmime`.
 *
 * @param given a path, or a `file:` URL
 *
 * @throws {ConfigError} at once for a value of another type; when the upload starts: the path
 * is not a file, or `mrmime` is not installed
 * @example
 * await client.files.upload(fromPath('reports/june.pdf'), { externalId: 'report-june' });
 */
export function fromPath(given: string | URL): UploadSource {
  const path = toPath(given, 'fromPath');
  return {
    name: basename(path),
    modifiedTime: async () => (await stat(path)).mtimeMs,
    async open(): Promise<Blob> {
      const found = await stat(path).catch((cause) => {
        const why =
          cause.code === 'ENOENT'
            ? `upload: not found: ${JSON.stringify(resolve(path))}`
            : cause.message;
        throw new ConfigError(`upload: ${JSON.stringify(path)} cannot be read: ${why}`, { cause });
      });
      if (found.isDirectory())
        throw new ConfigError(
          `upload: ${JSON.stringify(path)} is a directory; use uploadDirectory`,
        );
      if (!found.isFile()) throw new ConfigError(`upload: ${JSON.stringify(path)} is not a file`);
      const type = (await mimeTypeOf(path)) ?? '';
      // Files that the kernel makes up, such as those in /proc, have content and no size.
      return found.size === 0
        ? new Blob(await readAll(path), { type })
        : openAsBlob(path, { type });
    },
  };
}

const MAX_UNSIZED_BYTES = 64 * 1024 * 1024;

async function readAll(path: string): Promise<Buffer<ArrayBuffer>[]> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_UNSIZED_BYTES)
      throw new ConfigError(
        `upload: ${JSON.stringify(path)} has more than 64 MiB and no known size; upload a stream with size`,
      );
  }
  return chunks;
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** Types of documents and drawings that mrmime leaves out. */
const MORE_TYPES: ReadonlyMap<string, string> = new Map([
  ['xls', 'application/vnd.ms-excel'],
  ['xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.12'],
  ['xlsx', `${OFFICE}.spreadsheetml.sheet`],
  ['docx', `${OFFICE}.wordprocessingml.document`],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['pptx', `${OFFICE}.presentationml.presentation`],
  ['msg', 'application/vnd.ms-outlook'],
  ['odp', 'application/vnd.oasis.opendocument.presentation'],
  ['ods', 'application/vnd.oasis.opendocument.spreadsheet'],
  ['odt', 'application/vnd.oasis.opendocument.text'],
  ['parquet', 'application/vnd.apache.parquet'],
  ['dwg', 'image/vnd.dwg'],
  ['dxf', 'image/vnd.dxf'],
  ['step', 'model/step'],
  ['stp', 'model/step'],
]);

async function mimeTypeOf(path: string): Promise<string | undefined> {
  const { lookup } = await import('mrmime').catch((cause) => {
    throw new ConfigError(
      'uploads from disk need the package mrmime for MIME types: npm install mrmime',
      { cause },
    );
  });
  const known: unknown = lookup(path);
  // It looks in an object, which gives a function for a name such as `a.constructor`.
  return typeof known === 'string' ? known : MORE_TYPES.get(extname(path).slice(1).toLowerCase());
}
