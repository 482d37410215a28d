export {
  type DownloadDirectoryOptions,
  type DownloadedFile,
  downloadToDirectory,
  downloadToPath,
} from './download-to.js';
export type { PathFilter } from './find-files.js';
export { fromPath } from './from-path.js';
export { planPaths, safeName } from './safe-paths.js';
export { sha256 } from './sha256.js';
export {
  type DescribedFile,
  type UploadDirectoryOptions,
  type UploadedFile,
  uploadDirectory,
} from './upload-directory.js';
