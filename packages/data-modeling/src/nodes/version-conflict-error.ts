import { ApiError, CdfError } from '@cdf/core';

/**
 * A node or edge has changed since the version that was given was read. Read it again, apply the
 * change to that, and write it with its version.
 */
export class VersionConflictError<T = unknown> extends ApiError<T> {
  override readonly code = 'version-conflict';
  static override isInstance(error: unknown): error is VersionConflictError {
    return CdfError.isInstance(error) && error.code === 'version-conflict';
  }
}
