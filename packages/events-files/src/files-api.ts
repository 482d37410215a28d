import type { CallOptions, Identifier, Transport } from '@cdf/core';
import {
  DEPTH_OF_NAMES,
  loadPart,
  ownCopy,
  ResourceApi,
  type ResourceClass,
  type ResourceDefinition,
} from '@cdf/core/resource';
import type { DownloadOptions } from './download/download.js';
import type { DownloadUrl, DownloadUrlOptions } from './download/download-links.js';
import type { FileStream } from './download/file-stream.js';
import type {
  CdfFile,
  FileCreate,
  FileOperations,
  FileTypes,
  FileUpload,
  StoredFile,
} from './file-types.js';
import type { UploadContent } from './upload/content.js';
import type { UploadSession, UploadSessionData } from './upload/session.js';
import type { ContentUploadOptions, UploadOptions } from './upload/upload-options.js';

const FILES: ResourceDefinition<CdfFile> = {
  path: '/files',
  noun: 'files',
  fields: {
    externalId: 'required',
    directory: 'nullable',
    source: 'nullable',
    mimeType: 'nullable',
    metadata: 'metadata',
    assetIds: 'list',
    dataSetId: 'nullable',
    sourceCreatedTime: 'time',
    sourceModifiedTime: 'time',
    securityCategories: 'list',
    labels: 'labels',
    geoLocation: 'nullable',
  },
  windows: ['sourceCreatedTime', 'sourceModifiedTime', 'uploadedTime'],
  assets: 100,
  countsOnly: true,
  // An upload overwrites, and knows the entry by its external id.
  without: ['upsert'],
};

const FileResource: ResourceClass<CdfFile, FileOperations> = ResourceApi<FileTypes>;

/**
 * Files: their entries, and their bytes. The code for uploads and downloads is loaded when it is
 * first needed: a bundle in several chunks has it in a chunk of its own.
 */
