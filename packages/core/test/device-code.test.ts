import {
  type DeviceCodePrompt,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
} from '@cdf/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rejection } from './helpers/server.js';

const { signal } = new AbortController();
const CODE = {
  device_code: 'the-device-code',
  user_code: 'ABCD',
  verification_uri: 'https://i.example.com/v',
  expires_in: 600,
};
const TOKEN = { access_token: 'a', token_type: 'bearer', expires_in: 60 };
const answer = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/**
 * The waits of the flow, which then take no time. The two other timers are those of a request and
 * of the code.
 */
function skipWaits(...others: number[]): number[] {
  const waits: number[] = [];
  const { setTimeout } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
    callback: () => void,
    milliseconds = 0,
  ) => {
    if ([30_000, 600_000, ...others].includes(milliseconds))
      return setTimeout(callback, milliseconds);
    waits.push(milliseconds);
    return setTimeout(callback, 0);
  }) as never);
  return waits;
}
afterEach(() => vi.restoreAllMocks());

/** Signs in with these answers, first that of the code, then those of the token endpoint. */
async function signIn(
  code: object,
  tokens: (() => Response)[] = [],
  base = 'https://i.example.com',
): Promise<{ value: string; prompts: DeviceCodePrompt[] }> {
  const prompts: DeviceCodePrompt[] = [];
  const credentials = new OAuthDeviceCode({
    tokenUrl: `${base}/token`,
    deviceAuthorizationUrl: `${base}/device`,
    clientId: 'c',
    scopes: [],
    prompt: (prompt) => void prompts.push(prompt),
  });
  const fetch: typeof globalThis.fetch = async (input) =>
    String(input).endsWith('/device') ? answer(code) : (tokens.shift() ?? (() => answer(TOKEN)))();
  const { value } = await credentials.getToken({ signal, forceRefresh: false, fetch });
  return { value, prompts };
}

describe('the interval of a device code', () => {
  it.each<[unknown, number]>([
    [undefined, 5000],
    [5, 5000],
    ['7', 7000],
    [0, 1000],
    [-3, 1000],
    [0.001, 1000],
    [1e9, 60_000],
    [61, 60_000],
    ['soon', 5000],
    [null, 5000],
    [[], 1000],
    [{}, 5000],
    [true, 1000],
  ])('of %j is %d ms', async (interval, expected) => {
    const waits = skipWaits();
    expect((await signIn({ ...CODE, interval })).value).toBe('a');
    expect(waits).toEqual([expected]);
  });

  it('grows to a minute at most, by slow_down and by failures that pass', async () => {
    const waits = skipWaits();
    const slow = (): Response => answer({ error: 'slow_down' }, 400);
    const failed = (): Response => answer({}, 503);
    await signIn({ ...CODE, interval: 40 }, [slow, slow, slow, slow, slow, slow]);
    expect(waits.splice(0)).toEqual([40_000, 45_000, 50_000, 55_000, 60_000, 60_000, 60_000]);
    await signIn({ ...CODE, interval: 10 }, [failed, failed, failed, failed, slow]);
    expect(waits).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });
});

describe('the prompt of a device code', () => {
  it('has no character that acts on a terminal or hides text, wherever it was', async () => {
    skipWaits();
    for (const bad of [
      '\u001b[2J',
      '\u009b31m',
      '\u202eDCBA',
      '\r\n',
      '\u0007',
      'A\u200bB',
      '\u2066',
    ]) {
      const { prompts } = await signIn({
        ...CODE,
        user_code: `AB${bad}CD`,
        verification_uri: `https://i.example.com/v${bad}`,
        verification_uri_complete: `https://i.example.com/v?code=${bad}`,
      });
      const [
        { message, userCode, verificationUri, verificationUriComplete } = {} as DeviceCodePrompt,
      ] = prompts;
      for (const text of [message, userCode, verificationUri, verificationUriComplete])
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(message).toContain(`open https://i.example.com/v`);
    }
  });

  it.each([
    'http://i.example.com/v',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ms-settings:',
    'https://login.example.com@evil.example/v',
    'http://localhost:1/v',
    'http://127.0.0.1/v',
    'http://[::1]/v',
    'http://evil.localhost/v',
    '/v',
    '',
  ])('refuses the URL %j, also as the complete one', async (url) => {
    skipWaits();
    for (const change of [
      { verification_uri: url },
      url === '' ? { verification_uri: 'x' } : { verification_uri_complete: url },
    ]) {
      const error = (await rejection(signIn({ ...CODE, ...change }))) as Error;
      expect(error).toMatchObject({ code: 'auth', delivery: 'none' });
      expect(error.message).not.toContain('the-device-code');
    }
  });

  it.each([
    'http://localhost:1/v',
    'http://127.9.9.9/v',
    'http://[::1]:2/v',
    'https://other.example.com/v',
  ])('has the URL %s where the issuer is on this machine', async (url) => {
    skipWaits();
    const { prompts } = await signIn({ ...CODE, verification_uri: url }, [], 'http://127.0.0.1:3');
    expect(prompts[0]?.verificationUri).toBe(url);
  });

  it('that never ends does not outlive the code, nor does a code live for longer than a day', async () => {
    const real = globalThis.setTimeout;
    const timers: number[] = [];
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      callback: () => void,
      milliseconds = 0,
    ) => {
      timers.push(milliseconds);
      return real(callback, milliseconds === 30_000 ? 30_000 : 0);
    }) as never);
    for (const expires_in of [7, 1e12]) {
      const credentials = new OAuthDeviceCode({
        tokenUrl: 'https://i.example.com/token',
        deviceAuthorizationUrl: 'https://i.example.com/device',
        clientId: 'c',
        scopes: [],
        prompt: () => new Promise(() => {}),
      });
      const fetch = async (): Promise<Response> => answer({ ...CODE, expires_in });
      expect(
        await rejection(credentials.getToken({ signal, forceRefresh: false, fetch })),
      ).toMatchObject({
        code: 'auth',
        message: expect.stringContaining('not entered in time'),
      });
    }
    expect(timers.filter((each) => each !== 30_000)).toEqual([7000, 86_400_000]);
  });
});

describe('a discovery document', () => {
  it.each([
    'http://127.0.0.1:9/steal',
    'http://localhost:9/steal',
    'http://[::1]:9/steal',
    'http://i.example.com/token',
  ])('of another machine cannot send secrets to %s', async (endpoint) => {
    const issuer = 'https://i.example.com';
    const sent: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      sent.push(String(input));
      const endpoints = {
        token_endpoint: endpoint,
        authorization_endpoint: endpoint,
        device_authorization_endpoint: endpoint,
      };
      return answer({ issuer, ...endpoints });
    };
    const window = {
      open: async () => ({
        redirectUri: 'http://localhost',
        visit: () => Promise.reject(new Error('visited')),
        close() {},
      }),
    };
    for (const credentials of [
      new OAuthClientCredentials({ issuer, clientId: 'i', clientSecret: 's' }),
      new OAuthDeviceCode({ issuer, clientId: 'i', scopes: [], prompt: () => {} }),
      new OAuthInteractive({ issuer, clientId: 'i', scopes: [], window }),
    ])
      expect(
        await rejection(credentials.getToken({ signal, forceRefresh: false, fetch })),
      ).toMatchObject({
        code: 'config',
        message: expect.stringContaining('use https'),
      });
    expect(sent.every((url) => url.endsWith('/.well-known/openid-configuration'))).toBe(true);
  });
});
