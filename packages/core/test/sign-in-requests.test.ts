import {
  memoryTokenStore,
  OAuthClientCertificate,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
} from '@cdf/core';
import * as oauth from 'oauth4webapi';
import { describe, expect, it } from 'vitest';
import { rejection } from './helpers/server.js';

const ISSUER = 'https://login.example.com/tenant';
const AS = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}/token`,
  authorization_endpoint: `${ISSUER}/authorize`,
  device_authorization_endpoint: `${ISSUER}/device`,
};
const ADDRESS = {
  tokenUrl: AS.token_endpoint,
  authorizationUrl: AS.authorization_endpoint,
  deviceAuthorizationUrl: AS.device_authorization_endpoint,
};
const CLIENT = { client_id: 'me & you' };
const { signal } = new AbortController();

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly redirect: string | undefined;
  readonly headers: Record<string, string>;
  readonly form: string[][];
}

/** Notes the requests. Node's name for the library is not of interest. */
function recorder(...answers: object[]): {
  readonly sent: Sent[];
  fetch(url: unknown, init?: object): Promise<Response>;
} {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(url, init = {}) {
      const { method, redirect, headers, body } = init as RequestInit;
      const { 'user-agent': _, ...own } = Object.fromEntries(new Headers(headers));
      const form = [...new URLSearchParams(body as URLSearchParams)].sort();
      sent.push({ url: String(url), method, redirect, headers: own, form });
      return Response.json(
        answers[sent.length - 1] ?? { access_token: 'a', token_type: 'bearer', expires_in: 3600 },
      );
    },
  };
}

/** The request that the library itself would send. */
async function sentByLibrary(send: (options: object) => Promise<unknown>): Promise<Sent> {
  const { sent, fetch } = recorder();
  await send({ [oauth.customFetch]: fetch });
  return sent[0] as Sent;
}

/** The answer of a person, whose browser has come back with it. */
const interactive = (callback: (state: string) => string, options: object = {}): OAuthInteractive =>
  new OAuthInteractive({
    tokenUrl: ADDRESS.tokenUrl,
    authorizationUrl: ADDRESS.authorizationUrl,
    clientId: CLIENT.client_id,
    scopes: ['cdf'],
    window: {
      open: async () => ({
        redirectUri: 'https://app.example.com/',
        visit: async (url) => new URL(callback(url.searchParams.get('state') as string)),
        close() {},
      }),
    },
    ...options,
  });

describe('a request to an identity provider', () => {
  it.each([
    ['client_secret_post', oauth.ClientSecretPost],
    ['client_secret_basic', oauth.ClientSecretBasic],
  ] as const)(
    'of a program with a secret (%s) is the one that oauth4webapi would send',
    async (way, authentication) => {
      const { sent, fetch } = recorder();
      const secret = 'a secret: +%&=';
      const credentials = new OAuthClientCredentials({
        tokenUrl: ADDRESS.tokenUrl,
        clientId: CLIENT.client_id,
        clientSecret: secret,
        clientAuthentication: way,
        scopes: ['one', 'two'],
        audience: 'cdf',
        tokenParameters: { resource: 'r' },
      });
      await credentials.getToken({ signal, forceRefresh: false, fetch });
      const parameters = { scope: 'one two', audience: 'cdf', resource: 'r' };
      expect(sent).toEqual([
        await sentByLibrary((options) =>
          oauth.clientCredentialsGrantRequest(
            AS,
            CLIENT,
            authentication(secret),
            parameters,
            options,
          ),
        ),
      ]);
    },
  );

  it('of a program with a certificate carries what its key has signed, and no id besides', async () => {
    const { sent, fetch } = recorder();
    const { privateKey } = (await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: 'SHA-256',
      },
      false,
      ['sign', 'verify'],
    )) as CryptoKeyPair;
    const credentials = new OAuthClientCertificate({
      tokenUrl: ADDRESS.tokenUrl,
      clientId: 'me',
      privateKey,
    });
    await credentials.getToken({ signal, forceRefresh: false, fetch });
    const library = await sentByLibrary((options) =>
      oauth.clientCredentialsGrantRequest(
        AS,
        { client_id: 'me' },
        oauth.PrivateKeyJwt(privateKey),
        {},
        options,
      ),
    );
    const withoutSignature = ({ form, ...rest }: Sent) => ({
      ...rest,
      form: form.map(([name, value]) => [name, name === 'client_assertion' ? '' : value]),
    });
    expect(sent.map(withoutSignature)).toEqual([withoutSignature(library)]);
  });

  it('of a person with a browser, and the one that renews it, are those that oauth4webapi would send', async () => {
    const first = { access_token: 'a', token_type: 'bearer', expires_in: 3600, refresh_token: 'r' };
    const { sent, fetch } = recorder(first);
    const credentials = interactive(
      (state) => `https://app.example.com/?code=a%20code&state=${state}`,
      {
        store: memoryTokenStore(),
        tokenParameters: { resource: 'r' },
      },
    );
    await credentials.getToken({ signal, forceRefresh: false, fetch });
    await credentials.getToken({ signal, forceRefresh: true, fetch });
    const verifier = sent[0]?.form.find(([name]) => name === 'code_verifier')?.[1] as string;
    expect(verifier).toMatch(/^[\w-]{43}$/);
    const callback = oauth.validateAuthResponse(
      AS,
      CLIENT,
      new URLSearchParams({ code: 'a code' }),
      oauth.expectNoState,
    );
    const redeemed = await sentByLibrary((options) =>
      oauth.authorizationCodeGrantRequest(
        AS,
        CLIENT,
        oauth.None(),
        callback,
        'https://app.example.com/',
        verifier,
        options,
      ),
    );
    const renewed = await sentByLibrary((options) =>
      oauth.refreshTokenGrantRequest(AS, CLIENT, oauth.None(), 'r', {
        ...options,
        additionalParameters: { resource: 'r' },
      }),
    );
    expect(sent).toEqual([redeemed, renewed]);
  });

  it('of a person with another device are those that oauth4webapi would send', async () => {
    const code = {
      device_code: 'd e',
      user_code: 'u',
      verification_uri: 'https://login.example.com/v',
      expires_in: 600,
      interval: 1,
    };
    const { sent, fetch } = recorder(code);
    const credentials = new OAuthDeviceCode({
      tokenUrl: ADDRESS.tokenUrl,
      deviceAuthorizationUrl: ADDRESS.deviceAuthorizationUrl,
      clientId: CLIENT.client_id,
      scopes: ['cdf'],
      prompt() {},
    });
    await credentials.getToken({ signal, forceRefresh: false, fetch });
    expect(sent).toEqual([
      await sentByLibrary((options) =>
        oauth.deviceAuthorizationRequest(AS, CLIENT, oauth.None(), { scope: 'cdf' }, options),
      ),
      await sentByLibrary((options) =>
        oauth.deviceCodeGrantRequest(AS, CLIENT, oauth.None(), 'd e', options),
      ),
    ]);
  });

  it.each([
    'https://login.example.com',
    'https://login.example.com/',
    'https://login.example.com/tenant',
    'https://login.example.com/tenant/',
    'https://login.example.com/a%20tenant/v2.0?policy=one',
    'http://localhost:9000/tenant',
  ])('for the discovery document of %s is the one that oauth4webapi would send', async (issuer) => {
    const { sent, fetch } = recorder({ ...AS, issuer });
    const credentials = new OAuthClientCredentials({ issuer, clientId: 'me', clientSecret: 's' });
    await credentials.getToken({ signal, forceRefresh: false, fetch });
    const insecure = { [oauth.allowInsecureRequests]: true };
    expect(sent[0]).toEqual(
      await sentByLibrary((options) =>
        oauth.discoveryRequest(new URL(issuer), { ...insecure, ...options }),
      ),
    );
  });

  it.each([
    ['no code', 'state=STATE'],
    ['an empty code', 'state=STATE&code='],
    ['two codes', 'state=STATE&code=a&code=b'],
    ['the same code twice', 'state=STATE&code=a&code=a'],
    ['two states', 'state=STATE&state=STATE&code=a'],
    ['no state', 'code=a'],
    ['a token instead of a code', 'state=STATE&code=a&id_token=e30.e30.e30'],
  ])('is not sent for %s', async (_, query) => {
    const { sent, fetch } = recorder();
    const credentials = interactive(
      (state) => `https://app.example.com/?${query.replaceAll('STATE', state)}`,
    );
    expect(
      await rejection(credentials.getToken({ signal, forceRefresh: false, fetch })),
    ).toMatchObject({
      code: 'auth',
      status: 401,
      delivery: 'none',
      message: 'signing in: the answer does not belong to this sign-in',
    });
    expect(sent).toEqual([]);
  });
});
