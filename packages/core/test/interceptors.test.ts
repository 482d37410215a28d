import { inspect } from 'node:util';
import {
  type CdfError,
  hooks,
  type Interceptor,
  OAuthClientCredentials,
  type RequestSpec,
  type TransferSpec,
  tracing,
  type WireRequest,
} from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { connect, error, eventually, json, rejection, startServer } from './helpers/server.js';

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
};

/** Notes the requests that it sees. */
function spy(): { readonly seen: WireRequest[]; readonly interceptor: Interceptor } {
  const seen: WireRequest[] = [];
  const interceptor: Interceptor = (next) => (request) => {
    seen.push(request);
    return next(request);
  };
  return { seen, interceptor };
}

describe('interceptors', () => {
  it('wrap each attempt as a whole, the first outermost', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1 ? error(response, 503, 'busy') : json(response, 200, { items: [] }),
    );
    const steps: unknown[] = [];
    const named =
      (name: string): Interceptor =>
      (next) =>
      async (request) => {
        steps.push([name, request.attempt]);
        try {
          const answer = await next(request);
          steps.push([name, answer.status, answer.body]);
          return answer;
        } catch (failure) {
          steps.push([name, (failure as CdfError).code]);
          throw failure;
        }
      };
    await connect(server.baseUrl, { interceptors: [named('outer'), named('inner')] }).request(READ);
    expect(steps).toEqual([
      ['outer', 1],
      ['inner', 1],
      ['inner', 'server'],
      ['outer', 'server'],
      ['outer', 2],
      ['inner', 2],
      ['inner', 200, { items: [] }],
      ['outer', 200, { items: [] }],
    ]);
  });

  it('are composed once for all requests of a transport', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    let composed = 0;
    const counting: Interceptor = (next) => {
      composed++;
      return next;
    };
    const transport = connect(server.baseUrl, { interceptors: [counting] });
    await transport.request(READ);
    await transport.request(READ);
    expect(composed).toBe(1);
  });

  it('see what is sent, and why there is another attempt', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1 ? error(response, 503, 'busy') : json(response, 200, {}),
    );
    const { seen, interceptor } = spy();
    await connect(server.baseUrl, { interceptors: [interceptor] }).request({
      ...READ,
      query: { a: 1 },
    });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({
      id: 1,
      kind: 'api',
      method: 'POST',
      url: `${server.baseUrl}/api/v1/projects/test/assets/list?a=1`,
      path: '/assets/list',
      headers: { 'content-type': 'application/json', 'x-cdp-app': 'core tests' },
      body: '{"limit":1}',
      attempt: 1,
      retry: undefined,
    });
    expect(seen[1]).toMatchObject({
      id: 1,
      attempt: 2,
      retry: { error: { code: 'server' }, delayMs: 0 },
    });
  });

  it('may change headers, the body and the answer', async () => {
    await using server = await startServer(({ body }, response) =>
      json(response, 200, { got: body.toString() }),
    );
    const changing: Interceptor = (next) => async (request) => {
      const answer = await next({
        ...request,
        headers: { ...request.headers, 'X-Plant': 'one' },
        body: '"other"',
      });
      return { ...answer, body: [answer.body] };
    };
    const transport = connect(server.baseUrl, { interceptors: [changing] });
    expect(await transport.request(READ)).toEqual([{ got: '"other"' }]);
    expect(server.received[0]?.headers['x-plant']).toBe('one');
  });

  it('may send a stream instead of bytes', async () => {
    await using server = await startServer(({ body }, response) =>
      json(response, 200, { got: body.toString() }),
    );
    const streaming: Interceptor = (next) => (request) =>
      next({ ...request, body: new Blob(['streamed']).stream() as ReadableStream<Uint8Array> });
    const transport = connect(server.baseUrl, { interceptors: [streaming] });
    expect(await transport.request(READ)).toEqual({ got: 'streamed' });
  });

  it('may answer without sending', async () => {
    const cached: Interceptor = () => async () => ({
      status: 200,
      headers: new Headers(),
      body: { cached: true },
    });
    const transport = connect('http://localhost:1', { interceptors: [cached] });
    expect(await transport.request(READ)).toEqual({ cached: true });
  });

  it('see transfers, whose body is the stream that the caller gets', async () => {
    await using server = await startServer((_, response) => response.writeHead(200).end('stored'));
    const kinds: unknown[] = [];
    const measured: Interceptor = (next) => async (request) => {
      const answer = await next(request);
      kinds.push([
        request.kind,
        request.method,
        request.path,
        answer.body instanceof ReadableStream,
      ]);
      return answer;
    };
    const transport = connect(server.baseUrl, { interceptors: [measured] });
    const url = `${server.baseUrl}/f`;
    const { bytes } = await transport.transfer({ method: 'GET', url, replayable: true });
    expect(Buffer.from(await bytes()).toString()).toBe('stored');
    expect(kinds).toEqual([['transfer', 'GET', server.baseUrl, true]]);
  });

  it('that do not return end with the call', async () => {
    const stuck: Interceptor = () => () => new Promise(() => {});
    const controller = new AbortController();
    const transport = connect('http://localhost:1', { interceptors: [stuck] });
    const aborted = rejection(transport.request(READ, { signal: controller.signal }));
    setTimeout(() => controller.abort('enough'), 5);
    expect(await aborted).toBe('enough');
    const closed = rejection(transport.request(READ));
    setTimeout(() => transport.close(), 5);
    expect(await closed).toMatchObject({ code: 'aborted', delivery: 'none' });
  });

  it('that call next after the abort send nothing', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    let late: unknown;
    const controller = new AbortController();
    const slow: Interceptor = (next) => async (request) => {
      controller.abort('enough');
      await new Promise((resolve) => setTimeout(resolve, 5));
      late = await rejection(next(request));
      return next(request);
    };
    const transport = connect(server.baseUrl, { interceptors: [slow] });
    expect(await rejection(transport.request(READ, { signal: controller.signal }))).toBe('enough');
    await eventually(() => late).toBe('enough');
    expect(server.received).toHaveLength(0);
  });
});

