import { ApiKey, type ClientConfig, OAuthClientCredentials, Token } from '@cdf/sdk';
import { fact } from '../account.js';
import type { Environment } from '../environment.js';

/**
 * Authenticate: three ways to say who you are. Returns the config that the rest of the walk uses.
 */
export async function authenticate({ emulator }: Environment): Promise<ClientConfig> {
  // OpenID Connect with client credentials: what services and scripts use.
  const credentials = new OAuthClientCredentials({
    tokenUrl: emulator.tokenUrl,
    clientId: emulator.clientId,
    clientSecret: emulator.clientSecret,
    scopes: [`${emulator.url}/.default`],
  });

  // Your own provider is a function that gives a token. It is called again when the token is about
  // to expire.
  const signal = AbortSignal.timeout(10_000);
  const { value } = await credentials.getToken({ signal, forceRefresh: false });
  const own = new Token(async () => value);

  // An API key, for clusters that still take one. The emulator does.
  const legacy = new ApiKey(emulator.apiKey ?? '');

  const base = {
    clientName: 'my-special-client',
    project: emulator.project,
    baseUrl: emulator.url,
  };
  fact('signed in with', `${credentials.constructor.name} at ${emulator.tokenUrl}`);
  fact(
    'also possible',
    `${own.constructor.name} with your own function, ${legacy.constructor.name} (legacy)`,
  );
  return { ...base, credentials };
}
