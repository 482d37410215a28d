import type {
  AssetScope,
  CallOptions,
  GeoLocation,
  GeoLocationFilter,
  Identified,
  Identifier,
  InstanceId,
  LabelReference,
  Listing,
  Metadata,
  PatchOf,
  ResourceList,
  RetrieveMultipleOptions,
  ScopedQuery,
  TimeArgument,
  TimeWindow,
  UpdateOf,
  UpdateOptions,
} from '@cdf/core';

/** A file's entry: everything but its bytes. */
export interface CdfFile extends Identified {
  readonly id: number;
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
  /** Absolute, with slashes: `/reports/2024`. */
  readonly directory?: string | undefined;
  readonly source?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly dataSetId?: number | undefined;
  /** @unit milliseconds since the epoch */
  readonly sourceCreatedTime?: number | undefined;
  /** @unit milliseconds since the epoch */
  readonly sourceModifiedTime?: number | undefined;
  readonly securityCategories?: readonly number[] | undefined;
  readonly labels?: readonly LabelReference[] | undefined;
  readonly geoLocation?: GeoLocation | undefined;
  /** True if there are bytes. Eventually consistent: it may lag behind an upload. */
  readonly uploaded: boolean;
  /** @unit milliseconds since the epoch */
  readonly uploadedTime?: number | undefined;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** The entry of a file after its upload. */
export interface StoredFile extends CdfFile {
  /**
   * `false` when the stored length was to be compared with the sent length, and could not be: the
   * credentials may not read files, or a browser hides the length. Absent otherwise.
   */
  readonly verified?: false | undefined;
}

/** Files as an array, with `get()` and `toTable()`. */
export type FileList = ResourceList<CdfFile>;

/** A file's entry to create. */
export interface FileCreate {
  /** At most 256 characters. Need not be unique. */
  readonly name: string;
  /** Unique among the project's files: 1 to 255 characters. `overwrite` finds the file by it. */
  readonly externalId?: string | undefined;
  /** Absolute, with slashes: `/reports/2024`. At most 512 characters. */
  readonly directory?: string | undefined;
  /** At most 128 characters. */
  readonly source?: string | undefined;
  /** The content type of downloads. @default that of the content, if it has one */
  readonly mimeType?: string | undefined;
  /** At most 256 pairs and 10,240 bytes in all. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** At most 1,000. */
  readonly assetIds?: readonly number[] | undefined;
  readonly dataSetId?: number | undefined;
  readonly sourceCreatedTime?: TimeArgument | undefined;
  readonly sourceModifiedTime?: TimeArgument | undefined;
  /** The security categories that a reader needs: at most 100. */
  readonly securityCategories?: readonly number[] | undefined;
  /** Labels that are defined in the project: at most 10. */
  readonly labels?: readonly LabelReference[] | undefined;
  readonly geoLocation?: GeoLocation | undefined;
}

/** The entry of an upload. The name may come from the content: a `File`, or a path. */
export interface FileUpload extends Omit<FileCreate, 'name'> {
  readonly name?: string | undefined;
}

/** Changes of single fields. Other fields stay. The name and the bytes cannot be changed so. */
export type FilePatch = PatchOf<FileCreate, never, 'name'>;

/**
 * Patches of the file that the identifier names, or a whole entry found by its id, else its
 * external id.
 */
export type FileUpdate = UpdateOf<FileUpload, FilePatch>;

/** A filter of files: every given condition must hold. Strings are compared with their case. */
export interface FileFilter {
  readonly name?: string | undefined;
  readonly directoryPrefix?: string | undefined;
  readonly mimeType?: string | undefined;
  /** Files that have all of these pairs. */
  readonly metadata?: Readonly<Metadata> | undefined;
  /** Files of any of these assets: at most 100. */
  readonly assetIds?: readonly number[] | undefined;
  /** Files of any of these assets: at most 100. */
  readonly assetExternalIds?: readonly string[] | undefined;
  /** Files of any asset in these subtrees: at most 100 roots with 100,000 assets in all. */
  readonly assetSubtreeIds?: readonly Identifier[] | undefined;
  /** At most 100. */
  readonly dataSetIds?: readonly Identifier[] | undefined;
  readonly labels?:
    | { readonly containsAny: readonly LabelReference[] }
    | { readonly containsAll: readonly LabelReference[] }
    | undefined;
  readonly geoLocation?: GeoLocationFilter | undefined;
  readonly source?: string | undefined;
  readonly externalIdPrefix?: string | undefined;
  /** True if there are bytes. */
  readonly uploaded?: boolean | undefined;
  readonly uploadedTime?: TimeWindow | undefined;
  readonly createdTime?: TimeWindow | undefined;
  readonly lastUpdatedTime?: TimeWindow | undefined;
  readonly sourceCreatedTime?: TimeWindow | undefined;
  readonly sourceModifiedTime?: TimeWindow | undefined;
}

/** The files to list. */
export interface FileQuery {
  readonly filter?: FileFilter | undefined;
  /** Most files in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}

/** A query beside a selection of assets, which says which assets. */
export type AssetFileQuery = ScopedQuery<FileQuery>;

/** The files to search, and the name to look for. */
export interface FileSearchQuery {
  /** Parts of the name. */
  readonly search?: { readonly name?: string | undefined } | undefined;
  readonly filter?: FileFilter | undefined;
}

/** How many files match. */
export interface FileAggregates {
  /** One request. */
  count(
    query?: { readonly filter?: FileFilter | undefined },
    options?: CallOptions,
  ): Promise<number>;
}

/** The types of files, for `ResourceApi`. */
export interface FileTypes {
  item: CdfFile;
  list: FileList;
  create: FileCreate;
  update: FileUpdate;
  filter: FileFilter;
  property: never;
  query: FileQuery;
  scopedQuery: AssetFileQuery;
  search: FileSearchQuery;
}

/**
 * The methods of `FilesApi` that are about entries. They work detached:
 * `const { list } = client.files`.
 */
export interface FileOperations {
  readonly aggregate: FileAggregates;

