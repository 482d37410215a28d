import {
  AuthError,
  type CallOptions,
  CdfError,
  DecodeError,
  type Delivery,
  type Identifier,
  type RequestSpec,
  type Transport,
} from '@cdf/core';
import { readNothing, readRetrieved, sleep } from '@cdf/core/resource';
import { nameCapability } from '../capability.js';
import { hasStoredBytes, STORED_DELAYS, storedLength } from '../download/stored-length.js';
import type { CdfFile, FileCreate, StoredFile } from '../file-types.js';
import { type EntryFate, UploadError, type UploadSession } from './session.js';

/** A checksum in a file's metadata, such as `sha256` of `@cdf/events-files/node`. */
export interface Checksum {
  /** The metadata key. */
  readonly name: string;
  create(): Hasher;
}

/** The metadata key of the package's own checksum. */
export const SHA256 = 'sha256';

/** One computation of a checksum. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The string that the metadata stores. */
  digest(): string;
}

/**
 * The file that receives the bytes: one that the upload creates or overwrites, or an existing one.
 */
export type UploadTarget = {
  /** For messages: `'upload of "june.pdf"'`. */
  readonly label: string;
} & (
  | { readonly kind: 'new'; readonly file: FileCreate; readonly overwrite: boolean }
  | { readonly kind: 'existing'; readonly file: Identifier; readonly mimeType?: string | undefined }
);

/** The entry and its upload URLs, unchecked. The URLs are secrets. */
export interface OpenedEntry {
  readonly file: CdfFile;
  readonly uploadUrl: unknown;
  readonly uploadId: unknown;
  readonly uploadUrls: unknown;
}

type Answer = CdfFile & Omit<OpenedEntry, 'file'>;

interface EntryOptions extends CallOptions {
  readonly verify?: boolean | undefined;
}

/** The proof for the bytes that were sent. */
export interface StoredBytes {
  /** The checksum to store. */
  readonly digest: { readonly name: string; readonly digest: string } | undefined;
  readonly verify: boolean;
}

/** Clean-up has its own timeout: the caller's signal may have ended the upload. */
const CLEANUP_TIMEOUT_MS = 10_000;

/** The entry of one upload: creates it, verifies it at the end, and cleans up after a failure. */
export class UploadEntry {
  /** Set once the entry is known to exist. */
  identifier: Identifier | undefined;
  /** True if the caller holds a session: a failure then keeps the entry. */
  isResumable = false;
  /** True if the service may have the whole file: the entry is kept then. */
  mayBeComplete = false;
  /** True if all bytes were in one request: when its answer is lost, the service is asked. */
  isWholeSent = false;
  readonly #transport: Transport;
  readonly #target: UploadTarget;
  readonly #options: EntryOptions;
  readonly #calls: CallOptions;
  /** True if this upload created the entry: it may be deleted then. */
  #isOwn = false;
  /** When the file got the bytes that it had before. */
  #uploadedTime: number | undefined;
  #mayExist = false;
  #file: CdfFile | undefined;

  constructor(transport: Transport, target: UploadTarget, options: EntryOptions) {
    this.#transport = transport;
    this.#target = target;
    this.#options = options;
    this.#calls = { signal: options.signal, timeoutMs: options.timeoutMs };
  }

  get isOwn(): boolean {
    return this.#isOwn;
  }

  /**
   * Takes over the knowledge of an earlier run about the entry. Its file is kept whatever happens.
   */
  resume(session: UploadSession): void {
    const { file, isNew, uploadedTime } = session.toJSON();
    this.identifier = file;
    this.#isOwn = isNew;
    this.#uploadedTime = uploadedTime;
    this.isResumable = true;
  }

  /** The MIME type of the request that sends the bytes. */
  get contentType(): string {
    const target = this.#target;
    const mimeType = target.kind === 'new' ? target.file.mimeType : target.mimeType;
    return this.#file?.mimeType ?? mimeType ?? 'application/octet-stream';
  }

