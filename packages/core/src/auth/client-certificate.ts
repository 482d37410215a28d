import * as oauth from 'oauth4webapi';
import { ConfigError } from '../errors.js';
import { checkTexts } from './checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from './credentials.js';
import { type GrantOptions, grantParameters } from './grant-parameters.js';
import { OAuthServer, type OAuthServerOptions, type SignedIn } from './oauth-server.js';
import { TokenCache } from './token-cache.js';
import { SignInError } from './token-endpoint.js';

/** Less is not what a signature is refused for. @unit seconds */
const CLOCKS_DIFFER = 5;

/** Which identity provider, which client, and the key that its certificate belongs to. */
export type OAuthClientCertificateOptions = OAuthServerOptions &
  GrantOptions & {
    readonly clientId: string;
    /** The private key: PEM (`BEGIN PRIVATE KEY`, RSA), or a key that may sign with RS256. */
    readonly privateKey: string | CryptoKey;
    /** The certificate as PEM, for its thumbprint. Entra ID finds the key by it. */
    readonly certificate?: string | undefined;
    /** Instead of the certificate: its SHA-1 thumbprint in hexadecimal. */
    readonly thumbprint?: string | undefined;
    /** The key's id, where the identity provider goes by it. */
    readonly keyId?: string | undefined;
  };

/**
 * A program's own identity, by a certificate: no secret travels, only what the private key has signed.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export class OAuthClientCertificate implements CredentialProvider {
  readonly #cache: TokenCache;

  /** @throws {ConfigError} when something is not set, or the key or certificate is not PEM. */
  constructor(options: OAuthClientCertificateOptions) {
    const { clientId, privateKey, certificate, thumbprint, keyId } = options;
    checkTexts('OAuthClientCertificate', { clientId });
    const server = new OAuthServer('OAuthClientCertificate', options, ['tokenUrl']);
    const client = server.client(clientId);
    const parameters = grantParameters(options);
    const keyBytes = typeof privateKey === 'string' ? pemBytes('privateKey', privateKey, 'PRIVATE KEY') : undefined;
    const certificateBytes =
      certificate === undefined ? undefined : pemBytes('certificate', certificate, 'CERTIFICATE');
    let authentication: Promise<oauth.ClientAuth> | undefined;
    const prepare = async (metadata: oauth.AuthorizationServer): Promise<oauth.ClientAuth> => {
      const key = keyBytes === undefined ? (privateKey as CryptoKey) : await importKey(keyBytes);
      const x5t = thumbprint === undefined ? await sha1(certificateBytes) : base64Url(hexBytes(thumbprint));
      return oauth.PrivateKeyJwt(keyId === undefined ? { key } : { key, kid: keyId }, {
        [oauth.modifyAssertion]: (header, payload) => {
          if (x5t !== undefined) header.x5t = x5t;
          // Without discovery the issuer's name is not known; Entra ID wants the address of the token endpoint.
          if (!server.discovered) payload.aud = metadata.token_endpoint as string;
        },
      });
    };
    this.#cache = new TokenCache(async (context) => {
      const metadata = await server.metadata(context);
      authentication ??= prepare(metadata);
      const signing = await authentication;
      const grant = (): Promise<SignedIn> =>
        server.grant(
          context,
          [],
          (_, http) => oauth.clientCredentialsGrantRequest(metadata, client, signing, parameters, http),
          (_, response) => oauth.processClientCredentialsResponse(metadata, client, response),
        );
      const assumed = server.clockSkew;
      try {
        return await grant();
      } catch (error) {
        // What was signed is good for a minute, by a clock that the refusal has shown to be another.
        const tooEarlyOrLate = Math.abs(server.clockSkew - assumed) > CLOCKS_DIFFER;
        if (!(error instanceof SignInError && error.reason === 'invalid_client' && tooEarlyOrLate)) throw error;
        return grant();
      }
    });
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }
}

async function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('pkcs8', bytes, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, [
      'sign',
    ]);
  } catch (error) {
    throw new ConfigError('privateKey is not an RSA key in PKCS #8', { cause: error });
  }
}

/** The bytes of the first block of that kind. The text itself is never repeated in an error. */
function pemBytes(name: string, pem: string, kind: string): Uint8Array<ArrayBuffer> {
  const block = new RegExp(`-----BEGIN ${kind}-----([A-Za-z0-9+/=\\s]+)-----END ${kind}-----`).exec(pem)?.[1];
  if (block !== undefined)
    return Uint8Array.from(atob(block.replace(/\s+/g, '')), (character) => character.charCodeAt(0));
  const convert = /BEGIN (RSA|ENCRYPTED) PRIVATE KEY/.test(pem)
    ? '; convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem'
    : '';
  throw new ConfigError(`OAuthClientCertificate: ${name} must be PEM with "BEGIN ${kind}"${convert}`);
}

function hexBytes(thumbprint: string): Uint8Array<ArrayBuffer> {
  const digits = thumbprint.replace(/[:\s]/g, '');
  if (!/^[0-9a-f]{40}$/i.test(digits))
    throw new ConfigError(
      'OAuthClientCertificate: thumbprint must be the SHA-1 of the certificate, 40 hexadecimal digits',
    );
  return Uint8Array.from(digits.match(/../g) as string[], (byte) => Number.parseInt(byte, 16));
}

async function sha1(bytes: Uint8Array<ArrayBuffer> | undefined): Promise<string | undefined> {
  return bytes === undefined ? undefined : base64Url(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
