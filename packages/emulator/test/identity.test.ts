import { createHash } from 'node:crypto';
import type { Emulator } from '@cdf/emulator';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { client, type Json } from './helpers.js';

const REDIRECT = 'http://localhost:9999/callback';
const VERIFIER = 'a'.repeat(64);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

async function form(
  emulator: Emulator,
  path: string,
  fields: Record<string, string>,
): Promise<{ status: number; body: Json; response: Response }> {
  const response = await emulator.fetch(`${emulator.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const text = await response.clone().text();
  return {
    status: response.status,
    body: text.startsWith('{') ? JSON.parse(text) : text,
    response,
  };
}

async function authorize(
  emulator: Emulator,
  more: Record<string, string> = {},
): Promise<URLSearchParams> {
  const request = {
    response_type: 'code',
    client_id: emulator.clientId,
    redirect_uri: REDIRECT,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    scope: 'openid offline_access',
    state: 's',
    nonce: 'n',
  };
  const { response } = await form(emulator, '/authorize', { ...request, name: 'Ada', ...more });
  expect(response.status).toBe(303);
  return new URL(response.headers.get('location') ?? '').searchParams;
}

const exchange = (emulator: Emulator, code: string, more: Record<string, string> = {}) =>
  form(emulator, '/token', {
    grant_type: 'authorization_code',
    client_id: emulator.clientId,
    redirect_uri: REDIRECT,
    code,
    code_verifier: VERIFIER,
    ...more,
  });

describe('the identity provider', () => {
  it('says in its discovery document where everything is', async () => {
    const { emulator } = client();
    const document: Json = await (
      await emulator.fetch(`${emulator.issuer}/.well-known/openid-configuration`)
    ).json();
    expect(document).toMatchObject({
      issuer: emulator.issuer,
      token_endpoint: emulator.tokenUrl,
      code_challenge_methods_supported: ['S256'],
    });
    const keys: Json = await (await emulator.fetch(document.jwks_uri)).json();
    const { payload } = await jwtVerify(await emulator.issueToken(), createLocalJWKSet(keys), {
      issuer: emulator.issuer,
    });
    expect(payload.sub).toBe(emulator.clientId);
    expect(keys.keys[0]).not.toHaveProperty('d');
  });

  it('signs a person in by authorization code with PKCE', async () => {
    const { emulator } = client();
    const back = await authorize(emulator);
    expect([back.get('state'), back.get('iss')]).toEqual(['s', emulator.issuer]);
    const { status, body } = await exchange(emulator, back.get('code') ?? '');
    expect(status).toBe(200);
    const keys: Json = await (await emulator.fetch(`${emulator.issuer}/jwks`)).json();
    const identity = await jwtVerify(body.id_token, createLocalJWKSet(keys), {
      issuer: emulator.issuer,
      audience: emulator.clientId,
    });
    expect(identity.payload).toMatchObject({ sub: 'Ada', nonce: 'n' });
    const inspected = await emulator.fetch(`${emulator.url}/api/v1/token/inspect`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(await inspected.json()).toMatchObject({ subject: 'Ada' });
  });

  it('gives a code away once, soon, and to whom it belongs', async () => {
    const { emulator } = client();
    const codeOf = async (): Promise<string> => (await authorize(emulator)).get('code') ?? '';
    const once = await codeOf();
    expect((await exchange(emulator, once)).status).toBe(200);
    expect((await exchange(emulator, once)).body.error).toBe('invalid_grant');
    expect(
      (await exchange(emulator, await codeOf(), { code_verifier: 'b'.repeat(64) })).body.error,
    ).toBe('invalid_grant');
    expect(
      (await exchange(emulator, await codeOf(), { redirect_uri: 'http://localhost:1/' })).body
        .error,
    ).toBe('invalid_grant');
    expect((await exchange(emulator, await codeOf(), { client_id: 'other' })).body.error).toBe(
      'invalid_client',
    );
    const late = await codeOf();
    emulator.clock.advance(61_000);
    expect((await exchange(emulator, late)).body.error).toBe('invalid_grant');
    expect((await authorize(emulator, { decision: 'refuse' })).get('error')).toBe('access_denied');
  });

  it('never redirects to a URL that is not loopback or allowed', async () => {
    const { emulator } = client({ allowOrigins: ['https://app.example'] });
    const ask = async (redirect: string): Promise<number> => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: emulator.clientId,
        redirect_uri: redirect,
        code_challenge: CHALLENGE,
        code_challenge_method: 'S256',
      });
      return (await emulator.fetch(`${emulator.issuer}/authorize?${query}`)).status;
    };
    expect(await ask(REDIRECT)).toBe(200);
    expect(await ask('https://app.example/callback')).toBe(200);
    expect(await ask('https://evil.example/callback')).toBe(400);
    expect(await ask('javascript:alert(1)')).toBe(400);
  });

  it('shows a page that runs no script and cannot be made to', async () => {
    const { emulator } = client();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: emulator.clientId,
      redirect_uri: REDIRECT,
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      state: '"><script>alert(1)</script>',
    });
    const response = await emulator.fetch(`${emulator.issuer}/authorize?${query}`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toContain('<script>');
  });

  it('signs a person in on another device', async () => {
    const { emulator } = client();
    const { body } = await form(emulator, '/device', {
      client_id: emulator.clientId,
      scope: 'openid',
    });
    const poll = async (): Promise<Json> =>
      (
        await form(emulator, '/token', {
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id: emulator.clientId,
          device_code: body.device_code,
        })
      ).body;
    expect((await poll()).error).toBe('authorization_pending');
    const page = await emulator.fetch(body.verification_uri_complete);
    expect(await page.text()).toContain(body.user_code);
    await form(emulator, '/activate', { user_code: body.user_code, name: 'Grace' });
    expect(await poll()).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) });
    expect((await poll()).error).toBe('invalid_grant');
    const second = (await form(emulator, '/device', { client_id: emulator.clientId })).body;
    emulator.clock.advance(16 * 60_000);
    const late = await form(emulator, '/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: emulator.clientId,
      device_code: second.device_code,
    });
    expect(late.body.error).toBe('expired_token');
  });

  it('refreshes tokens, each refresh token once, and revokes both kinds', async () => {
    const { emulator } = client();
    const first = (await exchange(emulator, (await authorize(emulator)).get('code') ?? '')).body;
    const refresh = (token: string) =>
      form(emulator, '/token', {
        grant_type: 'refresh_token',
        client_id: emulator.clientId,
        refresh_token: token,
      });
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant');
    const inspect = async (token: string): Promise<number> =>
      (
        await emulator.fetch(`${emulator.url}/api/v1/token/inspect`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).status;
    expect(await inspect(second.body.access_token)).toBe(200);
    await form(emulator, '/revoke', { token: second.body.access_token });
    await form(emulator, '/revoke', { token: second.body.refresh_token });
    expect(await inspect(second.body.access_token)).toBe(401);
    expect((await refresh(second.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await form(emulator, '/revoke', { token: 'nonsense' })).status).toBe(200);
  });
});