describe('an exception of an interceptor', () => {
  const own = new Error('Bearer abc.def is not mine');

  it('before next ends the call: nothing was sent', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    let calls = 0;
    const failing: Interceptor = () => () => {
      calls++;
      throw own;
    };
    const reason = await rejection(
      connect(server.baseUrl, { interceptors: [failing] }).request(READ),
    );
    expect(reason).toMatchObject({ code: 'cdf', delivery: 'none', cause: own });
    expect((reason as Error).message).toBe(
      'POST /assets/list: an interceptor failed: Bearer *** is not mine',
    );
    expect([calls, server.received.length]).toEqual([1, 0]);
  });

  it.each([200, 503])('after next ends the call with an unknown outcome (%d)', async (status) => {
    await using server = await startServer((_, response) => json(response, status, {}));
    const failing: Interceptor = (next) => async (request) => {
      await next(request).catch(() => {});
      throw own;
    };
    const reason = await rejection(
      connect(server.baseUrl, { interceptors: [failing] }).request(READ),
    );
    expect(reason).toMatchObject({ code: 'cdf', delivery: 'unknown', cause: own });
    expect(server.received).toHaveLength(1);
  });

  it('is not retried even if it looks like an error that is', async () => {
    await using server = await startServer((_, response) => error(response, 503, 'busy'));
    const wrapping: Interceptor = (next) => async (request) => {
      try {
        return await next(request);
      } catch (failure) {
        throw Object.assign(new Error('wrapped', { cause: failure }), {
          code: 'server',
          status: 503,
        });
      }
    };
    const reason = await rejection(
      connect(server.baseUrl, { interceptors: [wrapping] }).request(READ),
    );
    expect(reason).toMatchObject({ code: 'cdf', delivery: 'unknown' });
    expect(server.received).toHaveLength(1);
  });

  it('passes through the other interceptors as it is', async () => {
    const seen: unknown[] = [];
    const outer: Interceptor = (next) => (request) =>
      next(request).catch((failure) => {
        seen.push(failure);
        throw failure;
      });
    const inner: Interceptor = () => async () => {
      throw own;
    };
    await rejection(connect('http://localhost:1', { interceptors: [outer, inner] }).request(READ));
    expect(seen).toEqual([own]);
  });

  it.each<[string, Interceptor, RegExp]>([
    [
      'returns nothing',
      (next) => (async (request: WireRequest) => void (await next(request))) as never,
      /returned no answer/,
    ],
    ['was not called', (() => tracing) as never, /returned no answer/],
    ['makes up a request', (next) => () => next({} as WireRequest), /must hand on the request/],
  ])('says so where it %s', async (_, interceptor, message) => {
    await using server = await startServer((_request, response) => json(response, 200, {}));
    const reason = await rejection(
      connect(server.baseUrl, { interceptors: [interceptor] }).request(READ),
    );
    expect((reason as Error).message).toMatch(message);
  });

  it('in a sign-in ends the call before it reaches CDF', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const failing: Interceptor = (next) => async (request) => {
      const answer = await next(request);
      if (request.kind === 'sign-in') throw own;
      return answer;
    };
    const credentials = clientSecret(`${server.baseUrl}/token`);
    const reason = await rejection(
      connect(server.baseUrl, { credentials, interceptors: [failing] }).request(READ),
    );
    expect(reason).toMatchObject({ code: 'cdf', delivery: 'none', cause: own });
    expect(server.received.map(({ url }) => url)).toEqual(['/token']);
    const skipping: Interceptor = () => async () => ({
      status: 200,
      headers: new Headers(),
      body: undefined,
    });
    const skipped = connect(server.baseUrl, { credentials, interceptors: [skipping] }).request(
      READ,
    );
    expect(((await rejection(skipped)) as Error).message).toContain(
      'must call next() for a sign-in',
    );
  });
});

