import { CdfError, type CdfErrorDetails, ConfigError, type Identifier } from '@cdf/core';
import { toIdentifier } from '@cdf/core/resource';

/** An upload session as data: what JSON keeps of one. It holds signed addresses: whoever has it can write the file. */
export interface UploadSessionData {
  readonly version: 1;
  readonly file: Identifier;
  readonly size: number;
  readonly partSize: number;
  readonly uploadId: string;
  readonly uploadUrls: readonly string[];
  readonly completed: readonly number[];
}

/**
 * A multipart upload under way. `JSON.stringify(session)` is enough to go on with it later or elsewhere, through
 * `files.resumeUpload`, for a week.
 *
 * That text is a secret: it holds addresses with which anybody can write the file. Shown by `console.log` or as text, a
 * session hides them.
 */
export class UploadSession {
  // Private fields: neither a log nor a debugger's text shows them.
  readonly #data: Omit<UploadSessionData, 'completed'>;
  readonly #completed: Set<number>;

  /** @throws {ConfigError} when the data, which may come from anywhere, cannot be a session */
  constructor(data: UploadSessionData) {
    this.#data = checkSession(data);
    this.#completed = new Set(data.completed);
  }

  /** The file that gets the bytes. */
  get file(): Identifier {
    return this.#data.file;
  }

  /** @unit bytes */
  get size(): number {
    return this.#data.size;
  }

  /** @unit bytes */
  get partSize(): number {
    return this.#data.partSize;
  }

  get parts(): number {
    return this.#data.uploadUrls.length;
  }

  /** Numbers of the parts that have arrived, counted from 0. */
  get completed(): readonly number[] {
    return [...this.#completed].sort((left, right) => left - right);
  }

  /** With the signed addresses: a secret. */
  toJSON(): UploadSessionData {
    return { ...this.#data, completed: this.completed };
  }

  toString(): string {
    return `UploadSession(${this.#completed.size} of ${this.parts} parts, addresses hidden)`;
  }

  /** @internal */
  markCompleted(part: number): void {
    this.#completed.add(part);
  }
}

function checkSession(data: UploadSessionData): Omit<UploadSessionData, 'completed'> {
  const { version, file, size, partSize, uploadId, uploadUrls, completed } = data ?? {};
  const isNatural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const valid =
    version === 1 &&
    isNatural(size) &&
    isNatural(partSize) &&
    partSize > 0 &&
    typeof uploadId === 'string' &&
    Array.isArray(uploadUrls) &&
    uploadUrls.length === Math.max(1, Math.ceil(size / partSize)) &&
    uploadUrls.every((url) => typeof url === 'string') &&
    Array.isArray(completed) &&
    completed.every((part) => isNatural(part) && part < uploadUrls.length);
  if (!valid) throw new ConfigError('this is no upload session: pass what JSON.stringify made of one, parsed');
  return { version, file: toIdentifier(file, 'upload session'), size, partSize, uploadId, uploadUrls: [...uploadUrls] };
}

/**
 * What a failed upload left behind:
 * - `deleted`: nothing, the entry that it had created is gone again;
 * - `kept`: the entry. With `overwrite`, or where it existed before, it still has the bytes it had;
 * - `unknown`: whether there is an entry could not be found out.
 */
export type EntryFate = 'deleted' | 'kept' | 'unknown';

/** What an `UploadError` is made of. */
export interface UploadErrorDetails extends CdfErrorDetails {
  readonly entry: EntryFate;
  /** Absent when it is not known. */
  readonly fileId?: number | undefined;
  readonly externalId?: string | undefined;
}

/** An upload that did not get through. `cause` says why; `entry` and `fileId` what is left of it. */
export class UploadError extends CdfError {
  override readonly code: string = 'upload';
  readonly entry: EntryFate;
  readonly fileId: number | undefined;
  readonly externalId: string | undefined;

  constructor(message: string, details: UploadErrorDetails) {
    super(message, details);
    this.entry = details.entry;
    this.fileId = details.fileId;
    this.externalId = details.externalId;
  }

  static override isInstance(error: unknown): error is UploadError {
    return CdfError.isInstance(error) && error.code === 'upload';
  }
}
