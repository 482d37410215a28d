import { loadPart } from '../lazy-part.js';
import { checkEndpoint } from './checks.js';
import type { OAuthClientCredentials, OAuthClientCredentialsOptions } from './client-credentials.js';
import type { CredentialProvider } from './credentials.js';

/**
 * `OAuthClientCredentials` of a config that may as well have held a token: its code comes with the first token.
 *
 * @throws {ConfigError} when an address is not https.
 */
export function lazyClientCredentials(options: OAuthClientCredentialsOptions): CredentialProvider {
  if (options.issuer === undefined) checkEndpoint('tokenUrl', options.tokenUrl);
  else checkEndpoint('issuer', options.issuer);
  let loading: Promise<OAuthClientCredentials> | undefined;
  const load = async (): Promise<OAuthClientCredentials> => {
    const { OAuthClientCredentials } = await loadPart(import('./client-credentials.js'));
    return new OAuthClientCredentials(options);
  };
  return {
    async getToken(context) {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return (await loading).getToken(context);
    },
  };
}
