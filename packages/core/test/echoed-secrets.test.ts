import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import {
  type CredentialProvider,
  hooks,
  OAuthClientCertificate,
  OAuthClientCredentials,
} from '@cdf/core';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, json, type Received, rejection, startServer } from './helpers/server.js';

/** The alphabet of the secrets of Entra ID, and characters that encodings treat in their own ways. */
const SECRETS = [
  'abC8Q~x_Yz.1-2~3kLmN_op.Qr-stUvWxYz01',
  '~_.-~_.-~_.-~_.-~_.-~_.-~_.-~_.-~_.-',
  'a+b/c=d e*f&g:h%20i',
  'pässwörd/ÿÿÿ???>>>~~~',
];

/** Ways in which a provider may repeat a text. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  'as it came': (text) => text,
  'percent-encoded': encodeURIComponent,
  'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'in JSON': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
};

/** Every reading of a text, decoded as often as a curious reader would. */
function readings(text: string): string {
  const seen = new Set([text]);
  for (let round = 0; round < 3; round++)
    for (const each of [...seen]) {
      seen.add(each.replaceAll('\\/', '/'));
      seen.add(
        each.replace(/%[0-9a-f]{2}/gi, (code) => {
          const point = Number.parseInt(code.slice(1), 16);
          return point < 128 ? String.fromCharCode(point) : code;
        }),
      );
      for (const [word] of each.matchAll(/[\w+/-]{8,}=*/g))
        seen.add(Buffer.from(word, 'base64').toString());
    }
  return [...seen].join('\n');
}

describe('an identity provider that repeats what it got', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  afterEach(() => server[Symbol.asyncDispose]());

  const refusal = async (
    make: (tokenUrl: string) => CredentialProvider,
    repeated: (request: Received) => string,
  ): Promise<string> => {
    server = await startServer((request, response) =>
      json(
        response,
        401,
        { error: 'invalid_client', error_description: `no client for ${repeated(request)}.` },
        { 'x-said': encodeURIComponent(repeated(request)) },
      ),
    );
    let seen = '';
    const interceptors = [
      hooks({
        onResponse: (event) => {
          seen += inspect(event, { depth: 9 });
        },
      }),
    ];
    const transport = connect(server.baseUrl, {
      credentials: make(`${server.baseUrl}/token`),
      interceptors,
    });
    const error = await rejection(
      transport.request({ method: 'GET', path: '/assets', idempotent: true }),
    );
    return readings(`${inspect(error, { depth: 9, showHidden: true })}\n${seen}`);
  };

  const PARTS: Readonly<Record<string, (request: Received) => string>> = {
    'its Authorization header': ({ headers }) => `${headers.authorization}`,
    'what is in that header': ({ headers }) =>
      Buffer.from(`${headers.authorization}`.slice(6), 'base64').toString(),
    'its form': ({ body }) => body.toString(),
  };
  for (const [part, of] of Object.entries(PARTS))
    for (const [way, repeat] of Object.entries(WAYS))
      it(`shows no client secret by repeating ${part} ${way}`, async () => {
        for (const clientSecret of SECRETS)
          for (const clientAuthentication of [
            'client_secret_basic',
            'client_secret_post',
          ] as const) {
            const read = await refusal(
              (tokenUrl) =>
                new OAuthClientCredentials({
                  tokenUrl,
                  clientId: 'my-service',
                  clientSecret,
                  clientAuthentication,
                }),
              (request) => repeat(of(request)),
            );
            expect(read).not.toContain(clientSecret.slice(0, 12));
            expect(read).not.toContain(clientSecret.slice(-12));
            await server[Symbol.asyncDispose]();
          }
      });

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  for (const [way, repeat] of Object.entries(WAYS))
    it(`shows no signed assertion by repeating it ${way}`, async () => {
      let assertion = '';
      const read = await refusal(
        (tokenUrl) =>
          new OAuthClientCertificate({
            tokenUrl,
            clientId: 'my-service',
            privateKey: pem,
            thumbprint: 'ab'.repeat(20),
          }),
        ({ body }) => {
          assertion = new URLSearchParams(body.toString()).get('client_assertion') ?? '';
          return repeat(assertion);
        },
      );
      expect(assertion).toMatch(/^eyJ/);
      for (const piece of assertion.split('.')) expect(read).not.toContain(piece.slice(0, 24));
      expect(read).not.toContain(assertion.slice(-24));
    });
});
