import { CdfError, type CdfErrorDetails, ConfigError, type Identifier } from '@cdf/core';
import { toIdentifier } from '@cdf/core/resource';

/** An upload session as JSON. A secret: its signed URLs allow anybody to write the file. */
export interface UploadSessionData {
  readonly version: 2;
  readonly file: Identifier;
  readonly size: number;
  readonly partSize: number;
  readonly uploadId: string;
  readonly uploadUrls: readonly string[];
  readonly completed: readonly number[];
  /**
   * The digest of each part that must have the same bytes in `resumeUpload`: those sent, or all.
   * `null` where unknown.
   */
  readonly digests: readonly (string | null)[];
  /** When the path was last modified. @unit milliseconds since the epoch */
  readonly modifiedTime?: number | undefined;
  /** The checksum to store. Its digest is unknown while a stream is read. */
  readonly checksum?: { readonly name: string; readonly digest?: string | undefined } | undefined;
  /** True if the upload created the file. */
  readonly isNew: boolean;
  /**
   * When the file got the bytes that it had before the upload.
   *
   * @unit milliseconds since the epoch
   */
  readonly uploadedTime?: number | undefined;
  /** True if the service may have been asked to complete the file. */
  readonly isCompleting: boolean;
}

/** The changing state of a session. */
type Progress = 'completed' | 'digests' | 'isCompleting';

/**
 * A multipart upload in progress. `files.resumeUpload` continues it from `JSON.stringify(session)`,
 * later or elsewhere, for a week.
 *
 * The JSON is a secret: its signed URLs allow anybody to write the file. `console.log` and
 * `toString` hide them.
 */
export class UploadSession {
  // Private fields do not appear in logs.
  readonly #data: Omit<UploadSessionData, Progress>;
  readonly #completed: Set<number>;
  readonly #digests: (string | null)[];
  #isCompleting: boolean;

  /** @throws {ConfigError} when the data is not a session */
  constructor(data: UploadSessionData) {
    this.#data = checkSession(data);
    this.#completed = new Set(data.completed);
    this.#digests = [...data.digests];
    this.#isCompleting = data.isCompleting;
  }

  /** The file that receives the bytes. */
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

  /** Indexes of the parts that have been sent, from 0. */
  get completed(): readonly number[] {
    return [...this.#completed].sort((left, right) => left - right);
  }

  /** A secret: it includes the signed URLs. */
  toJSON(): UploadSessionData {
    const { completed } = this;
    return {
      ...this.#data,
      completed,
      digests: [...this.#digests],
      isCompleting: this.#isCompleting,
    };
  }

  toString(): string {
    return `UploadSession(${this.#completed.size} of ${this.parts} parts, URLs hidden)`;
  }

  /** @internal */
  isCompleted(part: number): boolean {
    return this.#completed.has(part);
  }

  /** @internal */
  digestOf(part: number): string | undefined {
    return this.#digests[part] ?? undefined;
  }

  /** @internal */
  setDigest(part: number, digest: string): void {
    this.#digests[part] = digest;
  }

  /** @internal */
  markCompleted(part: number): void {
    this.#completed.add(part);
  }

  /** @internal */
  markCompleting(): void {
    this.#isCompleting = true;
  }
}

function checkSession(data: UploadSessionData): Omit<UploadSessionData, Progress> {
  const { version, file, size, partSize, uploadId, uploadUrls, completed, digests } = data ?? {};
  const { modifiedTime, checksum, isNew, uploadedTime, isCompleting } = data ?? {};
  const isNatural = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= 0;
  const isNumber = (value: unknown): boolean => value === undefined || typeof value === 'number';
  const valid =
    version === 2 &&
    isNatural(size) &&
    isNatural(partSize) &&
    partSize > 0 &&
    typeof uploadId === 'string' &&
    Array.isArray(uploadUrls) &&
    uploadUrls.length === Math.max(1, Math.ceil(size / partSize)) &&
    uploadUrls.every((url) => typeof url === 'string') &&
    Array.isArray(completed) &&
    completed.every((part) => isNatural(part) && part < uploadUrls.length) &&
    Array.isArray(digests) &&
    digests.length === uploadUrls.length &&
    digests.every((digest) => digest === null || /^[0-9a-f]{64}$/.test(digest)) &&
    completed.every((part) => digests[part] !== null) &&
    isNumber(modifiedTime) &&
    isNumber(uploadedTime) &&
    (checksum === undefined || typeof checksum?.name === 'string') &&
    typeof isNew === 'boolean' &&
    typeof isCompleting === 'boolean';
  if (!valid)
    throw new ConfigError(
      'invalid upload session; pass a session of onSession, or its parsed JSON',
    );
  return {
    version,
    file: toIdentifier(file, 'upload session'),
    size,
    partSize,
    uploadId,
    uploadUrls: [...uploadUrls],
    modifiedTime,
    checksum: checksum && { ...checksum },
    isNew,
    uploadedTime,
  };
}

/**
 * The state of the entry after a failed upload:
 * - `deleted`: the upload had created it, and deleted it again;
 * - `kept`: it exists. It may have all new bytes; an entry that existed before has these or its old
 *   ones;
 * - `unknown`: the upload may have created it.
 */
export type EntryFate = 'deleted' | 'kept' | 'unknown';

/** The fields of an `UploadError`. */
export interface UploadErrorDetails extends CdfErrorDetails {
  readonly entry: EntryFate;
  /** Absent when unknown. */
  readonly fileId?: number | undefined;
  readonly externalId?: string | undefined;
}

/**
 * A failed upload. `cause` is the reason; `entry` and `fileId` tell what remains. `delivery` is
 * `unknown` once the file may have the new bytes, even if a later request was refused.
 */
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
