import { gzipSync } from 'node:zlib';
import {
  type ApiError,
  AuthError,
  CdfError,
  ConfigError,
  compression,
  DecodeError,
  DuplicatedError,
  hooks,
  type Interceptor,
  NetworkError,
  NotFoundError,
  OAuthClientCredentials,
  RateLimitError,
  type RequestSpec,
  type RetryEvent,
  ServerError,
  TimeoutError,
  tracing,
} from '@cdf/core';
import { ResourceApi } from '@cdf/core/resource';
import { describe, expect, it, vi } from 'vitest';
import { ASSEMBLIES, error, eventually, json, rejection, startServer } from './helpers/server.js';

const READ: RequestSpec = {
  method: 'POST',
  path: '/assets/list',
  body: { limit: 1 },
  idempotent: true,
};
const CREATE: RequestSpec = {
  method: 'POST',
  path: '/assets',
  body: { items: [{ name: 'a' }] },
  idempotent: false,
  lane: 'write',
};

describe.each(ASSEMBLIES)('a request (a transport, $assembly)', ({ connect }) => {
  it('carries the project, the query, the token and who sends it', async () => {
    await using server = await startServer((_, response) => json(response, 200, { items: [] }));
    const transport = connect(server.baseUrl, {
      project: 'a-b_c.1',
      clientName: 'Rør ✓',
      headers: { 'X-Plant': 'one' },
    });
    await transport.request({
      method: 'GET',
      path: '/assets',
      query: { limit: 5, cursor: undefined, q: 'å&' },
      idempotent: true,
    });
    const [request] = server.received;
    expect(request?.url).toBe('/api/v1/projects/a-b_c.1/assets?limit=5&q=%C3%A5%26');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer a-token',
      accept: 'application/json',
      'x-cdp-app': 'R%C3%B8r %E2%9C%93',
      'cdf-version': '20230101',
      'x-plant': 'one',
    });
    expect(request?.headers['x-cdp-sdk']).toMatch(/^CdfTypeScriptSDK:\d/);
  });

  it('goes to the root of the host for /api/ and /login/, and below a path prefix of the base URL', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const transport = connect(`${server.baseUrl}/gateway/`);
    await transport.request({ method: 'GET', path: '/api/v1/token/inspect', idempotent: true });
    await transport.request({ method: 'GET', path: '/login/status', idempotent: true });
    await transport.request({ method: 'GET', path: '/events', idempotent: true });
    expect(server.received.map(({ url }) => url)).toEqual([
      '/gateway/api/v1/token/inspect',
      '/gateway/login/status',
      '/gateway/api/v1/projects/test/events',
    ]);
  });

  it('reads gzip, protobuf, bytes, a stream, and 204 as nothing', async () => {
    const bytes = Buffer.from([0, 1, 2, 255]);
    await using server = await startServer(({ url }, response) => {
      if (url.endsWith('/gzip')) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync('{"zipped":true}'));
      } else if (url.endsWith('/empty')) response.writeHead(204).end();
      else response.writeHead(200, { 'content-type': 'application/protobuf' }).end(bytes);
    });
    const transport = connect(server.baseUrl);
    const get = (path: string, accept?: RequestSpec['accept']): Promise<unknown> =>
      transport.request({ method: 'GET', path, accept, idempotent: true });
    expect(await get('/gzip')).toEqual({ zipped: true });
    expect(await get('/empty')).toBeUndefined();
    expect(await get('/x', 'protobuf')).toEqual(new Uint8Array(bytes));
    expect(await get('/x', 'bytes')).toEqual(new Uint8Array(bytes));
    const stream = (await get('/x', 'stream')) as ReadableStream<Uint8Array>;
    expect(Buffer.from(await new Response(stream).arrayBuffer())).toEqual(bytes);
  });

  it('sends bytes as they are, and gzips as the strategy says', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const body = { text: 'x'.repeat(20_000) };
    const post = async (interceptors: Interceptor[]): Promise<void> =>
      connect(server.baseUrl, { interceptors }).request({
        method: 'POST',
        path: '/x',
        body,
        idempotent: true,
      });
    await post([compression()]);
    await post([compression('always')]);
    await post([]);
    await connect(server.baseUrl).request({
      method: 'POST',
      path: '/x',
      body: new Uint8Array([1, 2]),
      contentType: 'application/protobuf',
      idempotent: true,
    });
    // auto does not compress to this very machine
    expect(server.received.map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'gzip',
      undefined,
      undefined,
    ]);
    expect(server.received[1]?.body.length).toBeLessThan(1000);
    expect(server.received[3]?.body).toEqual(Buffer.from([1, 2]));
    expect(server.received[3]?.headers['content-type']).toBe('application/protobuf');
  });

  it.each([true, false])('leaves out headers without a value (nodeHttp: %s)', async (nodeHttp) => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const unset = { 'X-Unset': undefined as never };
    const transport = connect(server.baseUrl, {
      nodeHttp,
      headers: { 'x-kept': 'one', ...unset },
      interceptors: [
        (next) => (given) => next({ ...given, headers: { ...given.headers, ...unset } }),
      ],
    });
    await transport.request({ ...READ, headers: { 'x-kept': undefined as never } });
    const headers = server.received[0]?.headers;
    expect(headers).toMatchObject({ 'x-kept': 'one' });
    expect(headers).not.toHaveProperty('x-unset');
  });

  it('refuses invalid headers, without repeating what may be secret', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    for (const headers of [
      { 'x-key': 'secret\r\nx: y' },
      { 'x y': 'secret' },
      { 'x-key': 'secret ✓' },
    ])
      expect(await rejection(connect(server.baseUrl, { headers }).request(READ))).toMatchObject({
        code: 'config',
        message: expect.not.stringContaining('secret'),
      });
    expect(server.received).toHaveLength(0);
  });

  it('refuses what JSON cannot carry, before sending', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const transport = connect(server.baseUrl);
    for (const body of [{ value: Number.NaN }, { deep: [{ value: -Infinity }] }, { big: 1n }]) {
      const reason = await rejection(transport.request({ ...READ, body }));
      expect(ConfigError.isInstance(reason)).toBe(true);
    }
    expect(await transport.request({ ...READ, body: { nothing: null } })).toEqual({});
    expect(server.received).toHaveLength(1);
  });
});

