import * as oauth from 'oauth4webapi';
import type { TokenContext } from '../shared/credentials.js';
import { grantParameters } from '../shared/grant-parameters.js';
import type { ProviderAddress } from '../shared/oauth-endpoints.js';
import { OAuthServer } from '../shared/oauth-server.js';
import type { SignedIn } from '../shared/signed-in.js';
import type { OAuthClientCredentialsOptions } from './options.js';

/** The protocol of `OAuthClientCredentials`. */
export function clientCredentialsGrant(
  address: ProviderAddress,
  options: OAuthClientCredentialsOptions,
): (context: TokenContext) => Promise<SignedIn> {
  const { clientId, clientSecret, clientAuthentication } = options;
  const server = new OAuthServer(address, clientId);
  const authentication =
    clientAuthentication === 'client_secret_basic'
      ? oauth.ClientSecretBasic(clientSecret)
      : oauth.ClientSecretPost(clientSecret);
  const parameters = grantParameters(options);
  return (context) =>
    server.grant(context, 'client_credentials', parameters, [clientSecret], authentication);
}
