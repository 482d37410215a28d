import { CdfError, type CdfErrorDetails } from '@cdf/core';

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
