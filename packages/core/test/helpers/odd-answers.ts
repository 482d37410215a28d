import { CdfError, OAuthClientCredentials } from '@cdf/core';

/** An answer of a token endpoint. */
export interface OddAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON of it, or a string as it is. */
  readonly body: unknown;
  /** By discovery, so that the name of the provider is known. */
  readonly discovered?: boolean;
}

export const SECRET = 'secret-value-4711';
const GOOD = { access_token: SECRET, token_type: 'Bearer', expires_in: 3600 };
const { expires_in: _, ...UNTOLD } = GOOD;
const JWT_UNTIL_2096 = `e30.${btoa(JSON.stringify({ exp: 4_000_000_000 }))}.${SECRET}`;
const ISSUER = 'https://login.example.com/';
const unsigned = (claims: object): string =>
  [{ alg: 'RS256' }, claims]
    .map((part) => btoa(JSON.stringify(part)).replaceAll('=', ''))
    .join('.')
    .concat('.c2ln');
const now = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: ISSUER, aud: 'me', sub: 'someone', iat: now, exp: now + 3600 };

/** By a description of the oddity. */
export const ODD_ANSWERS: Readonly<Record<string, OddAnswer>> = {
  'nothing odd': { body: GOOD },
  'further members': { body: { ...GOOD, scope: 'cdf', ext_expires_in: 1, unknown: {} } },
  'token_type in lower case': { body: { ...GOOD, token_type: 'bearer' } },
  'token_type in upper case': { body: { ...GOOD, token_type: 'BEARER' } },
  'no token_type': { body: { access_token: SECRET, expires_in: 3600 } },
  'token_type MAC': { body: { ...GOOD, token_type: 'mac' } },
  'token_type DPoP': { body: { ...GOOD, token_type: 'DPoP' } },
  'token_type is a number': { body: { ...GOOD, token_type: 1 } },
  'no expires_in': { body: UNTOLD },
  'no expires_in, and a JWT': { body: { ...UNTOLD, access_token: JWT_UNTIL_2096 } },
  'expires_in is a string': { body: { ...GOOD, expires_in: '3599' } },
  'expires_in is null': { body: { ...GOOD, expires_in: null } },
  'expires_in is an empty string': { body: { ...GOOD, expires_in: '' } },
  'expires_in is a word': { body: { ...GOOD, expires_in: 'never' } },
  'expires_in is a string with a unit': { body: { ...GOOD, expires_in: '3600s' } },
  'expires_in is true': { body: { ...GOOD, expires_in: true } },
  'expires_in is 0': { body: { ...GOOD, expires_in: 0 } },
  'expires_in is negative': { body: { ...GOOD, expires_in: -5 } },
  'expires_in is beyond all numbers': { body: JSON.stringify(GOOD).replace('3600', '1e999') },
  'no access_token': { body: { token_type: 'Bearer', expires_in: 3600 } },
  'access_token is empty': { body: { ...GOOD, access_token: '' } },
  'access_token is a number': { body: { ...GOOD, access_token: 7 } },
  'access_token is an array': { body: { ...GOOD, access_token: [SECRET] } },
  'access_token twice': {
    body: `{"access_token":"first","access_token":"${SECRET}","token_type":"Bearer","expires_in":3600}`,
  },
  'refresh_token is null': { body: { ...GOOD, refresh_token: null } },
  'refresh_token is empty': { body: { ...GOOD, refresh_token: '' } },
  'refresh_token is a number': { body: { ...GOOD, refresh_token: 7 } },
  'scope is an array': { body: { ...GOOD, scope: ['cdf'] } },
  'scope is null': { body: { ...GOOD, scope: null } },
  'an id token of an unknown issuer, without discovery': {
    body: { ...GOOD, id_token: unsigned(CLAIMS) },
  },
  'an id token that is rubbish, without discovery': { body: { ...GOOD, id_token: 'rubbish' } },
  'an id token of the issuer': { body: { ...GOOD, id_token: unsigned(CLAIMS) }, discovered: true },
  'an id token of another issuer': {
    body: { ...GOOD, id_token: unsigned({ ...CLAIMS, iss: 'https://evil.example/' }) },
    discovered: true,
  },
  'an id token for another client': {
    body: { ...GOOD, id_token: unsigned({ ...CLAIMS, aud: 'other' }) },
    discovered: true,
  },
  'an id token that is rubbish': { body: { ...GOOD, id_token: 'rubbish' }, discovered: true },
  'JSON called text/html': { body: GOOD, headers: { 'content-type': 'text/html' } },
  'JSON without a type': { body: GOOD, headers: { 'content-type': '' } },
  'JSON after a byte order mark': { body: `\ufeff${JSON.stringify(GOOD)}` },
  'an HTML page': { body: `<html>${SECRET}</html>`, headers: { 'content-type': 'text/html' } },
  'an empty body': { body: '' },
  'a form instead of JSON': {
    body: `access_token=${SECRET}&token_type=bearer`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  null: { body: 'null' },
  'an array': { body: [GOOD] },
  'a string': { body: JSON.stringify(SECRET) },
  'JSON that is cut off': { body: JSON.stringify(GOOD).slice(0, -5) },
  'a token, then a megabyte': { body: { ...GOOD, padding: 'x'.repeat(2 ** 20) } },
  'nested 10,000 deep': { body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` },
  'status 201': { body: GOOD, status: 201 },
  'status 204': { body: null, status: 204 },
  'status 302': { body: '', status: 302, headers: { location: 'https://evil.example/' } },
  'status 404 and HTML': {
    body: `<html>${SECRET}`,
    status: 404,
    headers: { 'content-type': 'text/html' },
  },
  'an error with status 200': { body: { error: 'invalid_client', error_description: 'no' } },
  'invalid_client with status 400': {
    body: { error: 'invalid_client', error_description: 'no' },
    status: 400,
  },
  'invalid_client with status 401 and a challenge': {
    body: { error: 'invalid_client', error_description: 'no' },
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="login"' },
  },
  'an empty 401 with a challenge': {
    body: '',
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="login"' },
  },
  'an error whose description is an object': {
    body: { error: 'invalid_grant', error_description: { a: SECRET } },
    status: 400,
  },
  'an error that is an object': { body: { error: { code: 400, message: SECRET } }, status: 400 },
  'an error called text/plain': {
    body: { error: 'invalid_grant' },
    status: 400,
    headers: { 'content-type': 'text/plain' },
  },
  'an error with control characters, and the secret': {
    body: { error: 'invalid_scope', error_description: `\u001b[31m\u202e${SECRET}\n` },
    status: 400,
  },
};

/** As a network brings it. */
function inPieces(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(sent, sent + 16_384));
      sent += 16_384;
    },
  });
}

/** Signs in where the token endpoint answers so. */
export async function outcomeOf({
  status = 200,
  headers = {},
  body,
  discovered = false,
}: OddAnswer): Promise<{ outcome: string; error?: CdfError }> {
  const json = { 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = (): Response =>
    new Response(status === 204 ? null : inPieces(text), {
      status,
      headers: { ...json, ...headers },
    });
  const discovery = { issuer: ISSUER, token_endpoint: `${ISSUER}token` };
  const fetch = async (input: unknown): Promise<Response> =>
    String(input).includes('.well-known') ? Response.json(discovery) : answer();
  const where = discovered ? { issuer: ISSUER } : { tokenUrl: `${ISSUER}token` };
  const credentials = new OAuthClientCredentials({
    ...where,
    clientId: 'me',
    clientSecret: SECRET,
  });
  const before = Date.now();
  try {
    const context = { signal: new AbortController().signal, forceRefresh: false, fetch };
    const { value, expiresAt = 0 } = await credentials.getToken(context);
    const seconds = Math.round((expiresAt - before) / 1000);
    const end = expiresAt === 4_000_000_000_000 ? 'until the end of the JWT' : `for ${seconds} s`;
    return { outcome: value.includes(SECRET) ? `a token ${end}` : `a token "${value}"` };
  } catch (error) {
    if (!CdfError.isInstance(error)) throw error;
    return { outcome: error.message.replace(`signing in at ${ISSUER}token: `, ''), error };
  }
}
