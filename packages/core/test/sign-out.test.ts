import {
  type CredentialProvider,
  memoryTokenStore,
  OAuthDeviceCode,
  OAuthInteractive,
  type SignInVisit,
  type StoredTokens,
  type TokenStore,
} from '@cdf/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, json, startServer, type TestServer } from './helpers/server.js';

const SIGNAL = new AbortController().signal;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An identity provider that rotates refresh tokens, and accepts the last one only. */
interface Provider {
  server: TestServer;
  lifetimeS: number;
  renewalMs: number;
  asked: number;
  renewals: number;
}

/** How a provider begins a sign-in on another device. */
const DEVICE = {
  device_code: 'd',
  user_code: 'U',
  verification_uri: 'https://example.com/device',
  expires_in: 60,
  interval: 1,
};

let provider: Provider;
beforeEach(async () => {
  let count = 0;
  let valid = '';
  provider = { lifetimeS: 2, renewalMs: 0, asked: 0, renewals: 0 } as Provider;
  provider.server = await startServer(async ({ url, body }, response) => {
    if (url === '/device') return json(response, 200, DEVICE);
    if (url !== '/token') return json(response, 200, { items: [] });
    const form = new URLSearchParams(body.toString());
    const renews = form.get('grant_type') === 'refresh_token';
    if (renews && form.get('refresh_token') !== valid)
      return json(response, 400, { error: 'invalid_grant' });
    if (renews) provider.renewals++;
    else provider.asked++;
    valid = `refresh-${++count}`;
    const answer = {
      access_token: `access-${count}`,
      token_type: 'Bearer',
      expires_in: renews ? 3600 : provider.lifetimeS,
      refresh_token: valid,
    };
    if (renews) await sleep(provider.renewalMs);
    json(response, 200, answer);
  });
});
afterEach(() => provider.server[Symbol.asyncDispose]());

/** A store that shows its content. */
function openStore(): TokenStore & { tokens: () => StoredTokens | undefined } {
  const inner = memoryTokenStore();
  let last: StoredTokens | undefined;
  return {
    tokens: () => last,
    update: (key, work, signal) =>
      inner.update(
        key,
        async (...given) => {
          last = await work(...given);
          return last;
        },
        signal,
      ),
  };
}

type Person = CredentialProvider & { signOut(): Promise<void> };
const interactive = (
  store: TokenStore,
  visit: SignInVisit['visit'] = async (_, { state }) =>
    new URL(`http://localhost/?code=abc&state=${state}`),
  close: SignInVisit['close'] = () => {},
): Person =>
  new OAuthInteractive({
    tokenUrl: `${provider.server.baseUrl}/token`,
    authorizationUrl: `${provider.server.baseUrl}/authorize`,
    clientId: 'c',
    scopes: ['x'],
    store,
    window: {
      async open() {
        return { redirectUri: 'http://localhost', visit, close };
      },
    },
  });
const device = (store: TokenStore): Person =>
  new OAuthDeviceCode({
    tokenUrl: `${provider.server.baseUrl}/token`,
    deviceAuthorizationUrl: `${provider.server.baseUrl}/device`,
    clientId: 'c',
    scopes: ['x'],
    store,
    prompt: () => {},
  });
const ways: [string, (store: TokenStore) => Person][] = [
  ['a browser', interactive],
  ['another device', device],
];

