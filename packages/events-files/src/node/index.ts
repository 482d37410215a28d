export {
  type DownloadDirectoryOptions,
  type DownloadedFile,
  downloadToDirectory,
  downloadToPath,
} from './download-to.js';
export { fromPath } from './from-path.js';
export { planPaths, safeName } from './safe-paths.js';
export { sha256 } from './sha256.js';
export {
  type DescribedFile,
  type PathFilter,
  type UploadDirectoryOptions,
  type UploadedFile,
  uploadDirectory,
} from './upload-directory.js';