describe.each(ASSEMBLIES)('options of a call (a transport, $assembly)', ({ connect }) => {
  it('are refused before anything is sent when they are unknown, or too long for a timer', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const transport = connect(server.baseUrl);
    const refusal = async (options: object): Promise<unknown> =>
      rejection(transport.request(READ, options));
    for (const name of ['timeout', 'singal', 'limit', 'start'])
      expect(await refusal({ [name]: 5 })).toEqual(
        new ConfigError(
          `unknown call option ${name}; known options: signal, timeoutMs, onProgress`,
        ),
      );
    expect(await refusal({ timeoutMs: 0 })).toEqual(
      new ConfigError('timeoutMs must be a whole number, at least 1, got 0'),
    );
    expect(await refusal({ timeoutMs: '10' })).toEqual(
      new ConfigError('timeoutMs must be a whole number, at least 1, got the string "10"'),
    );
    expect(await refusal({ onProgress: 'yes' })).toEqual(
      new ConfigError('onProgress must be a function, got string'),
    );
    expect(server.received).toHaveLength(0);
    const { signal } = new AbortController();
    expect(
      await transport.request(READ, { signal, timeoutMs: 5000, onProgress: () => {} }),
    ).toEqual({});
    expect(await transport.request(READ, { signal: undefined, timeoutMs: undefined })).toEqual({});
  });
});

