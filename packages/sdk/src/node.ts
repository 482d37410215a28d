export {
  type DownloadDirectoryOptions,
  type DownloadedFile,
  downloadToDirectory,
  downloadToPath,
  fromPath,
  type PathFilter,
  type UploadDirectoryOptions,
  type UploadedFile,
  uploadDirectory,
} from '@cdf/events-files/node';
