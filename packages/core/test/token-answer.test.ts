import { describe, expect, it } from 'vitest';
import { NoTokenError, readTokenAnswer } from '../src/auth/shared/token-answer.js';
import { rejection } from './helpers/server.js';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
const TOKEN = { access_token: 'secret', token_type: 'Bearer' };

describe('the answer of a token endpoint', () => {
  it('is a token with its end and what renews it, whatever else is there', async () => {
    const before = Date.now();
    const more = { expires_in: 100, refresh_token: 'again', scope: 'cdf', id_token: 'not.a.jwt', unknown: {} };
    const { expiresAt = 0, ...token } = await readTokenAnswer(answer(200, { ...TOKEN, ...more }));
    expect(token).toEqual({ value: 'secret', refreshToken: 'again' });
    expect(expiresAt - before).toBeGreaterThanOrEqual(100_000);
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(100_000);
  });

  it('may say its lifetime as text, or not at all: then the token itself does', async () => {
    const now = Date.now();
    const said = await readTokenAnswer(answer(200, { ...TOKEN, expires_in: '3600' }));
    expect(said.expiresAt).toBeGreaterThanOrEqual(now + 3_600_000);
    const payload = btoa(JSON.stringify({ exp: 4_000_000_000 }));
    const untold = await readTokenAnswer(answer(200, { ...TOKEN, access_token: `e30.${payload}.x` }));
    expect(untold.expiresAt).toBe(4_000_000_000_000);
  });

  it.each([
    [answer(200, '<html>'), 'no access_token'],
    [answer(200, 'null'), 'no access_token'],
    [answer(200, { token_type: 'Bearer' }), 'no access_token'],
    [answer(200, { ...TOKEN, access_token: 7 }), 'no access_token'],
    [answer(200, { access_token: 'secret' }), 'token_type is not Bearer'],
    [answer(200, { ...TOKEN, token_type: 'DPoP' }), 'token_type is not Bearer'],
    [answer(201, TOKEN), 'status 201'],
    [answer(404, 'nothing here'), 'status 404'],
    [answer(400, { error: { message: 'not as the standard has it' } }), 'status 400'],
  ])('that is none says why (%#)', async (response, why) => {
    const reason = await rejection(readTokenAnswer(response));
    expect(reason).toBeInstanceOf(NoTokenError);
    expect(reason).toMatchObject({ message: why, error: undefined });
    expect(JSON.stringify(reason)).not.toContain('secret');
  });

  it('that is a refusal has the code of the provider, or that of a challenge', async () => {
    const body = { error: 'invalid_grant', error_description: 'too old' };
    expect(await rejection(readTokenAnswer(answer(400, body)))).toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: 'too old',
    });
    const challenge = { 'www-authenticate': 'Basic realm="x"' };
    expect(await rejection(readTokenAnswer(answer(401, '', challenge)))).toMatchObject({ error: 'invalid_client' });
    expect(await rejection(readTokenAnswer(answer(401, body, challenge)))).toMatchObject({ error: 'invalid_grant' });
  });
});