describe.each(ASSEMBLIES)('an answer that is an error (a transport, $assembly)', ({ connect }) => {
  const failWith = async (
    status: number,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<ApiError> => {
    await using server = await startServer((_, response) => {
      response.writeHead(status, headers);
      response.end(body);
    });
    return (await rejection(
      connect(server.baseUrl, { retry: { limit: 0 } }).request(READ),
    )) as ApiError;
  };

  it('becomes the class of what went wrong, with ids and the request id', async () => {
    const missing = Array.from({ length: 8 }, (_, id) => ({ id: id + 1 }));
    const unknown = await failWith(
      400,
      JSON.stringify({ error: { code: 400, message: 'Asset id not found', missing } }),
      {
        'x-request-id': 'r-1',
      },
    );
    expect(NotFoundError.isInstance(unknown)).toBe(true);
    expect(unknown.missing).toEqual(missing);
    expect(unknown).toMatchObject({
      status: 400,
      requestId: 'r-1',
      method: 'POST',
      path: '/assets/list',
      delivery: 'refused',
    });
    expect(unknown.message).toBe(
      'POST /assets/list: 400 Asset id not found; not found: id 1, id 2, id 3, id 4, id 5 and 3 more; it must exist first, in this project [request r-1]',
    );
    const twice = await failWith(
      409,
      JSON.stringify({ error: { code: 409, message: 'dup', duplicated: [{ externalId: 'a' }] } }),
    );
    expect(DuplicatedError.isInstance(twice)).toBe(true);
    expect(twice.duplicated).toEqual([{ externalId: 'a' }]);
    expect(AuthError.isInstance(await failWith(403, '{}'))).toBe(true);
    expect(RateLimitError.isInstance(await failWith(429, '{}', { 'retry-after': '7' }))).toBe(true);
    expect((await failWith(429, '{}', { 'retry-after': '7' })).retryAfterMs).toBe(7000);
    const broken = await failWith(500, '{}');
    expect(ServerError.isInstance(broken)).toBe(true);
    expect(broken.delivery).toBe('unknown');
    expect(NotFoundError.isInstance(await failWith(404, ''))).toBe(true);
  });

  it.each([
    ['{"error":"plain words"}', /400 plain words/],
    [
      '{"code":400,"message":"not wrapped","missingFields":["name"]}',
      /400 not wrapped; missing fields name/,
    ],
    ['{"error":{"message":"more","extra":{"missing":[{"id":4}]}}}', /not found: id 4/],
    ['<html><body>Bad gateway</body></html>', /HTML page, probably of a proxy/],
    ['', /without an explanation/],
    ['null', /not JSON/],
    ['{"error":', /not JSON/],
  ])('is understood as %s', async (body, message) => {
    expect((await failWith(400, body)).message).toMatch(message);
  });

  it('advises to ignore unknown ids only where the request can', async () => {
    const unknown = JSON.stringify({
      error: { code: 400, message: 'unknown', missing: [{ id: 1 }] },
    });
    await using server = await startServer((_, response) => {
      response.writeHead(400);
      response.end(unknown);
    });
    const transport = connect(server.baseUrl, { retry: { limit: 0 } });
    const advice = async (body: unknown): Promise<unknown> =>
      ((await rejection(transport.request({ ...READ, body }))) as ApiError).message.split(
        'not found: id 1; ',
      )[1];
    expect(await advice({ ignoreUnknownIds: false })).toBe(
      'pass ignoreUnknownIds to leave them out',
    );
    for (const body of [{}, { ignoreUnknownIds: undefined }, undefined])
      expect(await advice(body)).toBe('it must exist first, in this project');
  });

  it.each([
    ["One or more views do not exist: 'acme:Pump/v1'", 'push(client, [view]) makes it'],
    [
      "One or more spaces do not exist: 'acme'",
      'client.dataModeling.spaces.upsert([{ space }]) makes it, and push that of its views',
    ],
  ])('advises how to make what the project does not have: %s', async (message, advice) => {
    await using server = await startServer((_, response) => {
      response.writeHead(400);
      response.end(JSON.stringify({ error: { code: 400, message } }));
    });
    const transport = connect(server.baseUrl, { retry: { limit: 0 } });
    const error = (await rejection(transport.request({ ...READ }))) as ApiError;
    expect(error.message).toContain(`${message}; ${advice}`);
  });

  it.each([
    ['POST', '/models/instances', 'dataModelInstancesAcl:WRITE'],
    ['POST', '/models/instances/delete', 'dataModelInstancesAcl:WRITE'],
    ['POST', '/models/instances/byids', 'dataModelInstancesAcl:READ'],
    ['POST', '/models/instances/query', 'dataModelInstancesAcl:READ'],
    ['POST', '/models/views', 'dataModelsAcl:WRITE'],
    ['GET', '/models/views', 'dataModelsAcl:READ'],
    ['POST', '/models/containers/indexes/delete', 'dataModelsAcl:WRITE'],
    ['POST', '/models/spaces/byids', 'dataModelsAcl:READ'],
    ['POST', '/models/other', ''],
    ['POST', '/assets', ''],
  ] as const)('names the capability that %s %s needs', async (method, path, capability) => {
    await using server = await startServer((_, response) => error(response, 403, 'no'));
    const transport = connect(server.baseUrl, { retry: { limit: 0 } });
    const body = method === 'GET' ? undefined : {};
    const call = transport.request({ method, path, body, idempotent: false });
    const { message } = (await rejection(call)) as ApiError;
    const which = capability === '' ? '' : ` (${capability}, for the space)`;
    expect(message).toContain(
      `403 no; the credentials lack the required capability${which}, or have no access to this project`,
    );
  });

  it('says once that a token has expired', async () => {
    await using server = await startServer((_, response) =>
      error(response, 401, 'the token has expired'),
    );
    const { message } = (await rejection(connect(server.baseUrl, {}).request(READ))) as ApiError;
    expect(message).toContain('401 the token has expired; sign in again, or give a new one');
    expect(message.match(/expired/g)).toHaveLength(1);
  });

  it('advises about units, which no project has of its own, and names the series of a conversion', async () => {
    let answer: object = {};
    await using server = await startServer((_, response) => {
      response.writeHead(400);
      response.end(JSON.stringify({ error: { code: 400, ...answer } }));
    });
    const transport = connect(server.baseUrl, { retry: { limit: 0 } });
    const advice = async (error: object, body: unknown): Promise<string> => {
      answer = error;
      return ((await rejection(transport.request({ ...READ, body }))) as ApiError).message;
    };
    const unknown = { message: 'Unit not found: bar', missing: [{ externalId: 'bar' }] };
    const catalogue =
      'not found: externalId "bar"; units are those of the catalogue of CDF, which all projects share, such as "pressure:bar"; GET /units lists them';
    for (const item of [
      { externalId: 'p', unitExternalId: 'bar' },
      { id: 1, update: { unitExternalId: { set: 'bar' } } },
      { id: 1, targetUnit: 'bar' },
    ])
      expect(await advice(unknown, { items: [item], ignoreUnknownIds: false })).toContain(
        catalogue,
      );
    expect(await advice(unknown, { items: [{ externalId: 'bar' }] })).toContain(
      'it must exist first, in this project',
    );
    const items = Array.from({ length: 5 }, (_, index) => ({
      externalId: `p-${index}`,
      targetUnit: 'u',
    }));
    const plain = { externalId: 'plain' };
    const impossible = { message: 'Cannot convert from a to b' };
    const asked = (names: string): string =>
      `Cannot convert from a to b; the query converts ${names}: a series is converted from its unitExternalId, to units of the same quantity`;
    expect(await advice(impossible, { items: [plain, items[0]] })).toContain(
      asked('externalId "p-0"'),
    );
    expect(await advice(impossible, { items })).toContain(
      asked('externalId "p-0", externalId "p-1", externalId "p-2" and 2 more'),
    );
    for (const body of [{ items: [plain, null, 4] }, { items: 4 }, {}, undefined])
      expect(await advice(impossible, body)).not.toContain('converts');
    expect(await advice({ message: 'bad start' }, { items })).not.toContain('converts');
    let written = 0;
    const toJSON = (): object => {
      written++;
      return plain;
    };
    const missing = Array.from({ length: 1000 }, (_, index) => ({ externalId: `${index}` }));
    await advice({ message: 'unknown', missing }, { items: [{ ...plain, toJSON }] });
    // To send it: a body of megabytes is not written again for each name.
    expect(written).toBe(1);
  });

  it('shows no control characters and has a bounded message, however long the answer', async () => {
    const long = await failWith(
      400,
      JSON.stringify({ error: { message: `a\u001b[31m\n${'b'.repeat(100_000)}` } }),
    );
    expect(long.message.length).toBeLessThan(700);
    expect(long.message).not.toMatch(/\p{Cc}/u);
  });

  it('is read only as far as it is of use', async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' });
      // Without end: only a reader that stops by itself gets anywhere.
      const fill = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', fill);
      };
      fill();
    });
    const reason = (await rejection(connect(server.baseUrl).request(READ))) as ApiError;
    expect(reason.status).toBe(400);
  });
});

