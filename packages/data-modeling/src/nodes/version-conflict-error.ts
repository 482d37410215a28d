import { ApiError, type ApiErrorDetails, CdfError } from '@cdf/core';
import type { NodeReference } from '../view/definition.js';

/**
 * Nodes or edges have changed since the versions that were given were read. Read them again, apply
 * the changes to that, and write them with their versions. Where other items of the write failed for
 * other reasons, it is this error all the same: `errors` has each.
 */
export class VersionConflictError<T = unknown> extends ApiError<T> {
  override readonly code = 'version-conflict';
  /** The nodes or edges that have changed. */
  declare readonly conflicts: readonly NodeReference[];

  constructor(
    message: string,
    details: ApiErrorDetails<T> & { readonly conflicts?: readonly NodeReference[] | undefined },
  ) {
    super(message, details);
    this.conflicts = details.conflicts ?? [];
  }

  static override isInstance(error: unknown): error is VersionConflictError {
    return CdfError.isInstance(error) && error.code === 'version-conflict';
  }
}
