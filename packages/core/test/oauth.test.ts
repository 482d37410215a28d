import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthError,
  ConfigError,
  type CredentialProvider,
  entraId,
  memoryTokenStore,
  OAuthClientCertificate,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
  type SignInWindow,
  type StoredTokens,
  type TokenContext,
  type TokenStore,
} from '@cdf/core';
import { fileTokenStore, loopbackWindow } from '@cdf/core/node';
import { writeInChunks } from '@cdf/core/resource';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CERTIFICATE } from './helpers/certificates.js';
import {
  type IdentityProvider,
  signInLikeAPerson,
  startIdentityProvider,
} from './helpers/identity-provider.js';
import {
  connect,
  error,
  eventually,
  json,
  rejection,
  startServer,
  type TestServer,
} from './helpers/server.js';

const CONTEXT: TokenContext = { signal: new AbortController().signal, forceRefresh: false };
const SCOPES = ['openid', 'offline_access', 'cdf'];

let identity: IdentityProvider;
let cdf: TestServer;
beforeAll(async () => {
  identity = await startIdentityProvider();
  cdf = await startServer(async ({ headers }, response) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const { AccessToken, ClientCredentials } = identity.provider;
    const known = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
    known === undefined || known.isExpired
      ? error(response, 401, 'invalid token')
      : json(response, 200, { for: known.clientId });
  });
});
afterAll(async () => {
  await identity[Symbol.asyncDispose]();
  await cdf[Symbol.asyncDispose]();
});

const call = (credentials: CredentialProvider): Promise<unknown> =>
  connect(cdf.baseUrl, { credentials }).request({
    method: 'GET',
    path: '/assets',
    idempotent: true,
  });
const tokenRequests = (): number =>
  identity.requests.filter((request) => request === 'POST /token').length;

/** A store that shows its content. */
function openStore(): TokenStore & { tokens: () => StoredTokens | undefined } {
  const inner = memoryTokenStore();
  let last: StoredTokens | undefined;
  return {
    tokens: () => last,
    update: async (key, work) => {
      last = await inner.update(key, work);
      return last;
    },
  };
}

