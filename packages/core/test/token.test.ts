import {
  type AccessToken,
  ApiKey,
  AuthError,
  ConfigError,
  type CredentialProvider,
  hooks,
  LoginApi,
  OAuthClientCredentials,
  OAuthDeviceCode,
  Token,
  TokenApi,
  TokenCache,
  type TokenContext,
} from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { ASSEMBLIES, connect, error, json, rejection, startServer } from './helpers/server.js';

const CONTEXT: TokenContext = { signal: new AbortController().signal, forceRefresh: false };
const FORCED: TokenContext = { ...CONTEXT, forceRefresh: true };
const READ = { method: 'GET', path: '/assets', idempotent: true } as const;

const jwt = (claims: object): string => `${btoa('{}')}.${btoa(JSON.stringify(claims))}.signature`;

/** A cache whose clock and provider are in the test's hands. */
function controlled(lifetimeMs: number): {
  cache: TokenCache;
  clock: { now: number };
  asked: {
    context: TokenContext;
    resolve(value: string): void;
    reject(reason: unknown): void;
    urgent: boolean;
  }[];
} {
  const clock = { now: 1_000_000 };
  const asked: ReturnType<typeof controlled>['asked'] = [];
  const cache = new TokenCache(
    (context, _last, urgent) =>
      new Promise<AccessToken>((resolve, reject) => {
        asked.push({
          context,
          urgent,
          resolve: (value) => resolve({ value, expiresAt: clock.now + lifetimeMs }),
          reject,
        });
      }),
    () => clock.now,
  );
  return { cache, clock, asked };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a remembered token', () => {
  it('is asked for once by any number of callers, and kept', async () => {
    const { cache, asked } = controlled(3_600_000);
    const callers = Array.from({ length: 100 }, () => cache.get(CONTEXT));
    asked[0]?.resolve('one');
    expect(new Set((await Promise.all(callers)).map(({ value }) => value))).toEqual(
      new Set(['one']),
    );
    await cache.get(CONTEXT);
    expect(asked).toHaveLength(1);
  });

  it('that has come leaves its request alone, without an abort', async () => {
    const { cache, asked } = controlled(3_600_000);
    const caller = cache.get(CONTEXT);
    asked[0]?.resolve('one');
    await caller;
    expect(asked[0]?.context.signal.aborted).toBe(false);
  });

  it('is replaced 30 s ahead, while callers go on with the old one', async () => {
    const { cache, clock, asked } = controlled(3_600_000);
    const first = cache.get(CONTEXT);
    asked[0]?.resolve('one');
    await first;
    clock.now += 3_600_000 - 30_001;
    expect((await cache.get(CONTEXT)).value).toBe('one');
    expect(asked).toHaveLength(1);
    clock.now += 1;
    expect((await cache.get(CONTEXT)).value).toBe('one');
    expect((await cache.get(CONTEXT)).value).toBe('one');
    expect(asked.map(({ urgent }) => urgent)).toEqual([true, false]);
    asked[1]?.resolve('two');
    await settle();
    expect((await cache.get(CONTEXT)).value).toBe('two');
  });

  it('is used to its end when replacing it fails, which is not tried at every call', async () => {
    const { cache, clock, asked } = controlled(3_600_000);
    const first = cache.get(CONTEXT);
    asked[0]?.resolve('one');
    await first;
    clock.now += 3_600_000 - 20_000;
    await cache.get(CONTEXT);
    asked[1]?.reject(new Error('down'));
    await settle();
    expect((await cache.get(CONTEXT)).value).toBe('one');
    expect(asked).toHaveLength(2);
    clock.now += 5_000;
    expect((await cache.get(CONTEXT)).value).toBe('one');
    expect(asked).toHaveLength(3);
  });

  it('that has ended makes callers wait, also when its early replacement fails meanwhile', async () => {
    const { cache, clock, asked } = controlled(3_600_000);
    const first = cache.get(CONTEXT);
    asked[0]?.resolve('one');
    await first;
    clock.now += 3_600_000 - 1;
    await cache.get(CONTEXT);
    clock.now += 1;
    const waiting = [cache.get(CONTEXT), cache.get(CONTEXT)];
    asked[1]?.reject(new Error('down'));
    await settle();
    expect(asked).toHaveLength(3);
    asked[2]?.resolve('two');
    expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual(['two', 'two']);
  });

  it('of a short life is replaced at half of it', async () => {
    const { cache, clock, asked } = controlled(20_000);
    const first = cache.get(CONTEXT);
    asked[0]?.resolve('one');
    await first;
    clock.now += 9_999;
    await cache.get(CONTEXT);
    expect(asked).toHaveLength(1);
    clock.now += 1;
    await cache.get(CONTEXT);
    expect(asked).toHaveLength(2);
  });

  it('that was on its way when the cache was cleared is for those who waited, and no others', async () => {
    const { cache, asked } = controlled(100_000);
    const waiting = cache.get(CONTEXT);
    cache.clear();
    const next = cache.get(CONTEXT);
    expect(asked).toHaveLength(2);
    asked[0]?.resolve('cleared');
    expect((await waiting).value).toBe('cleared');
    asked[1]?.resolve('new');
    expect((await next).value).toBe('new');
    expect((await cache.get(CONTEXT)).value).toBe('new');
  });

  it('that is replaced in the background does not come back after the cache was cleared', async () => {
    const { cache, clock, asked } = controlled(100_000);
    const first = cache.get(CONTEXT);
    asked[0]?.resolve('first');
    await first;
    clock.now += 80_000;
    await cache.get(CONTEXT);
    cache.clear();
    asked[1]?.resolve('of the one who signed out');
    await settle();
    const next = cache.get(CONTEXT);
    asked[2]?.resolve('of the next one');
    expect((await next).value).toBe('of the next one');
  });

  it('is asked for again when forced, once for all who do', async () => {
    const { cache, asked } = controlled(3_600_000);
    const first = cache.get(CONTEXT);
    asked[0]?.resolve('one');
    await first;
    const forced = [cache.get(FORCED), cache.get(FORCED), cache.get(FORCED)];
    expect(asked).toHaveLength(2);
    asked[1]?.resolve('two');
    expect((await Promise.all(forced)).map(({ value }) => value)).toEqual(['two', 'two', 'two']);
  });

  it('still comes for the others when one caller gives up; when all do, the request ends', async () => {
    const { cache, asked } = controlled(1000);
    const one = new AbortController();
    const two = new AbortController();
    const first = rejection(cache.get({ ...CONTEXT, signal: one.signal }));
    const second = cache.get({ ...CONTEXT, signal: two.signal });
    one.abort('gone');
    expect(await first).toBe('gone');
    expect(asked[0]?.context.signal.aborted).toBe(false);
    asked[0]?.resolve('one');
    expect((await second).value).toBe('one');
    const third = rejection(cache.get({ ...FORCED, signal: two.signal }));
    two.abort('gone too');
    expect(await third).toBe('gone too');
    expect(asked[1]?.context.signal.aborted).toBe(true);
    void cache.get(FORCED);
    expect(asked).toHaveLength(3);
  });
});

