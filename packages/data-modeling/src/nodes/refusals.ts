import { ApiError } from '@cdf/core';

// What the error of a transaction says about its items.

/** Tells whether an error would be the same for every item of the view. */
export function concernsAll({ status, message }: ApiError): boolean {
  return status === 404 || /One or more (views|containers) do not exist/i.test(message);
}

/** Some servers refuse a stale version with 400. */
export function isConflict({ status, message }: ApiError): boolean {
  return status === 409 || /version conflict/i.test(message);
}

/** Tells whether an error is about an item, so that the others can be written without it. */
export function isCulprit(error: unknown): error is ApiError {
  if (!ApiError.isInstance(error)) return false;
  const { status, autoRetryable } = error;
  return status >= 400 && status < 500 && ![401, 403, 429].includes(status) && !autoRetryable;
}