  /**
   * Entries of files, in no documented order. Awaited: the first 25, or `limit`. In `for await`:
   * all of them. A request per 1,000.
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/advancedListFiles
   */
  list(query?: FileQuery, options?: CallOptions): Listing<CdfFile, FileList>;

  /**
   * The files of a selection of assets. Awaited: all of them, unless `limit` is given. For the
   * roots of subtrees and up to 100 assets it costs as much as `list`; beyond that everything is
   * read before the first file comes.
   * @throws {ConfigError} when the filter names assets too
   */
  listByAssets(
    scope: AssetScope,
    query?: AssetFileQuery,
    options?: CallOptions,
  ): Listing<CdfFile, FileList>;

  /**
   * Files from elsewhere, such as JSON from disk, as a list with its methods. Sends nothing. The
   * list has copies.
   * @throws {ConfigError} when an item is not an object with an id
   */
  asList(items: readonly CdfFile[]): FileList;

  /** The entry of that identifier, or `undefined`. One request. */
  retrieve(identifier: Identifier, options?: CallOptions): Promise<CdfFile | undefined>;

  /**
   * Entries in the order of the identifiers. A request per 1,000.
   * @throws {NotFoundError} whose `missing` has every unknown identifier, unless `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/byIdsFiles
   */
  retrieveMultiple(
    identifiers: readonly Identifier[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<FileList>;

  /**
   * The best matches by name, best first: at most 1,000. One request.
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/searchFiles
   */
  search(query: FileSearchQuery, options?: CallOptions): Promise<FileList>;

  /**
   * Changes entries, by patches or by whole objects, in requests of 1,000. The answer is in input
   * order.
   * @param query `mode` decides on fields that whole objects do not carry
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/updateFiles
   */
  update(
    files: readonly FileUpdate[],
    query?: UpdateOptions,
    options?: CallOptions,
  ): Promise<FileList>;
  update(file: FileUpdate, query?: UpdateOptions, options?: CallOptions): Promise<CdfFile>;

  /**
   * Deletes files with their bytes, by identifier or as they were read, in requests of 1,000.
   * @throws {NotFoundError} when one is unknown: then its request deletes nothing, unless
   * `ignoreUnknownIds`
   * @see https://api-docs.cognite.com/20230101/tag/Files/operation/deleteFiles
   */
  delete(
    files: readonly (Identifier | Identified)[],
    query?: RetrieveMultipleOptions,
    options?: CallOptions,
  ): Promise<void>;
}
