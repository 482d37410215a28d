/// <reference types="node" />

import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ConfigError } from '@cdf/core';
import type { UploadSource } from '../upload/content.js';

/**
 * A file on disk, for `files.upload`: its name becomes the entry's name, its extension tells the MIME
 * type. It is read part by part during the upload, which fails if the file changes. Needs the package
 * `mrmime`.
 *
 * @throws {ConfigError} when the upload starts: the path is not a file, or `mrmime` is not installed
 * @example
 * await client.files.upload(fromPath('reports/june.pdf'), { externalId: 'report-june' });
 */
export function fromPath(path: string): UploadSource {
  return {
    name: basename(path),
    async open(): Promise<Blob> {
      const found = await stat(path).catch((cause) => {
        const why = cause.code === 'ENOENT' ? `there is no file ${JSON.stringify(resolve(path))}` : cause.message;
        throw new ConfigError(`upload: ${JSON.stringify(path)} cannot be read: ${why}`, { cause });
      });
      if (found.isDirectory())
        throw new ConfigError(`upload: ${JSON.stringify(path)} is a directory; use uploadDirectory`);
      if (!found.isFile()) throw new ConfigError(`upload: ${JSON.stringify(path)} is not a file`);
      return openAsBlob(path, { type: (await mimeTypeOf(path)) ?? '' });
    },
  };
}

async function mimeTypeOf(path: string): Promise<string | undefined> {
  const { lookup } = await import('mrmime').catch((cause) => {
    throw new ConfigError('uploads from disk need the package mrmime for MIME types: npm install mrmime', { cause });
  });
  return lookup(path);
}
