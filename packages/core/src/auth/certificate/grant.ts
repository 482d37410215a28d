import * as oauth from 'oauth4webapi';
import { ConfigError } from '../../errors.js';
import type { TokenContext } from '../shared/credentials.js';
import { type GrantOptions, grantParameters } from '../shared/grant-parameters.js';
import type { ProviderAddress } from '../shared/oauth-endpoints.js';
import { OAuthServer } from '../shared/oauth-server.js';
import { SignInError } from '../shared/sign-in-error.js';
import type { SignedIn } from '../shared/signed-in.js';
import type { SigningKey } from './signing-key.js';

/** A smaller difference is not the reason for a refused signature. @unit seconds */
const CLOCKS_DIFFER = 5;

/** The protocol of `OAuthClientCertificate`. */
export function clientCertificateGrant(
  address: ProviderAddress,
  options: GrantOptions & { readonly clientId: string },
  signing: SigningKey,
): (context: TokenContext) => Promise<SignedIn> {
  const server = new OAuthServer(address, options.clientId);
  const parameters = grantParameters(options);
  let authentication: Promise<oauth.ClientAuth> | undefined;
  return async (context) => {
    const metadata = await server.metadata(context);
    // Without discovery the issuer's name is unknown; Entra ID wants the URL of the token endpoint.
    authentication ??= signedAuthentication(
      signing,
      server.discovered ? undefined : metadata.token_endpoint,
    );
    const signed = await authentication;
    const grant = (): Promise<SignedIn> =>
      server.grant(context, 'client_credentials', parameters, [], signed);
    const assumed = server.clockSkew;
    try {
      return await grant();
    } catch (error) {
      // The signature is valid for a minute by the provider's clock, which the refusal has shown.
      const tooEarlyOrLate = Math.abs(server.clockSkew - assumed) > CLOCKS_DIFFER;
      if (!(error instanceof SignInError && error.reason === 'invalid_client' && tooEarlyOrLate))
        throw error;
      return grant();
    }
  };
}

async function signedAuthentication(
  { key, keyId, thumbprint, certificate }: SigningKey,
  audience: string | undefined,
): Promise<oauth.ClientAuth> {
  const imported = key instanceof Uint8Array ? await importKey(key) : key;
  const print =
    thumbprint ?? (certificate && new Uint8Array(await crypto.subtle.digest('SHA-1', certificate)));
  return oauth.PrivateKeyJwt(
    keyId === undefined ? { key: imported } : { key: imported, kid: keyId },
    {
      [oauth.modifyAssertion]: (header, payload) => {
        if (print !== undefined) header.x5t = base64Url(print);
        if (audience !== undefined) payload.aud = audience;
      },
    },
  );
}

async function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey(
      'pkcs8',
      bytes,
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      false,
      ['sign'],
    );
  } catch (error) {
    throw new ConfigError('privateKey is not an RSA key in PKCS #8', { cause: error });
  }
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