describe.each(ASSEMBLIES)(
  'an answer that is not what was asked for (a transport, $assembly)',
  ({ connect }) => {
    it.each([
      ['<!doctype html><title>Log in</title>', 'HTML'],
      ['{"items":[', 'not valid JSON'],
    ])('is an error: %s', async (body, what) => {
      await using server = await startServer((_, response) => response.writeHead(200).end(body));
      const reason = await rejection(connect(server.baseUrl).request(READ));
      expect(DecodeError.isInstance(reason)).toBe(true);
      expect((reason as Error).message).toContain(what);
      expect((reason as CdfError).delivery).toBe('unknown');
      expect(server.received).toHaveLength(1);
    });

    it('is nothing where the body is empty, whatever the status of success', async () => {
      for (const status of [200, 201, 202, 204]) {
        await using server = await startServer((_, response) => response.writeHead(status).end());
        expect(await connect(server.baseUrl).request(READ)).toBeUndefined();
      }
    });

    it('is an error where HTML came for protobuf, or invalid JSON under the type of JSON', async () => {
      await using server = await startServer(({ url }, response) =>
        url.endsWith('/html')
          ? response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
          : response.writeHead(200, { 'content-type': 'application/json' }).end('\x0a\x02'),
      );
      for (const path of ['/html', '/json']) {
        const reason = await rejection(
          connect(server.baseUrl).request({ ...READ, path, accept: 'protobuf' }),
        );
        expect(DecodeError.isInstance(reason)).toBe(true);
      }
    });

    it('is handed on parsed where JSON came for protobuf: it says the same', async () => {
      await using server = await startServer(({ url }, response) => {
        const type = url.endsWith('/problem')
          ? 'application/problem+json'
          : 'application/json; charset=utf-8';
        response.writeHead(200, { 'content-type': type }).end('{"items":[1]}');
      });
      for (const path of ['/x', '/problem'])
        expect(
          await connect(server.baseUrl).request({ ...READ, path, accept: 'protobuf' }),
        ).toEqual({ items: [1] });
      expect(await connect(server.baseUrl).request({ ...READ, accept: 'bytes' })).toBeInstanceOf(
        Uint8Array,
      );
    });

    it('is an error where the connection ends within the body', async () => {
      await using server = await startServer((_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"items":[]}');
        setImmediate(() => response.destroy());
      });
      const reason = await rejection(connect(server.baseUrl).request(CREATE));
      expect(NetworkError.isInstance(reason)).toBe(true);
      expect((reason as CdfError).delivery).toBe('unknown');
      expect(server.received).toHaveLength(1);
    });
  },
);

