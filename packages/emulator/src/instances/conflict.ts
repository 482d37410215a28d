import { ApiError } from '../errors.js';
import type { Entry } from './entry.js';

/** True if the instance was written after the version that a request expects. */
export function isConflict(
  stored: Entry,
  given: { readonly existingVersion?: number | undefined },
): boolean {
  return given.existingVersion !== undefined && stored.version > given.existingVersion;
}

export function versionConflict(): ApiError {
  return new ApiError(409, 'A version conflict caused the ingest to fail.');
}
