import type { CdfError } from '@cdf/core';
import { accountedError, type ChunkFailure, type Outcome, withAccount } from '@cdf/core/resource';
import { versionConflict } from './describe-names.js';
import { VersionConflictError } from './version-conflict-error.js';

/**
 * The error of a write, with the account of some items. A version conflict comes before other
 * refusals, and names every item that has one: neither follows from the order of the items.
 */
export function writeError(
  what: string,
  items: readonly unknown[],
  outcomes: readonly Outcome[],
  failures: readonly ChunkFailure[],
): CdfError {
  const errors = failures.map(({ error }) => error);
  const conflicts = errors.filter((error) => VersionConflictError.isInstance(error));
  const isConflict = ({ error }: ChunkFailure): boolean => conflicts.includes(error as never);
  const inOrder = [
    ...failures.filter(isConflict),
    ...failures.filter((failure) => !isConflict(failure)),
  ];
  const error = accountedError(what, items, outcomes, inOrder);
  if (!VersionConflictError.isInstance(error) || conflicts.length === 1) return error;
  const { successful, unknown, failed, notAttempted } = error;
  const names = conflicts.flatMap((each) => each.conflicts);
  const whole = versionConflict(names, what, { ...error, cause: error.cause });
  return withAccount(whole, { successful, unknown, failed, notAttempted, errors });
}
