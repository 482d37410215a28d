import {
  ApiKey,
  configFromEnv,
  createTransport,
  LoginApi,
  OAuthClientCredentials,
  Token,
  TokenApi,
  type Transport,
} from '@cdf/core';
import { cdfHttp } from '@cdf/core/http';
import { createEmulator, startEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { NETWORK } from '../../../tooling/emulators/network.js';
import { connect, rejection } from './helpers/server.js';

type Emulator = Awaited<ReturnType<typeof startEmulator>>;

const signedIn = (
  { url, project, tokenUrl, clientId, clientSecret, fetch }: Emulator,
  inProcess = false,
): Transport =>
  connect(url, {
    project,
    credentials: new OAuthClientCredentials({ tokenUrl, clientId, clientSecret }),
    ...(inProcess && { fetch }),
  });
const create = (transport: Transport, name: string): Promise<{ items: { id: number }[] }> =>
  transport.request({
    method: 'POST',
    path: '/assets',
    body: { items: [{ name, externalId: name }] },
    idempotent: false,
  });

describe('the emulator over a socket', () => {
  it('is signed in to, found in the environment, and asked who one is', async () => {
    await using emulator = await startEmulator(NETWORK);
    const config = configFromEnv({
      CDF_PROJECT: emulator.project,
      CDF_URL: emulator.url,
      CDF_CLIENT_ID: emulator.clientId,
      CDF_CLIENT_SECRET: emulator.clientSecret,
      CDF_ISSUER: emulator.issuer,
    });
    await using transport = createTransport(config);
    expect(await new LoginApi(transport).status()).toMatchObject({
      loggedIn: true,
      project: emulator.project,
    });
    const { projects, subject } = await new TokenApi(transport).inspect();
    expect(projects.map(({ projectUrlName }) => projectUrlName)).toContain(emulator.project);
    expect(subject).not.toBe('');
  });

  it('tells the projects of a token that has no access, and renews it once', async () => {
    await using emulator = await startEmulator();
    const { url, tokenUrl, clientId, clientSecret } = emulator;
    const credentials = new OAuthClientCredentials({ tokenUrl, clientId, clientSecret });
    const transport = connect(url, { project: 'nowhere', credentials });
    for (let round = 0; round < 3; round++)
      expect(
        await rejection(transport.request({ method: 'GET', path: '/assets', idempotent: true })),
      ).toMatchObject({
        code: 'auth',
        status: 401,
        message: expect.stringContaining(
          `the token has no access to the project "nowhere", only to "${emulator.project}"; check project`,
        ),
      });
    const tokens = emulator.requests.all().filter(({ path }) => path.endsWith('/token'));
    expect(tokens).toHaveLength(2);
    const status = await new LoginApi(transport).status();
    expect(status).toMatchObject({ loggedIn: false, project: 'nowhere' });
  });

  it('takes API keys at the legacy endpoint, and refuses what it does not know', async () => {
    await using emulator = await startEmulator(NETWORK);
    const status = (credentials: ApiKey | Token): Promise<unknown> =>
      new LoginApi(connect(emulator.url, { project: emulator.project, credentials })).status();
    expect(await status(new ApiKey(emulator.apiKey as string))).toMatchObject({
      loggedIn: true,
      project: emulator.project,
    });
    expect(await status(new ApiKey('wrong'))).toMatchObject({ loggedIn: false });
    expect(await status(new Token('wrong'))).toMatchObject({ loggedIn: false });
    const wrong = new OAuthClientCredentials({
      ...emulator,
      clientSecret: 'wrong',
      issuer: undefined,
    });
    expect(
      await rejection(
        connect(emulator.url, { credentials: wrong }).request({
          method: 'GET',
          path: '/assets',
          idempotent: true,
        }),
      ),
    ).toMatchObject({ code: 'auth', message: expect.stringContaining('invalid_client') });
  });

  it('may revoke a token in the middle: one new one, one replay', async () => {
    await using emulator = await startEmulator(NETWORK);
    const transport = signedIn(emulator);
    await create(transport, 'a');
    emulator.revokeTokens();
    await create(transport, 'b');
    const paths = emulator.requests.all().map(({ path, status }) => `${path} ${status}`);
    expect(paths.filter((line) => line.includes('/assets'))).toHaveLength(3);
    expect(paths.filter((line) => line.includes('token'))).toHaveLength(2);
  });

  it('stores a create once and reports it unknown when the answer is lost after handling', async () => {
    await using emulator = await startEmulator(NETWORK);
    const transport = signedIn(emulator);
    emulator.faults.add({ method: 'POST', path: '/assets', resetAfterHandling: true });
    expect(await rejection(create(transport, 'once'))).toMatchObject({
      code: 'network',
      delivery: 'unknown',
    });
    expect(emulator.writes.all().filter(({ resource }) => resource === 'assets')).toHaveLength(1);
    const found = await cdfHttp(transport)
      .post('assets/list', { json: {} })
      .json<{ items: unknown[] }>();
    expect(found.items).toHaveLength(1);
  });

  it.each([
    ['cut', { cutBodyAfterBytes: 5 }],
    ['stalled', { stallBodyAfterBytes: 5 }],
    ['reset', { resetBeforeBody: true }],
    ['busy', { status: 503, retryAfterSeconds: 0 }],
  ])('is read through a fault: %s', async (_, fault) => {
    await using emulator = await startEmulator(NETWORK);
    const transport = signedIn(emulator);
    await create(transport, 'a');
    emulator.faults.add({ path: '/assets/list', count: 2, ...fault });
    const found = await transport.request<{ items: unknown[] }>(
      { method: 'POST', path: '/assets/list', body: {}, idempotent: true },
      { timeoutMs: 1000 },
    );
    expect(found.items).toHaveLength(1);
    expect(
      emulator.requests.all().filter(({ path }) => path.endsWith('/assets/list')),
    ).toHaveLength(3);
  });
});

// The suites above have sockets. A short run leaves the suite out: a skipped one fails the checks
// of a change.
const long = process.env.CDF_TEST_LONG === '1' ? describe : () => {};
long('the emulator without a socket', () => {
  it('answers a client that is given its fetch', async () => {
    await using emulator = createEmulator();
    const transport = signedIn(emulator, true);
    await create(transport, 'a');
    expect(await rejection(create(transport, 'a'))).toMatchObject({
      code: 'duplicated',
      status: 409,
      duplicated: [{ externalId: 'a' }],
    });
    expect(
      await cdfHttp(transport)
        .get('assets', { searchParams: { limit: 1 } })
        .json(),
    ).toMatchObject({
      items: [{ name: 'a' }],
    });
  });
});
