import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { badRequest } from '../errors.js';
import { type Call, get, type Reply, type Route } from '../http/route.js';
import { isLoopback } from '../http/security.js';
import type { AuthorizationRequest, PersonalGrants } from './grants.js';
import {
  clientOf,
  formOf,
  issuerOf,
  OAUTH_PATH,
  type OauthSettings,
  oauthAnswer,
} from './oauth.js';
import type { Tokens } from './tokens.js';

/** The pages where a person signs in, by any name: the emulator knows no passwords. */
export function signInRoutes(
  settings: OauthSettings,
  grants: PersonalGrants,
  tokens: Tokens,
  allowOrigins: readonly string[],
): Route[] {
  return [
    get(`${OAUTH_PATH}/authorize`, (call) =>
      page('Sign in', signInForm(readAuthorization(call.query, settings, allowOrigins))),
    ),
    posted(`${OAUTH_PATH}/authorize`, (form, call) => {
      const request = readAuthorization(form, settings, allowOrigins);
      const name = (form.get('name') ?? '').trim();
      const refused = form.get('decision') === 'refuse' || name === '';
      const outcome = refused
        ? { error: 'access_denied' }
        : { code: grants.issueCode(request, name) };
      return redirect(request, { ...outcome, iss: issuerOf(call) });
    }),
    posted(`${OAUTH_PATH}/device`, async (form, call) => {
      return await oauthAnswer(async () =>
        grants.beginDevice(clientOf(form, call).id, form.get('scope') ?? '', issuerOf(call)),
      );
    }),
    get(`${OAUTH_PATH}/activate`, (call) =>
      page('Sign in on another device', deviceForm(call.query.get('user_code') ?? '')),
    ),
    posted(`${OAUTH_PATH}/activate`, (form) => {
      const name = (form.get('name') ?? '').trim();
      const outcome =
        form.get('decision') === 'refuse' || name === '' ? 'refused' : { subject: name };
      const known = grants.decideDevice(form.get('user_code') ?? '', outcome);
      const text = known
        ? 'Done. Go back to the program that asked.'
        : 'This code is unknown or has expired.';
      return page('Sign in on another device', html`<p>${text}</p>`);
    }),
    posted(`${OAUTH_PATH}/revoke`, async (form) => {
      // A token that is not known is as good as revoked (RFC 7009).
      await tokens.revoke(form.get('token') ?? '').catch(() => undefined);
      return {};
    }),
  ];
}

function posted(
  path: string,
  handle: (form: URLSearchParams, call: Call) => Reply | Promise<Reply>,
): Route {
  return { method: 'POST', path, handle: async (call) => handle(await formOf(call), call) };
}

function readAuthorization(
  query: URLSearchParams,
  settings: OauthSettings,
  allowOrigins: readonly string[],
): AuthorizationRequest {
  const value = (name: string): string | undefined => query.get(name) ?? undefined;
  const redirectUri = value('redirect_uri') ?? '';
  // Before the client is known to be right nothing may be sent to the URL that it gives.
  if (value('client_id') !== settings.clientId)
    throw badRequest('client_id is not the one of this emulator');
  if (!isAllowedRedirect(redirectUri, allowOrigins)) {
    throw badRequest(
      'redirect_uri must be a loopback URL, or of an origin given with --allow-origin',
    );
  }
  if (value('response_type') !== 'code') throw badRequest('response_type must be code');
  const challenge = value('code_challenge');
  if (challenge === undefined || value('code_challenge_method') !== 'S256') {
    throw badRequest('code_challenge with code_challenge_method S256 is needed');
  }
  return {
    clientId: settings.clientId,
    redirectUri,
    challenge,
    scope: value('scope') ?? '',
    state: value('state'),
    nonce: value('nonce'),
  };
}

function isAllowedRedirect(redirectUri: string, allowOrigins: readonly string[]): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const { protocol, hostname, origin } = new URL(redirectUri);
  return (protocol === 'http:' && isLoopback(hostname)) || allowOrigins.includes(origin);
}

function redirect(
  request: AuthorizationRequest,
  outcome: Readonly<Record<string, string>>,
): Response {
  const target = new URL(request.redirectUri);
  for (const [name, value] of Object.entries(outcome)) target.searchParams.set(name, value);
  if (request.state !== undefined) target.searchParams.set('state', request.state);
  return new Response(null, {
    status: 303,
    headers: { location: target.href, 'cache-control': 'no-store' },
  });
}

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

async function page(title: string, body: Html): Promise<Response> {
  const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - CDF emulator</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; color: #1b2430; background: #fff; }
label { display: block; margin: 1rem 0; } input { font: inherit; display: block; width: 100%; box-sizing: border-box; padding: .4rem; }
button { font: inherit; padding: .4rem 1rem; margin-right: .5rem; }
</style>
</head>
<body>
<h1>${title}</h1>
${body}
<p><small>This is a CDF emulator: any name will do, and there are no passwords.</small></p>
</body>
</html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'referrer-policy': 'same-origin',
  };
  return new Response(String(document), { headers });
}

function signInForm(request: AuthorizationRequest): Html {
  const fields: Readonly<Record<string, string | undefined>> = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
    scope: request.scope,
    state: request.state,
    nonce: request.nonce,
  };
  const hidden = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  return html`<p>${request.clientId} asks for access as you.</p>
<form method="post" action="${OAUTH_PATH}/authorize">${hidden}${decision('')}</form>`;
}

function deviceForm(userCode: string): Html {
  const code = html`<label>Code <input name="user_code" value="${userCode}" required autocomplete="off"></label>`;
  return html`<form method="post" action="${OAUTH_PATH}/activate">${decision(code)}</form>`;
}

function decision(before: Html | string): Html {
  return html`${before}<label>Name <input name="name" value="developer" autocomplete="username"></label>
<button name="decision" value="accept">Sign in</button><button name="decision" value="refuse">Refuse</button>`;
}
