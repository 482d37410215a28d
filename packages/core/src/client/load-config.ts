import { OAuthClientCredentials } from '../auth/client-credentials/client-credentials.js';
import type { CredentialProvider } from '../auth/shared/credentials.js';
import { entraAuthority, scopeOfCluster } from '../auth/shared/entra-id.js';
import { ApiKey } from '../auth/token/api-key.js';
import { Token } from '../auth/token/token.js';
import { ConfigError } from '../errors.js';
import type { ClientConfig } from '../transport/config.js';

/** Texts by name, as a program's environment or a configuration file has them. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * A config from environment variables. With the prefix `CDF`:
 *
 * - `CDF_PROJECT`, and `CDF_CLUSTER` or `CDF_URL`; `CDF_CLIENT_NAME` (default: the prefix in lower
 *   case)
 * - `CDF_TOKEN`; or `CDF_CLIENT_ID`, `CDF_CLIENT_SECRET` and `CDF_TENANT_ID` (Entra ID),
 *   `CDF_TOKEN_URL` or `CDF_ISSUER`, with `CDF_SCOPES` (separated by spaces or commas) and
 *   `CDF_AUDIENCE`; or `CDF_API_KEY` on legacy clusters
 *
 * @param environment by default the program's own, where there is one
 * @throws {ConfigError} naming every variable that is missing.
 */
export function configFromEnv(
  environment: Settings = processEnvironment(),
  prefix = 'CDF',
): ClientConfig {
  const read = reader(environment, (key) => `${prefix}_${key}`);
  return assemble(
    {
      clientName: read('CLIENT_NAME') ?? prefix.toLowerCase(),
      project: read('PROJECT'),
      cluster: read('CLUSTER'),
      baseUrl: read('URL'),
      token: read('TOKEN'),
      apiKey: read('API_KEY'),
      clientId: read('CLIENT_ID'),
      clientSecret: read('CLIENT_SECRET'),
      tenantId: read('TENANT_ID'),
      tokenUrl: read('TOKEN_URL'),
      issuer: read('ISSUER'),
      scopes: read('SCOPES'),
      audience: read('AUDIENCE'),
    },
    (key) => `${prefix}_${NAMES[key]}`,
  );
}

/**
 * A config from plain data, such as parsed JSON or YAML: `clientName`, `project`, `cluster` or
 * `baseUrl`, and the credential's settings (`token`; or `clientId`, `clientSecret` and `tenantId`,
 * `tokenUrl` or `issuer`, with `scopes` and `audience`; or `apiKey`).
 *
 * @throws {ConfigError} naming every setting that is missing, unknown or not a string.
 */
export function configFromObject(settings: Settings): ClientConfig {
  const unknown = Object.keys(settings).filter((key) => !Object.hasOwn(NAMES, key));
  if (unknown.length > 0)
    throw new ConfigError(
      `config: unknown setting ${unknown.join(', ')}; known settings: ${Object.keys(NAMES).join(', ')}`,
    );
  const read = reader(settings, (key) => key);
  const texts = Object.fromEntries(Object.keys(NAMES).map((key) => [key, read(key)]));
  return assemble(texts as Texts, (key) => key);
}

const NAMES = {
  clientName: 'CLIENT_NAME',
  project: 'PROJECT',
  cluster: 'CLUSTER',
  baseUrl: 'URL',
  token: 'TOKEN',
  apiKey: 'API_KEY',
  clientId: 'CLIENT_ID',
  clientSecret: 'CLIENT_SECRET',
  tenantId: 'TENANT_ID',
  tokenUrl: 'TOKEN_URL',
  issuer: 'ISSUER',
  scopes: 'SCOPES',
  audience: 'AUDIENCE',
} as const;

type Name = keyof typeof NAMES;
type Texts = Readonly<Record<Name, string | undefined>>;

