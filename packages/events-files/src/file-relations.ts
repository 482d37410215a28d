import type { Identified, Identifier, InstanceId } from '@cdf/core';
import type { DownloadOptions } from './download/download.js';
import type { StoredFile } from './file-types.js';
import type { FilesApi } from './files-api.js';
import type { UploadContent } from './upload/content.js';
import type { ContentUploadOptions } from './upload/upload-options.js';

/** A file's entry, or a node of one, such as of `CogniteFile`. */
export type FileSubject = Identified | InstanceId;

function nameOf(file: FileSubject): Identifier {
  return 'space' in file ? { instanceId: file } : { id: file.id };
}

/**
 * The relation from files to their bytes: `node.download()` gives all of them in memory, as
 * `files.download` does. Two requests; more where the connection is cut.
 *
 * @throws {NotFoundError} when the file does not exist
 * @throws {ApiError} when it has no bytes yet
 * @throws {DecodeError} when the file changed meanwhile, or storage answers with anything but the
 * file, such as an HTML page
 * @see https://api-docs.cognite.com/20230101/tag/Files/operation/downloadLinks
 * @example
 * const files = new FilesApi(transport);
 * const relations = { download: fileDownload(files), upload: fileUpload(files) };
 * const manuals = nodes(transport, CogniteFile, { space: 'acme', relations });
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

/**
 * The relation from files to new bytes: `node.upload(content)` replaces the bytes, or gives the
 * node its first ones, as `files.uploadContent` does. The old bytes stay until the new ones are
 * complete. Three requests; content of more than one part (6 MiB) costs one for each part and
 * five more. The node is not changed: read it again for `isUploaded`.
 *
 * @throws {ConfigError} before anything is sent: for content of an invalid type, such as a string
 * @throws {ApiError} when the file does not exist
 * @throws {UploadError} when it fails later: `fileId` says which file it was
 * @see https://api-docs.cognite.com/20230101/tag/Files/operation/getUploadLink
 */
export const fileUpload =
  (
    files: FilesApi,
  ): ((
    file: FileSubject,
  ) => (content: UploadContent, options?: ContentUploadOptions) => Promise<StoredFile>) =>
  (file) =>
  (content, options) =>
    files.uploadContent(nameOf(file), content, options);
