import { inspect } from 'node:util';
import {
  AuthError,
  memoryTokenStore,
  NetworkError,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
  Token,
  type TokenContext,
} from '@cdf/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, json, rejection, startServer } from './helpers/server.js';

const PART = '../src/transport/failure/api-error.js';
const SECRET = 'a_secret_that_is_long';
const ADDRESS = { tokenUrl: 'https://login.example.com/token', clientId: 'me' };
const LIST = { method: 'POST', path: '/things/list', body: {}, idempotent: true } as const;

/** The answers of a provider to one request after the other. */
function answers(
  ...given: (() => Response)[]
): TokenContext & { readonly forms: URLSearchParams[] } {
  const forms: URLSearchParams[] = [];
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    forms.push(new URLSearchParams(init?.body as URLSearchParams));
    return (
      given[forms.length - 1] ?? (() => Promise.reject(new TypeError('Failed to fetch')))
    )() as Response;
  };
  return { signal: new AbortController().signal, forceRefresh: false, fetch, forms };
}
const refusal =
  (error: string, status = 400) =>
  () =>
    Response.json({ error, error_description: SECRET }, { status });
const token = () =>
  Response.json({ access_token: 'a-token', token_type: 'bearer', expires_in: 3600 });
const program = () => new OAuthClientCredentials({ ...ADDRESS, clientSecret: SECRET });

describe('a page that cannot load the part that reads errors, since another version is on the server', () => {
  beforeEach(() =>
    vi.doMock(PART, () => {
      throw new TypeError('Failed to fetch dynamically imported module');
    }),
  );
  afterEach(() => vi.doUnmock(PART));

  it('has an error of the API with its status, and retries as ever', async () => {
    await using server = await startServer((_, response, count) =>
      json(response, count === 1 ? 503 : 404, {}),
    );
    const error = await rejection(connect(server.baseUrl).request(LIST));
    expect(error).toMatchObject({ code: 'api', status: 404, message: 'POST /things/list: 404' });
    expect(server.received).toHaveLength(2);
  });

  it('has the refusal of a token as it is, without the projects of the token', async () => {
    await using server = await startServer((_, response) => json(response, 401, {}));
    const credentials = new Token(async () => 'a-token');
    const error = await rejection(connect(server.baseUrl, { credentials }).request(LIST));
    expect(error).toMatchObject({ status: 401, message: 'POST /things/list: 401' });
    expect(server.received.every(({ url }) => url.endsWith('/things/list'))).toBe(true);
  });

  it.each([
    ['a refusal', refusal('invalid_client', 401), 401],
    ['a page of HTML', () => new Response('<html>', { status: 404 }), 401],
    ['a refusal that repeats the secret as its code', refusal(SECRET), 400],
  ])(
    'has %s of an identity provider in a few words, which show no secret',
    async (_, answer, status) => {
      const error = await rejection(program().getToken(answers(answer)));
      expect(AuthError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        status,
        delivery: 'none',
        message: expect.stringContaining('/token: not accepted'),
      });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
    },
  );

  it('tells an identity provider that cannot be reached from one that refuses', async () => {
    const error = await rejection(program().getToken(answers()));
    expect(NetworkError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ delivery: 'none' });
  });

  it('waits for an identity provider that is overloaded', async () => {
    await using cdf = await startServer((_, response) => json(response, 200, {}));
    await using provider = await startServer((_, response, count) =>
      count === 1
        ? json(response, 503, {})
        : json(response, 200, { access_token: 'a-token', token_type: 'bearer', expires_in: 3600 }),
    );
    const tokenUrl = `${provider.baseUrl}/token`;
    const credentials = new OAuthClientCredentials({ ...ADDRESS, tokenUrl, clientSecret: SECRET });
    await connect(cdf.baseUrl, { credentials }).request(LIST);
    expect([provider.received.length, cdf.received.length]).toEqual([2, 1]);
  });

  it('asks a person again whose sign-in cannot be renewed any more', async () => {
    const store = memoryTokenStore();
    const asked: string[] = [];
    const credentials = new OAuthInteractive({
      ...ADDRESS,
      authorizationUrl: 'https://login.example.com/authorize',
      scopes: [],
      store,
      window: {
        open: async () => ({
          redirectUri: 'https://app.example.com/',
          visit: async (url) => {
            asked.push(url.pathname);
            return new URL(
              `https://app.example.com/?code=c&state=${url.searchParams.get('state')}`,
            );
          },
          close() {},
        }),
      },
    });
    const signedIn = () =>
      Response.json({
        access_token: 'first',
        token_type: 'bearer',
        expires_in: 3600,
        refresh_token: 'r',
      });
    const context = answers(signedIn, refusal('invalid_grant'), token);
    await credentials.getToken(context);
    expect(await credentials.getToken({ ...context, forceRefresh: true })).toMatchObject({
      value: 'a-token',
    });
    expect(asked).toEqual(['/authorize', '/authorize']);
    expect(context.forms.map((form) => form.get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
      'authorization_code',
    ]);
  });

  it('waits for a person who enters a code on another device', async () => {
    const { setTimeout } = globalThis;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      callback: () => void,
      milliseconds = 0,
    ) => setTimeout(callback, milliseconds === 1000 ? 0 : milliseconds)) as never);
    const credentials = new OAuthDeviceCode({
      ...ADDRESS,
      deviceAuthorizationUrl: 'https://login.example.com/device',
      scopes: [],
      prompt() {},
    });
    const code = () =>
      Response.json({
        device_code: 'd',
        user_code: 'u',
        verification_uri: 'https://login.example.com/v',
        expires_in: 600,
        interval: 1,
      });
    const context = answers(
      code,
      refusal('authorization_pending'),
      refusal('authorization_pending'),
      token,
    );
    expect(await credentials.getToken(context)).toMatchObject({ value: 'a-token' });
    expect(context.forms).toHaveLength(4);
  });
});
