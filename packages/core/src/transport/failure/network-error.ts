import { explainNetworkFailure } from '#platform';
import { NetworkError } from '../../errors.js';
import type { RequestInfo } from '../interceptor.js';

/**
 * The meaning of a failed `fetch`: the connection may have been lost after the server had acted,
 * unless the runtime proves otherwise.
 *
 * @param kind the kind of request, which tells the setting that has the URL
 * @param secrets strings that must not show in the cause
 * @throws {DecodeError} when the answer came, and cannot be inflated
 */
export function toNetworkError(
  error: unknown,
  label: string,
  kind: RequestInfo['kind'] = 'api',
  secrets: readonly string[] = [],
): NetworkError {
  const { explanation, ...details } = explainNetworkFailure(error, kind, secrets, label);
  return new NetworkError(`${label}: ${explanation}`, details);
}
