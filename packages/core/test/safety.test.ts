import {
  ApiKey,
  type CredentialProvider,
  hooks,
  type Interceptor,
  OAuthClientCredentials,
  type RequestSpec,
  Token,
} from '@cdf/core';
import { describe, expect, it } from 'vitest';
import { everythingOf } from './helpers/everything.js';
import { type Answer, ASSEMBLIES, json, rejection, startServer } from './helpers/server.js';

const CANARY = 'canary-7f3a9c-secret';
const READ: RequestSpec = { method: 'GET', path: '/assets', idempotent: true };

describe.each(ASSEMBLIES)('a token (a transport, $assembly)', ({ connect }) => {
  it.each([301, 302, 303, 307, 308])(
    'does not follow a %d to another place, or to the same',
    async (status) => {
      await using thief = await startServer((_, response) => json(response, 200, {}));
      await using server = await startServer((_, response) =>
        response.writeHead(status, { location: `${thief.baseUrl}/x` }).end(),
      );
      const reason = await rejection(
        connect(server.baseUrl).request({ ...READ, method: 'POST', body: {} }),
      );
      expect(reason).toMatchObject({
        code: 'api',
        status,
        message: expect.stringContaining('redirects are not followed'),
      });
      const transfer = connect(server.baseUrl).transfer({
        method: 'GET',
        url: `${server.baseUrl}/f`,
        replayable: true,
      });
      expect(await rejection(transfer)).toMatchObject({ code: 'api', status });
      expect(thief.received).toHaveLength(0);
      expect(server.received).toHaveLength(2);
    },
  );

  it('does not go to a URL that is given as a path', async () => {
    await using thief = await startServer((_, response) => json(response, 200, {}));
    await using server = await startServer((_, response) => json(response, 200, {}));
    const transport = connect(server.baseUrl);
    for (const path of [
      `${thief.baseUrl}/x`,
      thief.baseUrl.replace('http:', ''),
      `/\\${new URL(thief.baseUrl).host}/x`,
      ...[
        '/assets/../../x',
        '/assets/%2e%2E/x',
        '/assets/..%2fx',
        '/assets%2f..%2Fx',
        '/%252e%252e%252fx',
        '/..;/x',
      ],
    ])
      expect(await rejection(transport.request({ ...READ, path }))).toMatchObject({
        code: 'config',
      });
    expect(
      await transport.request({ ...READ, path: '/assets?limit=1', query: { cursor: 'c' } }),
    ).toEqual({});
    expect([thief.received.length, server.received.length]).toEqual([0, 1]);
  });

  it('does not go to storage, nor does a cookie that CDF set', async () => {
    await using storage = await startServer((_, response) => response.writeHead(200).end());
    await using server = await startServer((_, response) =>
      json(response, 200, {}, { 'set-cookie': `session=${CANARY}` }),
    );
    const transport = connect(server.baseUrl, { credentials: new Token(CANARY) });
    await transport.request(READ);
    await transport.transfer({ method: 'GET', url: `${storage.baseUrl}/f`, replayable: true });
    await transport.request(READ);
    expect(JSON.stringify(storage.received[0]?.headers)).not.toContain(CANARY);
    expect(server.received[1]?.headers.cookie).toBeUndefined();
  });

  it('is not part of raw headers or the config: the credentials decide', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const headers = { Authorization: 'Bearer other', 'API-Key': 'other' };
    await connect(server.baseUrl, { headers }).request({ ...READ, headers });
    expect(server.received[0]?.headers).toMatchObject({ authorization: 'Bearer a-token' });
    expect(server.received[0]?.headers['api-key']).toBeUndefined();
  });
});