describe.each(ASSEMBLIES)('retrying (a transport, $assembly)', ({ connect }) => {
  it.each([429, 502, 503, 504])('sends a read again after %d', async (status) => {
    await using server = await startServer((_, response, count) =>
      count < 3 ? error(response, status, 'busy') : json(response, 200, { items: [count] }),
    );
    expect(await connect(server.baseUrl).request(READ)).toEqual({ items: [3] });
  });

  it.each([500, 501, 400, 408])('does not send a read again after %d', async (status) => {
    await using server = await startServer((_, response) => error(response, status, 'no'));
    await rejection(connect(server.baseUrl).request(READ));
    expect(server.received).toHaveLength(1);
  });

  it('gives up after as many retries as were allowed, with the last error', async () => {
    await using server = await startServer((_, response, count) =>
      error(response, 503, `busy ${count}`),
    );
    const reason = (await rejection(
      connect(server.baseUrl, { retry: { limit: 2, backoffLimitMs: 0 } }).request(READ),
    )) as Error;
    expect(reason.message).toContain('busy 3');
    expect(server.received).toHaveLength(3);
  });

  it('waits as long as Retry-After says, in seconds and as a date, and no longer', async () => {
    const begin = Date.UTC(2026, 0, 1);
    vi.useFakeTimers({ now: begin, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    try {
      const sent: number[] = [];
      const waits: [number, string][] = [
        [429, '1'],
        [503, new Date(begin + 3000).toUTCString()],
      ];
      const fetch = async (): Promise<Response> => {
        const [status, wait] = waits[sent.length] ?? [200, ''];
        sent.push(Date.now() - begin);
        return Response.json({}, { status, headers: { 'retry-after': wait } });
      };
      const retries: RetryEvent[] = [];
      const interceptors = [hooks({ onRetry: (event) => retries.push(event) })];
      let sleeps = 0;
      const logger = { debug: (line: string) => void (line.includes('again after') && sleeps++) };
      const answer = connect('http://localhost:1', { fetch, interceptors, logger }).request(READ);
      for (const [index, delayMs] of [1000, 2000].entries()) {
        while (sleeps === index) await new Promise((resolve) => setImmediate(resolve));
        await vi.advanceTimersByTimeAsync(delayMs - 1);
        expect(sent).toHaveLength(index + 1);
        await vi.advanceTimersByTimeAsync(1);
      }
      await answer;
      expect(sent).toEqual([0, 1000, 3000]);
      expect(retries.map(({ delayMs }) => delayMs)).toEqual([1000, 2000]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not wait for a server that asks for an hour', async () => {
    await using server = await startServer((_, response) =>
      json(response, 429, {}, { 'retry-after': '3600' }),
    );
    const reason = (await rejection(connect(server.baseUrl).request(READ))) as ApiError;
    expect(reason.retryAfterMs).toBe(3_600_000);
    expect(server.received).toHaveLength(1);
  });

  it('sends a create again after 429 or where the server says so, not after 503', async () => {
    for (const [answer, times] of [
      [{ status: 429 }, 2],
      [{ status: 503 }, 1],
      [{ status: 500, headers: { 'cdf-is-auto-retryable': 'true' } }, 2],
      [{ status: 500, headers: { 'cdf-is-auto-retryable': 'false' } }, 1],
      [{ status: 409, body: { error: { code: 409, message: 'lock', isAutoRetryable: true } } }, 2],
    ] as [{ status: number; headers?: Record<string, string>; body?: object }, number][]) {
      await using server = await startServer((_, response, count) =>
        count === 1
          ? json(response, answer.status, answer.body ?? {}, answer.headers)
          : json(response, 201, {}),
      );
      await connect(server.baseUrl)
        .request(CREATE)
        .catch(() => {});
      expect([answer.status, server.received.length]).toEqual([answer.status, times]);
    }
  });

  it('says unknown of an error that follows an attempt which may have worked', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1
        ? json(response, 503, {}, { 'cdf-is-auto-retryable': 'true' })
        : error(response, 409, 'exists', { duplicated: [{ externalId: 'a' }] }),
    );
    const reason = await rejection(connect(server.baseUrl).request(CREATE));
    expect(DuplicatedError.isInstance(reason)).toBe(true);
    expect((reason as CdfError).delivery).toBe('unknown');
  });

  it('delivers a create once when the connection is reset after its body was read, and says unknown', async () => {
    await using server = await startServer((_, response) => response.socket?.resetAndDestroy());
    const reason = await rejection(connect(server.baseUrl).request(CREATE));
    expect(NetworkError.isInstance(reason)).toBe(true);
    expect((reason as CdfError).delivery).toBe('unknown');
    expect(server.received).toHaveLength(1);
  });

  it('sends a read, not a create, again when a reused connection closes without an answer', async () => {
    await using server = await startServer((_, response, count) =>
      count % 2 === 1 ? json(response, 200, { count }) : response.socket?.destroy(),
    );
    const transport = connect(server.baseUrl);
    await transport.request(READ);
    expect(await transport.request(READ)).toEqual({ count: 3 });
    const reason = await rejection(transport.request(CREATE));
    expect((reason as CdfError).delivery).toBe('unknown');
    expect(server.received).toHaveLength(4);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])(
    'refuses a call of timeoutMs %s, and sends nothing',
    async (timeoutMs) => {
      await using server = await startServer((_, response) => json(response, 200, {}));
      const transport = connect(server.baseUrl);
      const refusal = /timeoutMs must be a whole number, at (least 1|most 2147483647)/;
      await expect(transport.request(CREATE, { timeoutMs })).rejects.toThrow(refusal);
      const transfer = { method: 'GET', url: server.baseUrl, replayable: true } as const;
      await expect(transport.transfer(transfer, { timeoutMs })).rejects.toThrow(refusal);
      expect(server.received).toHaveLength(0);
    },
  );

  it('says where to look when the host of the identity provider is unknown', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const credentials = new OAuthClientCredentials({
      ...{
        tokenUrl: 'https://does-not-exist.invalid/token',
        clientId: 'id',
        clientSecret: 'secret',
        scopes: [],
      },
    });
    const lost = await rejection(
      connect(server.baseUrl, { credentials, retry: { connectLimit: 0 } }).request(CREATE),
    );
    expect((lost as Error).message).toMatch(/host name is unknown; check tokenUrl or issuer/);
  });

  it('says that nothing was sent where no server listens or the host is unknown', async () => {
    const server = await startServer((_, response) => json(response, 200, {}));
    await server[Symbol.asyncDispose]();
    let attempts = 0;
    const interceptors = [hooks({ onRequest: () => attempts++ })];
    const refused = await rejection(connect(server.baseUrl, { interceptors }).request(CREATE));
    expect(NetworkError.isInstance(refused)).toBe(true);
    expect(refused).toMatchObject({
      delivery: 'none',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(attempts).toBe(4);
    const lost = connect('https://does-not-exist.invalid', { retry: { connectLimit: 0 } });
    expect(await rejection(lost.request(CREATE))).toMatchObject({
      code: 'network',
      delivery: 'none',
      message: expect.stringMatching(/host name is unknown; check baseUrl or cluster/),
    });
    // The runtime refuses this port, as it does those of mail and the like: a typing error, not a
    // server that is gone.
    const odd = connect('http://127.0.0.1:9', { retry: { connectLimit: 0 } });
    expect(await rejection(odd.request(CREATE))).toMatchObject({
      delivery: 'none',
      message: expect.stringMatching(/fetch blocks this port; check baseUrl or cluster/),
    });
  });

  it('says unknown where an injected fetch does not tell why it failed', async () => {
    const fetch = async (): Promise<Response> => {
      throw new TypeError('Failed to fetch');
    };
    let attempts = 0;
    const transport = connect('http://localhost:1', {
      fetch,
      interceptors: [hooks({ onRequest: () => attempts++ })],
    });
    expect(await rejection(transport.request(CREATE))).toMatchObject({
      code: 'network',
      delivery: 'unknown',
    });
    expect(attempts).toBe(1);
    await rejection(transport.request(READ));
    expect(attempts).toBe(5);
  });
});

describe.each(ASSEMBLIES)('time limits (a transport, $assembly)', ({ connect }) => {
  it('end an attempt whose headers or body do not come, and try a read again', async () => {
    await using server = await startServer((_, response, count) => {
      if (count === 1) return;
      if (count === 2) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"items":');
        return;
      }
      json(response, 200, { count });
    });
    const transport = connect(server.baseUrl, {
      timeoutMs: 400,
      retry: { limit: 10, backoffLimitMs: 0 },
    });
    expect(await transport.request(READ)).toEqual({ count: server.received.length });
    expect(server.received.length).toBeGreaterThanOrEqual(3);
  });

  it('leave a create unknown', async () => {
    await using server = await startServer(() => {});
    const reason = await rejection(connect(server.baseUrl).request(CREATE, { timeoutMs: 500 }));
    expect(TimeoutError.isInstance(reason)).toBe(true);
    expect((reason as CdfError).delivery).toBe('unknown');
    expect((reason as Error).message).toContain('500 ms');
    expect(server.received).toHaveLength(1);
  });

  it('end the whole call at its deadline, with an error that says so', async () => {
    await using server = await startServer(() => {});
    const transport = connect(server.baseUrl, { deadlineMs: 80 });
    const reason = await rejection(transport.request(READ));
    expect(TimeoutError.isInstance(reason)).toBe(true);
    expect((reason as Error).message).toContain('deadline of 80 ms');
  });

  it('do not sleep towards a deadline that will pass meanwhile', async () => {
    await using server = await startServer((_, response) =>
      json(response, 429, {}, { 'retry-after': '200' }),
    );
    const reason = await rejection(connect(server.baseUrl, { deadlineMs: 60_000 }).request(READ));
    expect(RateLimitError.isInstance(reason)).toBe(true);
  });

  it('leave time for retries when the clock is set meanwhile', async () => {
    const { now } = Date;
    await using server = await startServer((_, response, count) => {
      if (count > 1) return json(response, 200, { a: 1 });
      vi.spyOn(Date, 'now').mockImplementation(() => now() + 7_200_000);
      error(response, 503, 'busy');
    });
    const options = { deadlineMs: 60_000, retry: { backoffLimitMs: 1 } };
    expect(await connect(server.baseUrl, options).request(READ)).toEqual({ a: 1 });
    vi.restoreAllMocks();
  });

  it('hold with a fetch that does not listen to its signal', async () => {
    const fetch = (): Promise<Response> => new Promise(() => {});
    const transport = connect('http://localhost:1', { fetch, timeoutMs: 20, retry: { limit: 0 } });
    expect(await rejection(transport.request(READ))).toMatchObject({ code: 'timeout' });
  });
});

describe.each(ASSEMBLIES)('hooks and the log (a transport, $assembly)', ({ connect }) => {
  it('see every attempt of a call under one id, can add headers, and cannot break it', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1
        ? error(response, 503, 'busy')
        : json(response, 200, {}, { 'x-request-id': 'r-9' }),
    );
    const events: unknown[] = [];
    const lines: string[] = [];
    const transport = connect(server.baseUrl, {
      interceptors: [
        tracing(),
        hooks({
          onRequest: (event) => {
            event.headers.traceparent = '00-abc';
            event.headers.authorization = 'mine';
            events.push(['request', event.id, event.attempt]);
          },
          onResponse: ({ id, attempt, status, requestId, durationMs }) => {
            events.push(['response', id, attempt, status, requestId]);
            expect(durationMs).toBeGreaterThan(0);
            throw new Error('a hook that fails');
          },
          onRetry: ({ id, attempt, error: reason }) =>
            events.push(['retry', id, attempt, reason.name]),
        }),
      ],
      logger: { debug: (message) => lines.push(message) },
    });
    await transport.request(READ);
    expect(events).toEqual([
      ['request', 1, 1],
      ['response', 1, 1, 503, undefined],
      ['retry', 1, 1, 'ServerError'],
      ['request', 1, 2],
      ['response', 1, 2, 200, 'r-9'],
    ]);
    expect(server.received[0]?.headers).toMatchObject({
      traceparent: '00-abc',
      authorization: 'Bearer a-token',
    });
    expect(lines.filter((line) => line === 'a hook failed: a hook that fails')).toHaveLength(2);
    expect(lines).toContainEqual(expect.stringMatching(/^POST \/assets\/list 503 in \d+ ms$/));
  });
});

