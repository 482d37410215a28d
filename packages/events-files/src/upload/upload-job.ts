import { ApiError, type CallOptions, CdfError, type Identifier, type Transport } from '@cdf/core';
import type { CdfFile } from '../file-types.js';
import { storedLength } from './stored-length.js';
import { type EntryFate, UploadError } from './upload-error.js';
import { requestLinks, type UploadLinks, type UploadTarget } from './upload-links.js';
import type { ContentUploadOptions } from './upload-options.js';
import type { UploadSession } from './upload-session.js';

/** Cleaning up does not listen to the signal that may have ended the upload: it has a clock of its own. */
const CLEANUP_TIMEOUT_MS = 30_000;

/** One upload's entry: how it comes about, how it is finished, and what becomes of it when the upload fails. */
export class UploadJob {
  readonly #transport: Transport;
  readonly #label: string;
  readonly #options: ContentUploadOptions;
  /** Whether this very upload has created the entry, so that nobody else can have anything in it. */
  #isOwn = false;
  #mayExist = false;
  #file: CdfFile | undefined;
  #identifier: Identifier | undefined;
  /** Whether somebody has what it takes to go on with it. */
  #isResumable = false;

  constructor(transport: Transport, label: string, options: ContentUploadOptions) {
    this.#transport = transport;
    this.#label = label;
    this.#options = options;
  }

  get identifier(): Identifier {
    return this.#identifier as Identifier;
  }

  get calls(): CallOptions {
    const { signal, timeoutMs } = this.#options;
    return { signal, timeoutMs };
  }

  /** Gets the addresses, and by that the entry. */
  async open(target: UploadTarget, parts?: number): Promise<UploadLinks> {
    let attempted = false;
    try {
      const links = await requestLinks(this.#transport, target, parts, this.calls, () => {
        attempted = true;
      });
      this.#file = links.file;
      this.#identifier = { id: links.file.id };
      this.#isOwn = target.kind === 'new' && !target.overwrite;
      return links;
    } catch (error) {
      const unknown = !CdfError.isInstance(error) || error.delivery === 'unknown';
      this.#mayExist = target.kind === 'new' && attempted && unknown;
      throw error;
    }
  }

  /** Hands the session out, as often as it has changed. */
  report(session: UploadSession): void {
    this.#identifier = session.file;
    this.#options.onSession?.(session);
    this.#isResumable ||= this.#options.onSession !== undefined;
  }

  /** Tells the service to make one file of the parts. */
  async complete({ uploadId }: { uploadId: string }): Promise<void> {
    let attempts = 0;
    try {
      await this.#transport.request(
        {
          method: 'POST',
          path: '/files/completemultipartupload',
          body: { ...this.identifier, uploadId },
          // Complete twice is complete: what a repetition after a lost answer may get is a refusal.
          idempotent: true,
          onAttempt: () => {
            attempts += 1;
          },
        },
        this.calls,
      );
    } catch (error) {
      const refusedAgain = attempts > 1 && ApiError.isInstance(error) && error.status === 400;
      // An own file has no bytes before: if it has some now, the attempt without an answer has worked.
      if (!refusedAgain || !this.#isOwn || !(await this.#isUploaded())) throw error;
    }
    // There is nothing to go on with any more: a wrong file is not worth keeping.
    this.#isResumable = false;
  }

  async #isUploaded(): Promise<boolean> {
    return (await this.#read(this.calls))?.uploaded === true;
  }

  /** What is left to do when all bytes are sent. */
  async finish(size: number, { digest, verify }: { digest: string | undefined; verify: boolean }): Promise<CdfFile> {
    const { checksum, verify: asked } = this.#options;
    if (verify) {
      const length = await storedLength(this.#transport, this.identifier, size, this.calls);
      if (length !== undefined ? length !== size : asked === true)
        throw new CdfError(
          length === undefined
            ? 'the length that is stored cannot be found out'
            : `${size} bytes were sent, ${length} are stored`,
        );
    }
    if (digest !== undefined && checksum !== undefined) {
      const update = { metadata: { add: { [checksum.name]: digest } } };
      const body = { items: [{ ...this.identifier, update }] };
      await this.#transport.request({ method: 'POST', path: '/files/update', body, idempotent: true }, this.calls);
    }
    // The bytes are there, whatever becomes of this: what the service said first is the second best.
    const file = await this.#read(this.calls).catch(() => undefined);
    return file ?? this.#file ?? ({ ...this.identifier } as CdfFile);
  }

  async #read(options: CallOptions): Promise<CdfFile | undefined> {
    const body = { items: [this.identifier], ignoreUnknownIds: true };
    const spec = { method: 'POST', path: '/files/byids', body, idempotent: true } as const;
    return (await this.#transport.request<{ items: CdfFile[] }>(spec, options)).items[0];
  }

  /** What to throw for a failure. Deletes the entry, if it is this upload's own and nobody wants to go on with it. */
  async fail(error: unknown): Promise<unknown> {
    if (this.#identifier === undefined && !this.#mayExist) return error;
    const { signal } = this.#options;
    const keeps = !this.#isOwn || this.#isResumable;
    const fate: EntryFate = this.#identifier === undefined ? 'unknown' : keeps ? 'kept' : await this.#delete();
    // Nothing is left, so there is nothing to tell but what the caller knows.
    if (fate === 'deleted' && signal?.aborted === true && error === signal.reason) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new UploadError(`${this.#label} failed: ${reason}; ${this.#fateText(fate)}`, {
      cause: error,
      delivery: CdfError.isInstance(error) ? error.delivery : 'unknown',
      entry: fate,
      fileId: this.#identifier?.id,
      externalId: this.#identifier?.externalId ?? this.#file?.externalId,
    });
  }

  async #delete(): Promise<EntryFate> {
    const body = { items: [this.identifier], ignoreUnknownIds: true };
    try {
      await this.#transport.request(
        { method: 'POST', path: '/files/delete', body, idempotent: true },
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
    const { id, externalId } = this.identifier;
    const name =
      id !== undefined
        ? `id ${id}`
        : externalId !== undefined
          ? `externalId ${JSON.stringify(externalId)}`
          : 'the file';
    return this.#isOwn ? `its entry is left: ${name}` : `the file was not deleted: ${name}`;
  }
}
