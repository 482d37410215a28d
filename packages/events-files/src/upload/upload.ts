import { type CallOptions, ConfigError, type Identifier, type Transport } from '@cdf/core';
import {
  isOther,
  type ResourceDefinition,
  shown,
  spelledIdentifier,
  toWireItems,
} from '@cdf/core/resource';
import type { CdfFile, FileCreate, FileUpload, StoredFile } from '../file-types.js';
import { checkContentOptions, checkCreateOptions, checkUploadOptions } from './check-options.js';
import {
  closeContent,
  type OpenedContent,
  openContent,
  type SizedContent,
  sizeContent,
  type UploadContent,
} from './content.js';
import { UploadEntry, type UploadTarget } from './entry.js';
import { requestLink, requestSession } from './links.js';
import { uploadParts } from './multipart.js';
import { partDigest } from './part-digest.js';
import { planParts, planUpload } from './plan.js';
import { UploadSession, type UploadSessionData } from './session.js';
import { uploadSingle } from './single.js';
import type { ContentUploadOptions, UploadOptions } from './upload-options.js';

/**
 * Creates a file's entry, or overwrites one, and sends its bytes.
 *
 * @param given the entry as the caller wrote it
 */
export function uploadNew(
  transport: Transport,
  content: UploadContent,
  definition: ResourceDefinition<CdfFile>,
  given: FileUpload,
  options: UploadOptions,
): Promise<StoredFile> {
  return closing(content, async () => {
    const { name: ownName, ...fields } = toWireFile(definition, given);
    checkUploadOptions(options, fields);
    const { overwrite = false } = options;
    options.signal?.throwIfAborted();
    if (overwrite && fields.externalId === undefined)
      throw new ConfigError('upload: overwrite needs an externalId');
    const opened = await openContent(content, options.signal);
    const name = ownName ?? opened.name;
    if (name === undefined || name === '')
      throw new ConfigError('upload: the file needs a name; pass { name }');
    const mimeType = fields.mimeType ?? opened.mimeType;
    const file: FileCreate = { ...fields, name, ...(mimeType === undefined ? {} : { mimeType }) };
    const target = {
      label: `upload of ${JSON.stringify(name)}`,
      kind: 'new',
      file,
      overwrite,
    } as const;
    const sized = await sizeContent(opened, options);
    return send(transport, target, sized, opened, options);
  });
}

/** Sends bytes to an existing entry. */
export function uploadExisting(
  transport: Transport,
  identifier: Identifier,
  content: UploadContent,
  options: ContentUploadOptions,
): Promise<StoredFile> {
  return closing(content, async () => {
    checkContentOptions(options, 'uploadContent');
    options.signal?.throwIfAborted();
    const file = spelledIdentifier(identifier, 'upload');
    const opened = await openContent(content, options.signal);
    const target = { label: 'upload', kind: 'existing', file, mimeType: opened.mimeType } as const;
    const sized = await sizeContent(opened, options);
    return send(transport, target, sized, opened, options);
  });
}

/** Continues a multipart upload: only the missing parts are sent. */
export function resumeUpload(
  transport: Transport,
  data: UploadSession | UploadSessionData,
  content: UploadContent,
  options: ContentUploadOptions,
): Promise<StoredFile> {
  return closing(content, async () => {
    checkContentOptions(options, 'resumeUpload');
    options.signal?.throwIfAborted();
    const session = new UploadSession(data instanceof UploadSession ? data.toJSON() : data);
    const { size, partSize, file } = session;
    const target = { label: 'resumed upload', kind: 'existing', file } as const;
    const opened = await openContent(content, options.signal);
    checkUnmodified(session, opened);
    const sized = await sizeContent(opened, { ...options, size, partSize });
    return send(transport, target, sized, opened, { ...options, partSize }, session);
  });
}

/** Closes the content of an upload that fails, also of one that is refused before it is opened. */
async function closing<T>(content: UploadContent, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    closeContent(content, error);
    throw error;
  }
}

/** @throws {ConfigError} when a path was modified since the session began */
function checkUnmodified(session: UploadSession, { modifiedTime }: OpenedContent): void {
  const before = session.toJSON().modifiedTime;
  if (before !== undefined && modifiedTime !== undefined && before !== modifiedTime)
    throw new ConfigError(
      'resumeUpload: the file was modified after its upload began; upload it from its start',
    );
}

