import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import {
  ApiKey,
  type CredentialProvider,
  createTransport,
  hooks,
  memoryTokenStore,
  OAuthClientCertificate,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
  type SignInWindow,
  Token,
  tracing,
} from '@cdf/core';
import { fileTokenStore, loopbackWindow, nodeFetch } from '@cdf/core/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../src/transport/failure/redact.js';
import { secretFilter } from '../src/transport/failure/secrets.js';
import { connect, json, rejection, startServer } from './helpers/server.js';

const LONG = process.env.CDF_TEST_LONG === '1';
const READ = { method: 'GET', path: '/assets', idempotent: true } as const;
const CONTEXT = { signal: new AbortController().signal, forceRefresh: false };
const SECRET = 'c4n4ry/+& "7f3a"<9c>%~';
const TOKEN = 'canary/7f3a9c+token=&secret~%41"';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** The text that a program prints for a value. */
const shownOf = (value: unknown): string =>
  [
    inspect(value, { depth: 12, showHidden: true, maxArrayLength: null, maxStringLength: null }),
    JSON.stringify(value),
    String(value),
  ].join('\n');
/** The ways in which servers, proxies and frameworks write a string. */
const SPELLINGS: readonly [string, (secret: string) => string][] = [
  ['as it is', (secret) => secret],
  ['percent-encoded', encodeURIComponent],
  [
    'percent-encoded in lower case',
    (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  ],
  ['percent-encoded twice', (secret) => encodeURIComponent(encodeURIComponent(secret))],
  [
    'percent-encoded to the last letter',
    (secret) =>
      [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  ],
  ['as a form', (secret) => new URLSearchParams({ s: secret }).toString()],
  ['in JSON', (secret) => JSON.stringify(secret)],
  ['in JSON in JSON', (secret) => JSON.stringify(JSON.stringify(secret))],
  [
    'in JSON, escaped',
    (secret) =>
      secret.replace(/[^a-z]/gu, (each) =>
        each
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
      ),
  ],
  ['in HTML', (secret) => secret.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`)],
  [
    'in HTML with names',
    (secret) =>
      secret
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/"/g, '&quot;')
        .replace(/>/g, '&gt;'),
  ],
  ['in base64', base64],
  ['in base64 for URLs', (secret) => Buffer.from(`x${secret}`).toString('base64url')],
  ['in a Basic header', (secret) => `Basic ${base64(`id:${secret}`)}`],
  [
    'in a Basic header as of a form',
    (secret) => base64(`a-longer-id:${new URLSearchParams({ '': secret }).toString().slice(1)}`),
  ],
  ['cut after its half', (secret) => secret.slice(0, 33)],
];
/** Where text tells a secret, in any of these spellings. */
const leaks = (text: string, secret: string): string[] => {
  const word = /\w{6,}/.exec(secret)?.[0] ?? secret;
  const bits = [0, 1, 2].map((ahead) =>
    base64('x'.repeat(ahead) + word).slice(Math.ceil((ahead * 8) / 6), 8),
  );
  const telling = new RegExp(
    `.{0,40}(${[word, ...bits].map((each) => each.replace(/[+/]/g, '\\$&')).join('|')}).{0,20}`,
    'g',
  );
  return [...text.matchAll(telling)].map(([found]) => found);
};

describe('a secret that is repeated', () => {
  const secrets = [
    TOKEN,
    'opaque-token-0123456789',
    `eyJ${'a1B-'.repeat(300)}`,
    'pässwörd-∑-geheim-77',
    'with spaces and : colons',
  ];
  it.each(SPELLINGS)('%s is removed from text', (name, spell) => {
    for (const secret of secrets) {
      const filter = secretFilter([secret]);
      if (name === 'cut after its half' && secret.length < 40) continue;
      const shown = filter(`before ${spell(secret)} after`);
      expect(shown).toMatch(/^before .*\*\*\*/);
      for (let start = 0; start + 12 < secret.length && start < 60; start += 6)
        expect(shown).not.toContain(secret.slice(start, start + 12));
      expect(shown.length).toBeLessThan(60);
    }
  });

  it('leaves other text alone, and takes no longer for hostile text', () => {
    const filter = secretFilter(['c4n4ry-secret', 'abc']);
    expect(filter('abc and c4n4ry are words')).toBe('abc and c4n4ry are words');
    // Each is a beginning of the pattern, a million times.
    for (const piece of ['\\', '%25', '&#0', '%', 'Y', 'c4n4ry-secre', 'YzRuNHJ5LXNlY3']) {
      const text = piece.repeat(50_000);
      expect(filter(text)).toHaveLength(text.length);
    }
  });

  it('at random is removed, however it is written', () => {
    const secret = fc
      .string({ unit: 'grapheme', minLength: 9, maxLength: 60 })
      .filter((text) => !/\p{Cs}/u.test(text) && !/\s/.test(text));
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...SPELLINGS.filter(([name]) => !/cut|names|form/.test(name))),
        fc.string(),
        (text, [, spell], around) => {
          fc.pre(!around.includes('***'));
          expect(secretFilter([text])(`${around} ${spell(text)} ${around}`)).toContain('***');
        },
      ),
      // The second character has two halves, of which a cut after so many units leaves one.
      {
        numRuns: LONG ? 2000 : 20,
        examples: SPELLINGS.filter(([name]) => /base64/.test(name)).map((spelling) => [
          `!${'\u{10000}'.repeat(30)}`,
          spelling,
          '',
        ]),
      },
    );
  });
});

describe('a token or client secret', () => {
  const credentials: [string, string, (baseUrl: string) => CredentialProvider][] = [
    ['Token', TOKEN, () => new Token(TOKEN)],
    ['ApiKey', TOKEN, () => new ApiKey(TOKEN)],
  ];
  const places: [string, (said: string) => [number, object, Record<string, string>]][] = [
    [
      'missing',
      (said) => [
        400,
        { error: { code: 400, message: 'no', missing: [{ externalId: said }, { id: said }] } },
        {},
      ],
    ],
    [
      'duplicated',
      (said) => [
        409,
        {
          error: {
            code: 409,
            message: 'no',
            duplicated: [{ externalId: said }, { instanceId: { space: said, externalId: said } }],
          },
        },
        {},
      ],
    ],
    [
      'extra',
      (said) => [
        400,
        {
          error: {
            message: 'no',
            extra: { [said]: 1, deep: [{ said }], missing: [{ externalId: said }] },
          },
        },
        {},
      ],
    ],
    [
      'missingFields',
      (said) => [400, { error: { message: 'no', missingFields: [said, { said }] } }, {}],
    ],
    [
      'the message',
      (said) => [403, { error: { code: 403, message: `you sent ${said}${said}` } }, {}],
    ],
    ['a string', (said) => [400, { error: said }, {}]],
    [
      'the id of the request',
      (said) => [
        500,
        { error: { message: 'no' } },
        { 'x-request-id': said.replace(/[^\x20-\x7e]/g, '?').trim() },
      ],
    ],
    [
      'the id of a request that went well',
      (said) => [
        200,
        { items: [] },
        {
          'x-request-id': said.replace(/[^\x20-\x7e]/g, '?').trim(),
          'x-echo': said.replace(/[^\x20-\x7e]/g, '?').trim(),
        },
      ],
    ],
  ];
  it.each(
    credentials.flatMap(([name, secret, make]) =>
      places.map(([place, answer]) => [name, place, secret, make, answer] as const),
    ),
  )('(%s) shows nowhere when a server repeats it in %s', async (_, __, secret, make, answer) => {
    let spell = SPELLINGS[0]?.[1] as (secret: string) => string;
    await using server = await startServer((_request, response) =>
      json(response, ...answer(spell(secret))),
    );
    const seen: unknown[] = [];
    const note = (...values: unknown[]): void => void seen.push(...values);
    const transport = connect(server.baseUrl, {
      credentials: make(server.baseUrl),
      retry: { limit: 1, backoffLimitMs: 0 },
      logger: { debug: note },
      interceptors: [
        tracing(),
        hooks({ onResponse: note, onRetry: note }),
        (next) => async (request) => {
          const answered = await next(request);
          note([...answered.headers]);
          return answered;
        },
      ],
    });
    for (const [name, spelling] of SPELLINGS) {
      // Interceptors get headers as they are, but for those that repeat the token itself.
      if (answer(secret)[0] === 200 && !/as it is|^percent-encoded$/.test(name)) continue;
      spell = spelling;
      seen.push(await transport.request(READ).catch((error: unknown) => error));
    }
    const text = shownOf([seen, transport]);
    expect(text).toContain('GET');
    expect(leaks(text, secret)).toEqual([]);
  });

  it.each(['client_secret_post', 'client_secret_basic'] as const)(
    '(%s) shows nowhere when an identity provider repeats it',
    async (clientAuthentication) => {
      const answers: ((said: string) => Parameters<typeof json>)[] = [];
      let at = 0;
      let spell = SPELLINGS[0]?.[1] as (secret: string) => string;
      await using server = await startServer((request, response) => {
        const said = `${spell(SECRET)} ${request.headers.authorization ?? ''} ${request.body}`;
        json(
          ...((answers[at] as (text: string) => Parameters<typeof json>)(said).with(
            0,
            response,
          ) as Parameters<typeof json>),
        );
      });
      const header = (said: string): string => said.replace(/[^\x20-\x7e]/g, '?').trim();
      answers.push(
        (said) => [undefined as never, 400, { error: said, error_description: said }],
        (said) => [
          undefined as never,
          401,
          { error: 'invalid_client', error_description: `${said} is wrong` },
        ],
        (said) => [
          undefined as never,
          401,
          {},
          { 'www-authenticate': `Basic realm="${header(said).replaceAll('"', '')}"` },
        ],
        (said) => [undefined as never, 200, { token_type: said, access_token: said }],
        (said) => [undefined as never, 503, { error: said }, { 'x-request-id': header(said) }],
      );
      const seen: unknown[] = [];
      const note = (...values: unknown[]): void => void seen.push(...values);
      for (at = 0; at < answers.length; at++)
        for (const [, spelling] of SPELLINGS) {
          spell = spelling;
          const credentials = new OAuthClientCredentials({
            tokenUrl: `${server.baseUrl}/token`,
            clientId: 'my-id',
            clientSecret: SECRET,
            clientAuthentication,
          });
          const transport = connect(server.baseUrl, {
            credentials,
            logger: { debug: note },
            interceptors: [tracing(), hooks({ onResponse: note })],
            retry: { limit: 1, backoffLimitMs: 0 },
          });
          seen.push(await rejection(transport.request(READ)), transport);
        }
      const text = shownOf(seen);
      expect(text).toContain('signing in at');
      expect(leaks(text, SECRET)).toEqual([]);
    },
  );

  it('shows nowhere when the answer is not HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => socket.end(`HTTP/1.1 \u001b[31m nonsense\r\n${data}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const credentials of [
      new Token(TOKEN),
      new OAuthClientCredentials({
        tokenUrl: `${baseUrl}/token`,
        clientId: 'id',
        clientSecret: SECRET,
      }),
    ]) {
      const error = (await rejection(
        connect(baseUrl, { credentials, retry: { limit: 0 } }).request(READ),
      )) as Error;
      expect(error).toMatchObject({ code: 'network' });
      expect(leaks(shownOf(error), TOKEN)).toEqual([]);
      expect(leaks(shownOf(error), SECRET)).toEqual([]);
      expect(inspect(error, { depth: 9 })).not.toContain('\u001b');
    }
    server.close();
  });

  it('shows in no inspection of what holds it, before and after it was used', async () => {
    await using server = await startServer(({ url }, response) =>
      json(
        response,
        200,
        url === '/device'
          ? { device_code: TOKEN, user_code: 'u', verification_uri: 'https://i/v', expires_in: 60 }
          : url === '/token'
            ? { access_token: TOKEN, refresh_token: TOKEN, token_type: 'bearer', expires_in: 60 }
            : {},
      ),
    );
    const { baseUrl } = server;
    const address = { tokenUrl: `${baseUrl}/token`, clientId: 'c', scopes: ['s'] };
    const { privateKey } = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
      },
      true,
      ['sign', 'verify'],
    );
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString(
      'base64',
    );
    const store = memoryTokenStore();
    await store.update('k', async () => ({ accessToken: TOKEN, refreshToken: TOKEN }));
    const window: SignInWindow = loopbackWindow({
      show: () => Promise.reject(new Error('no browser')),
    });
    const providers: CredentialProvider[] = [
      new Token(TOKEN),
      new Token(() => TOKEN),
      new ApiKey(TOKEN),
      new OAuthClientCredentials({ ...address, clientSecret: SECRET }),
      new OAuthClientCertificate({
        ...address,
        privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
      }),
      new OAuthInteractive({ ...address, authorizationUrl: `${baseUrl}/authorize`, window, store }),
      new OAuthDeviceCode({
        ...address,
        deviceAuthorizationUrl: `${baseUrl}/device`,
        prompt: () => Promise.reject(new Error('no terminal')),
        store,
      }),
    ];
    const holders: unknown[] = [
      ...providers,
      store,
      fileTokenStore('/nowhere'),
      window,
      nodeFetch({ proxy: `http://user:${encodeURIComponent(SECRET)}@localhost:1` }),
    ];
    for (const credentials of providers) {
      const transport = createTransport({
        clientName: 'c',
        project: 'p',
        credentials,
        baseUrl,
        retry: { limit: 0 },
      });
      holders.push(transport, await transport.request(READ).catch((error: unknown) => error));
    }
    const text = `${shownOf(holders)}${holders.map(String).join()}`;
    expect(text).toContain('OAuthClientCredentials');
    for (const secret of [TOKEN, SECRET]) expect(leaks(text, secret)).toEqual([]);
    expect(text).not.toContain(pkcs8.slice(40, 60));
  });
});

