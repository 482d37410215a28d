import type { Identified, Identifier, InstanceId } from '@cdf/core';
import type { DownloadOptions } from './download/download.js';
import type { StoredFile } from './file-types.js';
import type { FilesApi } from './files-api.js';
import type { UploadContent } from './upload/content.js';
import type { ContentUploadOptions } from './upload/upload.js';

/** An item with content: a file, or a node of one. */
export type FileSubject = Identified | InstanceId;

function nameOf(file: FileSubject): Identifier {
  return 'space' in file ? { instanceId: file } : { id: file.id };
}

/**
 * `file.download()`: the content of a node of `CogniteFile`, by the relations of `nodes`.
 *
 * @example
 * const relations = { download: fileDownload(client.files), upload: fileUpload(client.files) };
 * const manual = await nodes(client, CogniteFile, { space: 'plant', relations }).retrieve({ externalId: 'manual' });
 * const bytes = await manual?.download();
 */
export const fileDownload =
  (
    files: FilesApi,
  ): ((
    file: FileSubject,
  ) => (options?: DownloadOptions) => Promise<ReturnType<TextEncoder['encode']>>) =>
  (file) =>
  (options) =>
    files.download(nameOf(file), options);

/** `file.upload(content)`: gives a node of `CogniteFile` its content. */
export const fileUpload =
  (
    files: FilesApi,
  ): ((
    file: FileSubject,
  ) => (content: UploadContent, options?: ContentUploadOptions) => Promise<StoredFile>) =>
  (file) =>
  (content, options) =>
    files.uploadContent(nameOf(file), content, options);
