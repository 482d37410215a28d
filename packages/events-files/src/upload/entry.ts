import {
  ApiError,
  type CallOptions,
  CdfError,
  DecodeError,
  type Identifier,
  type RequestSpec,
  type Transport,
} from '@cdf/core';
import { sleep } from '@cdf/core/resource';
import { fetchDownloadUrls } from '../download/download-links.js';
import type { CdfFile, FileCreate } from '../file-types.js';
import { type EntryFate, UploadError } from './session.js';

/** A checksum that is kept in a file's metadata. `sha256` of `@cdf/events-files/node` is one. */
export interface Checksum {
  /** The metadata key. */
  readonly name: string;
  create(): Hasher;
}

/** One computation of a checksum. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** As text, the way it is kept. */
  digest(): string;
}

/** What gets the bytes: a file that the upload creates or overwrites, or one that is there. */
export type UploadTarget =
  | { readonly kind: 'new'; readonly file: FileCreate; readonly overwrite: boolean }
  | { readonly kind: 'existing'; readonly file: Identifier; readonly mimeType?: string | undefined };

/** The entry, and the addresses that its bytes go to, as the service says them: secrets. */
export interface OpenedEntry {
  readonly file: CdfFile;
  readonly uploadUrl: unknown;
  readonly uploadId: unknown;
  readonly uploadUrls: unknown;
}

type Answer = CdfFile & Omit<OpenedEntry, 'file'>;

interface EntryOptions extends CallOptions {
  readonly checksum?: Checksum | undefined;
  readonly verify?: boolean | undefined;
}

/** Cleaning up does not listen to the signal that may have ended the upload: it has a clock of its own. */
const CLEANUP_TIMEOUT_MS = 30_000;

/** One upload's entry: how it comes about, how it is finished, and what becomes of it when the upload fails. */
export class UploadEntry {
  /** Set from when there is certainly an entry. */
  identifier: Identifier | undefined;
  /** Whether somebody has what it takes to go on with the upload. */
  isResumable = false;
  readonly #transport: Transport;
  readonly #label: string;
  readonly #target: UploadTarget;
  readonly #options: EntryOptions;
  readonly #calls: CallOptions;
  /** Whether this very upload has created the entry, so that nobody else can have anything in it. */
  #isOwn = false;
  #mayExist = false;
  #file: CdfFile | undefined;

  constructor(transport: Transport, label: string, target: UploadTarget, options: EntryOptions) {
    this.#transport = transport;
    this.#label = label;
    this.#target = target;
    this.#options = options;
    this.#calls = { signal: options.signal, timeoutMs: options.timeoutMs };
  }

  /** What the bytes are sent as. */
  get contentType(): string {
    const target = this.#target;
    const mimeType = target.kind === 'new' ? target.file.mimeType : target.mimeType;
    return this.#file?.mimeType ?? mimeType ?? 'application/octet-stream';
  }