  /** Requests one upload URL, or one per part. For a new file, this request creates the entry. */
  async open(parts?: number): Promise<OpenedEntry> {
    const target = this.#target;
    let attempted = false;
    const onAttempt = (): void => {
      attempted = true;
    };
    try {
      const opened = await requestEntry(this.#transport, target, parts, onAttempt, this.#calls);
      this.#file = opened.file;
      this.identifier = { id: opened.file.id };
      this.#uploadedTime = opened.file.uploadedTime;
      this.#isOwn = target.kind === 'new' && !target.overwrite;
      return opened;
    } catch (error) {
      const unknown = this.#deliveryOf(error) === 'unknown';
      this.#mayExist = target.kind === 'new' && attempted && unknown;
      throw nameCapability(error, 'WRITE');
    }
  }

  /**
   * True if the service has bytes for the file that it did not have before the upload. `undefined`
   * when it does not say. `uploaded` may lag behind: a new file has no bytes only if storage has none
   * either.
   */
  async hasNewBytes(): Promise<boolean | undefined> {
    for (const delayMs of STORED_DELAYS) {
      if (delayMs > 0) await sleep(delayMs, this.#calls.signal);
      const file = await this.#read(this.#calls).catch(() => undefined);
      if (file === undefined) return undefined;
      if (file.uploaded && (this.#isOwn || file.uploadedTime !== this.#uploadedTime)) return true;
    }
    // For a file that had bytes before, a link would lead to the old ones.
    if (!this.#isOwn) return false;
    return hasStoredBytes(this.#transport, this.identifier as Identifier, this.#calls);
  }

  /**
   * Takes the checksums of the old bytes out of the metadata, before the file can get new ones: they
   * would be taken for those of the new bytes. That includes the checksum that the upload stores at
   * its end, since the program may be stopped before.
   *
   * @param kept the name of that checksum
   */
  async forgetDigests(kept: string | undefined): Promise<void> {
    if (this.#isOwn) return;
    const target = this.#target;
    const given = target.kind === 'new' ? target.file.metadata : undefined;
    const old = this.#file?.metadata ?? {};
    const isOld = (name: string | undefined): name is string =>
      name !== undefined &&
      old[name] !== undefined &&
      // Another value under this name is the caller's.
      (name === kept || (given?.[name] === undefined && /^[0-9a-f]{64}$/i.test(old[name])));
    const remove = [...new Set([kept, SHA256])].filter(isOld);
    if (remove.length > 0) await this.#changeMetadata({ remove });
  }

  /** Verifies the length and stores the checksum, when all bytes are sent. */
  async finish(size: number, { digest, verify }: StoredBytes): Promise<StoredFile> {
    const identifier = this.identifier as Identifier;
    const isVerified = !verify || (await this.#hasLength(size));
    if (digest !== undefined) await this.#changeMetadata({ add: { [digest.name]: digest.digest } });
    // The upload has succeeded, even if this request fails: the first answer serves as well.
    const read = await this.#read(this.#calls).catch(() => undefined);
    const file = read ?? this.#file ?? ({ ...identifier } as CdfFile);
    return isVerified ? file : { ...file, verified: false };
  }

  async #changeMetadata(metadata: object): Promise<void> {
    const body = { items: [{ ...this.identifier, update: { metadata } }] };
    const spec = {
      method: 'POST',
      path: '/files/update',
      lane: 'write',
      body,
      idempotent: true,
    } as const;
    readNothing(await this.#transport.request(spec, this.#calls), 'POST /files/update');
  }

  /** `false` when the credentials may not read, or the length is hidden and need not be known. */
  async #hasLength(size: number): Promise<boolean> {
    let length: number | undefined;
    try {
      length = await storedLength(
        this.#transport,
        this.identifier as Identifier,
        size,
        this.#calls,
      );
    } catch (error) {
      if (AuthError.isInstance(error)) return false;
      throw error;
    }
    if (length === size) return true;
    if (length !== undefined) throw new CdfError(`${size} bytes were sent, ${length} are stored`);
    if (this.#options.verify === true) throw new CdfError('the stored length is unknown');
    return false;
  }

  async #read(options: CallOptions): Promise<CdfFile | undefined> {
    const body = { items: [this.identifier], ignoreUnknownIds: true };
    const spec = { method: 'POST', path: '/files/byids', body, idempotent: true } as const;
    const answer = await this.#transport.request(spec, options);
    return readRetrieved<CdfFile>(answer, 'POST /files/byids', [this.identifier as Identifier])[0];
  }

  /**
   * Deletes the entry if this upload created it, it has no session and is not complete.
   *
   * @returns the error to throw
   */
  async fail(error: unknown): Promise<unknown> {
    if (this.identifier === undefined && !this.#mayExist) return error;
    let keeps = !this.#isOwn || this.isResumable || this.mayBeComplete;
    const isLost = CdfError.isInstance(error) && this.#deliveryOf(error) === 'unknown';
    if (!keeps && this.isWholeSent && isLost && !this.#isAbort(error))
      // An abort while the service is asked keeps the entry: it did not say that it has no bytes.
      keeps = (await this.hasNewBytes().catch(() => undefined)) !== false;
    if (this.identifier !== undefined && !keeps && this.#isAbort(error)) {
      // The caller does not wait for the clean-up of an aborted upload.
      void this.#delete();
      return error;
    }
    const fate: EntryFate =
      this.identifier === undefined ? 'unknown' : keeps ? 'kept' : await this.#delete();
    const reason = error instanceof Error ? error.message : String(error);
    return new UploadError(`${this.#target.label} failed: ${reason}; ${this.#fateText(fate)}`, {
      cause: error,
      // Of the whole upload: its last request may be refused when the bytes are stored.
      delivery: this.mayBeComplete ? 'unknown' : this.#deliveryOf(error),
      entry: fate,
      fileId: this.identifier?.id,
      externalId: this.identifier?.externalId ?? this.#file?.externalId,
    });
  }

  /** The reason of an abort may be any error, also one of ours that tells of another request. */
  #isAbort(error: unknown): boolean {
    const { signal } = this.#options;
    return signal?.aborted === true && error === signal.reason;
  }

  #deliveryOf(error: unknown): Delivery {
    return CdfError.isInstance(error) && !this.#isAbort(error) ? error.delivery : 'unknown';
  }

  async #delete(): Promise<EntryFate> {
    const body = { items: [this.identifier], ignoreUnknownIds: true };
    try {
      const answer = await this.#transport.request(
        { method: 'POST', path: '/files/delete', lane: 'write', body, idempotent: true },
        { timeoutMs: CLEANUP_TIMEOUT_MS, signal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS) },
      );
      readNothing(answer, 'POST /files/delete');
      return 'deleted';
    } catch {
      // The error reports the upload's failure, and names the entry that remains.
      return 'kept';
    }
  }

  #fateText(fate: EntryFate): string {
    if (fate === 'deleted') return 'its entry was deleted';
    if (fate === 'unknown') return 'it is unknown whether its entry was created';
    const { id, externalId } = this.identifier as Identifier;
    const name =
      id !== undefined
        ? `id ${id}`
        : externalId !== undefined
          ? `externalId ${JSON.stringify(externalId)}`
          : 'the file';
    return this.#isOwn ? `its entry remains: ${name}` : `the file was not deleted: ${name}`;
  }
}

async function requestEntry(
  transport: Transport,
  target: UploadTarget,
  parts: number | undefined,
  onAttempt: () => void,
  calls: CallOptions,
): Promise<OpenedEntry> {
  const spec: RequestSpec = {
    method: 'POST',
    lane: 'write',
    onAttempt,
    ...(target.kind === 'new'
      ? {
          path: parts === undefined ? '/files' : '/files/initmultipartupload',
          query: { parts, overwrite: target.overwrite },
          body: target.file,
          // A repeated create makes two entries; a repeated overwrite finds the existing one.
          idempotent: target.overwrite,
        }
      : {
          path: parts === undefined ? '/files/uploadlink' : '/files/multiuploadlink',
          query: { parts },
          body: { items: [target.file] },
          idempotent: true,
        }),
  };
  const answer = await transport.request<Answer | { items?: Answer[] | null } | undefined>(
    spec,
    calls,
  );
  // Some of these endpoints answer with the file, others with a list of one.
  const isList = typeof answer === 'object' && answer !== null && 'items' in answer;
  const entry = isList ? answer.items?.[0] : (answer as Answer | undefined);
  if (typeof entry?.id !== 'number')
    throw new DecodeError(`POST ${spec.path}: the answer is not a file`, { delivery: 'unknown' });
  const { uploadUrl, uploadId, uploadUrls, ...file } = entry;
  return { file, uploadUrl, uploadId, uploadUrls };
}