describe.each(ASSEMBLIES)('concurrency (a transport, $assembly)', ({ connect }) => {
  it('is bounded for reads and writes apart, and halves when the server is overloaded', async () => {
    let running = { read: 0, write: 0 };
    const most = { read: 0, write: 0 };
    const waiting: (() => void)[] = [];
    await using server = await startServer(({ url }, response, count) => {
      if (count === 1) return error(response, 429, 'slow down');
      const kind = url.endsWith('/list') ? 'read' : 'write';
      running = { ...running, [kind]: running[kind] + 1 };
      most[kind] = Math.max(most[kind], running[kind]);
      waiting.push(() => {
        running = { ...running, [kind]: running[kind] - 1 };
        json(response, 200, {});
      });
    });
    const transport = connect(server.baseUrl, { concurrency: { read: 4, write: 2 } });
    const calls = [transport.request(READ)];
    await eventually(() => waiting.length).toBe(1);
    expect(transport.limits).toEqual({ read: 2, write: 2 });
    for (let index = 0; index < 10; index++)
      calls.push(transport.request(READ), transport.request(CREATE));
    await eventually(() => waiting.length).toBe(4);
    const drain = setInterval(() => waiting.shift()?.(), 1);
    await Promise.all(calls);
    clearInterval(drain);
    expect(most.write).toBe(2);
    expect(most.read).toBeLessThanOrEqual(4);
    expect(transport.limits.read).toBe(4);
  });

  it.each([
    ['no signals', () => undefined],
    ['signals of their own', () => ({ signal: new AbortController().signal })],
  ])(
    'is shared between calls: a small one does not wait for all of a large one (%s)',
    async (_, options) => {
      const waiting: (() => void)[] = [];
      await using server = await startServer((_request, response) => {
        waiting.push(() => json(response, 200, { items: [] }));
      });
      const transport = connect(server.baseUrl, { concurrency: { read: 2 } });
      const things = new ResourceApi(transport, {
        path: '/things',
        noun: 'things',
        fields: {},
      });
      const ids = Array.from({ length: 30_000 }, (_each, index) => ({ id: index + 1 }));
      const large = things.retrieveMultiple(ids, { ignoreUnknownIds: true }, options());
      await eventually(() => waiting.length).toBe(2);
      const small = things.retrieve({ id: 1 }, options());
      const drain = setInterval(() => waiting.shift()?.(), 1);
      await small;
      expect(server.received.length).toBeLessThan(10);
      await large;
      clearInterval(drain);
      expect(server.received).toHaveLength(31);
    },
  );
});

