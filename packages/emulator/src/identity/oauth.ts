import { timingSafeEqual } from 'node:crypto';
import { type Call, get, type Reply, type Route } from '../http/route.js';
import { AUDIENCE, type Tokens } from './tokens.js';

/** The path under which the emulator's identity provider is. */
export const OAUTH_PATH = '/oauth2';

export interface OauthSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenLifetimeSeconds: number;
}

/** An answer of the token endpoint that is not a token, in the form of RFC 6749. */
export class OauthError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, description: string, status = 400) {
    super(description);
    this.code = code;
    this.status = status;
  }
}

/** Handles one grant type of the token endpoint. */
export type Grant = (form: URLSearchParams, call: Call) => Promise<object>;

/** Discovery, keys and the token endpoint. */
export function oauthRoutes(
  settings: OauthSettings,
  tokens: Tokens,
  grants: Readonly<Record<string, Grant>>,
): Route[] {
  const clientCredentials: Grant = async (form, call) => {
    const { id, secret } = clientOf(form, call);
    if (
      id !== settings.clientId ||
      secret === undefined ||
      !sameText(secret, settings.clientSecret)
    ) {
      throw new OauthError('invalid_client', 'The client id or the client secret is wrong', 401);
    }
    const scope = form.get('scope') ?? '';
    const claims = { sub: id, aud: AUDIENCE, client_id: id, scope };
    const token = await tokens.sign(claims, issuerOf(call), settings.tokenLifetimeSeconds);
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: settings.tokenLifetimeSeconds,
      ...(scope ? { scope } : {}),
    };
  };
  const all: Readonly<Record<string, Grant>> = { client_credentials: clientCredentials, ...grants };
  const discovery = (call: Call): object => discoveryDocument(issuerOf(call), Object.keys(all));
  return [
    get(`${OAUTH_PATH}/.well-known/openid-configuration`, discovery),
    get(`/.well-known/openid-configuration${OAUTH_PATH}`, discovery),
    get(`/.well-known/oauth-authorization-server${OAUTH_PATH}`, discovery),
    get(`${OAUTH_PATH}/jwks`, async () => await tokens.jwks()),
    {
      method: 'POST',
      path: `${OAUTH_PATH}/token`,
      handle: async (call) =>
        await oauthAnswer(async () => {
          const form = await formOf(call);
          const grant = all[form.get('grant_type') ?? ''];
          if (grant === undefined)
            throw new OauthError(
              'unsupported_grant_type',
              `Unknown grant_type: ${form.get('grant_type')}`,
            );
          return await grant(form, call);
        }),
    },
  ];
}

export function issuerOf(call: Call): string {
  return `${call.origin}${OAUTH_PATH}`;
}

/** The form of a POST request. */
export async function formOf(call: Call): Promise<URLSearchParams> {
  return new URLSearchParams((await call.bytes()).toString());
}

/** The identity that the client claims, in the form or in a Basic header. */
export function clientOf(
  form: URLSearchParams,
  call: Call,
): { id: string | undefined; secret: string | undefined } {
  const basic = /^basic\s+(\S+)$/i.exec(call.headers.get('authorization') ?? '');
  if (basic !== null) {
    const [id = '', secret = ''] = Buffer.from(basic[1] as string, 'base64')
      .toString()
      .split(':', 2);
    return { id: formDecoded(id), secret: formDecoded(secret) };
  }
  return { id: form.get('client_id') ?? undefined, secret: form.get('client_secret') ?? undefined };
}

/**
 * Runs a handler of the identity provider; its refusals have the form of RFC 6749, and its answers
 * must not be cached.
 */
export async function oauthAnswer(handle: () => Promise<object>): Promise<Reply> {
  const headers = { 'cache-control': 'no-store' };
  try {
    const reply = await handle();
    return reply instanceof Response ? reply : Response.json(reply, { headers });
  } catch (error) {
    if (!(error instanceof OauthError)) throw error;
    return Response.json(
      { error: error.code, error_description: error.message },
      { status: error.status, headers },
    );
  }
}

/** Compares secrets in constant time. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Percent signs that decode to nothing are wrong credentials, not a failure of the server. */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function discoveryDocument(issuer: string, grants: readonly string[]): object {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    authorization_endpoint: `${issuer}/authorize`,
    device_authorization_endpoint: `${issuer}/device`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: grants,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    scopes_supported: ['openid', 'profile', 'offline_access'],
    authorization_response_iss_parameter_supported: true,
  };
}
