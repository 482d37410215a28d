import { type CallOptions, CdfError, ConfigError, type Identifier, type Transport } from '@cdf/core';
import { toIdentifier } from '@cdf/core/resource';
import type { CdfFile, FileCreate, FileUpload } from '../file-types.js';
import { checksumOf, type Hasher } from './checksum.js';
import { openContent, type RandomContent, type UploadContent } from './content.js';
import { type PartRange, planParts } from './part-plan.js';
import { chooseRoute, type Route, tooMany } from './prepare.js';
import { putBytes } from './put-bytes.js';
import { type PartSource, putParts } from './put-parts.js';
import { SentBytes } from './sent-bytes.js';
import { UploadJob } from './upload-job.js';
import { partUrls, requestLinks, singleUrl, type UploadLinks, type UploadTarget } from './upload-links.js';
import type { ContentUploadOptions, UploadOptions } from './upload-options.js';
import { UploadSession, type UploadSessionData } from './upload-session.js';

const DEFAULT_PARALLEL_PARTS = { parts: 3, 'stream-parts': 2 } as const;

/** Creates a file's entry, without bytes. */
export async function createEntry(transport: Transport, file: FileCreate, options: CallOptions): Promise<CdfFile> {
  const target: UploadTarget = { kind: 'new', file, overwrite: false };
  return (await requestLinks(transport, target, undefined, options, () => {})).file;
}

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
  const route = await chooseRoute(opened.bytes, options);
  const job = new UploadJob(transport, `upload of ${JSON.stringify(name)}`, options);
  return send(transport, job, route, { kind: 'new', file, overwrite }, mimeType, options);
}

/** Sends bytes to an entry that is there. */
export async function uploadExisting(
  transport: Transport,
  file: Identifier,
  content: UploadContent,
  options: ContentUploadOptions,
): Promise<CdfFile> {
  options.signal?.throwIfAborted();
  const target: UploadTarget = { kind: 'existing', file: toIdentifier(file, 'upload') };
  const { bytes, mimeType } = await openContent(content);
  const route = await chooseRoute(bytes, options);
  return send(transport, new UploadJob(transport, 'upload', options), route, target, mimeType, options);
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
  const { size, partSize } = session;
  const { bytes } = await openContent(content);
  const route = await chooseRoute(bytes, { ...options, size, partSize });
  if (route.kind === 'single') throw new ConfigError('upload session: content of one part has none');
  const job = new UploadJob(transport, 'resumed upload', options);
  return guarded(job, route, () => sendParts(transport, job, route, async () => session, options));
}

function send(
  transport: Transport,
  job: UploadJob,
  route: Route,
  target: UploadTarget,
  mimeType: string | undefined,
  options: ContentUploadOptions,
): Promise<CdfFile> {
  return guarded(job, route, () => {
    if (route.kind === 'single') return sendWhole(transport, job, route, target, mimeType, options);
    const { size, partSize } = sizesOf(route);
    const open = async (): Promise<UploadSession> => {
      const parts = planParts(size, partSize).length;
      const links = await job.open(target, parts);
      const file = { id: links.file.id };
      return new UploadSession({ version: 1, file, size, partSize, ...partUrls(links, parts), completed: [] });
    };
    return sendParts(transport, job, route, open, options);
  });
}

/** Whatever happens, the stream is let go of, and the entry of a failure is dealt with. */
async function guarded(job: UploadJob, route: Route, run: () => Promise<CdfFile>): Promise<CdfFile> {
  try {
    return await run();
  } catch (error) {
    if ('reader' in route) await route.reader.cancel(error);
    throw await job.fail(error);
  } finally {
    if ('reader' in route) await route.reader.cancel();
  }
}

async function sendWhole(
  transport: Transport,
  job: UploadJob,
  { content }: RouteOf<'single'>,
  target: UploadTarget,
  mimeType: string | undefined,
  options: ContentUploadOptions,
): Promise<CdfFile> {
  const digest = options.checksum && (await checksumOf(content, options.checksum, options.signal));
  const links = await job.open(target);
  const url = singleUrl(links);
  const onSent = new SentBytes(content.size, options.onProgress).ofBody();
  const bytes = content.slice(0, content.size);
  // Only a Blob tells how far it has been sent.
  const body = onSent === undefined || bytes instanceof Blob ? bytes : new Blob([bytes as Uint8Array<ArrayBuffer>]);
  await putBytes(transport, { url, headers: contentType(links, mimeType), body, onSent }, job.calls);
  return job.finish(content.size, { digest, verify: options.verify ?? false });
}

async function sendParts(
  transport: Transport,
  job: UploadJob,
  route: RouteOf<'parts' | 'stream-parts'>,
  open: () => Promise<UploadSession>,
  options: ContentUploadOptions,
): Promise<CdfFile> {
  const { checksum, onProgress, parallelParts = DEFAULT_PARALLEL_PARTS[route.kind], verify = true } = options;
  const { size } = sizesOf(route);
  const hasher = route.kind === 'stream-parts' ? checksum?.create() : undefined;
  // Content that cannot be read leaves nothing behind: it is read before there is anything.
  const known =
    route.kind === 'parts' && checksum ? await checksumOf(route.content, checksum, options.signal) : undefined;
  const session = await open();
  job.report(session);
  const source = route.kind === 'parts' ? randomParts(route.content) : streamParts(route, hasher);
  const sent = new SentBytes(size, onProgress);
  await putParts(transport, session, source, { ...job.calls, parallelParts, sent, onPart: () => job.report(session) });
  await job.complete(session.toJSON());
  return job.finish(size, { digest: known ?? hasher?.digest(), verify });
}

type RouteOf<Kind> = Extract<Route, { readonly kind: Kind }>;

function sizesOf(route: RouteOf<'parts' | 'stream-parts'>): { size: number; partSize: number } {
  return { size: route.kind === 'parts' ? route.content.size : route.size, partSize: route.partSize };
}

function contentType({ file }: UploadLinks, mimeType = 'application/octet-stream'): Record<string, string> {
  return { 'content-type': file.mimeType ?? mimeType };
}

function randomParts(content: RandomContent): PartSource {
  return { read: async ({ start, end }) => content.slice(start, end), skip: async () => {} };
}

/** A stream that does not have the length it was said to have is refused with its last part: before the file is complete. */
function streamParts({ reader, size }: RouteOf<'stream-parts'>, hasher: Hasher | undefined): PartSource {
  const read = async ({ start, end }: PartRange): Promise<Uint8Array> => {
    const bytes = await reader.take(end - start);
    if (bytes.length < end - start)
      throw new CdfError(`upload: the stream gave ${start + bytes.length} bytes, and was to have ${size}`);
    if (end === size && !(await reader.atEnd())) throw tooMany(size);
    hasher?.update(bytes);
    return bytes;
  };
  return { read, skip: async (range) => void (await read(range)) };
}