describe.each(ASSEMBLIES)('a secret (a transport, $assembly)', ({ connect }) => {
  const echo: Answer = ({ headers, body }, response) =>
    json(response, 400, {
      error: {
        code: 400,
        message: `you sent ${headers.authorization ?? headers['api-key']} and ${body}`,
      },
    });
  const failures: [string, Answer][] = [
    ['an answer that repeats it', echo],
    [
      'a refusal that repeats it',
      ({ headers }, response) =>
        json(
          response,
          401,
          { error: { message: `bad ${JSON.stringify(headers)}` } },
          { 'x-request-id': CANARY },
        ),
    ],
    [
      'an answer that is HTML with it',
      (_, response) => response.writeHead(200).end(`<p>${CANARY}`),
    ],
    ['a server error', (_, response) => response.writeHead(500).end(CANARY)],
    ['a lost connection', (_, response) => response.socket?.destroy()],
    ['silence', () => {}],
    [
      'a cut body',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write(CANARY);
        setImmediate(() => response.destroy());
      },
    ],
  ];
  const providers: [string, (baseUrl: string) => CredentialProvider][] = [
    ['Token', () => new Token(CANARY)],
    ['ApiKey', () => new ApiKey(CANARY)],
    [
      'a client secret that is accepted',
      (baseUrl) =>
        new OAuthClientCredentials({
          tokenUrl: `${baseUrl}/token`,
          clientId: 'i',
          clientSecret: CANARY,
        }),
    ],
  ];

  it.each(
    providers.flatMap(([name, make]) =>
      failures.map(([how, answer]) => [name, how, make, answer] as const),
    ),
  )('(%s) occurs in no error, log line or hook after %s', async (_, __, make, answer) => {
    await using server = await startServer((request, response, count) => {
      if (request.url === '/token')
        json(response, 200, { access_token: CANARY, token_type: 'bearer', expires_in: 60 });
      else answer(request, response, count);
    });
    const seen: unknown[] = [];
    const note = (...values: unknown[]): void => void seen.push(...values);
    // Body and query are the caller's own.
    const noting: Interceptor = (next) => async (request) => {
      note({ ...request, body: undefined, url: undefined });
      return next(request).catch((failure: unknown) => {
        note(failure);
        throw failure;
      });
    };
    const transport = connect(server.baseUrl, {
      credentials: make(server.baseUrl),
      timeoutMs: 100,
      retry: { limit: 1, backoffLimitMs: 0 },
      interceptors: [hooks({ onRequest: note, onResponse: note, onRetry: note }), noting],
      logger: { debug: note },
    });
    const body = { password: 'body-canary-5521' };
    const reason = await rejection(
      transport.request({
        method: 'POST',
        path: '/x',
        query: { key: CANARY },
        body,
        idempotent: true,
      }),
    );
    const text = everythingOf([reason, seen, transport]);
    expect(text).toContain('POST /x');
    expect(text).not.toContain(CANARY);
    if (answer !== echo) expect(text).not.toContain('body-canary-5521');
  });

  it.each([
    ['invalid_client', 401],
    ['invalid_request', 400],
  ])('that an identity provider repeats with %s occurs in no error', async (code, status) => {
    await using server = await startServer(({ body }, response) =>
      json(
        response,
        status,
        { error: code, error_description: `got ${CANARY}`, echo: body.toString() },
        { 'www-authenticate': `Basic realm="${CANARY}"` },
      ),
    );
    const credentials = new OAuthClientCredentials({
      tokenUrl: `${server.baseUrl}/token`,
      clientId: 'i',
      clientSecret: CANARY,
    });
    const reason = await rejection(connect(server.baseUrl, { credentials }).request(READ));
    expect(reason).toMatchObject({ code: 'auth' });
    expect(everythingOf([reason, credentials])).not.toContain(CANARY);
  });

  it('in the URL of a storage link occurs in no error', async () => {
    await using server = await startServer((_, response) =>
      response.writeHead(403).end(`<?xml version="1.0"?><E>${CANARY}</E>`),
    );
    const transport = connect(server.baseUrl);
    const transfer = transport.transfer({
      method: 'GET',
      url: `${server.baseUrl}/f?signature=${CANARY}`,
      replayable: true,
    });
    const reason = await rejection(transfer);
    expect(reason).toMatchObject({
      status: 403,
      message: expect.stringContaining('the link may have expired'),
    });
    expect(everythingOf(reason)).not.toContain(CANARY);
  });
});