export class FilesApi extends FileResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    super(transport, FILES);
    this.#transport = transport;
  }

  /**
   * Creates an entry without bytes; `uploadContent` brings them. CDF removes it after a week
   * without. One request.
   * @throws {DuplicatedError} when there is a file of that external id
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/initFileUpload
   */
  async create(file: FileCreate, options: CallOptions = {}): Promise<CdfFile> {
    const [own, ownOptions] = ownCopy([file, options]);
    const { createEntry, toWireFile } = await uploading();
    return createEntry(this.#transport, toWireFile(FILES, own), ownOptions);
  }

  /**
   * Creates a file with its bytes. Content of more than one part (6 MiB) goes up in parts, a few at
   * a time, each sent again from its own bytes when it has to be. Costs a request for each part and
   * five more, two of them to verify; small content three in all.
   *
   * A failed or aborted upload deletes the entry that it created, and only that: never with
   * `overwrite`, never once the service may have the whole file. An aborted upload rejects at once;
   * its entry is deleted meanwhile, and remains if the client is closed before that is done.
   *
   * @returns the entry as it is afterwards; `verified: false` when the stored length could not be
   * checked
   * @throws {ConfigError} before anything is sent: for content of an invalid type, such as a
   *   string, or a `ReadableStream` of more than 64 MiB without `size`
   * @throws {ApiError} when the service refuses the entry, which then does not exist
   * @throws {UploadError} when it fails later, or the entry may be there without an answer:
   *   `fileId` and `entry` say what remains
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/initFileUpload
   * @example
   * const file = { name: 'notes.txt', externalId: 'notes' };
   * await client.files.upload(new Blob([text]), file, { overwrite: true });
   */
  async upload(
    content: UploadContent,
    file: FileUpload = {},
    options: UploadOptions = {},
  ): Promise<StoredFile> {
    const [own, ownOptions] = ownCopy([file, options]);
    const { uploadNew } = await uploading();
    return uploadNew(this.#transport, content, FILES, own, ownOptions);
  }

  /**
   * Gives a file that is there new bytes. The old ones stay until the new ones are complete.
   * @throws {ApiError} when the file does not exist
   * @throws {UploadError} when it fails later: `fileId` says which file it was
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/getUploadLink
   */
  async uploadContent(
    identifier: Identifier,
    content: UploadContent,
    options: ContentUploadOptions = {},
  ): Promise<StoredFile> {
    const [own, ownOptions] = ownCopy([identifier, options], DEPTH_OF_NAMES);
    const { uploadExisting } = await uploading();
    return uploadExisting(this.#transport, own, content, ownOptions);
  }

  /**
   * Continues an upload of parts: only the missing ones are sent. Content with other bytes in a
   * part that was sent is refused, as is a path that was modified since. A checksum that was
   * requested at the start is stored; that of a stream has to be passed again.
   * @param session a session of `onSession`, or its parsed JSON
   * @param content the same bytes as the first time
   * @throws {ConfigError} before anything is sent, when the session is invalid, the content has
   * another size or the path was modified
   * @throws {UploadError} whose `fileId` names the file; also when the content has other bytes
   */
  async resumeUpload(
    session: UploadSession | UploadSessionData,
    content: UploadContent,
    options: ContentUploadOptions = {},
  ): Promise<StoredFile> {
    const [own, ownOptions] = ownCopy([session, options]);
    const { resumeUpload } = await uploading();
    return resumeUpload(this.#transport, own, content, ownOptions);
  }

  /**
   * All bytes of a file in memory. Two requests; more where the connection is cut: it goes on where
   * it ended, if storage proves by its ETag that the file is the same, and compares the bytes from
   * the beginning otherwise.
   * @throws {NotFoundError} when the file does not exist
   * @throws {ApiError} when it has no bytes yet
   * @throws {DecodeError} when the file changed meanwhile, storage answers with anything but the
   * file, or does not tell the length, without `checksum`; also for HTML that is labelled as such or
   * not at all, as the page of a proxy is, unless the entry has an HTML `mimeType`
   * @example
   * const blob = new Blob([await client.files.download({ externalId: 'notes' })]);
   */
  // `Uint8Array<ArrayBuffer>` in words that compilers before 5.7 know too: there it has no
  // parameter.
  async download(
    identifier: Identifier,
    options: DownloadOptions = {},
  ): Promise<ReturnType<TextEncoder['encode']>> {
    const { body } = await this.#open(identifier, options);
    return new Uint8Array(
      await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
    );
  }

  /**
   * The bytes of a file as they come. A stream that ends without an error has given all of them.
   * Costs as much as `download`.
   */
  async downloadStream(
    identifier: Identifier,
    options: DownloadOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return (await this.#open(identifier, options)).body;
  }

  /**
   * Links to the bytes, in the order of the identifiers: they work for 30 seconds, without a token.
   * A request per 100.
   * @throws {NotFoundError} when the file does not exist
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/downloadLinks
   */
  async downloadUrls(
    identifiers: readonly Identifier[],
    query?: DownloadUrlOptions,
    options?: CallOptions,
  ): Promise<DownloadUrl[]> {
    const own = ownCopy(identifiers, DEPTH_OF_NAMES);
    const others = ownCopy([query, options] as const);
    const { fetchDownloadUrls } = await downloading();
    return fetchDownloadUrls(this.#transport, own, ...others);
  }

  /**
   * Opens files by their place in a list, with links 100 at a time.
   * @internal
   */
  async openMany(
    files: readonly Pick<CdfFile, 'id' | 'mimeType'>[],
    options: CallOptions,
  ): Promise<(index: number) => Promise<FileStream>> {
    const { fileOpener } = await downloading();
    return fileOpener(this.#transport, files, options);
  }

  /**
   * The length that is stored, read again while it is not the expected one. `undefined` when it is
   * hidden.
   * @internal
   */
  async storedLength(
    identifier: Identifier,
    expected: number,
    options: CallOptions,
  ): Promise<number | undefined> {
    const { storedLength } = await downloading();
    return storedLength(this.#transport, identifier, expected, options);
  }

  async #open(identifier: Identifier, options: DownloadOptions): Promise<FileStream> {
    const [own, ownOptions] = ownCopy([identifier, options], DEPTH_OF_NAMES);
    const { openFile } = await downloading();
    return openFile(this.#transport, own, ownOptions, (calls) => this.retrieve(own, calls));
  }
}

function uploading(): Promise<typeof import('./upload/upload.js')> {
  return loadPart(import('./upload/upload.js'));
}

function downloading(): Promise<typeof import('./download/download.js')> {
  return loadPart(import('./download/download.js'));
}
