import * as oauth from 'oauth4webapi';
import type { TokenContext } from './credentials.js';
import { type GrantOptions, grantParameters } from './grant-parameters.js';
import type { OAuthServer } from './oauth-server.js';
import type { SignedIn } from './signed-in.js';
import { SignInError } from './token-endpoint.js';

const ASK_AGAIN = /^(invalid_grant|interaction_required|login_required|consent_required)$/;

/** Renews a person's sign-in in silence; `undefined` where the person has to be asked. */
export async function refreshGrant(
  server: OAuthServer,
  options: GrantOptions & { readonly clientId: string },
  refreshToken: string,
  context: TokenContext,
): Promise<SignedIn | undefined> {
  const client = server.client(options.clientId);
  // Without scopes: those that were granted, which may be fewer than were asked for.
  const additionalParameters = grantParameters({ ...options, scopes: undefined });
  try {
    const renewed = await server.grant(context, [refreshToken], client, (metadata, http) =>
      oauth.refreshTokenGrantRequest(metadata, client, oauth.None(), refreshToken, { ...http, additionalParameters }),
    );
    // A provider that does not rotate leaves the old one valid.
    return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken };
  } catch (error) {
    // Revoked or too old: the person has to be asked. A network that is down is no reason to.
    if (error instanceof SignInError && ASK_AGAIN.test(error.reason ?? '')) return undefined;
    throw error;
  }
}
