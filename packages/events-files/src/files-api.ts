import {
  type AssetScope,
  type CallOptions,
  type Identifier,
  type Listing,
  ResourceList,
  type RetrieveMultipleOptions,
  type Transport,
  type UpdateOptions,
} from '@cdf/core';
import {
  type ListBody,
  listInScope,
  loadPart,
  oneOrMany,
  ResourceEndpoint,
  withEpochWindows,
  withPrototype,
} from '@cdf/core/resource';
import type { DownloadOptions } from './download/download.js';
import type { DownloadUrl, DownloadUrlOptions } from './download/download-links.js';
import type { FileStream } from './download/file-stream.js';
import type {
  AssetFileQuery,
  CdfFile,
  FileCreate,
  FileFilter,
  FileList,
  FileQuery,
  FileSearchQuery,
  FileUpdate,
  FileUpload,
} from './file-types.js';
import type { UploadContent } from './upload/content.js';
import type { ContentUploadOptions, UploadOptions } from './upload/upload-options.js';
import type { UploadSession, UploadSessionData } from './upload/upload-session.js';
import { withEpochs } from './with-epochs.js';

/** Assets that one filter of files may name. */
const MAX_ASSETS = 100;

const TIMES = ['sourceCreatedTime', 'sourceModifiedTime'] as const;
const TIME_FILTERS = [...TIMES, 'uploadedTime', 'createdTime', 'lastUpdatedTime'] as const;

/** How many files match. */
export interface FileAggregates {
  /** One request. */
  count(query?: { readonly filter?: FileFilter | undefined }, options?: CallOptions): Promise<number>;
}

/**
 * Files: their entries, and their bytes. What moves bytes is loaded when it is first needed: a bundle in several chunks has it in one
 * of its own.
 */
export class FilesApi {
  readonly aggregate: FileAggregates;
  readonly #endpoint: ResourceEndpoint<CdfFile, FileList>;