/**
 * The way of every upload. Whatever happens, it closes the stream, and cleans up after a failure.
 */
async function send(
  transport: Transport,
  target: UploadTarget,
  content: SizedContent,
  { modifiedTime }: OpenedContent,
  options: ContentUploadOptions,
  resumed?: UploadSession,
): Promise<StoredFile> {
  const { verify, signal } = options;
  const entry = new UploadEntry(transport, target, options);
  if (resumed !== undefined) entry.resume(resumed);
  try {
    const plan = planUpload(content.size, options.partSize);
    const isSingle = plan.parts === 1;
    if (isSingle && resumed !== undefined)
      throw new ConfigError('resumeUpload: content of one part has no session; upload it again');
    // Unreadable content leaves nothing behind: it is read before the entry is created.
    const digest = await digestContent(content, options, resumed);
    if (isSingle) {
      const link = await requestLink(entry);
      await entry.forgetDigests(options.checksum?.name);
      const bytes = await content.read(0, content.size);
      entry.isWholeSent = true;
      const onStored = (): void => {
        entry.mayBeComplete = true;
      };
      await uploadSingle(transport, { ...link, bytes, onStored }, options);
    } else {
      const session =
        resumed ?? (await requestSession(entry, plan, { modifiedTime, checksum: digest?.early }));
      if (resumed === undefined) await entry.forgetDigests(options.checksum?.name);
      // A resumed upload stores this checksum: all its bytes have to be these.
      if (
        resumed === undefined &&
        options.onSession !== undefined &&
        digest?.early.digest !== undefined
      )
        for (const { index, start, end } of planParts(plan.size, plan.partSize))
          session.setDigest(index, await partDigest(await content.read(start, end), signal));
      await uploadParts(transport, session, content, entry, options);
    }
    const file = await entry.finish(content.size, {
      verify: verify ?? !isSingle,
      digest: digest?.end(),
    });
    content.close();
    return file;
  } catch (error) {
    content.close(error);
    throw await entry.fail(error);
  }
}

interface ContentDigest {
  /** For the session: without a digest while a stream is not read. */
  readonly early: NonNullable<UploadSessionData['checksum']>;
  /** Call it when all parts are read. */
  end(): { readonly name: string; readonly digest: string };
}

/**
 * The checksum that was requested, now or when the session began.
 *
 * @throws {ConfigError} when the content is not that of the session
 */
async function digestContent(
  content: SizedContent,
  { checksum, signal }: ContentUploadOptions,
  resumed: UploadSession | undefined,
): Promise<ContentDigest | undefined> {
  const before = resumed?.toJSON().checksum;
  if (before !== undefined && checksum?.name !== before.name) {
    const { name, digest } = before;
    // All parts have digests then: only the same content is sent.
    if (checksum === undefined && digest !== undefined)
      return { early: before, end: () => ({ name, digest }) };
    throw new ConfigError(
      `resumeUpload: the upload began with the checksum ${name}; pass that checksum`,
    );
  }
  if (checksum === undefined) return undefined;
  const { name } = checksum;
  const digest = await content.hash(checksum, signal);
  const early = content.kind === 'random' ? { name, digest: digest() } : { name };
  const check = (actual: string): void => {
    if (before?.digest !== undefined && before.digest !== actual)
      throw new ConfigError(
        'resumeUpload: the content has other bytes than before; upload it from its start',
      );
  };
  if (early.digest !== undefined) check(early.digest);
  return { early, end: () => ({ name, digest: early.digest ?? digest() }) };
}

/** With its times in epoch milliseconds. */
export function toWireFile<T extends object>(definition: ResourceDefinition<CdfFile>, file: T): T {
  if (typeof file !== 'object' || file === null || isOther(file))
    throw new ConfigError(`file: expected the fields of an entry, got ${shown(file)}`);
  return toWireItems(definition, [file])[0] as T;
}

/** Creates a file's entry, without bytes. */
export async function createEntry(
  transport: Transport,
  file: FileCreate,
  options: CallOptions,
): Promise<CdfFile> {
  checkCreateOptions(options);
  const entry = new UploadEntry(
    transport,
    { label: 'create', kind: 'new', file, overwrite: false },
    options,
  );
  return (await entry.open()).file;
}
