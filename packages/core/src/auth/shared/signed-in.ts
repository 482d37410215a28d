import type { TokenEndpointResponse } from 'oauth4webapi';
import type { AccessToken } from './credentials.js';
import { jwtExpiry } from './jwt.js';

/** A token and the refresh token that renews it. */
export interface SignedIn extends AccessToken {
  readonly refreshToken?: string | undefined;
}

/**
 * Assumed lifetime of a token without `expires_in`. If it is less, CDF's refusal brings the next
 * one.
 * @unit milliseconds
 */
const UNTOLD_LIFETIME = 300_000;

/**
 * Reads an answer that oauth4webapi has accepted.
 *
 * @throws {Error} for an unsupported token type.
 */
export function toSignedIn(answer: TokenEndpointResponse): SignedIn {
  const {
    access_token: value,
    token_type: type,
    expires_in: seconds,
    refresh_token: refreshToken,
  } = answer;
  // The library knows how to send DPoP.
  if (type !== 'bearer') throw new Error('token_type is not Bearer');
  const now = Date.now();
  const expiresAt =
    seconds === undefined ? (jwtExpiry(value) ?? now + UNTOLD_LIFETIME) : now + seconds * 1000;
  return { value, expiresAt, refreshToken };
}