const CANARY = 'canary-7f3a9c-secret';
const clientSecret = (tokenUrl: string): OAuthClientCredentials =>
  new OAuthClientCredentials({
    tokenUrl,
    clientId: 'i',
    clientSecret: CANARY,
    clientAuthentication: 'client_secret_basic',
  });

describe('what interceptors cannot do', () => {
  it('see a token or a secret, in requests, answers, errors and what hangs off them', async () => {
    await using server = await startServer(({ url }, response, count) => {
      const headers = {
        'set-cookie': `s=${CANARY}`,
        'www-authenticate': `Basic realm="${CANARY}"`,
      };
      if (url.startsWith('/token'))
        json(
          response,
          200,
          { access_token: CANARY, refresh_token: CANARY, token_type: 'bearer' },
          headers,
        );
      else if (count < 4) json(response, 503, { error: { message: `you sent ${CANARY}` } });
      else json(response, 200, {});
    });
    const seen: unknown[] = [];
    const looking: Interceptor = (next) => async (request) => {
      seen.push(request);
      try {
        const answer = await next(request);
        seen.push(answer, [...answer.headers]);
        return answer;
      } catch (failure) {
        seen.push(failure);
        throw failure;
      }
    };
    const credentials = clientSecret(`${server.baseUrl}/token?key=${CANARY}`);
    const transport = connect(server.baseUrl, { credentials, interceptors: [looking] });
    await transport.request(READ).catch(() => {});
    await transport.transfer({
      method: 'GET',
      url: `${server.baseUrl}/${CANARY}?sig=${CANARY}`,
      replayable: true,
    });
    const kinds = seen.map((each) => (each as WireRequest).kind).filter(Boolean);
    expect(new Set(kinds)).toEqual(new Set(['sign-in', 'api', 'transfer']));
    for (const each of seen) {
      expect(inspect(each, { depth: 20, showHidden: true })).not.toContain(CANARY);
      for (const value of Reflect.ownKeys(each as object).map(
        (key) => (each as Record<PropertyKey, unknown>)[key],
      ))
        expect(inspect(value, { depth: 20, showHidden: true })).not.toContain(CANARY);
    }
  });

  it('send to another host, method or path', async () => {
    await using thief = await startServer((_, response) => json(response, 200, {}));
    await using server = await startServer((_, response) => json(response, 200, {}));
    const turning: Interceptor = (next) => (request) =>
      next({
        ...request,
        url: `${thief.baseUrl}/x`,
        path: '/x',
        method: 'DELETE',
        kind: 'transfer',
      });
    const transport = connect(server.baseUrl, { interceptors: [turning] });
    await transport.request(READ);
    await transport.transfer({ method: 'GET', url: `${server.baseUrl}/f`, replayable: true });
    expect(thief.received).toHaveLength(0);
    expect(server.received.map(({ method, url }) => [method, url])).toEqual([
      ['POST', '/api/v1/projects/test/assets/list'],
      ['GET', '/f'],
    ]);
  });

  it('add credentials, or anything of CDF to a transfer', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const adding: Interceptor = (next) => (request) =>
      next({
        ...request,
        headers: {
          ...request.headers,
          authorization: 'mine',
          'API-Key': 'mine',
          cookie: 'mine',
          'X-CDP-App': 'mine',
          'cdf-version': 'mine',
          'x-plant': 'one',
        },
      });
    const transport = connect(server.baseUrl, { interceptors: [adding] });
    await transport.request(READ);
    await transport.transfer({ method: 'PUT', url: `${server.baseUrl}/f`, replayable: true });
    const [api, storage] = server.received.map(({ headers }) => headers);
    expect(api).toMatchObject({
      authorization: 'Bearer a-token',
      'x-cdp-app': 'mine',
      'x-plant': 'one',
    });
    for (const name of ['api-key', 'cookie']) expect(api?.[name]).toBeUndefined();
    expect(storage?.['x-plant']).toBe('one');
    for (const name of ['authorization', 'api-key', 'cookie', 'x-cdp-app', 'cdf-version'])
      expect(storage?.[name]).toBeUndefined();
  });

  it('send an invalid header: the call fails, without its value', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const breaking: Interceptor = (next) => (request) =>
      next({ ...request, headers: { 'x-key': `${CANARY}\r\nx: y` } });
    const reason = await rejection(
      connect(server.baseUrl, { interceptors: [breaking] }).request(CREATE),
    );
    expect(reason).toMatchObject({
      code: 'config',
      delivery: 'none',
      message: expect.not.stringContaining(CANARY),
    });
    expect(server.received).toHaveLength(0);
  });
});

