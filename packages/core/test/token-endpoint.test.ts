import { inspect } from 'node:util';
import { AuthError, OAuthClientCertificate, OAuthClientCredentials } from '@cdf/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ODD_ANSWERS, type OddAnswer, outcomeOf, SECRET } from './helpers/odd-answers.js';
import { rejection } from './helpers/server.js';

const HOUR = 'a token for 3600 s';
const FIVE_MINUTES = 'a token for 300 s';
const JSON_TYPE = '"response" content-type must be application/json';
const NOT_PARSED = 'failed to parse "response" body as JSON';
const NOT_OBJECT = '"response" body must be a top level object';
const member = (name: string, problem: string): string =>
  `"response" body "${name}" property must ${problem}`;
const LIFETIME = member('expires_in', 'be a number');
const unexpectedStatus = (status: number): string =>
  `(${status}) is not a token response ("response" is not a conform`;

/** The outcome of each answer: all of it, or the part that says why. */
const OUTCOMES: Readonly<Record<keyof typeof ODD_ANSWERS, string>> = {
  'nothing odd': HOUR,
  'further members': HOUR,
  'token_type in lower case': HOUR,
  'token_type in upper case': HOUR,
  'no token_type': member('token_type', 'be a string'),
  'token_type MAC': 'unsupported `token_type` value',
  'token_type DPoP': 'token_type is not Bearer',
  'token_type is a number': member('token_type', 'be a string'),
  'no expires_in': FIVE_MINUTES,
  'no expires_in, and a JWT': 'a token until the end of the JWT',
  'expires_in is a string': 'a token for 3599 s',
  'expires_in is null': FIVE_MINUTES,
  'expires_in is an empty string': LIFETIME,
  'expires_in is a word': LIFETIME,
  'expires_in is a string with a unit': HOUR,
  'expires_in is true': LIFETIME,
  // Kept until CDF refuses it: the clocks may differ.
  'expires_in is 0': FIVE_MINUTES,
  'expires_in is negative': member('expires_in', 'be a non-negative number'),
  'expires_in is beyond all numbers': LIFETIME,
  'no access_token': member('access_token', 'be a string'),
  'access_token is empty': member('access_token', 'not be empty'),
  'access_token is a number': member('access_token', 'be a string'),
  'access_token is an array': member('access_token', 'be a string'),
  'access_token twice': HOUR,
  'refresh_token is null': HOUR,
  'refresh_token is empty': member('refresh_token', 'not be empty'),
  'refresh_token is a number': member('refresh_token', 'be a string'),
  'scope is an array': member('scope', 'be a string'),
  'scope is null': HOUR,
  'an id token of an unknown issuer, without discovery': HOUR,
  'an id token that is rubbish, without discovery': HOUR,
  'an id token of the issuer': HOUR,
  'an id token of another issuer': 'unexpected JWT "iss"',
  'an id token for another client': 'unexpected JWT "aud"',
  'an id token that is rubbish': 'Invalid JWT',
  'JSON called text/html': HOUR,
  'JSON without a type': HOUR,
  'JSON after a byte order mark': HOUR,
  'an HTML page': JSON_TYPE,
  'an empty body': NOT_PARSED,
  'a form instead of JSON': JSON_TYPE,
  null: NOT_OBJECT,
  'an array': NOT_OBJECT,
  'a string': NOT_OBJECT,
  'JSON that is cut off': NOT_PARSED,
  'a token, then a megabyte': NOT_PARSED,
  'nested 10,000 deep': NOT_OBJECT,
  'status 201': unexpectedStatus(201),
  'status 204': unexpectedStatus(204),
  'status 302': unexpectedStatus(302),
  'status 404 and HTML': `(404) is not a token response (${JSON_TYPE})`,
  'an error with status 200': member('access_token', 'be a string'),
  'invalid_client with status 400': 'invalid_client: no; check the client id and the secret',
  'invalid_client with status 401 and a challenge':
    'invalid_client: no; check the client id and the secret',
  'an empty 401 with a challenge': 'invalid_client; check the client id and the secret',
  'an error whose description is an object': 'invalid_grant; sign in again',
  'an error that is an object': unexpectedStatus(400),
  'an error called text/plain': `(400) is not a token response (${JSON_TYPE})`,
  'an error with control characters, and the secret': 'invalid_scope: [31m ***; check the scopes',
};