describe('client credentials', () => {
  it('sign in by discovery or by URL, with the secret in the body or in a header', async () => {
    const { issuer } = identity;
    const service = { clientId: 'service', clientSecret: 'a-very-secret-secret' };
    expect(await call(new OAuthClientCredentials({ issuer, ...service }))).toEqual({
      for: 'service',
    });
    const tokenUrl = `${issuer}/token`;
    expect(
      await call(new OAuthClientCredentials({ tokenUrl, ...service, scopes: ['cdf'] })),
    ).toEqual({
      for: 'service',
    });
    const basic = {
      clientId: 'service-basic',
      clientSecret: 'with:odd %chars+',
      clientAuthentication: 'client_secret_basic',
    } as const;
    expect(await call(new OAuthClientCredentials({ tokenUrl, ...basic }))).toEqual({
      for: 'service-basic',
    });
  });

  it('say both names of a provider that calls itself otherwise, as without a slash at the end', async () => {
    const issuer = 'https://login.example.com/plant/';
    const service = new OAuthClientCredentials({ issuer, clientId: 'a', clientSecret: 'secret' });
    const fetch = async (): Promise<Response> =>
      Response.json({
        issuer: 'https://login.example.com/plant',
        token_endpoint: `${issuer}token`,
      });
    const { signal } = new AbortController();
    const asked = service.getToken({ signal, forceRefresh: false, timeoutMs: 1000, fetch });
    expect(await rejection(asked)).toMatchObject({
      code: 'config',
      message:
        'the identity provider calls itself "https://login.example.com/plant", but issuer is "https://login.example.com/plant/"; they must be the same',
    });
  });

  it('fail with a wrong secret, once, saying what to check and not the secret', async () => {
    const before = tokenRequests();
    const reason = (await rejection(
      call(
        new OAuthClientCredentials({
          issuer: identity.issuer,
          clientId: 'service',
          clientSecret: 'wrong-secret',
        }),
      ),
    )) as AuthError;
    expect(AuthError.isInstance(reason)).toBe(true);
    expect(reason).toMatchObject({ status: 401, delivery: 'none', name: 'AuthError' });
    expect(reason.message).toContain('check the client id and the secret');
    expect(reason.message).not.toContain('wrong-secret');
    expect(tokenRequests() - before).toBe(1);
  });

  it('get a new token when the old one has been revoked, or the clocks differ so that it ended early', async () => {
    const credentials = new OAuthClientCredentials({
      issuer: identity.issuer,
      clientId: 'service',
      clientSecret: 'a-very-secret-secret',
    });
    await call(credentials);
    const { value } = await credentials.getToken(CONTEXT);
    await (await identity.provider.ClientCredentials.find(value))?.destroy();
    const before = tokenRequests();
    expect(await call(credentials)).toEqual({ for: 'service' });
    expect(tokenRequests() - before).toBe(1);
  });

  it('get a new token after the old one has ended', async () => {
    identity.settings.accessTokenSeconds = 1;
    try {
      const credentials = new OAuthClientCredentials({
        issuer: identity.issuer,
        clientId: 'service',
        clientSecret: 'a-very-secret-secret',
      });
      const { value, expiresAt = 0 } = await credentials.getToken(CONTEXT);
      expect(expiresAt - Date.now()).toBeLessThanOrEqual(1000);
      await eventually(async () => (await credentials.getToken(CONTEXT)).value !== value).toBe(
        true,
      );
    } finally {
      identity.settings.accessTokenSeconds = 3600;
    }
  });

  it('that are wrong fail a write of many with an account of every item', async () => {
    const credentials = new OAuthClientCredentials({
      issuer: identity.issuer,
      clientId: 'service',
      clientSecret: 'wrong',
    });
    const transport = connect(cdf.baseUrl, { credentials });
    const reason = await rejection(
      writeInChunks(transport, {
        action: 'create',
        items: [1, 2, 3],
        chunks: 1,
        send: (items, options, onAttempt) =>
          transport.request<number[]>(
            { method: 'POST', path: '/x', body: { items }, idempotent: false, onAttempt },
            options,
          ),
      }),
    );
    expect(AuthError.isInstance(reason)).toBe(true);
    expect(reason).toMatchObject({
      status: 401,
      successful: [],
      unknown: [],
      failed: [1, 2, 3],
      notAttempted: [1, 2, 3],
    });
  });

  it('are remembered for a while where the provider does not say for how long', async () => {
    await using server = await startServer((_, response) =>
      json(response, 200, { access_token: 'opaque', token_type: 'bearer' }),
    );
    const credentials = new OAuthClientCredentials({
      tokenUrl: `${server.baseUrl}/token`,
      clientId: 'i',
      clientSecret: 's',
    });
    await credentials.getToken(CONTEXT);
    await credentials.getToken(CONTEXT);
    expect(server.received).toHaveLength(1);
  });

  it('are told apart from a URL that is not a token endpoint', async () => {
    const reason = (await rejection(
      call(
        new OAuthClientCredentials({
          tokenUrl: `${cdf.baseUrl}/nothing`,
          clientId: 'a',
          clientSecret: 'b',
        }),
      ),
    )) as Error;
    expect(AuthError.isInstance(reason)).toBe(true);
    const nobody = new OAuthClientCredentials({
      tokenUrl: 'http://127.0.0.1:9/token',
      clientId: 'a',
      clientSecret: 'b',
    });
    expect(await rejection(call(nobody))).toMatchObject({ code: 'network', delivery: 'none' });
  });

  it('need to be complete, and do not send a secret in the clear', () => {
    const make = (options: object) => () => new OAuthClientCredentials(options as never);
    expect(make({ tokenUrl: 'https://i/t', clientId: 'a' })).toThrow('clientSecret must be set');
    expect(make({ clientId: 'a', clientSecret: 'b' })).toThrow('set issuer, or tokenUrl');
    expect(make({ tokenUrl: 'http://i.example.com/t', clientId: 'a', clientSecret: 'b' })).toThrow(
      'use https',
    );
    expect(
      make({ tokenUrl: 'https://i/t', issuer: 'https://i', clientId: 'a', clientSecret: 'b' }),
    ).toThrow('keep one');
    expect(
      make({ ...entraId({ tenantId: 't', cluster: 'c' }), clientId: 'a', clientSecret: 'b' }),
    ).not.toThrow();
  });
});

