import { loadPart, once } from '../../async/lazy.js';
import { ConfigError } from '../../errors.js';
import { checkScopes, checkTexts } from '../shared/checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import type { GrantOptions } from '../shared/grant-parameters.js';
import { type OAuthServerOptions, providerAddress } from '../shared/oauth-endpoints.js';
import { TokenCache } from '../shared/token-cache.js';
import type { SigningKey } from './signing-key.js';

/** The identity provider, the client, and the key of its certificate. */
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
 * A program's own identity, by a certificate: only a signature of the private key travels, and no
 * secret.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export class OAuthClientCertificate implements CredentialProvider {
  readonly #cache: TokenCache;

  /**
   * @throws {ConfigError} when an option is missing, the key or certificate is not PEM, or the
   *   thumbprint is invalid.
   */
  constructor(options: OAuthClientCertificateOptions) {
    const { clientId, privateKey, certificate, thumbprint, keyId } = options;
    checkTexts('OAuthClientCertificate', { clientId });
    checkScopes(options.scopes ?? []);
    const address = providerAddress('OAuthClientCertificate', options, ['tokenUrl']);
    const signing: SigningKey = {
      key:
        typeof privateKey === 'string'
          ? pemBytes('privateKey', privateKey, 'PRIVATE KEY')
          : privateKey,
      keyId,
      thumbprint: thumbprint === undefined ? undefined : hexBytes(thumbprint),
      certificate:
        certificate === undefined ? undefined : pemBytes('certificate', certificate, 'CERTIFICATE'),
    };
    const grant = once(async () => {
      const { clientCertificateGrant } = await loadPart(import('./grant.js'));
      return clientCertificateGrant(address, options, signing);
    });
    this.#cache = new TokenCache(async (context) => (await grant())(context));
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }
}

/** The bytes of the first block of that kind. The text itself is never repeated in an error. */
function pemBytes(name: string, pem: string, kind: string): Uint8Array<ArrayBuffer> {
  const block = new RegExp(`-----BEGIN ${kind}-----([A-Za-z0-9+/=\\s]+)-----END ${kind}-----`).exec(
    pem,
  )?.[1];
  if (block !== undefined)
    return Uint8Array.from(atob(block.replace(/\s+/g, '')), (character) => character.charCodeAt(0));
  const convert = /BEGIN (RSA|ENCRYPTED) PRIVATE KEY/.test(pem)
    ? '; convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem'
    : '';
  throw new ConfigError(
    `OAuthClientCertificate: ${name} must be PEM with "BEGIN ${kind}"${convert}`,
  );
}

function hexBytes(thumbprint: string): Uint8Array<ArrayBuffer> {
  const digits = thumbprint.replace(/[:\s]/g, '');
  if (!/^[0-9a-f]{40}$/i.test(digits))
    throw new ConfigError(
      'OAuthClientCertificate: thumbprint must be the SHA-1 of the certificate, 40 hexadecimal digits',
    );
  return Uint8Array.from(digits.match(/../g) as string[], (byte) => Number.parseInt(byte, 16));
}