  constructor(transport: Transport) {
    this.#endpoint = new ResourceEndpoint<CdfFile, FileList>(transport, {
      path: '/files',
      noun: 'files',
      updatable: {
        externalId: 'required',
        directory: 'nullable',
        source: 'nullable',
        mimeType: 'nullable',
        metadata: 'metadata',
        assetIds: 'list',
        dataSetId: 'nullable',
        sourceCreatedTime: 'nullable',
        sourceModifiedTime: 'nullable',
        securityCategories: 'list',
        labels: 'labels',
        geoLocation: 'nullable',
      },
      adopt: (file) => file,
      toList: (files) => withPrototype<FileList>(files, ResourceList.prototype),
    });
    this.aggregate = {
      count: async (query = {}, options) => {
        const [item] = await this.#endpoint.aggregate<{ count: number }>(toWireQuery(query), options);
        return item?.count ?? 0;
      },
    };
  }

  /**
   * Entries of files, in no documented order. Awaited: the first 25, or `limit`. In `for await`: all of them. A request per 1,000.
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/advancedListFiles
   */
  list(query: FileQuery = {}, options?: CallOptions): Listing<CdfFile, FileList> {
    return this.#endpoint.list(toWireQuery({ filter: {}, ...query }), options);
  }

  /**
   * The files of a selection of assets. Awaited: all of them, unless `limit` is given. For the roots of subtrees and up to 100
   * assets it costs what `list` costs; beyond that everything is read before the first file comes.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(scope: AssetScope, query: AssetFileQuery = {}, options?: CallOptions): Listing<CdfFile, FileList> {
    return listInScope(this.#endpoint, scope, toWireQuery(query), MAX_ASSETS, options);
  }

  /** The entry of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<CdfFile | undefined> {
    return this.#endpoint.retrieve(identifier, {}, options);
  }

  /**
   * Entries in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/byIdsFiles
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<FileList> {
    return this.#endpoint.retrieveMultiple(identifiers, query, options);
  }

  /**
   * The best matches by name, best first: at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/searchFiles
   */
  search(query: FileSearchQuery, options?: CallOptions): Promise<FileList> {
    return this.#endpoint.search(toWireQuery(query), options);
  }

  /**
   * Creates an entry without bytes; `uploadContent` brings them. CDF removes it after a week without. One request.
   * @throws {DuplicatedError} when there is a file of that external id
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/initFileUpload
   */
  async create(file: FileCreate, options: CallOptions = {}): Promise<CdfFile> {
    const { createEntry } = await uploading();
    return createEntry(this.#endpoint.transport, toWireItem(file), options);
  }

  /**
   * Changes entries, by patches or by whole objects, in requests of 1,000. The answer is in input order.
   * @param query `mode` says what whole objects do to fields that they do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/updateFiles
   */
  update(file: FileUpdate, query?: UpdateOptions, options?: CallOptions): Promise<CdfFile>;
  update(files: readonly FileUpdate[], query?: UpdateOptions, options?: CallOptions): Promise<FileList>;
  async update(
    input: FileUpdate | readonly FileUpdate[],
    { mode }: UpdateOptions = {},
    options?: CallOptions,
  ): Promise<CdfFile | FileList> {
    const { items, single } = oneOrMany(input);
    const updated = await this.#endpoint.update(items.map(toWireItem), mode, options);
    return single ? (updated[0] as CdfFile) : updated;
  }

  /**
   * Deletes files with their bytes, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: of its request nothing is deleted then, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/deleteFiles
   */
  delete(
    identifiers: readonly Identifier[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    return this.#endpoint.delete(identifiers, query, options);
  }

  /**
   * Creates a file with its bytes. Content of more than one part (6 MiB) goes up in parts, a few at a time, each sent again from its
   * own bytes when it has to be. Costs a request for each part and five more, two of them
   * to verify; small content three in all.
   *
   * A failed or aborted upload deletes the entry that it has created, and only that: never with `overwrite`.
   *
   * @returns the entry as it is afterwards
   * @throws {ConfigError} before anything is sent: when the content is none, such as a string, or a `ReadableStream` of more than 64 MiB
   * without `size`
   * @throws {ApiError} when the service refuses the entry: there is none then
   * @throws {UploadError} when it fails later, or the entry may be there without an answer: `fileId` and `entry` say what is left
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/initFileUpload
   * @example
   * await client.files.upload(new Blob([text]), { name: 'notes.txt', externalId: 'notes' }, { overwrite: true });
   */
  async upload(content: UploadContent, file: FileUpload = {}, options: UploadOptions = {}): Promise<CdfFile> {
    const { uploadNew } = await uploading();
    return uploadNew(this.#endpoint.transport, content, toWireItem(file), options);
  }

  /**
   * Gives a file that is there new bytes. The old ones stay until the new ones are complete.
   * @throws {ApiError} when there is no such file
   * @throws {UploadError} when it fails later: `fileId` says which file it was
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/getUploadLink
   */
  async uploadContent(
    identifier: Identifier,
    content: UploadContent,
    options: ContentUploadOptions = {},
  ): Promise<CdfFile> {
    const { uploadExisting } = await uploading();
    return uploadExisting(this.#endpoint.transport, identifier, content, options);
  }

  /**
   * Goes on with an upload of parts: only those that are missing are sent.
   * @param session what `onSession` gave, or what JSON kept of it
   * @param content the same bytes as the first time
   * @throws {ConfigError} before anything is sent, when the session is none or the content has another size
   * @throws {UploadError} whose `fileId` says which file it was
   */
  async resumeUpload(
    session: UploadSession | UploadSessionData,
    content: UploadContent,
    options: ContentUploadOptions = {},
  ): Promise<CdfFile> {
    const { resumeUpload } = await uploading();
    return resumeUpload(this.#endpoint.transport, session, content, options);
  }

  /**
   * All bytes of a file in memory. Two requests; more where the connection is cut: it goes on where it ended.
   * @throws {NotFoundError} when there is no such file
   * @throws {ApiError} when it has no bytes yet
   * @example
   * const blob = new Blob([await client.files.download({ externalId: 'notes' })]);
   */
  // `Uint8Array<ArrayBuffer>` in words that compilers before 5.7 know too: there it has no parameter.
  async download(identifier: Identifier, options: DownloadOptions = {}): Promise<ReturnType<TextEncoder['encode']>> {
    const { body } = await this.#open(identifier, options);
    return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
  }

  /** The bytes of a file as they come. A stream that ends without an error has given all of them. Costs what `download` does. */
  async downloadStream(identifier: Identifier, options: DownloadOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return (await this.#open(identifier, options)).body;
  }

  /**
   * Links to the bytes, in the order of the identifiers: they work for 30 seconds, without a token. A request per 100.
   * @throws {NotFoundError} when there is no such file
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/downloadLinks
   */
  async downloadUrls(
    identifiers: readonly Identifier[],
    query?: DownloadUrlOptions,
    options?: CallOptions,
  ): Promise<DownloadUrl[]> {
    const { fetchDownloadUrls } = await downloading();
    return fetchDownloadUrls(this.#endpoint.transport, identifiers, query, options);
  }

  /**
   * Opens files by their place in a list, with links 100 at a time.
   * @internal
   */
  async openMany(
    identifiers: readonly Identifier[],
    options: CallOptions,
  ): Promise<(index: number) => Promise<FileStream>> {
    const { fileOpener } = await downloading();
    return fileOpener(this.#endpoint.transport, identifiers, options);
  }

  async #open(identifier: Identifier, options: DownloadOptions): Promise<FileStream> {
    const { openFile } = await downloading();
    return openFile(this.#endpoint.transport, identifier, options, (calls) => this.retrieve(identifier, calls));
  }
}

function uploading(): Promise<typeof import('./upload/upload.js')> {
  return loadPart(import('./upload/upload.js'));
}

function downloading(): Promise<typeof import('./download/download.js')> {
  return loadPart(import('./download/download.js'));
}

function toWireQuery<Q extends { readonly filter?: FileFilter | undefined }>({ filter, ...rest }: Q): ListBody {
  return { ...rest, ...(filter === undefined ? {} : { filter: withEpochWindows(filter, TIME_FILTERS, Date.now()) }) };
}

function toWireItem<T extends object>(file: T): T {
  return withEpochs(file, TIMES, Date.now());
}
