import {
  type CredentialProvider,
  OAuthClientCertificate,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
  Token,
} from '@cdf/core';
import { loopbackWindow } from '@cdf/core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CERTIFICATE } from './helpers/certificates.js';
import { type Clocks, startClocks } from './helpers/clocks.js';
import { signInLikeAPerson } from './helpers/identity-provider.js';
import { connect, json, startServer } from './helpers/server.js';
import { type SkewedProvider, startSkewedProvider } from './helpers/skewed-provider.js';

const SCOPES = ['openid', 'offline_access', 'cdf'];
const TWO_HOURS = 7_200_000;

describe('an identity provider whose clock is two hours ahead of ours, or behind', () => {
  let clocks: Clocks;
  let providers: SkewedProvider[] = [];
  beforeAll(async () => {
    clocks = startClocks();
    providers = await Promise.all(
      [TWO_HOURS, -TWO_HOURS].map((aheadMs) => startSkewedProvider(clocks, aheadMs)),
    );
  });
  afterAll(async () => {
    await Promise.all(providers.map((provider) => provider[Symbol.asyncDispose]()));
    clocks[Symbol.dispose]();
  });
  const withEach = (check: (identity: SkewedProvider) => Promise<void>) => () =>
    Promise.all(providers.map(check));

  /**
   * Several calls, at once and one after the other: the subjects that CDF saw, and the number of
   * tokens requested meanwhile.
   */
  const use = async (
    { baseUrl }: SkewedProvider,
    credentials: CredentialProvider,
  ): Promise<{ who: string[]; tokenRequests: number }> => {
    const transport = connect(baseUrl, { credentials });
    const call = () =>
      transport.request<{ for: string; tokenRequests: number }>({
        method: 'GET',
        path: '/assets',
        idempotent: true,
      });
    const answers = [...(await Promise.all([call(), call()])), await call()];
    const counts = answers.map(({ tokenRequests }) => tokenRequests);
    return {
      who: answers.map((answer) => answer.for),
      tokenRequests: Math.max(...counts) - Math.min(...counts),
    };
  };

  it(
    'dates its answers by that clock',
    withEach(async ({ issuer, aheadMs }) => {
      const { headers } = await fetch(`${issuer}/.well-known/openid-configuration`);
      // To the hour: this machine may be busy.
      const hours = (Date.parse(headers.get('date') ?? '') - Date.now()) / 3_600_000;
      expect(Math.round(hours)).toBe(aheadMs / 3_600_000);
    }),
  );

  it(
    'gives a program a token that is used until its end',
    withEach(async (identity) => {
      const { issuer } = identity;
      const credentials = new OAuthClientCredentials({
        issuer,
        clientId: 'service',
        clientSecret: 'a-very-secret-secret',
      });
      expect(await use(identity, credentials)).toEqual({
        who: ['service', 'service', 'service'],
        tokenRequests: 0,
      });
    }),
  );

  it(
    'accepts what a certificate has signed, with discovery and without',
    withEach(async (identity) => {
      const { issuer, privateKey } = identity;
      const client = { clientId: 'certificate', privateKey, certificate: CERTIFICATE };
      for (const server of [{ issuer }, { tokenUrl: `${issuer}/token` }])
        expect(await use(identity, new OAuthClientCertificate({ ...server, ...client }))).toEqual({
          who: ['certificate', 'certificate', 'certificate'],
          tokenRequests: 0,
        });
    }),
  );

  it(
    'signs a person in with a browser, and renews it',
    withEach(async (identity) => {
      const credentials = new OAuthInteractive({
        issuer: identity.issuer,
        clientId: 'desktop',
        scopes: SCOPES,
        window: loopbackWindow({
          show: async (url) => {
            await fetch((await signInLikeAPerson(url, identity.issuer)).address);
          },
        }),
      });
      expect(await use(identity, credentials)).toEqual({
        who: ['desktop', 'desktop', 'desktop'],
        tokenRequests: 0,
      });
      const { signal } = new AbortController();
      await credentials.getToken({ signal, forceRefresh: true });
      expect((await use(identity, credentials)).who).toEqual(['desktop', 'desktop', 'desktop']);
    }),
  );

  it(
    'signs a person in on another device',
    withEach(async (identity) => {
      const credentials = new OAuthDeviceCode({
        issuer: identity.issuer,
        clientId: 'device',
        scopes: SCOPES,
        prompt: async ({ verificationUri, userCode }) => {
          await signInLikeAPerson(new URL(verificationUri), identity.issuer, userCode);
        },
      });
      expect(await use(identity, credentials)).toEqual({
        who: ['device', 'device', 'device'],
        tokenRequests: 0,
      });
    }),
  );
});

describe('a JWT', () => {
  const jwt = (endsInMs: number): string =>
    `h.${btoa(JSON.stringify({ exp: Math.round((Date.now() + endsInMs) / 1000) }))}.s`;

  it('that has ended by our clock is sent all the same: whether it is accepted is not ours to say', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const transport = connect(server.baseUrl, { credentials: new Token(jwt(-TWO_HOURS)) });
    await transport.request({ method: 'GET', path: '/assets', idempotent: true });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['two hours', 7_200_000],
    ['a second', 1000],
    ['the time zone of Kiritimati', 14 * 3_600_000],
  ])(
    'that has ended %s ago by our clock when it comes is not asked for with every call',
    async (_, agoMs) => {
      let given = 0;
      await using server = await startServer((_, response) => json(response, 200, {}));
      const own = new Token(() => `${jwt(-agoMs)}${++given}`);
      const { signal } = new AbortController();
      // Without `expires_in`, the end of the JWT counts.
      await using provider = await startServer((_, response) =>
        json(response, 200, { access_token: `${jwt(-agoMs)}${++given}`, token_type: 'bearer' }),
      );
      const tokenUrl = `${provider.baseUrl}/token`;
      const signedIn = new OAuthClientCredentials({ tokenUrl, clientId: 'i', clientSecret: 's' });
      for (const credentials of [own, signedIn]) {
        const transport = connect(server.baseUrl, { credentials });
        for (let round = 0; round < 5; round++)
          await transport.request({ method: 'GET', path: '/assets', idempotent: true });
        await Promise.all(
          [1, 2, 3].map(() => credentials.getToken({ signal, forceRefresh: false })),
        );
      }
      expect([given, server.received.length]).toEqual([2, 10]);
    },
  );

  it('that has really ended when it comes is replaced when CDF does not accept it', async () => {
    let given = 0;
    const credentials = new Token(() => (++given === 1 ? jwt(-TWO_HOURS) : jwt(TWO_HOURS)));
    await using server = await startServer(({ headers }, response) => {
      const { exp } = JSON.parse(atob(headers.authorization?.split('.')[1] ?? ''));
      json(response, exp * 1000 < Date.now() ? 401 : 200, {});
    });
    const transport = connect(server.baseUrl, { credentials });
    for (let round = 0; round < 3; round++)
      await transport.request({ method: 'GET', path: '/assets', idempotent: true });
    expect([given, server.received.length]).toEqual([2, 4]);
  });

  it('that still lasts by our clock is replaced when CDF does not accept it any more', async () => {
    let given = 0;
    const credentials = new Token(() => `${jwt(TWO_HOURS)}${++given}`);
    await using server = await startServer(({ headers }, response) =>
      json(response, headers.authorization?.endsWith('s1') ? 401 : 200, {}),
    );
    const transport = connect(server.baseUrl, { credentials });
    for (let round = 0; round < 3; round++)
      await transport.request({ method: 'GET', path: '/assets', idempotent: true });
    expect([given, server.received.length]).toEqual([2, 4]);
  });
});
