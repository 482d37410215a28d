import { readText } from '../../transport/body/response.js';
import type { AccessToken } from './credentials.js';
import { jwtExpiry } from './jwt.js';

/** A token and what renews it. */
export interface SignedIn extends AccessToken {
  readonly refreshToken?: string | undefined;
}

/**
 * Assumed lifetime of a token without `expires_in`. If it is less, CDF's refusal brings the next one.
 * @unit milliseconds
 */
const UNTOLD_LIFETIME = 300_000;

/** Why an answer is no token. */
export class NoTokenError extends Error {
  readonly status: number;
  /** The identity provider's own code, such as `invalid_grant`, if it gave one. */
  readonly error: string | undefined;
  readonly error_description: string | undefined;

  constructor(message: string, { status }: Response, error?: string, description?: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.error_description = description;
  }
}

/**
 * What a token endpoint has answered (RFC 6749, section 5). Id tokens are not looked at: they say who somebody is, and nothing here is
 * decided by that.
 *
 * @throws {NoTokenError}
 */
export async function readTokenAnswer(response: Response): Promise<SignedIn> {
  const answer = parseObject(await readText(response, 65_536));
  const { access_token: value, token_type: type, refresh_token: refreshToken, error, error_description: said } = answer;
  if (response.status !== 200) {
    const description = typeof said === 'string' ? said : undefined;
    if (typeof error === 'string' && error !== '') throw new NoTokenError(error, response, error, description);
    if (response.headers.has('www-authenticate'))
      throw new NoTokenError('refused', response, 'invalid_client', description);
    throw new NoTokenError(`status ${response.status}`, response);
  }
  if (typeof value !== 'string' || value === '') throw new NoTokenError('no access_token', response);
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw new NoTokenError('token_type is not Bearer', response);
  const lifetime = Number(answer.expires_in ?? Number.NaN);
  const expiresAt = Number.isNaN(lifetime) ? jwtExpiry(value) : Date.now() + lifetime * 1000;
  return {
    value,
    expiresAt: expiresAt ?? Date.now() + UNTOLD_LIFETIME,
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : undefined,
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