describe('a client certificate', () => {
  const privateKey = (): string =>
    identity.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;

  it('signs in with what its key has signed', async () => {
    const credentials = new OAuthClientCertificate({
      issuer: identity.issuer,
      clientId: 'certificate',
      privateKey: privateKey(),
      certificate: CERTIFICATE,
    });
    expect(await call(credentials)).toEqual({ for: 'certificate' });
  });

  it('names its certificate by thumbprint and, without discovery, the token endpoint as the audience', async () => {
    await using server = await startServer((_, response) =>
      json(response, 200, { access_token: 'a', token_type: 'bearer', expires_in: 60 }),
    );
    const tokenUrl = `${server.baseUrl}/tenant/oauth2/v2.0/token`;
    const thumbprint = createHash('sha1')
      .update(new X509Certificate(CERTIFICATE).raw)
      .digest('hex');
    for (const how of [{ certificate: CERTIFICATE }, { thumbprint }])
      await new OAuthClientCertificate({
        tokenUrl,
        clientId: 'c',
        privateKey: privateKey(),
        ...how,
      }).getToken(CONTEXT);
    for (const { body } of server.received) {
      const form = new URLSearchParams(body.toString());
      const [header, payload] = (form.get('client_assertion') ?? '')
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString());
      expect(JSON.parse(header ?? '')).toMatchObject({
        alg: 'RS256',
        x5t: Buffer.from(thumbprint, 'hex').toString('base64url'),
      });
      expect(JSON.parse(payload ?? '')).toMatchObject({ aud: tokenUrl, iss: 'c', sub: 'c' });
      expect(form.get('client_secret')).toBeNull();
    }
    expect(server.received).toHaveLength(2);
  });

  it('says how to convert a key in another form, without repeating it', () => {
    const make = (key: string) => () =>
      new OAuthClientCertificate({ tokenUrl: 'https://i/t', clientId: 'c', privateKey: key });
    const old = identity.privateKey.export({ format: 'pem', type: 'pkcs1' }) as string;
    expect(make(old)).toThrow('openssl pkcs8');
    expect(make('secret-nonsense')).toThrow(ConfigError);
    expect(make('secret-nonsense')).not.toThrow('secret-nonsense');
    expect(
      () =>
        new OAuthClientCertificate({
          tokenUrl: 'https://i/t',
          clientId: 'c',
          privateKey: privateKey(),
          thumbprint: 'xy',
        }),
    ).toThrow('40 hexadecimal digits');
  });
});

