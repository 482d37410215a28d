import { readFileSync } from 'node:fs';
import {
  ApiKey,
  type ClientConfig,
  configFromEnv,
  configFromObject,
  createTransport,
  entraId,
  globalConfig,
  OAuthClientCredentials,
  Token,
  tracing,
} from '@cdf/core';
import { afterEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../src/transport/config.js';
import { VERSION } from '../src/transport/version.js';
import { json, startServer } from './helpers/server.js';

const GOOD: ClientConfig = {
  clientName: 'c',
  project: 'p',
  cluster: 'westeurope-1',
  credentials: new Token('t'),
};
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (reason) {
    return (reason as Error).message;
  }
  throw new Error('did not throw');
};
const complaint = (change: object): string =>
  message(() => resolveConfig({ ...GOOD, ...change } as ClientConfig));

describe('a config', () => {
  afterEach(() => {
    globalConfig.defaultClientConfig = undefined;
  });

  it('has defaults for everything but who, where and with what', () => {
    expect(resolveConfig(GOOD)).toMatchObject({
      baseUrl: 'https://westeurope-1.cognitedata.com',
      timeoutMs: 60_000,
      deadlineMs: undefined,
      fileTransferTimeoutMs: 600_000,
      maxResponseBytes: 268_435_456,
      retry: {
        limit: 10,
        connectLimit: 3,
        backoffLimitMs: 60_000,
        statusCodes: [429, 502, 503, 504],
      },
      concurrency: { read: 10, write: 5 },
      interceptors: [],
      apiVersion: '20230101',
    });
    expect(
      resolveConfig({ ...GOOD, concurrency: { query: undefined, read: undefined } }),
    ).toMatchObject({
      concurrency: { read: 10, write: 5 },
    });
    expect(
      resolveConfig({ ...GOOD, retry: { limit: 0 }, concurrency: { write: 2 } }),
    ).toMatchObject({
      retry: { limit: 0, connectLimit: 3 },
      concurrency: { read: 10, write: 2 },
    });
  });

  it('is the global one by default, and an error that says what to set where the global one is missing', () => {
    expect(message(() => createTransport())).toContain(
      'no client config: pass { clientName, project, credentials, cluster }',
    );
    globalConfig.defaultClientConfig = GOOD;
    expect(createTransport().project).toBe('p');
  });

  it('is complained about as a whole', () => {
    const text = message(() => resolveConfig({} as ClientConfig));
    for (const name of ['clientName', 'project', 'credentials', 'baseUrl or cluster'])
      expect(text).toContain(name);
  });

  it.each([
    [{ clientName: ' ' }, 'clientName'],
    [{ project: 7 }, 'project'],
    [{ baseUrl: 'https://x.example.com' }, 'either baseUrl or cluster'],
    [{ cluster: 'https://x' }, 'cluster must be a name'],
    [{ cluster: 'evil.example.com/x' }, 'cluster must be a name'],
    [{ cluster: undefined, baseUrl: 'x.example.com' }, 'baseUrl must be a URL'],
    [{ cluster: undefined, baseUrl: 'ftp://x.example.com' }, 'baseUrl must be a URL'],
    [{ cluster: undefined, baseUrl: 'http://x.example.com' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'http://localhost.example.com' }, 'use https'],
    // Names below .localhost go through a resolver.
    [{ cluster: undefined, baseUrl: 'http://cdf.localhost' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'http://a.b.localhost:8080' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'http://localhost.' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'http://127.0.0.1.example.com' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'http://128.0.0.1' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'http://[::2]' }, 'use https'],
    [{ cluster: undefined, baseUrl: 'https://user:secret@x.example.com' }, 'must not have a user'],
    [{ project: '..' }, 'project must be a name'],
    [{ project: '.' }, 'project must be a name'],
    [{ project: '...' }, 'project must be a name'],
    [{ project: '%2e%2E' }, 'project must be a name'],
    [{ project: 'a/b' }, 'project must be a name'],
    [{ project: 'a%2Fb' }, 'project must be a name'],
    [{ project: '..\\a' }, 'project must be a name'],
    [{ project: '/' }, 'project must be a name'],
    [{ project: 'a?b' }, 'project must be a name'],
    [{ project: 'a#' }, 'project must be a name'],
    [{ project: ' p' }, 'project must be a name'],
    [{ project: 'p\n' }, 'project must be a name'],
    [{ project: 'p\u0000' }, 'project must be a name'],
    [{ project: '' }, 'project must be a non-empty string'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs'],
    [{ deadlineMs: 3_000_000_000 }, 'deadlineMs'],
    [{ retry: { limit: -1 } }, 'retry.limit'],
    [{ concurrency: { read: 0 } }, 'concurrency.read'],
    [{ concurrency: { synthetic: 0.5 } }, 'concurrency.synthetic'],
    [{ interceptors: tracing() }, 'interceptors must be an array'],
    [{ interceptors: ['tracing'] }, 'interceptors must be an array'],
  ])('refuses %j', (change, what) => {
    expect(complaint(change)).toContain(what);
    expect(complaint(change)).not.toContain('secret');
  });

  it.each([
    'http://localhost:8080',
    'http://127.0.0.1:1/',
    'http://[::1]:2',
    'http://127.1.2.3',
    'http://127.255.255.254:9',
  ])('may send in the clear to this machine: %s', (baseUrl) => {
    expect(resolveConfig({ ...GOOD, cluster: undefined, baseUrl }).baseUrl).toBe(
      baseUrl.replace(/\/$/, ''),
    );
  });

  it('may send in the clear to others where that was said', () => {
    const baseUrl = 'http://gateway.plant.example.com';
    expect(
      resolveConfig({ ...GOOD, cluster: undefined, baseUrl, allowInsecureHttp: true }).baseUrl,
    ).toBe(baseUrl);
  });

  it('names the version of the package', () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});

describe('a config from the environment', () => {
  const ENV = { CDF_PROJECT: 'p', CDF_CLUSTER: 'c1' };

  it('names one identity provider: with several that differ it says which to keep', () => {
    const secret = { ...ENV, CDF_CLIENT_ID: 'i', CDF_CLIENT_SECRET: 's', CDF_CLUSTER: 'c1' };
    const [tenant, url, issuer] = [
      'my-tenant',
      'https://a.example.com/token',
      'https://b.example.com',
    ];
    for (const several of [
      { CDF_TENANT_ID: tenant, CDF_TOKEN_URL: url },
      { CDF_TENANT_ID: tenant, CDF_ISSUER: issuer },
      { CDF_TOKEN_URL: url, CDF_ISSUER: issuer },
      { CDF_TENANT_ID: tenant, CDF_TOKEN_URL: url, CDF_ISSUER: issuer },
    ])
      expect(() => configFromEnv({ ...secret, ...several })).toThrow(
        `config: ${Object.keys(several).join(' and ')} name identity providers; keep one`,
      );
    const same = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`;
    const both = { CDF_TENANT_ID: tenant, CDF_TOKEN_URL: same };
    expect(configFromEnv({ ...secret, ...both }).credentials).toBeInstanceOf(
      OAuthClientCredentials,
    );
  });

  it('takes a token, a client secret with Entra ID, a token URL or an issuer, or an API key', () => {
    expect(configFromEnv({ ...ENV, CDF_TOKEN: 't' })).toMatchObject({
      clientName: 'cdf',
      project: 'p',
      cluster: 'c1',
    });
    expect(configFromEnv({ ...ENV, CDF_TOKEN: 't' }).credentials).toBeInstanceOf(Token);
    const client = { CDF_CLIENT_ID: 'i', CDF_CLIENT_SECRET: 's' };
    for (const where of [
      { CDF_TENANT_ID: 't' },
      { CDF_TOKEN_URL: 'https://i/t' },
      { CDF_ISSUER: 'https://i' },
    ])
      expect(configFromEnv({ ...ENV, ...client, ...where }).credentials).toBeInstanceOf(
        OAuthClientCredentials,
      );
    expect(configFromEnv({ ...ENV, CDF_API_KEY: 'k' }).credentials).toBeInstanceOf(ApiKey);
    expect(
      configFromEnv({ PLANT_PROJECT: 'p', PLANT_URL: 'https://x', PLANT_TOKEN: 't' }, 'PLANT'),
    ).toMatchObject({
      clientName: 'plant',
      baseUrl: 'https://x',
    });
  });

  it('signs in with what it found, once for any number of calls', async () => {
    await using server = await startServer((_, response) =>
      json(response, 200, { access_token: 'a', token_type: 'bearer', expires_in: 60 }),
    );
    const tokenUrl = `${server.baseUrl}/token`;
    const secret = {
      CDF_CLIENT_ID: 'i',
      CDF_CLIENT_SECRET: 's',
      CDF_SCOPES: 'one, two',
      CDF_AUDIENCE: 'cdf',
    };
    const { credentials } = configFromEnv({ ...ENV, ...secret, CDF_TOKEN_URL: tokenUrl });
    const context = { signal: new AbortController().signal, forceRefresh: false };
    const tokens = await Promise.all([1, 2, 3].map(() => credentials.getToken(context)));
    expect(tokens.map(({ value }) => value)).toEqual(['a', 'a', 'a']);
    expect(
      server.received.map(({ body }) => Object.fromEntries(new URLSearchParams(body.toString()))),
    ).toEqual([
      {
        grant_type: 'client_credentials',
        client_id: 'i',
        client_secret: 's',
        scope: 'one two',
        audience: 'cdf',
      },
    ]);
    expect(
      message(() => configFromEnv({ ...ENV, ...secret, CDF_TOKEN_URL: 'http://i.example.com/t' })),
    ).toContain('use https');
  });

  it('names every variable that is missing', () => {
    expect(message(() => configFromEnv({}))).toBe(
      'config: CDF_PROJECT; CDF_CLUSTER or CDF_URL; CDF_TOKEN, CDF_CLIENT_ID or CDF_API_KEY must be set',
    );
    expect(message(() => configFromEnv({ ...ENV, CDF_CLIENT_ID: 'i' }))).toContain(
      'CDF_CLIENT_SECRET; CDF_TENANT_ID, CDF_TOKEN_URL or CDF_ISSUER',
    );
    expect(
      message(() =>
        configFromEnv({ ...ENV, CDF_TOKEN: 't', CDF_URL: 'https://elsewhere.example.com' }),
      ),
    ).toContain('different places');
  });

  it('has the scopes of Entra ID from the cluster, from a URL of CDF, or as they are given', async () => {
    const entra = {
      CDF_PROJECT: 'p',
      CDF_CLIENT_ID: 'i',
      CDF_CLIENT_SECRET: 's',
      CDF_TENANT_ID: 't',
    };
    const elsewhere = { ...entra, CDF_URL: 'https://cdf.private.example.com' };
    expect(message(() => configFromEnv(elsewhere))).toBe(
      'config: CDF_SCOPES (such as https://westeurope-1.cognitedata.com/.default, which CDF_URL does not tell) must be set',
    );
    const scope = 'https://c1.cognitedata.com/.default';
    for (const variables of [
      { ...entra, CDF_CLUSTER: 'c1' },
      { ...entra, CDF_URL: 'https://c1.cognitedata.com/' },
      { ...elsewhere, CDF_SCOPES: scope },
    ]) {
      const asked: string[] = [];
      const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
        asked.push(String(init?.body));
        return Response.json({ access_token: 'a', token_type: 'bearer', expires_in: 60 });
      };
      const { credentials } = configFromEnv(variables);
      const signal = new AbortController().signal;
      await credentials.getToken({ signal, forceRefresh: false, timeoutMs: 1000, fetch });
      expect(new URLSearchParams(asked[0]).get('scope')).toBe(scope);
    }
  });

  it('reads the variables of the program by itself', () => {
    const variables = {
      CORETEST_PROJECT: 'from-the-program',
      CORETEST_CLUSTER: 'c',
      CORETEST_TOKEN: 't',
    };
    Object.assign(process.env, variables);
    try {
      expect(configFromEnv(undefined, 'CORETEST').project).toBe('from-the-program');
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
  });

  it('comes from plain data as well, and refuses what it does not know', () => {
    const plain = {
      clientName: 'n',
      project: 'p',
      baseUrl: 'https://x',
      clientId: 'i',
      clientSecret: 's',
      tokenUrl: 'https://i/t',
      scopes: 'a b',
    };
    expect(configFromObject(plain)).toMatchObject({ clientName: 'n', baseUrl: 'https://x' });
    expect(message(() => configFromObject({ ...plain, clientSecrte: 's' }))).toContain(
      'unknown setting clientSecrte',
    );
    expect(message(() => configFromObject({ ...plain, toString: 's' }))).toContain('toString');
    expect(message(() => configFromObject({ ...plain, project: 5 }))).toContain(
      'project must be a string',
    );
    expect(message(() => configFromObject({}))).toBe(
      'config: clientName; project; cluster or baseUrl; token, clientId or apiKey must be set',
    );
  });
});

describe('Entra ID', () => {
  it('has its addresses and scopes filled in', () => {
    expect(entraId({ tenantId: 'contoso.com', cluster: 'c1' })).toEqual({
      tokenUrl: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
      authorizationUrl: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize',
      deviceAuthorizationUrl:
        'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/devicecode',
      scopes: ['https://c1.cognitedata.com/.default'],
    });
    expect(entraId({ tenantId: 't', cluster: 'c1', person: true }).scopes).toContain(
      'offline_access',
    );
    expect(message(() => entraId({ tenantId: '', cluster: 'c1' }))).toContain(
      'tenantId must be set',
    );
  });
});
