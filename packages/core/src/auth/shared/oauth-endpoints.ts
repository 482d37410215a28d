import type { AuthorizationServer } from 'oauth4webapi';
import { ConfigError } from '../../errors.js';
import { checkEndpoint } from './checks.js';

/** Where to sign in: an issuer whose discovery document has the URLs, or the URLs themselves. */
export type OAuthServerOptions =
  | { readonly issuer: string; readonly tokenUrl?: undefined }
  | { readonly tokenUrl: string; readonly issuer?: undefined };

/** Where to sign in with a browser. */
export type OAuthAuthorizationServerOptions =
  | {
      readonly issuer: string;
      readonly tokenUrl?: undefined;
      readonly authorizationUrl?: undefined;
    }
  | { readonly tokenUrl: string; readonly authorizationUrl: string; readonly issuer?: undefined };

/** Where to sign in on another device. */
export type OAuthDeviceServerOptions =
  | {
      readonly issuer: string;
      readonly tokenUrl?: undefined;
      readonly deviceAuthorizationUrl?: undefined;
    }
  | {
      readonly tokenUrl: string;
      readonly deviceAuthorizationUrl: string;
      readonly issuer?: undefined;
    };

/** All URLs that an option may name. */
export interface OAuthEndpoints {
  readonly issuer?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly authorizationUrl?: string | undefined;
  readonly deviceAuthorizationUrl?: string | undefined;
}

/** Where an identity provider is, checked. */
export interface ProviderAddress {
  /** Distinguishes it from others, in keys of stored tokens. */
  readonly authority: string;
  /** Where its discovery document is. */
  readonly issuer?: URL | undefined;
  /** The endpoints that are known without discovery. */
  readonly metadata?: AuthorizationServer | undefined;
}

/**
 * @param what for messages
 * @param needed the names of the options that the flow requires without an issuer
 * @throws {ConfigError} when one of them is not set, or is not an https URL.
 */
export function providerAddress(
  what: string,
  { issuer, tokenUrl, authorizationUrl, deviceAuthorizationUrl }: OAuthEndpoints,
  needed: readonly (keyof OAuthEndpoints)[],
): ProviderAddress {
  if (issuer !== undefined && tokenUrl !== undefined)
    throw new ConfigError(`${what}: issuer and tokenUrl are both set; keep one`);
  if (issuer !== undefined) {
    const url = new URL(checkEndpoint('issuer', issuer));
    return { authority: url.href, issuer: url };
  }
  const endpoints: OAuthEndpoints = { tokenUrl, authorizationUrl, deviceAuthorizationUrl };
  const unset = needed.filter((key) => endpoints[key] === undefined || endpoints[key] === '');
  if (unset.length > 0) throw new ConfigError(`${what}: set issuer, or ${unset.join(' and ')}`);
  const token = checkEndpoint('tokenUrl', tokenUrl);
  const metadata = {
    issuer: new URL(token).origin,
    token_endpoint: token,
    ...(authorizationUrl !== undefined && {
      authorization_endpoint: checkEndpoint('authorizationUrl', authorizationUrl),
    }),
    ...(deviceAuthorizationUrl !== undefined && {
      device_authorization_endpoint: checkEndpoint(
        'deviceAuthorizationUrl',
        deviceAuthorizationUrl,
      ),
    }),
  };
  return { authority: token, metadata };
}