describe('a device code', () => {
  it('is shown once; the sign-in is then renewed in silence, also with a rotated refresh token', async () => {
    const store = openStore();
    const shown: string[] = [];
    const credentials = new OAuthDeviceCode({
      issuer: identity.issuer,
      clientId: 'device',
      scopes: SCOPES,
      store,
      prompt: async ({ verificationUri, userCode, message }) => {
        shown.push(message);
        const { page } = await signInLikeAPerson(
          new URL(verificationUri),
          identity.issuer,
          userCode,
        );
        expect(page).toContain('Success');
      },
    });
    expect(await call(credentials)).toEqual({ for: 'device' });
    const first = store.tokens();
    const { value } = await credentials.getToken({ ...CONTEXT, forceRefresh: true });
    expect(value).not.toBe(first?.accessToken);
    expect(store.tokens()?.refreshToken).not.toBe(first?.refreshToken);
    expect(await call(credentials)).toEqual({ for: 'device' });
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatch(/open http.*\/device and enter the code [A-Z-]+/);
  }, 30_000);

  it('is not asked for again because the network failed for a moment', async () => {
    let polls = 0;
    await using server = await startServer(({ url }, response) => {
      if (url === '/device')
        return json(response, 200, {
          device_code: 'd',
          user_code: 'u',
          verification_uri: 'https://i/v',
          expires_in: 600,
          interval: 0.01,
        });
      if (++polls === 1) return response.socket?.destroy();
      if (polls === 2) return json(response, 400, { error: 'authorization_pending' });
      json(response, 200, { access_token: 'a', token_type: 'bearer', expires_in: 60 });
    });
    let shown = 0;
    const credentials = new OAuthDeviceCode({
      tokenUrl: `${server.baseUrl}/token`,
      deviceAuthorizationUrl: `${server.baseUrl}/device`,
      clientId: 'c',
      scopes: ['s'],
      prompt: () => void shown++,
    });
    expect((await credentials.getToken(CONTEXT)).value).toBe('a');
    expect([shown, polls]).toEqual([1, 3]);
    await credentials.getToken(CONTEXT);
    expect(shown).toBe(1);
    await credentials.signOut();
    await credentials.getToken(CONTEXT);
    expect(shown).toBe(2);
  }, 30_000);

  it('can be given up', async () => {
    const controller = new AbortController();
    const credentials = new OAuthDeviceCode({
      issuer: identity.issuer,
      clientId: 'device',
      scopes: SCOPES,
      prompt: () => controller.abort('tired'),
    });
    expect(await rejection(credentials.getToken({ ...CONTEXT, signal: controller.signal }))).toBe(
      'tired',
    );
  });

  it('needs a prompt and an identity provider that has it', () => {
    const options = { clientId: 'c', scopes: [], prompt: () => {} };
    expect(
      () => new OAuthDeviceCode({ ...options, issuer: 'https://i', prompt: undefined as never }),
    ).toThrow('prompt must be a function');
    expect(() => new OAuthDeviceCode({ ...options, tokenUrl: 'https://i/t' } as never)).toThrow(
      'deviceAuthorizationUrl',
    );
  });
});

