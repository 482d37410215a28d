import type { TokenContext } from './credentials.js';
import { type GrantOptions, grantParameters } from './grant-parameters.js';
import type { OAuthServer } from './oauth-server.js';
import { SignInError } from './sign-in-error.js';
import type { SignedIn } from './signed-in.js';

const ASK_AGAIN = /^(invalid_grant|interaction_required|login_required|consent_required)$/;

/** Renews a person's sign-in in silence; `undefined` where the person has to be asked. */
export async function refreshGrant(
  server: OAuthServer,
  options: GrantOptions,
  refreshToken: string,
  context: TokenContext,
): Promise<SignedIn | undefined> {
  // Without scopes: those that were granted, which may be fewer than the requested ones.
  const parameters = grantParameters({ ...options, scopes: undefined });
  try {
    const form = { ...parameters, refresh_token: refreshToken };
    const renewed = await server.grant(context, 'refresh_token', form, [refreshToken]);
    // A provider that does not rotate leaves the old one valid.
    return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken };
  } catch (error) {
    // Revoked or too old: the person has to sign in again. A network that is down is not a reason.
    if (error instanceof SignInError && ASK_AGAIN.test(error.reason ?? '')) return undefined;
    throw error;
  }
}
