export { assetFiles } from './asset-files.js';
export type { DownloadOptions } from './download/download.js';
export type { DownloadUrl, DownloadUrlOptions } from './download/download-links.js';
export { type FileSubject, fileDownload, fileUpload } from './file-relations.js';
export type {
  AssetFileQuery,
  CdfFile,
  FileAggregates,
  FileCreate,
  FileFilter,
  FileList,
  FileOperations,
  FilePatch,
  FileQuery,
  FileSearchQuery,
  FileUpdate,
  FileUpload,
  StoredFile,
} from './file-types.js';
export { FilesApi } from './files-api.js';
export type { StreamFactory, UploadContent, UploadSource } from './upload/content.js';
export type { Checksum, Hasher } from './upload/entry.js';
export {
  type EntryFate,
  UploadError,
  type UploadErrorDetails,
  UploadSession,
  type UploadSessionData,
} from './upload/session.js';
export type { ContentUploadOptions, UploadOptions } from './upload/upload-options.js';