  /** Gets one address, or one per part. A new file gets its entry by that. */
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
      this.#isOwn = target.kind === 'new' && !target.overwrite;
      return opened;
    } catch (error) {
      const unknown = !CdfError.isInstance(error) || error.delivery === 'unknown';
      this.#mayExist = target.kind === 'new' && attempted && unknown;
      throw error;
    }
  }

  /** Whether this upload has created the entry, and it has bytes. */
  async hasOwnBytes(): Promise<boolean> {
    return this.#isOwn && (await this.#read(this.#calls))?.uploaded === true;
  }

  /** What is left to do when all bytes are sent. */
  async finish(size: number, { digest, verify }: { digest: string | undefined; verify: boolean }): Promise<CdfFile> {
    const { checksum, verify: asked } = this.#options;
    const identifier = this.identifier as Identifier;
    if (verify) {
      const length = await storedLength(this.#transport, identifier, size, this.#calls);
      if (length !== undefined ? length !== size : asked === true)
        throw new CdfError(
          length === undefined
            ? 'the length that is stored cannot be found out'
            : `${size} bytes were sent, ${length} are stored`,
        );
    }
    if (digest !== undefined && checksum !== undefined) {
      const update = { metadata: { add: { [checksum.name]: digest } } };
      const body = { items: [{ ...identifier, update }] };
      const spec = { method: 'POST', path: '/files/update', lane: 'write', body, idempotent: true } as const;
      await this.#transport.request(spec, this.#calls);
    }
    // The bytes are there, whatever becomes of this: what the service said first is the second best.
    const file = await this.#read(this.#calls).catch(() => undefined);
    return file ?? this.#file ?? ({ ...identifier } as CdfFile);
  }

  async #read(options: CallOptions): Promise<CdfFile | undefined> {
    const body = { items: [this.identifier], ignoreUnknownIds: true };
    const spec = { method: 'POST', path: '/files/byids', body, idempotent: true } as const;
    return (await this.#transport.request<{ items: CdfFile[] }>(spec, options)).items[0];
  }

  /** What to throw for a failure. Deletes the entry, if it is this upload's own and nobody wants to go on with it. */
  async fail(error: unknown): Promise<unknown> {
    if (this.identifier === undefined && !this.#mayExist) return error;
    const { signal } = this.#options;
    const keeps = !this.#isOwn || this.isResumable;
    const fate: EntryFate = this.identifier === undefined ? 'unknown' : keeps ? 'kept' : await this.#delete();
    // Nothing is left, so there is nothing to tell but what the caller knows.
    if (fate === 'deleted' && signal?.aborted === true && error === signal.reason) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new UploadError(`${this.#label} failed: ${reason}; ${this.#fateText(fate)}`, {
      cause: error,
      delivery: CdfError.isInstance(error) ? error.delivery : 'unknown',
      entry: fate,
      fileId: this.identifier?.id,
      externalId: this.identifier?.externalId ?? this.#file?.externalId,
    });
  }

  async #delete(): Promise<EntryFate> {
    const body = { items: [this.identifier], ignoreUnknownIds: true };
    try {
      await this.#transport.request(
        { method: 'POST', path: '/files/delete', lane: 'write', body, idempotent: true },
        { timeoutMs: CLEANUP_TIMEOUT_MS, signal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS) },
      );
      return 'deleted';
    } catch {
      // The failure of the upload is what counts; what is left of it is named.
      return 'kept';
    }
  }

  #fateText(fate: EntryFate): string {
    if (fate === 'deleted') return 'its entry was deleted';
    if (fate === 'unknown') return 'whether it has created an entry is not known';
    const { id, externalId } = this.identifier as Identifier;
    const name =
      id !== undefined
        ? `id ${id}`
        : externalId !== undefined
          ? `externalId ${JSON.stringify(externalId)}`
          : 'the file';
    return this.#isOwn ? `its entry is left: ${name}` : `the file was not deleted: ${name}`;
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
          // Sent twice it makes two entries; an overwrite finds the one there is.
          idempotent: target.overwrite,
        }
      : {
          path: parts === undefined ? '/files/uploadlink' : '/files/multiuploadlink',
          query: { parts },
          body: { items: [target.file] },
          idempotent: true,
        }),
  };
  const answer = await transport.request<Answer | { items: Answer[] } | null>(spec, calls);
  // The service answers bare in some places and with a list of one in others.
  const entry = answer !== null && 'items' in answer ? answer.items[0] : answer;
  if (typeof entry?.id !== 'number')
    throw new DecodeError(`POST ${spec.path}: the answer is no file`, { delivery: 'unknown' });
  const { uploadUrl, uploadId, uploadUrls, ...file } = entry;
  return { file, uploadUrl, uploadId, uploadUrls };
}

/** How long to wait for the service to know of new bytes. @unit milliseconds */
const PATIENCE = [0, 50, 100, 200, 400, 800];

/**
 * How many bytes the service has of a file, asking again while it is not what is expected: what is stored shows with a delay.
 * A request and one byte of the file, each time.
 *
 * @returns `undefined` when the answers do not tell, as in a browser that may not see their headers
 * @throws {ApiError} when the bytes are not there at all
 */
async function storedLength(
  transport: Transport,
  file: Identifier,
  expected: number,
  options: CallOptions,
): Promise<number | undefined> {
  let length: number | undefined;
  let refusal: unknown;
  for (const delayMs of PATIENCE) {
    options.signal?.throwIfAborted();
    if (delayMs > 0) await sleep(delayMs, options.signal);
    refusal = undefined;
    try {
      length = await lengthNow(transport, file, options);
      if (length === expected || length === undefined) return length;
    } catch (error) {
      if (!ApiError.isInstance(error) || error.status >= 500) throw error;
      refusal = error;
    }
  }
  if (refusal !== undefined) throw refusal;
  return length;
}

async function lengthNow(transport: Transport, file: Identifier, options: CallOptions): Promise<number | undefined> {
  const [link] = await fetchDownloadUrls(transport, [file], {}, options);
  const url = link?.downloadUrl as string;
  const headers = { range: 'bytes=0-0' };
  try {
    const answer = await transport.transfer({ method: 'GET', url, headers, replayable: true }, options);
    await answer.body?.cancel();
    const isPart = answer.status === 206;
    const text = isPart
      ? /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]
      : (answer.headers.get('content-encoding') === null && answer.headers.get('content-length')) || undefined;
    return text === undefined ? undefined : Number(text);
  } catch (error) {
    // No byte can be asked of an empty file.
    if (ApiError.isInstance(error) && error.status === 416) return 0;
    throw error;
  }
}