describe('Token', () => {
  it('remembers a JWT from a function until its exp, and anything else not at all', async () => {
    let calls = 0;
    const lasting = new Token(() => jwt({ exp: Math.floor(Date.now() / 1000) + 3600, n: ++calls }));
    await lasting.getToken(CONTEXT);
    const { expiresAt } = await lasting.getToken(CONTEXT);
    expect(calls).toBe(1);
    expect(expiresAt).toBeGreaterThan(Date.now());
    const opaque = new Token(async () => `opaque-${++calls}`);
    await opaque.getToken(CONTEXT);
    expect(await opaque.getToken(CONTEXT)).toEqual({ value: 'opaque-3', expiresAt: undefined });
    const ended = new Token(() => jwt({ exp: 1, n: ++calls }));
    await ended.getToken(CONTEXT);
    await ended.getToken(CONTEXT);
    expect(calls).toBe(5);
  });

  it('takes what people paste: spaces and line ends around it', async () => {
    expect((await new Token(' abc\n').getToken(CONTEXT)).value).toBe('abc');
    expect((await new Token('bearer-of-news').getToken(CONTEXT)).value).toBe('bearer-of-news');
  });

  it.each([
    'Bearer abc',
    'bearer\tabc',
    ' BEARER  abc',
    'Bearer:abc',
    'Bearer',
    'Authorization: Bearer abc',
  ])(
    'says that the prefix is the one of the SDK, and does not repeat the token: %s',
    async (pasted) => {
      expect(() => new Token(pasted)).toThrow('the SDK adds it');
      expect(() => new Token(pasted)).not.toThrow('abc');
      expect(
        ConfigError.isInstance(await rejection(new Token(() => pasted).getToken(CONTEXT))),
      ).toBe(true);
    },
  );

  it('refuses nothing, emptiness and other things', async () => {
    for (const source of [undefined, '', '  ', 5])
      expect(() => new Token(source as string)).toThrow(ConfigError);
    expect(() => new ApiKey('')).toThrow(ConfigError);
    expect(ConfigError.isInstance(await rejection(new Token(() => '').getToken(CONTEXT)))).toBe(
      true,
    );
    expect(
      ConfigError.isInstance(
        await rejection(new Token(() => undefined as never).getToken(CONTEXT)),
      ),
    ).toBe(true);
  });
});

