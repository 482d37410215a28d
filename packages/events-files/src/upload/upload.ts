import { type CallOptions, ConfigError, type Identifier, type Transport } from '@cdf/core';
import { toIdentifier } from '@cdf/core/resource';
import type { CdfFile, FileCreate, FileUpload } from '../file-types.js';
import { openContent, type SizedContent, sizeContent, type UploadContent } from './content.js';
import { type Checksum, UploadEntry } from './entry.js';
import { requestLink, requestSession } from './links.js';
import { uploadParts } from './multipart.js';
import { planUpload } from './plan.js';
import { UploadSession, type UploadSessionData } from './session.js';
import { uploadSingle } from './single.js';

/** Creates a file's entry, or overwrites one, and sends its bytes. */
export async function uploadNew(
  transport: Transport,
  content: UploadContent,
  { name: ownName, ...fields }: FileUpload,
  options: UploadOptions,
): Promise<CdfFile> {
  const { overwrite = false } = options;
  options.signal?.throwIfAborted();
  if (overwrite && fields.externalId === undefined)
    throw new ConfigError('upload: overwrite goes by the external id, and none is given');
  const opened = await openContent(content);
  const name = ownName ?? opened.name;
  if (name === undefined || name === '') throw new ConfigError('upload: the file needs a name');
  const mimeType = fields.mimeType ?? opened.mimeType;
  const file: FileCreate = { ...fields, name, ...(mimeType === undefined ? {} : { mimeType }) };
  const label = `upload of ${JSON.stringify(name)}`;
  const entry = new UploadEntry(transport, label, { kind: 'new', file, overwrite }, options);
  return send(transport, await sizeContent(opened, options), entry, options);
}

/** Sends bytes to an entry that is there. */
export async function uploadExisting(
  transport: Transport,
  identifier: Identifier,
  content: UploadContent,
  options: ContentUploadOptions,
): Promise<CdfFile> {
  options.signal?.throwIfAborted();
  const file = toIdentifier(identifier, 'upload');
  const opened = await openContent(content);
  const { mimeType } = opened;
  const entry = new UploadEntry(transport, 'upload', { kind: 'existing', file, mimeType }, options);
  return send(transport, await sizeContent(opened, options), entry, options);
}

/** Goes on with a multipart upload: only what is missing is sent. */
export async function resumeUpload(
  transport: Transport,
  data: UploadSession | UploadSessionData,
  content: UploadContent,
  options: ContentUploadOptions,
): Promise<CdfFile> {
  options.signal?.throwIfAborted();
  const session = new UploadSession(data instanceof UploadSession ? data.toJSON() : data);
  const { size, partSize, file } = session;
  const sized = await sizeContent(await openContent(content), { ...options, size, partSize });
  const entry = new UploadEntry(transport, 'resumed upload', { kind: 'existing', file }, options);
  return send(transport, sized, entry, { ...options, partSize }, session);
}

/** Whatever happens, the stream is let go of, and the entry of a failure is dealt with. */
async function send(
  transport: Transport,
  content: SizedContent,
  entry: UploadEntry,
  { checksum, verify, ...options }: ContentUploadOptions,
  resumed?: UploadSession,
): Promise<CdfFile> {
  try {
    const plan = planUpload(content.size, options.partSize);
    const isSingle = plan.parts === 1;
    if (isSingle && resumed !== undefined) throw new ConfigError('upload session: content of one part has none');
    // Content that cannot be read leaves nothing behind: it is read before there is anything.
    const digest = checksum && (await content.hash(checksum, options.signal));
    if (isSingle) {
      const link = await requestLink(entry);
      await uploadSingle(transport, link, await content.read(0, content.size), options);
    } else {
      const session = resumed ?? (await requestSession(entry, plan));
      await uploadParts(transport, session, content, entry, options);
    }
    const file = await entry.finish(content.size, { verify: verify ?? !isSingle, digest: digest?.() });
    await content.close();
    return file;
  } catch (error) {
    await content.close(error);
    throw await entry.fail(error);
  }
}

/** Creates a file's entry, without bytes. */
export async function createEntry(transport: Transport, file: FileCreate, options: CallOptions): Promise<CdfFile> {
  const entry = new UploadEntry(transport, 'create', { kind: 'new', file, overwrite: false }, options);
  return (await entry.open()).file;
}

/**
 * How bytes get to the service. `onProgress` counts bytes, those of a part that is sent again once: in Node as they leave, in a browser
 * when a part or a request is done, since `fetch` tells no more there.
 */
export interface ContentUploadOptions extends CallOptions {
  /**
   * How many bytes a stream will give; one that gives more or fewer fails. The service has to know the number of parts beforehand, so
   * that without it a `ReadableStream` waits in memory for its end, and fails when it has more than 64 MiB; a function that opens a
   * stream is read twice.
   * @unit bytes
   */
  readonly size?: number | undefined;
  /**
   * Content that is not larger goes in one request, larger content in parts of this size: more than 5 MiB.
   * @unit bytes
   * @default 6 MiB, or what 250 parts need to be
   */
  readonly partSize?: number | undefined;
  /**
   * Parts on their way at the same time. So many of a stream's are in memory.
   * @default 3, of a stream 2
   */
  readonly parallelParts?: number | undefined;
  /**
   * Asks the service for the length it has stored, when all is sent: two requests.
   * @default true, but for content of one part
   */
  readonly verify?: boolean | undefined;
  /** Keeps a checksum of the bytes in the file's metadata. */
  readonly checksum?: Checksum | undefined;
  /**
   * Gets the session of a multipart upload at its start and after each part, to be kept as JSON. With it, a failed upload leaves
   * its entry behind, so that `resumeUpload` can go on. What is kept is a secret: it holds signed addresses.
   */
  readonly onSession?: ((session: UploadSession) => void) | undefined;
}

/** How a new file, or one that may be there, gets its bytes. */
export interface UploadOptions extends ContentUploadOptions {
  /**
   * Gives the file of that external id new bytes, and the fields that are set; metadata is replaced as a whole. The old bytes stay
   * until the new ones are complete.
   * @default false: a file of that external id is an error
   */
  readonly overwrite?: boolean | undefined;
}
