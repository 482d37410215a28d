import * as oauth from 'oauth4webapi';
import type { AccessToken, CredentialProvider, TokenContext } from './credentials.js';
import { TokenCache } from './token-cache.js';
import { checkEndpoint, checkTexts, exchangeToken, toAccessToken } from './token-endpoint.js';

export interface OAuthClientCredentialsOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** For CDF with Entra ID: `['https://{cluster}.cognitedata.com/.default']`. */
  readonly scopes?: readonly string[] | undefined;
  /** Instead of scopes, where the identity provider wants it. */
  readonly audience?: string | undefined;
  /** Further parameters of the token request. */
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined;
  /**
   * Where the secret goes: in the body, or in an `Authorization: Basic` header.
   * @default 'client_secret_post'
   */
  readonly clientAuthentication?: 'client_secret_post' | 'client_secret_basic' | undefined;
}

/**
 * A program's own identity, by client id and secret. One token request for any number of calls, and the next 30 s
 * before the token ends. May be shared by several clients.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-4.4
 */
export class OAuthClientCredentials implements CredentialProvider {
  readonly #cache: TokenCache;

  /** @throws {ConfigError} when something is not set, or the address is not https. */
  constructor(options: OAuthClientCredentialsOptions) {
    const { tokenUrl, clientId, clientSecret, clientAuthentication } = options;
    checkTexts('OAuthClientCredentials', { tokenUrl, clientId, clientSecret });
    const url = checkEndpoint('tokenUrl', tokenUrl);
    const server: oauth.AuthorizationServer = { issuer: new URL(url).origin, token_endpoint: url };
    const client: oauth.Client = { client_id: clientId };
    const authentication =
      clientAuthentication === 'client_secret_basic'
        ? oauth.ClientSecretBasic(clientSecret)
        : oauth.ClientSecretPost(clientSecret);
    const parameters = grantParameters(options);
    this.#cache = new TokenCache(async (context) =>
      toAccessToken(
        await exchangeToken({
          url,
          context,
          secrets: [clientSecret],
          request: (http) => oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, http),
          process: (response) => oauth.processClientCredentialsResponse(server, client, response),
        }),
      ),
    );
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }
}

/** Scopes, audience and further parameters as a token request has them. */
export function grantParameters({
  scopes = [],
  audience,
  tokenParameters,
}: Pick<OAuthClientCredentialsOptions, 'scopes' | 'audience' | 'tokenParameters'>): Record<string, string> {
  return {
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(audience !== undefined && { audience }),
    ...tokenParameters,
  };
}
