import { AuthError } from '@cdf/core';

/** Adds to a 403 which capability the credentials lack. Other errors stay as they are. */
export function nameCapability(error: unknown, action: 'READ' | 'WRITE'): unknown {
  if (!AuthError.isInstance(error) || error.status !== 403) return error;
  const { status, requestId, method, path, delivery } = error;
  return new AuthError(`${error.message}; it needs the capability filesAcl:${action}`, {
    status,
    requestId,
    method,
    path,
    delivery,
    cause: error,
  });
}