describe('hooks', () => {
  it('put headers on requests to the API only, and do not replace those of the request', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const adding = hooks({
      onRequest: ({ headers }) => {
        headers['x-trace'] = 't';
        headers.Accept = 'text/html';
      },
    });
    const transport = connect(server.baseUrl, { interceptors: [adding] });
    await transport.request(READ);
    await transport.transfer({ method: 'GET', url: `${server.baseUrl}/f`, replayable: true });
    expect(server.received[0]?.headers).toMatchObject({
      'x-trace': 't',
      accept: 'application/json',
    });
    expect(server.received[1]?.headers['x-trace']).toBeUndefined();
  });

  it('get one onResponse for each onRequest, with the error where there was one', async () => {
    await using server = await startServer((_, response) => response.socket?.destroy());
    const seen: unknown[] = [];
    const watching = hooks({
      onRequest: ({ attempt }) => seen.push(attempt),
      onResponse: ({ attempt, status, error: failure }) =>
        seen.push([attempt, status, failure?.name]),
    });
    const transport = connect(server.baseUrl, {
      interceptors: [watching],
      retry: { limit: 1, backoffLimitMs: 0 },
    });
    await rejection(transport.request(READ));
    expect(seen).toEqual([1, [1, undefined, 'NetworkError'], 2, [2, undefined, 'NetworkError']]);
  });
});

describe('the log', () => {
  it('has a line for each retry, before its sleep, and with tracing() one for each attempt', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1
        ? error(response, 503, 'busy')
        : json(response, 200, {}, { 'x-request-id': 'r-1' }),
    );
    const lines: unknown[] = [];
    const logger = { debug: (line: string, fields?: object) => lines.push([line, fields]) };
    await connect(server.baseUrl, { logger, interceptors: [tracing()] }).request(READ);
    const info = { id: 1, kind: 'api' };
    const durationMs = expect.any(Number);
    expect(lines).toEqual([
      [
        expect.stringMatching(/^POST \/assets\/list 503 in \d+ ms$/),
        { ...info, attempt: 1, status: 503, requestId: undefined, durationMs },
      ],
      ['POST /assets/list: again after ServerError, in 0 ms', { ...info, attempt: 1, delayMs: 0 }],
      [
        expect.stringMatching(/^POST \/assets\/list 200 in \d+ ms, attempt 2 \[request r-1\]$/),
        { ...info, attempt: 2, status: 200, requestId: 'r-1', durationMs },
      ],
    ]);
  });

  it('is one line for each request in the console, without token, query or escapes of the server', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1
        ? error(response, 503, 'busy \u001b[31m secret-in-the-answer')
        : json(response, 200, {}, { 'x-request-id': 'r-1' }),
    );
    const printed = vi.spyOn(console, 'debug').mockImplementation(() => {});
    try {
      const read = { ...READ, path: '/assets/list', query: { cursor: 'secret-in-the-query' } };
      await connect(server.baseUrl, { logger: console, interceptors: [tracing()] }).request(read);
      const lines = printed.mock.calls;
      // One argument: no object that a console would print over several lines.
      expect(lines.map(({ length }) => length)).toEqual([1, 1, 1]);
      expect(lines.map(([line]) => String(line).replace(/\d+ ms/, 'N ms'))).toEqual([
        'POST /assets/list 503 in N ms',
        'POST /assets/list: again after ServerError, in N ms',
        'POST /assets/list 200 in N ms, attempt 2 [request r-1]',
      ]);
      expect(lines.join('\n')).not.toMatch(/token|secret/);
      expect(lines.join('\n')).not.toContain('\u001b');
    } finally {
      printed.mockRestore();
    }
  });

  it('does not touch the request when it throws', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const logger = {
      debug: () => {
        throw new Error('disk full');
      },
    };
    expect(
      await connect(server.baseUrl, { logger, interceptors: [tracing()] }).request(READ),
    ).toEqual({});
  });
});

