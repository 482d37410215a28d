import { ConfigError } from '../../errors.js';
import type { AccessToken, CredentialProvider } from '../shared/credentials.js';

/**
 * A key of a legacy cluster, sent as `api-key`.
 *
 * @deprecated CDF has stopped accepting API keys: use `OAuthClientCredentials`, or another OAuth
 * credential.
 */
export class ApiKey implements CredentialProvider {
  readonly scheme = 'api-key';
  readonly #key: string;

  constructor(key: string) {
    if (typeof key !== 'string' || key.trim() === '')
      throw new ConfigError('new ApiKey(…) needs a key; is its variable set?');
    this.#key = key.trim();
  }

  async getToken(): Promise<AccessToken> {
    return { value: this.#key };
  }
}