function assemble(texts: Texts, shown: (key: Name) => string): ClientConfig {
  const { clientName, project, cluster, baseUrl } = texts;
  const missing: string[] = [];
  if (clientName === undefined) missing.push(shown('clientName'));
  if (project === undefined) missing.push(shown('project'));
  if (cluster === undefined && baseUrl === undefined)
    missing.push(`${shown('cluster')} or ${shown('baseUrl')}`);
  const credentials = assembleCredentials(texts, shown, missing);
  if (
    missing.length > 0 ||
    credentials === undefined ||
    clientName === undefined ||
    project === undefined
  )
    throw new ConfigError(`config: ${missing.join('; ')} must be set`);
  if (cluster === undefined)
    return { clientName, project, credentials, baseUrl: baseUrl as string };
  // Both set: the check of the whole config says so. A base URL besides a cluster does no harm
  // where it is the cluster's own.
  const host = `${cluster}.cognitedata.com`;
  if (baseUrl !== undefined && !(URL.canParse(baseUrl) && new URL(baseUrl).hostname === host))
    throw new ConfigError(
      `config: ${shown('cluster')} and ${shown('baseUrl')} name different places; keep one`,
    );
  return { clientName, project, credentials, cluster };
}

function assembleCredentials(
  texts: Texts,
  shown: (key: Name) => string,
  missing: string[],
): CredentialProvider | undefined {
  const { token, apiKey, clientId, clientSecret, tenantId, tokenUrl, issuer, cluster, audience } =
    texts;
  if (token !== undefined) return new Token(token);
  if (clientId === undefined && apiKey !== undefined) return new ApiKey(apiKey);
  if (clientId === undefined) {
    missing.push(`${shown('token')}, ${shown('clientId')} or ${shown('apiKey')}`);
    return undefined;
  }
  if (clientSecret === undefined) missing.push(shown('clientSecret'));
  if (tenantId === undefined && tokenUrl === undefined && issuer === undefined)
    missing.push(`${shown('tenantId')}, ${shown('tokenUrl')} or ${shown('issuer')}`);
  const home = cluster ?? clusterOf(texts.baseUrl);
  const isEntra = tenantId !== undefined && tokenUrl === undefined && issuer === undefined;
  if (isEntra && texts.baseUrl && home === undefined && texts.scopes === undefined)
    missing.push(
      `${shown('scopes')} (such as https://westeurope-1.cognitedata.com/.default, which ${shown('baseUrl')} does not tell)`,
    );
  if (missing.length > 0 || clientSecret === undefined) return undefined;
  const given = (['tenantId', 'tokenUrl', 'issuer'] as const).filter((key) => texts[key]);
  // A URL of the same tenant does no harm.
  const differ = given.some((key) => !(texts[key] as string).includes(tenantId ?? '\0'));
  if (given.length > 1 && (differ || (tokenUrl !== undefined && issuer !== undefined)))
    throw new ConfigError(
      `config: ${given.map(shown).join(' and ')} name identity providers; keep one`,
    );
  const scopes = texts.scopes?.split(/[\s,]+/).filter(Boolean);
  const common = { clientId, clientSecret, audience };
  if (tokenUrl !== undefined) return new OAuthClientCredentials({ ...common, tokenUrl, scopes });
  if (issuer !== undefined) return new OAuthClientCredentials({ ...common, issuer, scopes });
  return new OAuthClientCredentials({
    ...common,
    tokenUrl: `${entraAuthority(tenantId as string)}/token`,
    scopes: scopes ?? [scopeOfCluster(home as string)],
  });
}

/** The cluster that a URL of CDF itself names. */
function clusterOf(baseUrl = ''): string | undefined {
  return /^https:\/\/([^/:]+)\.cognitedata\.com(:443)?(\/|$)/i.exec(baseUrl)?.[1];
}

function reader(
  settings: Settings,
  nameOf: (key: string) => string,
): (key: string) => string | undefined {
  return (key) => {
    const value = settings[nameOf(key)];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string')
      throw new ConfigError(`config: ${nameOf(key)} must be a string, got a ${typeof value}`);
    return value.trim();
  };
}

/** The variables of the program, in runtimes that have some. */
function processEnvironment(): Settings {
  return (globalThis as { readonly process?: { readonly env?: Settings } }).process?.env ?? {};
}
