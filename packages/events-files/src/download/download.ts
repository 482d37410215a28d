import { type CallOptions, CdfError, type Identifier, type Transport } from '@cdf/core';
import type { CdfFile } from '../file-types.js';
import type { Checksum } from '../upload/entry.js';
import { fetchDownloadUrls } from './download-links.js';
import { type FileStream, type FileStreamOptions, openFileStream } from './file-stream.js';
import { LinkBatches } from './link-batches.js';

export { fetchDownloadUrls };

/** How bytes are read. `onProgress` counts bytes; the total is `Infinity` where the answer has no length. */
export interface DownloadOptions extends CallOptions {
  /** Compares the bytes with the checksum in the file's metadata, stored by an upload. One more request. */
  readonly checksum?: Checksum | undefined;
}

/**
 * Opens one file.
 *
 * @param readEntry reads the entry, for its checksum
 */
export async function openFile(
  transport: Transport,
  identifier: Identifier,
  { checksum, ...options }: DownloadOptions,
  readEntry: (options: CallOptions) => Promise<CdfFile | undefined>,
): Promise<FileStream> {
  const calls = { signal: options.signal, timeoutMs: options.timeoutMs };
  const link = async (): Promise<string> => {
    const [found] = await fetchDownloadUrls(transport, [identifier], {}, calls);
    return found?.downloadUrl as string;
  };
  const proof = checksum && proofOf(await readEntry(calls), checksum);
  return openFileStream(transport, link, { ...options, proof });
}

/** Opens files by their index in a list, with links 100 at a time. */
export function fileOpener(
  transport: Transport,
  identifiers: readonly Identifier[],
  options: CallOptions,
): (index: number) => Promise<FileStream> {
  const links = new LinkBatches(transport, identifiers, options);
  return (index) => openFileStream(transport, links.sourceOf(index), options);
}

/** None for an unknown file: the request for its link reports that. */
function proofOf(file: CdfFile | undefined, checksum: Checksum): FileStreamOptions['proof'] {
  if (file === undefined) return undefined;
  const digest = file.metadata?.[checksum.name];
  if (digest === undefined)
    throw new CdfError(`download: file ${file.id} has no checksum ${checksum.name} in its metadata`);
  return { hasher: checksum.create(), digest };
}