describe('an answer of a token endpoint', () => {
  // Lifetimes count from the answer.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it.each(Object.keys(ODD_ANSWERS))(
    'with %s is a token, or says why not and shows no secret',
    async (name) => {
      const { outcome, error } = await outcomeOf(ODD_ANSWERS[name] as OddAnswer);
      const expected = OUTCOMES[name] as string;
      if (expected.startsWith('a token')) return expect(outcome).toBe(expected);
      expect(outcome).toContain(expected);
      expect(error).toMatchObject({ name: 'AuthError', delivery: 'none' });
      expect(error).not.toHaveProperty('cause');
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
    },
  );

  it.each([
    [
      'token_type in lower case, as Cognito and Google write it',
      { token_type: 'bearer', expires_in: 3600 },
      HOUR,
    ],
    [
      'a lifetime as a string, as the first version of Entra ID writes it',
      { expires_in: '3600' },
      HOUR,
    ],
    ['no lifetime, which the standard only recommends', {}, FIVE_MINUTES],
    [
      'null for what is absent, as serializers write it',
      { expires_in: null, refresh_token: null, scope: null, id_token: null },
      FIVE_MINUTES,
    ],
    [
      'an id token though the issuer was not told: Entra ID gives one with the scope openid',
      { expires_in: 3600, id_token: 'e30.e30.e30' },
      HOUR,
    ],
  ])('may have %s', async (_, members, outcome) => {
    const body = { access_token: SECRET, token_type: 'Bearer', ...members };
    expect((await outcomeOf({ body })).outcome).toBe(outcome);
  });

  it('is not read beyond a bound, for discovery as well', async () => {
    for (const where of [
      { tokenUrl: 'https://login.example.com/token' },
      { issuer: 'https://login.example.com/' },
    ]) {
      let pulled = 0;
      let ended = false;
      const endless = (): Response =>
        new Response(
          new ReadableStream({
            pull: (controller) =>
              controller.enqueue(new Uint8Array(10_000).fill(pulled++ === 0 ? 0x7b : 0x20)),
            cancel: () => {
              ended = true;
            },
          }),
          { headers: { 'content-type': 'application/json' } },
        );
      const credentials = new OAuthClientCredentials({
        ...where,
        clientId: 'me',
        clientSecret: SECRET,
      });
      const context = {
        signal: new AbortController().signal,
        forceRefresh: false,
        fetch: async () => endless(),
      };
      expect(await rejection(credentials.getToken(context))).toBeInstanceOf(AuthError);
      expect(pulled).toBeLessThan(20);
      expect(ended).toBe(true);
    }
  });

  it('is not waited for when the request cannot be made: a key that cannot sign is not a lost connection', async () => {
    const { privateKey } = (await crypto.subtle.generateKey(
      {
        name: 'RSA-OAEP',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: 'SHA-256',
      },
      false,
      ['encrypt', 'decrypt'],
    )) as CryptoKeyPair;
    const [tokenUrl, thumbprint] = ['https://login.example.com/token', '00'.repeat(20)];
    const credentials = new OAuthClientCertificate({
      tokenUrl,
      clientId: 'me',
      privateKey,
      thumbprint,
    });
    let sent = 0;
    const fetch = async (): Promise<Response> => Response.json({ sent: ++sent });
    const context = { signal: new AbortController().signal, forceRefresh: false, fetch };
    const reason = await rejection(credentials.getToken(context));
    expect(reason).toMatchObject({
      code: 'auth',
      status: 401,
      message: expect.stringContaining('signing in at'),
    });
    expect(sent).toBe(0);
  });
});