describe('lanes', () => {
  it('bound requests by what they state, not by their path', async () => {
    const waiting: (() => void)[] = [];
    await using server = await startServer((_, response) =>
      waiting.push(() => json(response, 200, {})),
    );
    const transport = connect(server.baseUrl, { concurrency: { read: 3, write: 1, synthetic: 2 } });
    const send = (path: string, lane?: string): Promise<unknown>[] =>
      [1, 2, 3, 4].map(() => transport.request({ method: 'POST', path, lane, idempotent: true }));
    const calls = [
      ...send('/x/list', 'write'),
      ...send('/y', 'read'),
      ...send('/z', 'synthetic'),
      ...send('/own/list', 'without a limit of its own'),
    ];
    await eventually(() => waiting.length).toBe(1 + 3 + 2 + 3);
    const count = (path: string): number =>
      server.received.filter(({ url }) => url.endsWith(path)).length;
    expect(['/x/list', '/y', '/z', '/own/list'].map(count)).toEqual([1, 3, 2, 3]);
    const drain = setInterval(() => waiting.shift()?.(), 1);
    await Promise.all(calls);
    clearInterval(drain);
    expect(transport.limits).toEqual({ read: 3, write: 1 });
  });
});

describe('a whole response', () => {
  it('has its status, headers and body as they came', async () => {
    await using server = await startServer(({ url }, response) => {
      if (url.endsWith('/none')) response.writeHead(204, { 'x-own': 'b' }).end();
      else response.writeHead(201, { 'content-type': 'text/csv', 'x-own': 'a' }).end('1;2');
    });
    const get = (path: string): Promise<Response> =>
      connect(server.baseUrl).request({
        method: 'GET',
        path,
        accept: 'response',
        idempotent: true,
      });
    const made = await get('/x');
    expect([made.status, made.headers.get('x-own'), await made.text()]).toEqual([201, 'a', '1;2']);
    const empty = await get('/none');
    expect([empty.status, empty.headers.get('x-own'), await empty.text()]).toEqual([204, 'b', '']);
    expect(server.received[0]?.headers.accept).toBe('*/*');
  });

  it('is an error where the API answers with one, or breaks off, and is tried again', async () => {
    await using server = await startServer((_, response, count) => {
      if (count === 1) return error(response, 503, 'busy');
      if (count > 2) return error(response, 404, 'gone');
      response.writeHead(200, { 'content-length': '100' });
      response.write('x');
      setImmediate(() => response.destroy());
    });
    const reason = await rejection(
      connect(server.baseUrl).request({ ...READ, accept: 'response' }),
    );
    expect(reason).toMatchObject({ code: 'not-found', status: 404 });
    expect(server.received).toHaveLength(3);
  });
});

describe('a whole response in memory', () => {
  const get = (answer: unknown, accept: RequestSpec['accept'] = 'response'): Promise<unknown> =>
    memoryTransport(() => answer).request({ method: 'GET', path: '/x', accept, idempotent: true });

  it('is the one that the handler returned, or is made of what it returned', async () => {
    const made = (await get(
      new Response('1;2', { status: 201, headers: { 'x-own': 'a' } }),
    )) as Response;
    expect([made.status, made.headers.get('x-own'), await made.text()]).toEqual([201, 'a', '1;2']);
    expect(await ((await get({ items: [] })) as Response).json()).toEqual({ items: [] });
    expect(
      new Uint8Array(await ((await get(new Uint8Array([1, 2]))) as Response).arrayBuffer()),
    ).toEqual(new Uint8Array([1, 2]));
    expect(((await get(undefined)) as Response).status).toBe(204);
  });

  it('is read for a call that wants something else, and is an error where it is one', async () => {
    expect(await get(Response.json({ items: [1] }), 'json')).toEqual({ items: [1] });
    expect(await get(new Response('12'), 'bytes')).toEqual(new Uint8Array([49, 50]));
    for (const accept of ['response', 'json', 'stream'] as const)
      expect(
        await rejection(
          get(Response.json({ error: { message: 'gone' } }, { status: 404 }), accept),
        ),
      ).toMatchObject({ code: 'not-found', message: expect.stringContaining('gone') });
  });
});

describe('a transfer', () => {
  it('refuses unknown options, as a request does', async () => {
    const spec: TransferSpec = { method: 'GET', url: 'https://x', replayable: true };
    const reason = await rejection(
      connect('http://localhost:1').transfer(spec, { timeout: 5 } as never),
    );
    expect((reason as Error).message).toContain('timeout');
  });
});