describe.each(ASSEMBLIES)('a client and its token (a transport, $assembly)', ({ connect }) => {
  it('makes one token request for 100 parallel first calls', async () => {
    await using server = await startServer(({ url }, response) => {
      if (url === '/token')
        return json(response, 200, {
          access_token: 'fresh',
          token_type: 'bearer',
          expires_in: 3600,
        });
      json(response, 200, {});
    });
    const credentials = new OAuthClientCredentials({
      tokenUrl: `${server.baseUrl}/token`,
      clientId: 'i',
      clientSecret: 's',
    });
    const [one, two] = [
      connect(server.baseUrl, { credentials }),
      connect(server.baseUrl, { credentials }),
    ];
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? one : two).request(READ)),
    );
    expect(server.received.filter(({ url }) => url === '/token')).toHaveLength(1);
    expect(server.received).toHaveLength(101);
    expect(one.authentication?.expiresAt).toBeGreaterThan(Date.now());
  });

  it('gets a new one and tries once more after a 401, however many calls met it', async () => {
    let issued = 0;
    await using server = await startServer(({ headers }, response) =>
      headers.authorization === 'Bearer token-1'
        ? error(response, 401, 'revoked')
        : json(response, 200, {}),
    );
    const credentials = new Token(() => jwtNamed(`token-${++issued}`));
    const transport = connect(server.baseUrl, { credentials });
    await Promise.all(Array.from({ length: 30 }, () => transport.request(READ)));
    expect(issued).toBe(2);
  });

  it('makes two requests for a token that is never accepted, then fails', async () => {
    await using server = await startServer((_, response) => error(response, 401, 'no'));
    for (const credentials of [new Token('static'), new Token(() => `new-${Math.random()}`)]) {
      const before = server.received.length;
      const reason = await rejection(connect(server.baseUrl, { credentials }).request(READ));
      expect(AuthError.isInstance(reason)).toBe(true);
      expect(reason).toMatchObject({ status: 401, delivery: 'refused' });
      // And one more, for the projects of the token.
      expect(server.received.slice(before).map(({ url }) => url?.split('/').at(-1))).toEqual([
        'assets',
        'assets',
        'inspect',
      ]);
    }
  });

  it.each<[string, unknown, string]>([
    [
      'of another',
      [{ projectUrlName: 'mine', groups: [] }],
      'has no access to the project "test", only to "mine"; check',
    ],
    [
      'of many',
      'abcdefg'.split('').map((projectUrlName) => ({ projectUrlName })),
      'only to "a", "b", "c", "d", "e" and 2 more',
    ],
    ['of none', [], 'nor to any other'],
    [
      'that act on a terminal',
      [{ projectUrlName: '\u001b[31m\u202ered' }, { projectUrlName: 5 }],
      'only to "[31m red"',
    ],
    ['that are the project', [{ projectUrlName: 'test' }], 'check that the token has not expired'],
    ['that are not a list', 'test', 'check that the token has not expired'],
  ])(
    'without access to the project is told by the projects of its token, %s, and is renewed once',
    async (_, projects, message) => {
      let issued = 0;
      await using server = await startServer(({ url }, response) => {
        if (url === '/token')
          return json(response, 200, {
            access_token: `token-${++issued}`,
            token_type: 'bearer',
            expires_in: 3600,
          });
        if (url === '/api/v1/token/inspect')
          return json(response, 200, { subject: 's', projects, capabilities: [] });
        error(response, 401, 'Unauthorized');
      });
      const tokenUrl = `${server.baseUrl}/token`;
      const credentials = new OAuthClientCredentials({
        tokenUrl,
        clientId: 'i',
        clientSecret: 's',
      });
      const transport = connect(server.baseUrl, { credentials, concurrency: { read: 1 } });
      const create = { method: 'POST', path: '/assets', body: {}, idempotent: false } as const;
      for (const call of [READ, create, { ...READ, path: '/events' }, READ]) {
        const reason = await rejection(transport.request(call));
        expect(AuthError.isInstance(reason)).toBe(true);
        expect(reason).toMatchObject({
          status: 401,
          delivery: 'refused',
          message: expect.stringContaining(message),
        });
      }
      await Promise.all([1, 2, 3].map(() => rejection(transport.request(READ))));
      expect(issued).toBe(2);
      expect(server.received.filter(({ url }) => url === '/api/v1/token/inspect')).toHaveLength(1);
    },
  );

  it('that was refused and works again is asked for anew when it is refused later', async () => {
    let isDown = true;
    let asked = 0;
    await using server = await startServer((_, response) =>
      isDown ? error(response, 401, 'no') : json(response, 200, {}),
    );
    const credentials: CredentialProvider = {
      getToken: async () => ({ value: `same${asked++ < 0}` }),
    };
    const transport = connect(server.baseUrl, { credentials });
    await rejection(transport.request(READ));
    isDown = false;
    await transport.request(READ);
    isDown = true;
    const before = asked;
    await rejection(transport.request(READ));
    expect(asked).toBeGreaterThan(before + 1);
  });

  it('whose inspection fails is told as before, and soon', async () => {
    for (const status of [401, 403, 429, 503]) {
      await using server = await startServer(({ url }, response) =>
        error(response, url === '/api/v1/token/inspect' ? status : 401, 'no'),
      );
      const reason = await rejection(connect(server.baseUrl).request(READ));
      expect(reason).toMatchObject({
        status: 401,
        message: expect.stringContaining('the token has not expired'),
      });
      expect(server.received).toHaveLength(3);
    }
  });

  it('whose inspection is slow is told within the deadline, and ends with the signal', async () => {
    await using server = await startServer(({ url }, response) => {
      if (url !== '/api/v1/token/inspect') error(response, 401, 'no');
    });
    const at = performance.now();
    const reason = await rejection(connect(server.baseUrl, { deadlineMs: 500 }).request(READ));
    expect(reason).toMatchObject({ status: 401 });
    expect(performance.now() - at).toBeLessThan(3000);
    const given = connect(server.baseUrl).request(READ, { signal: AbortSignal.timeout(300) });
    expect(await rejection(given)).toMatchObject({ name: 'TimeoutError' });
  });

  it('replays a create after a 401, since a refused token did nothing', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1 ? error(response, 401, 'no') : json(response, 201, {}),
    );
    await connect(server.baseUrl).request({
      method: 'POST',
      path: '/assets',
      body: {},
      idempotent: false,
    });
    expect(server.received).toHaveLength(2);
  });

  it('passes on what its provider failed with as the cause, and sends nothing', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const failure = new Error('vault is sealed');
    const credentials: CredentialProvider = { getToken: () => Promise.reject(failure) };
    const reason = (await rejection(
      connect(server.baseUrl, { credentials }).request(READ),
    )) as AuthError;
    expect(AuthError.isInstance(reason)).toBe(true);
    expect(reason.cause).toBe(failure);
    expect(reason.message).toContain('vault is sealed');
    expect(reason.delivery).toBe('none');
    expect(server.received).toHaveLength(0);
  });

  it('whose provider fails for all says of each call alone what may have happened', async () => {
    let answered = 0;
    await using server = await startServer((_, response) => {
      answered++;
      json(response, 503, {}, { 'cdf-is-auto-retryable': 'true' });
    });
    const failure = new AuthError('the vault is sealed', { status: 401, delivery: 'none' });
    // The first attempt gets a token, all later ones share one failure.
    const credentials: CredentialProvider = {
      getToken: async () => (answered === 0 ? { value: 'first' } : Promise.reject(failure)),
    };
    const transport = connect(server.baseUrl, { credentials });
    const create = { method: 'POST', path: '/assets', body: {}, idempotent: false } as const;
    expect(await rejection(transport.request(create))).toMatchObject({
      code: 'auth',
      delivery: 'unknown',
      cause: failure,
    });
    expect(await rejection(transport.request(create))).toBe(failure);
    expect(failure.delivery).toBe('none');
  });

  const never = <T>(): Promise<T> => new Promise(() => {});
  it.each<[string, () => CredentialProvider]>([
    ['a function of Token', () => new Token(never)],
    [
      'a function of Token that listens to nothing',
      () => new Token(async () => `${await never()}`),
    ],
    ['a provider of your own', () => ({ getToken: never })],
  ])('is bounded by timeoutMs where it never comes: %s', async (_, make) => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const transport = connect(server.baseUrl, { credentials: make(), timeoutMs: 20 });
    const calls = [READ, { ...READ, method: 'POST', body: {}, idempotent: false }] as const;
    for (const call of calls)
      expect(await rejection(transport.request(call))).toMatchObject({
        code: 'timeout',
        delivery: 'none',
        message: expect.stringContaining(
          `${call.method} /assets: the credential provider returned no token within 20 ms`,
        ),
      });
    expect(await rejection(transport.request(READ, { timeoutMs: 10 }))).toMatchObject({
      message: expect.stringContaining('within 10 ms'),
    });
    expect(server.received).toHaveLength(0);
  });

  it('that never came for one caller is asked for anew by the next', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    let calls = 0;
    const credentials = new Token(() => (++calls === 1 ? never() : 'second'));
    const transport = connect(server.baseUrl, { credentials, timeoutMs: 200 });
    expect(await rejection(transport.request(READ))).toMatchObject({ code: 'timeout' });
    expect(await transport.request(READ)).toEqual({});
  });

  it.each<[string, Parameters<typeof startServer>[0]]>([
    [
      'the token endpoint',
      ({ url }, response) => void (url === '/token' || json(response, 404, {})),
    ],
    ['the body of the token', (_, response) => void response.writeHead(200).write('{')],
    ['the body of an error', (_, response) => void response.writeHead(503).write('{')],
  ])(
    'is bounded by timeoutMs where %s does not answer, and is asked for once',
    async (_, answer) => {
      await using server = await startServer(answer);
      const grants = { clientId: 'i', clientSecret: 's', tokenUrl: `${server.baseUrl}/token` };
      const credentials = new OAuthClientCredentials(grants);
      const transport = connect(server.baseUrl, { credentials, timeoutMs: 300 });
      expect(await rejection(transport.request(READ))).toMatchObject({
        code: 'timeout',
        delivery: 'none',
      });
      // On a busy machine the time is over before the request is sent.
      expect(server.received.length).toBeLessThan(2);
    },
  );

  it('may take a person longer than timeoutMs, while the requests of the sign-in may not', async () => {
    await using server = await startServer(({ url }, response) => {
      if (url === '/token')
        json(response, 200, { access_token: 'fresh', token_type: 'bearer', expires_in: 60 });
      else if (url?.startsWith('/api')) json(response, 200, {});
    });
    let waited = false;
    const person = (deviceAuthorizationUrl: string): CredentialProvider =>
      new OAuthDeviceCode({
        tokenUrl: `${server.baseUrl}/token`,
        deviceAuthorizationUrl,
        clientId: 'c',
        scopes: [],
        prompt: () => {},
      });
    const patient: CredentialProvider = {
      asksPerson: true,
      getToken: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        waited = true;
        return { value: 'fresh' };
      },
    };
    await connect(server.baseUrl, { credentials: patient, timeoutMs: 20 })
      .request(READ)
      .catch(() => {});
    expect(waited).toBe(true);
    const silent = connect(server.baseUrl, {
      credentials: person(`${server.baseUrl}/silent`),
      timeoutMs: 300,
    });
    expect(await rejection(silent.request(READ))).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('within 300 ms'),
    });
    expect(server.received.filter(({ url }) => url === '/silent').length).toBeLessThan(2);
  });

  it('refuses a token that cannot be a header, without repeating it', async () => {
    const transport = connect('http://localhost:1', { credentials: new Token('se cret\r\nx: y') });
    const reason = (await rejection(transport.request(READ))) as Error;
    expect(ConfigError.isInstance(reason)).toBe(true);
    expect(reason.message).not.toContain('cret');
  });

  it('tries an identity provider that is overloaded again, also for a create', async () => {
    let tokens = 0;
    await using server = await startServer(({ url }, response) => {
      if (url !== '/token') return json(response, 201, { created: true });
      if (++tokens < 3) return json(response, 503, {});
      json(response, 200, { access_token: 'fresh', token_type: 'bearer', expires_in: '3600' });
    });
    const credentials = new OAuthClientCredentials({
      tokenUrl: `${server.baseUrl}/token`,
      clientId: 'i',
      clientSecret: 's',
    });
    const transport = connect(server.baseUrl, { credentials });
    expect(
      await transport.request({ method: 'POST', path: '/assets', body: {}, idempotent: false }),
    ).toEqual({
      created: true,
    });
    expect(tokens).toBe(3);
  });

  it('shows hooks what its credentials send, under the id of the call', async () => {
    await using server = await startServer(({ url }, response) =>
      json(
        response,
        200,
        url === '/token' ? { access_token: 'fresh', token_type: 'bearer', expires_in: 60 } : {},
      ),
    );
    const tokenUrl = `${server.baseUrl}/token`;
    const seen: unknown[] = [];
    const transport = connect(server.baseUrl, {
      credentials: new OAuthClientCredentials({ tokenUrl, clientId: 'i', clientSecret: 's' }),
      interceptors: [
        hooks({
          onRequest: ({ id, kind, method, path }) => seen.push([id, kind, method, path]),
          onResponse: ({ kind, status }) => seen.push([kind, status]),
        }),
      ],
    });
    await transport.request(READ);
    expect(seen).toEqual([
      [1, 'sign-in', 'POST', tokenUrl],
      ['sign-in', 200],
      [1, 'api', 'GET', '/assets'],
      ['api', 200],
    ]);
  });
});