/** Characters that act on a terminal, or reorder or hide text. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const fragments = fc.constantFrom(
  '\u001b[31m',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u001b]0;title\u0007',
  '\u001bc',
  '\u009b2J',
  '\u0090q\u009c',
  '\r',
  '\n',
  '\b\b\b',
  '\u007f',
  '\0',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\u00ad',
  '\u061c',
  '\u2028',
  '\ud800',
  '\udc00',
  '\u{e0041}',
  'pump',
  ' ',
  '"',
  "'",
  '\\',
  '\\u001b[0m',
  '%1b',
  '&#27;',
  '🙂',
);
const hostile = fc.oneof(
  fc.array(fragments, { maxLength: 12 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

it('text from outside is never cut between the halves of a character', () => {
  for (let length = 495; length < 505; length++)
    expect(safeText(`${'x'.repeat(length)}${'🙂'.repeat(20)}`)).not.toMatch(/\p{Cs}/u);
});

it('text from outside at random is inert in every message', async () => {
  let said = '';
  const answer = (status: number, body: unknown, headers: HeadersInit = {}): Response =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(headers)) },
    });
  const header = (): string => said.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
  const api = (make: () => Response | Promise<Response>): (() => Promise<unknown>) => {
    const transport = connect('https://cdf.example.com', {
      fetch: async () => make(),
      retry: { limit: 0 },
    });
    return () => transport.request(READ);
  };
  const signIn = (make: () => Response | Promise<Response>): (() => Promise<unknown>) => {
    return () =>
      new OAuthClientCredentials({
        tokenUrl: 'https://i.example.com/t',
        clientId: 'i',
        clientSecret: 's',
      }).getToken({
        ...CONTEXT,
        fetch: async () => make(),
      });
  };
  const provided = connect('https://cdf.example.com', {
    credentials: { getToken: async () => Promise.reject(new Error(said)) },
  });
  const window = (callback: (state: string) => string): SignInWindow => ({
    open: async () => ({
      redirectUri: 'http://localhost',
      visit: async (_, { state }) => new URL(callback(state)),
      close() {},
    }),
  });
  const device = (answered: () => object) => (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const prompt = (shown: { message: string }): Promise<void> =>
        Promise.reject(new Error(shown.message));
      new OAuthDeviceCode({
        tokenUrl: 'https://i.example.com/t',
        deviceAuthorizationUrl: 'https://i.example.com/d',
        clientId: 'c',
        scopes: [],
        prompt,
      })
        .getToken({ ...CONTEXT, fetch: async () => answer(200, answered()) })
        .then(resolve, reject);
    });
  const code = {
    device_code: 'd',
    user_code: 'u',
    verification_uri: 'https://i.example.com/v',
    expires_in: 60,
  };
  const sources = [
    api(() => answer(400, { error: { code: 400, message: said } })),
    api(() => answer(400, { error: said })),
    api(() =>
      answer(404, {
        error: {
          message: 'no',
          missing: [
            { externalId: said },
            { id: said },
            { instanceId: said },
            { instanceId: {} },
            said,
          ],
        },
      }),
    ),
    api(() =>
      answer(409, {
        error: {
          message: 'no',
          duplicated: [{ externalId: { said } }, { [said]: said }],
          missingFields: [said, null, { said }],
        },
      }),
    ),
    api(() => answer(500, said, { 'x-request-id': header() })),
    // An empty answer is not an error, nor is one of a byte order mark alone.
    api(() => answer(200, said.replace(/^\ufeff/, '') || 'x', { 'content-type': header() || 'x' })),
    api(() =>
      Promise.reject(
        Object.assign(new TypeError(said), {
          code: said,
          cause: Object.assign(new Error(said), { code: said }),
        }),
      ),
    ),
    signIn(() => answer(400, { error: said || 'x', error_description: said })),
    signIn(() => answer(401, {}, { 'www-authenticate': header() || 'x' })),
    signIn(() => answer(200, { access_token: 'a', token_type: said })),
    signIn(() => Promise.reject(Object.assign(new Error(said), { code: said }))),
    () => provided.request(READ),
    () =>
      new OAuthInteractive({
        tokenUrl: 'https://i.example.com/t',
        authorizationUrl: 'https://i.example.com/a',
        clientId: 'c',
        scopes: [],
        window: window(
          (state) =>
            `http://localhost/?${new URLSearchParams({ state, error: said || 'x', error_description: said })}`,
        ),
      }).getToken(CONTEXT),
    device(() => ({ ...code, user_code: said || 'x' })),
    device(() => ({ ...code, verification_uri: `https://i.example.com/${said}` })),
    device(() => ({ ...code, verification_uri: said || 'x', verification_uri_complete: said })),
  ];
  await fc.assert(
    fc.asyncProperty(hostile, fc.nat(sources.length - 1), async (text, index) => {
      said = text;
      const error = (await rejection((sources[index] as () => Promise<unknown>)())) as Error & {
        reason?: string;
      };
      // The part before the stack is the message; our own lines follow.
      for (
        let each: unknown = error, depth = 0;
        each instanceof Error && depth < 5;
        each = each.cause, depth++
      ) {
        if (each.message === said) break;
        expect(each.message).not.toMatch(ACTIVE);
      }
      expect([String(error), error.reason ?? ''].join('')).not.toMatch(ACTIVE);
    }),
    { numRuns: LONG ? 10_000 : 150 },
  );
});

it('a secret that is nothing but halves of characters matches no text', async () => {
  const { secretFilter } = await import('../src/transport/failure/secrets.js');
  expect(secretFilter(['\ud800\ud800\ud800\ud800'])('hello')).toBe('hello');
});