describe.each(ways)('a person who signed in with %s', (_, make) => {
  const token = async (by: Person, signal = SIGNAL): Promise<string> =>
    (await by.getToken({ signal, forceRefresh: false })).value;

  it('is asked again after signing out, also if the sign-in was being renewed', async () => {
    const store = openStore();
    const credentials = make(store);
    expect(await token(credentials)).toBe('access-1');
    provider.renewalMs = 200;
    await sleep(1100);
    // In the second half of its life: this starts a renewal in the background.
    expect(await token(credentials)).toBe('access-1');
    await sleep(50);
    await credentials.signOut();
    expect(provider.renewals).toBe(1);
    expect(store.tokens()).toBeUndefined();
    expect(await token(credentials)).toBe('access-3');
    expect(provider.asked).toBe(2);
  });

  it('is signed out at once, though a renewal takes its time, and stays so', async () => {
    const store = openStore();
    const credentials = make(store);
    provider.lifetimeS = 1;
    await token(credentials);
    await sleep(1100);
    provider.renewalMs = 1000;
    const given = token(credentials).catch(({ message }: Error) => message);
    await sleep(100);
    const from = performance.now();
    await credentials.signOut();
    expect(performance.now() - from).toBeLessThan(500);
    expect(await given).toBe('signing in: signed out');
    await sleep(1200);
    expect(provider.renewals).toBe(1);
    expect(store.tokens()).toBeUndefined();
  });

  it('stays signed in when the only caller gives up while the refresh token is rotated', async () => {
    const store = openStore();
    const credentials = make(store);
    provider.lifetimeS = 1;
    const transport = connect(provider.server.baseUrl, { credentials });
    const read = (signal = SIGNAL): Promise<unknown> =>
      transport.request({ method: 'GET', path: '/assets', idempotent: true }, { signal });
    await read();
    await sleep(1100);
    provider.renewalMs = 400;
    await expect(read(AbortSignal.timeout(100))).rejects.toThrow();
    await vi.waitFor(() => expect(store.tokens()?.refreshToken).toBe('refresh-2'), 5000);
    await read();
    expect(provider).toMatchObject({ asked: 1, renewals: 1 });
  });

  it('is not asked for a caller who gave up while a renewal failed', async () => {
    const store = openStore();
    const credentials = make(store);
    provider.lifetimeS = 1;
    await token(credentials);
    await sleep(1100);
    await store.update(
      JSON.stringify([`${provider.server.baseUrl}/token`, 'c', ['x'], '', '']),
      async () => ({ accessToken: 'old', expiresAt: 1, refreshToken: 'revoked' }),
    );
    const controller = new AbortController();
    const given = token(credentials, controller.signal);
    setTimeout(() => controller.abort(), 1);
    await expect(given).rejects.toThrow();
    await sleep(150);
    expect(provider.asked).toBe(1);
  });
});

describe('a sign-out', () => {
  it.each<[string, (close: () => void) => Person]>([
    ['a window', (close) => interactive(memoryTokenStore(), () => new Promise(() => {}), close)],
    ['a code', () => device(memoryTokenStore())],
  ])('ends the wait for a person with %s', async (way, make) => {
    const close = vi.fn();
    const credentials = make(close);
    const given = credentials.getToken({ signal: SIGNAL, forceRefresh: false });
    const told = expect(given).rejects.toMatchObject({
      name: 'AuthError',
      message: 'signing in: signed out',
    });
    await sleep(100);
    await credentials.signOut();
    await told;
    if (way === 'a window') expect(close).toHaveBeenCalledOnce();
  });

  it('lets the next call sign in, though the last one still waited', async () => {
    let visits = 0;
    const credentials = interactive(memoryTokenStore(), async (_, { state }) => {
      if (++visits === 1) await new Promise(() => {});
      return new URL(`http://localhost/?code=abc&state=${state}`);
    });
    const given = credentials.getToken({ signal: SIGNAL, forceRefresh: false });
    const told = expect(given).rejects.toThrow('signed out');
    await sleep(50);
    const out = credentials.signOut();
    const next = credentials.getToken({ signal: SIGNAL, forceRefresh: false });
    await Promise.all([out, told]);
    expect((await next).value).toBe('access-1');
  });
});

describe('a person who has entered a device code', () => {
  it('is not asked again when the caller gives up while the token is on its way', async () => {
    const prompt = vi.fn();
    let isUsed = false;
    await using server = await startServer(async ({ url }, response) => {
      if (url === '/device') return json(response, 200, DEVICE);
      if (isUsed) return json(response, 400, { error: 'authorization_pending' });
      isUsed = true;
      await sleep(400);
      json(response, 200, { access_token: 'a', token_type: 'Bearer', expires_in: 3600 });
    });
    const credentials = new OAuthDeviceCode({
      tokenUrl: `${server.baseUrl}/token`,
      deviceAuthorizationUrl: `${server.baseUrl}/device`,
      clientId: 'c',
      scopes: ['x'],
      prompt,
    });
    const token = (milliseconds: number): Promise<unknown> =>
      credentials.getToken({ signal: AbortSignal.timeout(milliseconds), forceRefresh: false });
    await expect(token(1200)).rejects.toThrow();
    expect(await token(1500)).toMatchObject({ value: 'a' });
    expect(prompt).toHaveBeenCalledOnce();
  });
});
