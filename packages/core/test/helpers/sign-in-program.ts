// A program that signs in: prints `asked` when a person would be, and each token that it got.
import { OAuthDeviceCode } from '@cdf/core';
import { fileTokenStore } from '@cdf/core/node';

const [folder = '', provider = '', rounds = '1'] = process.argv.slice(2);
const credentials = new OAuthDeviceCode({
  tokenUrl: `${provider}/token`,
  deviceAuthorizationUrl: `${provider}/device`,
  clientId: 'program',
  scopes: ['cdf'],
  store: fileTokenStore(folder),
  prompt: () => console.log('asked'),
});
const { signal } = new AbortController();
for (let round = 0; round < Number(rounds); round++)
  console.log((await credentials.getToken({ signal, forceRefresh: round > 0 })).value);
