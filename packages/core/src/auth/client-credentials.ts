import * as oauth from 'oauth4webapi';
import { checkTexts } from './checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from './credentials.js';
import { type GrantOptions, grantParameters } from './grant-parameters.js';
import { OAuthServer, type OAuthServerOptions } from './oauth-server.js';
import { TokenCache } from './token-cache.js';

/** Which identity provider, which client, and its secret. */
export type OAuthClientCredentialsOptions = OAuthServerOptions &
  GrantOptions & {
    readonly clientId: string;
    readonly clientSecret: string;
    /**
     * Where the secret goes: in the body, or in an `Authorization: Basic` header.
     * @default 'client_secret_post'
     */
    readonly clientAuthentication?: 'client_secret_post' | 'client_secret_basic' | undefined;
  };

/**
 * A program's own identity, by client id and secret. One token request for any number of calls, and the next 30 s
 * before the token ends. May be shared by several clients.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-4.4
 */
export class OAuthClientCredentials implements CredentialProvider {
  readonly #cache: TokenCache;

  /** @throws {ConfigError} when something is not set, or an address is not https. */
  constructor(options: OAuthClientCredentialsOptions) {
    const { clientId, clientSecret, clientAuthentication } = options;
    checkTexts('OAuthClientCredentials', { clientId, clientSecret });
    const server = new OAuthServer('OAuthClientCredentials', options, ['tokenUrl']);
    const client = server.client(clientId);
    const authentication =
      clientAuthentication === 'client_secret_basic'
        ? oauth.ClientSecretBasic(clientSecret)
        : oauth.ClientSecretPost(clientSecret);
    const parameters = grantParameters(options);
    this.#cache = new TokenCache((context) =>
      server.grant(
        context,
        [clientSecret],
        (metadata, http) => oauth.clientCredentialsGrantRequest(metadata, client, authentication, parameters, http),
        (metadata, response) => oauth.processClientCredentialsResponse(metadata, client, response),
      ),
    );
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }
}
