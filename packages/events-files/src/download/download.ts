import { type CallOptions, CdfError, type Identifier, type Transport } from '@cdf/core';
import { CALL_OPTIONS, checkMethodOptions } from '@cdf/core/resource';
import type { CdfFile } from '../file-types.js';
import { isHtmlType } from '../html.js';
import type { Checksum } from '../upload/entry.js';
import { fetchDownloadUrls } from './download-links.js';
import type { FileSource } from './download-reader.js';
import { type FileStream, type FileStreamOptions, openFileStream } from './file-stream.js';
import { LinkBatches } from './link-batches.js';

export { storedLength } from './stored-length.js';
export { fetchDownloadUrls };

/**
 * How bytes are read. `onProgress` counts bytes; the total is `undefined` where the answer has no
 * length.
 */
export interface DownloadOptions extends CallOptions {
  /**
   * Compares the bytes with the checksum in the file's metadata, stored by an upload. One more
   * request.
   */
  readonly checksum?: Checksum | undefined;
}

/** The metadata that tells if a file is an HTML page. */
export type TypedFile = Pick<CdfFile, 'id' | 'mimeType'>;

/**
 * Opens one file.
 *
 * @param readEntry reads the entry, for its checksum and its type
 */
export async function openFile(
  transport: Transport,
  identifier: Identifier,
  ownOptions: DownloadOptions,
  readEntry: (options: CallOptions) => Promise<CdfFile | undefined>,
): Promise<FileStream> {
  checkMethodOptions(ownOptions, { checksum: 'other', ...CALL_OPTIONS }, 'download');
  const { checksum, ...options } = ownOptions;
  const calls = { signal: options.signal, timeoutMs: options.timeoutMs };
  const entry = checksum && (await readEntry(calls));
  const source: FileSource = {
    async link() {
      const [found] = await fetchDownloadUrls(transport, [identifier], {}, calls);
      return found?.downloadUrl as string;
    },
    // Without its entry, the page is taken for one of a proxy.
    isHtml: async () =>
      isHtmlType((entry ?? (await readEntry(calls).catch(() => undefined)))?.mimeType),
  };
  const proof = checksum && proofOf(entry, checksum);
  return openFileStream(transport, source, { ...options, proof });
}

/** Opens files by their index in a list, with links 100 at a time. */
export function fileOpener(
  transport: Transport,
  files: readonly TypedFile[],
  options: CallOptions,
): (index: number) => Promise<FileStream> {
  const links = new LinkBatches(
    transport,
    files.map(({ id }) => ({ id })),
    options,
  );
  return (index) => {
    const source: FileSource = {
      link: links.sourceOf(index),
      isHtml: async () => isHtmlType(files[index]?.mimeType),
    };
    return openFileStream(transport, source, options);
  };
}

/** Empty for an unknown file: the request for its link reports that. */
function proofOf(file: CdfFile | undefined, checksum: Checksum): FileStreamOptions['proof'] {
  if (file === undefined) return undefined;
  const digest = file.metadata?.[checksum.name];
  if (digest === undefined)
    throw new CdfError(
      `download: file ${file.id} has no checksum ${checksum.name} in its metadata`,
    );
  return { hasher: checksum.create(), digest };
}
