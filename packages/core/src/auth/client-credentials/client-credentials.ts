import { loadPart, once } from '../../async/lazy.js';
import { checkScopes, checkTexts } from '../shared/checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import { providerAddress } from '../shared/oauth-endpoints.js';
import { TokenCache } from '../shared/token-cache.js';
import type { OAuthClientCredentialsOptions } from './options.js';

/**
 * A program's own identity, by client id and secret. One token request for any number of calls, and
 * the next 30 s before the token ends. May be shared by several clients.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-4.4
 */
export class OAuthClientCredentials implements CredentialProvider {
  readonly #cache: TokenCache;

  /** @throws {ConfigError} when an option is missing, or a URL is not https. */
  constructor(options: OAuthClientCredentialsOptions) {
    const { clientId, clientSecret } = options;
    checkTexts('OAuthClientCredentials', { clientId, clientSecret });
    checkScopes(options.scopes ?? []);
    const address = providerAddress('OAuthClientCredentials', options, ['tokenUrl']);
    const grant = once(async () => {
      const { clientCredentialsGrant } = await loadPart(import('./grant.js'));
      return clientCredentialsGrant(address, options);
    });
    this.#cache = new TokenCache(async (context) => (await grant())(context));
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }
}