const jwtNamed = (name: string): string =>
  name === 'token-1' ? 'token-1' : jwt({ exp: Math.floor(Date.now() / 1000) + 3600, name });

describe('login.status()', () => {
  const inspection = {
    subject: 'me',
    projects: [{ projectUrlName: 'test', groups: [1] }],
    capabilities: [],
  };

  it('answers from the inspection of a token', async () => {
    await using server = await startServer((_, response) => json(response, 200, inspection));
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const transport = connect(server.baseUrl, { credentials: new Token(jwt({ exp })) });
    expect(await new LoginApi(transport).status()).toEqual({
      loggedIn: true,
      subject: 'me',
      project: 'test',
      expiresAt: exp * 1000,
    });
    expect(await new TokenApi(transport).inspect()).toEqual(inspection);
    const other = connect(server.baseUrl, { project: 'other' });
    expect(await new LoginApi(other).status()).toMatchObject({
      loggedIn: false,
      subject: 'me',
      project: 'other',
    });
    expect(new Set(server.received.map(({ url }) => url))).toEqual(
      new Set(['/api/v1/token/inspect']),
    );
  });

  it('asks the legacy endpoint with an API key', async () => {
    const data = { user: 'u', loggedIn: true, project: 'test', projectId: 7, apiKeyId: 1 };
    await using server = await startServer((_, response) => json(response, 200, { data }));
    const transport = connect(server.baseUrl, { credentials: new ApiKey('key') });
    expect(await new LoginApi(transport).status()).toEqual({
      loggedIn: true,
      subject: 'u',
      project: 'test',
      projectId: 7,
      apiKeyId: 1,
    });
    expect(server.received[0]).toMatchObject({
      url: '/login/status',
      headers: { 'api-key': 'key' },
    });
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  it('says no to a credential that CDF does not accept, in both of the ways it says so', async () => {
    await using refusing = await startServer((_, response) => error(response, 401, 'no'));
    for (const credentials of [new Token('t'), new ApiKey('k')])
      expect(await new LoginApi(connect(refusing.baseUrl, { credentials })).status()).toMatchObject(
        {
          loggedIn: false,
          subject: '',
        },
      );
    await using shrugging = await startServer((_, response) =>
      json(response, 200, { data: { user: '', loggedIn: false, project: '' } }),
    );
    expect(
      await new LoginApi(connect(shrugging.baseUrl, { credentials: new ApiKey('k') })).status(),
    ).toMatchObject({
      loggedIn: false,
    });
  });

  it('names what to use instead where the legacy endpoint is gone', async () => {
    await using server = await startServer((_, response) => error(response, 404, 'gone'));
    const reason = (await rejection(
      new LoginApi(connect(server.baseUrl, { credentials: new ApiKey('k') })).status(),
    )) as Error;
    expect(reason.message).toContain('OAuthClientCredentials');
    expect(reason.message).toContain('token.inspect()');
  });
});
