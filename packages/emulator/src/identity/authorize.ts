import { type Principal, type Tokens, unauthorized } from './tokens.js';

/**
 * Checks the credentials of API requests: a bearer token of this emulator, or one of its API keys.
 */
export class Authorizer {
  readonly #tokens: Tokens;
  readonly #apiKeys: ReadonlySet<string>;

  constructor(tokens: Tokens, apiKeys: readonly string[]) {
    this.#tokens = tokens;
    this.#apiKeys = new Set(apiKeys);
  }

  /** The caller; rejects with 401. */
  async check(headers: Headers): Promise<Principal & { readonly apiKey: boolean }> {
    const apiKey = headers.get('api-key');
    if (apiKey !== null) {
      if (!this.#apiKeys.has(apiKey)) throw unauthorized('the API key is unknown');
      return { subject: 'api-key', tokenId: undefined, apiKey: true };
    }
    const [scheme, token] = (headers.get('authorization') ?? '').split(/\s+/, 2);
    if (scheme?.toLowerCase() !== 'bearer' || token === undefined)
      throw unauthorized('a bearer token or an API key is needed');
    return { ...(await this.#tokens.verify(token)), apiKey: false };
  }
}