describe('signing in with a browser from Node', () => {
  const interactive = (
    window: SignInWindow,
    store?: TokenStore,
    account?: string,
  ): OAuthInteractive =>
    new OAuthInteractive({
      issuer: identity.issuer,
      clientId: 'desktop',
      scopes: SCOPES,
      window,
      store,
      account,
    });
  /** A person whose browser visits the URL that it is shown. */
  const visiting = (visits: URL[] = []): SignInWindow =>
    loopbackWindow({
      show: async (url) => {
        visits.push(url);
        const { address } = await signInLikeAPerson(url, identity.issuer);
        const response = await fetch(address);
        expect(await response.text()).toContain('You are signed in');
      },
    });

  it('comes back over loopback with a code that only this sign-in can redeem', async () => {
    const visits: URL[] = [];
    expect(await call(interactive(visiting(visits)))).toEqual({ for: 'desktop' });
    const asked = Object.fromEntries(visits[0]?.searchParams ?? []);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: SCOPES.join(' '),
    });
    expect(asked.redirect_uri).toMatch(/^http:\/\/localhost:\d+$/);
    expect(asked.code_challenge).toHaveLength(43);
  });

  it('asks once for many calls, renews in silence, and asks again when that was revoked', async () => {
    const visits: URL[] = [];
    const store = openStore();
    const credentials = interactive(visiting(visits), store);
    await Promise.all(Array.from({ length: 10 }, () => call(credentials)));
    await credentials.getToken({ ...CONTEXT, forceRefresh: true });
    expect(visits).toHaveLength(1);
    const refreshToken = store.tokens()?.refreshToken ?? '';
    await (await identity.provider.RefreshToken.find(refreshToken))?.destroy();
    await credentials.getToken({ ...CONTEXT, forceRefresh: true });
    expect(visits).toHaveLength(2);
    await credentials.signOut();
    expect(store.tokens()).toBeUndefined();
    expect(await call(credentials)).toEqual({ for: 'desktop' });
    expect(visits).toHaveLength(3);
  });

  it('finds the sign-in of another program in a shared store, and not that of another account', async () => {
    const visits: URL[] = [];
    const store = memoryTokenStore();
    await call(interactive(visiting(visits), store, 'ada'));
    await call(interactive(visiting(visits), store, 'ada'));
    expect(visits).toHaveLength(1);
    await call(interactive(visiting(visits), store, 'grace'));
    expect(visits).toHaveLength(2);
  });

  it('does not rotate the refresh token of another program away, when both renew through files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cdf-sign-in-'));
    try {
      const visits: URL[] = [];
      const programs = [1, 2, 3].map(() => interactive(visiting(visits), fileTokenStore(folder)));
      for (const program of programs) await program.getToken(CONTEXT);
      for (let round = 0; round < 3; round++)
        await Promise.all(
          programs.map((program) => program.getToken({ ...CONTEXT, forceRefresh: true })),
        );
      for (const program of programs) expect(await call(program)).toEqual({ for: 'desktop' });
      expect(visits).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('works with addresses instead of discovery', async () => {
    const { issuer } = identity;
    const credentials = new OAuthInteractive({
      tokenUrl: `${issuer}/token`,
      authorizationUrl: `${issuer}/auth`,
      clientId: 'desktop',
      scopes: SCOPES,
      window: visiting(),
    });
    expect(await call(credentials)).toEqual({ for: 'desktop' });
  });

  it('comes back to the URL that was registered', async () => {
    const window = loopbackWindow({
      host: '127.0.0.1',
      path: '/back',
      show: async (url) => {
        const { address } = await signInLikeAPerson(url, identity.issuer);
        expect(address.pathname).toBe('/back');
        await fetch(address);
      },
    });
    expect(await call(interactive(window))).toEqual({ for: 'desktop' });
    expect(() => loopbackWindow({ path: 'back' })).toThrow(ConfigError);
  });

  it('ignores a visitor whose state is not that of this sign-in, and reports a refusal', async () => {
    let stranger = 0;
    const window = loopbackWindow({
      show: async (url) => {
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        stranger = (await fetch(`${back.href}?state=guessed&code=stolen`)).status;
        const state = url.searchParams.get('state');
        await fetch(
          `${back.href}?state=${state}&error=access_denied&error_description=no+%3Cb%3E&iss=${identity.issuer}`,
        );
      },
    });
    const reason = (await rejection(call(interactive(window)))) as AuthError;
    expect(stranger).toBe(404);
    expect(AuthError.isInstance(reason)).toBe(true);
    expect(reason.message).toContain('access_denied');
  });

  it('refuses an answer that names another issuer, where the issuer is known', async () => {
    const window = loopbackWindow({
      show: async (url) => {
        const back = url.searchParams.get('redirect_uri');
        await fetch(
          `${back}?state=${url.searchParams.get('state')}&code=c&iss=https://evil.example.com`,
        );
      },
    });
    const before = tokenRequests();
    expect(await rejection(call(interactive(window)))).toMatchObject({
      code: 'auth',
      message: expect.stringContaining('does not belong to this sign-in'),
    });
    expect(tokenRequests()).toBe(before);
  });

  it('frees its port when it is given up', async () => {
    const controller = new AbortController();
    let shown: URL | undefined;
    const window = loopbackWindow({
      show: (url) => {
        shown = new URL(url.searchParams.get('redirect_uri') ?? '');
        controller.abort('tired');
      },
    });
    expect(
      await rejection(interactive(window).getToken({ ...CONTEXT, signal: controller.signal })),
    ).toBe('tired');
    await eventually(() =>
      fetch(shown?.href ?? '').then(
        () => 'open',
        () => 'closed',
      ),
    ).toBe('closed');
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(cdf.baseUrl).port);
    expect(await rejection(call(interactive(loopbackWindow({ port }))))).toMatchObject({
      code: 'config',
      message: expect.stringContaining(`port ${port}`),
    });
  });
});