describe.each(ASSEMBLIES)('storage addresses (a transport, $assembly)', ({ connect }) => {
  it('get content headers and the bytes, and nothing of the client', async () => {
    await using server = await startServer((_, response) =>
      response.writeHead(200, { etag: 'e' }).end('stored'),
    );
    const transport = connect(server.baseUrl, { headers: { 'x-plant': 'one' } });
    const answer = await transport.transfer({
      method: 'PUT',
      url: `${server.baseUrl}/bucket/file?signature=s`,
      headers: { 'content-type': 'text/plain', Authorization: 'mine', Cookie: 'c', 'api-key': 'k' },
      body: new Uint8Array([1, 2, 3]),
      replayable: true,
    });
    expect([
      answer.status,
      answer.headers.get('etag'),
      Buffer.from(await answer.bytes()).toString(),
    ]).toEqual([200, 'e', 'stored']);
    const [{ headers, body, url }] = server.received as [(typeof server.received)[0]];
    expect(url).toBe('/bucket/file?signature=s');
    expect(body).toEqual(Buffer.from([1, 2, 3]));
    expect(headers['content-type']).toBe('text/plain');
    for (const name of [
      'authorization',
      'cookie',
      'api-key',
      'x-plant',
      'x-cdp-app',
      'x-cdp-sdk',
      'cdf-version',
    ])
      expect(headers[name]).toBeUndefined();
  });

  it('are tried again with bytes, never with a stream', async () => {
    await using server = await startServer((_, response, count) =>
      response.writeHead(count % 2 === 1 ? 503 : 200).end(),
    );
    const transport = connect(server.baseUrl);
    const put = (body: Uint8Array | ReadableStream<Uint8Array>): Promise<unknown> =>
      transport.transfer({ method: 'PUT', url: `${server.baseUrl}/f`, body, replayable: true });
    await put(new Uint8Array([7]));
    expect(server.received.map(({ body }) => [...body])).toEqual([[7], [7]]);
    const stream = new Blob([new Uint8Array([8])]).stream() as ReadableStream<Uint8Array>;
    expect(await rejection(put(stream))).toMatchObject({ code: 'server', status: 503 });
    expect(server.received).toHaveLength(3);
    expect([...(server.received[2]?.body ?? [])]).toEqual([8]);
  });

  it('report content that cannot be read with its own error as the cause, not as a lost connection', async () => {
    await using server = await startServer((_, response) => response.writeHead(200).end());
    const transport = connect(server.baseUrl);
    const own = new Error('disk\u202e is gone');
    const put = (error: Error): Promise<unknown> => {
      let pulls = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(stream) {
          if (++pulls > 2) throw error;
          stream.enqueue(new Uint8Array(1000));
        },
      });
      return transport.transfer({
        method: 'PUT',
        url: `${server.baseUrl}/f`,
        body,
        replayable: true,
      });
    };
    const reason = await rejection(put(own));
    expect(reason).toMatchObject({ code: 'cdf', delivery: 'unknown', cause: own });
    expect((reason as Error).message).toMatch(
      /^PUT http:\/\/127\S+: the content that was being sent could not be read: disk is gone$/,
    );
    const ours = new ConfigError('too large');
    expect(await rejection(put(ours))).toBe(ours);
  });

  it('must be https, unless they are on this machine', async () => {
    const transport = connect('https://cdf.example.com');
    for (const url of ['http://storage.example.com/f?sig=secret', 'ftp://x/f', 'nothing'])
      expect(
        await rejection(transport.transfer({ method: 'GET', url, replayable: true })),
      ).toMatchObject({
        code: 'config',
        message: expect.not.stringContaining('secret'),
      });
  });

  it.each([
    ['https://cdf.example.com', 'http://storage.example.com/f', false],
    ['https://cdf.example.com', 'http://127.0.0.1:1/f', false],
    ['https://cdf.example.com', 'https://localhost:1/f', false],
    ['https://cdf.example.com', 'https://[::1]:1/f', false],
    ['https://cdf.example.com', 'https://[::ffff:127.0.0.1]:1/f', false],
    ['https://cdf.example.com', 'https://0.0.0.0:1/f', false],
    ['https://cdf.example.com', 'https://storage.localhost/f', false],
    ['https://cdf.example.com', 'https://a.b.localhost./f', false],
    ['https://cdf.example.com', 'https://localhost./f', false],
    ['https://cdf.example.com', 'https://127.255.0.9/f', false],
    ['https://cdf.example.com', 'https://storage.example.com/f', true],
    ['http://127.0.0.1:2', 'http://storage.localhost:2/f', false],
    ['http://127.0.0.1:2', 'http://localhost.:2/f', false],
    ['http://127.0.0.1:2', 'http://[::1]:2/f', true],
    ['http://localhost:2', 'http://127.9.9.9:2/f', true],
    ['https://localhost', 'http://127.0.0.1:1/f', true],
    ['http://127.0.0.1:2', 'http://127.0.0.1:1/f', true],
    ['http://127.0.0.1:2', 'http://storage.example.com/f', false],
  ])('of an API at %s may be %s: %s', async (baseUrl, url, isAllowed) => {
    const sent: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      sent.push(String(input));
      return new Response('');
    };
    const transfer = connect(baseUrl, { fetch }).transfer({ method: 'GET', url, replayable: true });
    if (isAllowed) await transfer;
    else expect(await rejection(transfer)).toMatchObject({ code: 'config' });
    expect(sent).toEqual(isAllowed ? [url] : []);
  });

  it('may be paths on the host of the API, without authorization', async () => {
    await using server = await startServer((_, response) => response.writeHead(200).end('stored'));
    const transport = connect(`${server.baseUrl}/behind/a/proxy`);
    const answer = await transport.transfer({
      method: 'GET',
      url: '/storage/f?sig=s',
      replayable: true,
    });
    expect(Buffer.from(await answer.bytes()).toString()).toBe('stored');
    expect(server.received[0]).toMatchObject({ url: '/storage/f?sig=s' });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
    for (const url of ['//evil.example.com/f', '/\\evil.example.com/f', '/\t/evil.example.com/f'])
      expect(
        await rejection(transport.transfer({ method: 'GET', url, replayable: true })),
      ).toMatchObject({
        code: 'config',
        message: expect.stringContaining('must stay on the host of baseUrl'),
      });
    expect(server.received).toHaveLength(1);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('are tried again after %i', async (status) => {
    await using server = await startServer((_, response, count) =>
      response.writeHead(count === 1 ? status : 200).end(),
    );
    const put = {
      method: 'PUT',
      url: `${server.baseUrl}/f`,
      body: new Uint8Array([7]),
      replayable: true,
    } as const;
    expect((await connect(server.baseUrl).transfer(put)).status).toBe(200);
    expect(server.received.map(({ body }) => [...body])).toEqual([[7], [7]]);
  });

  it('fail when a body stalls or is cut short while it is read', async () => {
    await using server = await startServer(({ url }, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x');
      if (url === '/cut') setTimeout(() => response.destroy(), 20);
    });
    const bytes = async (path: string, timeoutMs: number): Promise<Uint8Array> => {
      const transport = connect(server.baseUrl, { timeoutMs });
      return (
        await transport.transfer({ method: 'GET', url: server.baseUrl + path, replayable: true })
      ).bytes();
    };
    expect(await rejection(bytes('/stalled', 100))).toMatchObject({ code: 'timeout' });
    expect(await rejection(bytes('/cut', 60_000))).toMatchObject({
      code: 'network',
      delivery: 'unknown',
    });
  });

  it('must not answer 308, with which a resumable upload would ask for more', async () => {
    await using server = await startServer((_, response) =>
      response.writeHead(308, { range: 'bytes=0-9' }).end(),
    );
    const put = { method: 'PUT', url: `${server.baseUrl}/f`, replayable: true } as const;
    expect(await rejection(connect(server.baseUrl).transfer(put))).toMatchObject({
      code: 'api',
      status: 308,
    });
  });
});

describe.each(ASSEMBLIES)('closing (a transport, $assembly)', ({ connect }) => {
  it('ends what is in flight and every later call', async () => {
    await using server = await startServer(() => {});
    const transport = connect(server.baseUrl);
    const inFlight = rejection(transport.request(CREATE));
    await eventually(() => server.received.length).toBe(1);
    await transport.close();
    expect(await inFlight).toMatchObject({
      code: 'aborted',
      delivery: 'unknown',
      message: expect.stringContaining('closed'),
    });
    expect(await rejection(transport.request(READ))).toMatchObject({
      code: 'aborted',
      delivery: 'none',
    });
    expect(server.received).toHaveLength(1);
    expect(CdfError.isInstance(await inFlight)).toBe(true);
  });
});
