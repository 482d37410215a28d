import { checkTexts } from './checks.js';

/** The directory, and the cluster of its tokens. */
export interface EntraIdOptions {
  /** The directory: its id, or one of its domains. */
  readonly tenantId: string;
  /** The CDF cluster, such as `'westeurope-1'`. */
  readonly cluster: string;
  /**
   * True if a person signs in. The sign-in is then renewed without asking again.
   * @default false
   */
  readonly person?: boolean | undefined;
}

/** The options of a credential that `entraId` fills in. */
export interface EntraIdSettings {
  readonly tokenUrl: string;
  readonly authorizationUrl: string;
  readonly deviceAuthorizationUrl: string;
  readonly scopes: readonly string[];
}

/**
 * The URLs and scopes of Microsoft Entra ID (Azure AD) for CDF, to be spread into the options of a
 * credential.
 *
 * @example
 * new OAuthClientCredentials({ ...entraId({ tenantId, cluster }), clientId, clientSecret });
 */
export function entraId({ tenantId, cluster, person = false }: EntraIdOptions): EntraIdSettings {
  checkTexts('entraId', { tenantId, cluster });
  const authority = entraAuthority(tenantId);
  return {
    tokenUrl: `${authority}/token`,
    authorizationUrl: `${authority}/authorize`,
    deviceAuthorizationUrl: `${authority}/devicecode`,
    scopes: [scopeOfCluster(cluster), ...(person ? ['openid', 'profile', 'offline_access'] : [])],
  };
}

export function entraAuthority(tenantId: string): string {
  return `https://login.microsoftonline.com/${encodeURIComponent(tenantId)}/oauth2/v2.0`;
}

export function scopeOfCluster(cluster: string): string {
  return `https://${cluster}.cognitedata.com/.default`;
}
