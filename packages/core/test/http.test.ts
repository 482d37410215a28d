import { AbortedError, type ConfigError, type Interceptor, NotFoundError } from '@cdf/core';
import { cdfHttp, type HttpContext, toSearchParams } from '@cdf/core/http';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import ky1 from 'ky';
import ky2 from 'ky-2';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Answer, connect, error, json, rejection, startServer } from './helpers/server.js';

type Http = typeof ky1;

/** The instances that are taken: every sentence below holds for each. */
const VERSIONS: readonly {
  readonly version: string;
  readonly make: (source: Parameters<typeof cdfHttp>[0]) => Http;
}[] = [
  { version: 'the ky that comes with core', make: (source) => cdfHttp(source) },
  { version: "the caller's ky 1.14", make: (source) => cdfHttp(source, { ky: ky1.create() }) },
  {
    version: "the caller's ky 2",
    make: (source) => cdfHttp(source, { ky: ky2.create() }) as unknown as Http,
  },
];

const echo: Answer = ({ method, url, headers, body }, response) =>
  json(response, 200, { method, url, headers, body: body.toString() });
interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const PROJECT = '/api/v1/projects/test';

/**
 * The readings of a URL by servers and proxies: as it is, and with the critical characters of its
 * path decoded, up to three times.
 */
function readings(url: string): string[] {
  const { origin, pathname } = new URL(url);
  const all = [new URL(url).href];
  let path = pathname;
  for (let times = 0; times < 3; times++) {
    path = path.replace(/%(25|2e|2f|5c|3b)/gi, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    all.push(new URL(origin + path.replace(/;[^/]*/g, '').replace(/[/\\]+/g, '/')).href);
  }
  return all;
}

describe.each(VERSIONS)('an operation without a method, by $version', ({ make }) => {
  it('is sent inside the project, with the token, and its answer is parsed', async () => {
    await using server = await startServer(echo);
    const http = make(connect(server.baseUrl));
    const sent = await http.post('functions/list', { json: { limit: 100 } }).json<Echo>();
    expect(sent).toMatchObject({
      method: 'POST',
      url: `${PROJECT}/functions/list`,
      body: '{"limit":100}',
    });
    expect(sent.headers).toMatchObject({
      authorization: 'Bearer a-token',
      'content-type': 'application/json',
      accept: 'application/json',
      'x-cdp-app': 'core tests',
    });
    expect(Object.keys(sent.headers)).not.toContain('x-cdf-call');
    for (const method of ['get', 'put', 'patch', 'delete'] as const) {
      const answer = await http(`groups/1`, { method }).json<Echo>();
      expect(answer.method).toBe(method.toUpperCase());
    }
  });

  it('takes a client, too, and a path of the caller that extends it', async () => {
    await using server = await startServer(echo);
    const http = make({ transport: connect(server.baseUrl) });
    const functions = http.extend(
      (parent) => ({ prefixUrl: `${parent.prefixUrl}/functions` }) as object,
    );
    expect((await functions.get('1/calls').json<Echo>()).url).toBe(`${PROJECT}/functions/1/calls`);
  });

  it('has what the caller puts into headers, and never a credential of theirs', async () => {
    await using server = await startServer(echo);
    const headers = {
      'x-plant': 'oslo',
      authorization: 'Bearer other',
      'api-key': 'other',
      cookie: 'a=b',
    };
    const sent = await make(connect(server.baseUrl)).get('groups', { headers }).json<Echo>();
    expect(sent.headers).toMatchObject({ 'x-plant': 'oslo', authorization: 'Bearer a-token' });
    expect([sent.headers['api-key'], sent.headers.cookie]).toEqual([undefined, undefined]);
  });

  it('has search parameters as they are, repeated names too', async () => {
    await using server = await startServer(echo);
    const http = make(connect(server.baseUrl));
    const searchParams = toSearchParams({
      name: 'a b&c',
      ids: [1, 2],
      filter: { min: new Date(5) },
      all: true,
      cursor: undefined,
      none: null,
      since: new Date(1000),
    });
    const { url } = await http.get('groups', { searchParams }).json<Echo>();
    expect(Object.fromEntries(new URL(url, server.baseUrl).searchParams)).toEqual({
      name: 'a b&c',
      ids: '[1,2]',
      filter: '{"min":5}',
      all: 'true',
      since: '1000',
    });
    const repeated = await http.get('groups', { searchParams: 'a=1&a=2' }).json<Echo>();
    expect(repeated.url).toBe(`${PROJECT}/groups?a=1&a=2`);
  });

  it('is not sent when its path would leave the project', async () => {
    await using server = await startServer(echo);
    await using thief = await startServer(echo);
    const http = make(connect(server.baseUrl));
    const { host } = new URL(thief.baseUrl);
    const outside = [
      ...[`${thief.baseUrl}/x`, new URL(`${thief.baseUrl}/x`), new Request(`${thief.baseUrl}/x`)],
      ...[`${server.baseUrl}${PROJECT}/assets`, new URL(`${server.baseUrl}${PROJECT}/assets`)],
      ...[
        `\\\\${host}/x`,
        `groups//${host}`,
        '../other/assets',
        'a/../../other/assets',
        '%2e%2e/other/assets',
      ],
      ...[
        '.%2E/other/assets',
        '..\\other\\assets',
        '.\t./other',
        '..%2fother',
        'groups/..%2f..%2f..%2fother',
      ],
      ...[
        'groups/%252e%252e%252fother',
        'groups%2f..%2fother',
        'groups%5c..%5cother',
        'groups/..;/other',
        'groups/..%3b/x',
      ],
      ...[
        'groups/%2e%2e%2fx',
        'api/v1/token/inspect',
        'login/status',
        'workflows/a#b',
        'workflows/a#',
      ],
    ];
    for (const input of outside) {
      const reason = (await rejection(Promise.resolve().then(() => http.get(input)))) as Error;
      expect([String(input), reason]).toMatchObject([String(input), { code: 'config' }]);
    }
    // ky 1 itself takes no leading slash, and ky 2 cuts it off.
    for (const input of [`//${host}/x`, '/groups', '//groups'])
      await Promise.resolve()
        .then(() => http.get(input))
        .catch(() => {});
    expect(thief.received).toEqual([]);
    expect(server.received.filter(({ url }) => !url.startsWith(`${PROJECT}/`))).toEqual([]);
  });

  it('is never sent elsewhere, whatever its path is made of and however often a server decodes it', async () => {
    const pieces = fc.constantFrom(
      ...[
        '..',
        '.',
        '/',
        '//',
        '\\',
        'a',
        'groups',
        '%',
        '%25',
        '2e',
        '2f',
        '5c',
        '%2e',
        '%2F',
        '%5C',
        '%252e',
        '%252f',
      ],
      ...[
        ';',
        ':',
        '@',
        '?',
        '#',
        ' ',
        '\t',
        '\n',
        '\u0000',
        'ø',
        'http:',
        'https://',
        'host.example',
        'api/v1',
        'login/',
      ],
    );
    const path = fc.array(pieces, { minLength: 1, maxLength: 8 }).map((chosen) => chosen.join(''));
    const sent: string[] = [];
    const fetch = async (input: unknown): Promise<Response> => {
      sent.push(String(input));
      return Response.json({});
    };
    const http = make(connect('https://cdf.example', { fetch }));
    await fc.assert(
      fc.asyncProperty(path, async (input) => {
        await Promise.resolve()
          .then(() => http.get(input))
          .catch(() => {});
      }),
    );
    expect(sent.length).toBeGreaterThan(0);
    expect(
      sent.flatMap(readings).filter((url) => !url.startsWith(`https://cdf.example${PROJECT}/`)),
    ).toEqual([]);
  });

  it('may have an encoded slash inside a name, and dots that lead nowhere', async () => {
    await using server = await startServer(echo);
    const http = make(connect(server.baseUrl));
    for (const name of ['a/b', 'a%2Fb', '...', 'v1..2', 'ø', 'a?b#c', 'a\\b', '..a']) {
      const { url } = await http.get(`workflows/${encodeURIComponent(name)}`).json<Echo>();
      expect(url).toBe(`${PROJECT}/workflows/${encodeURIComponent(name)}`);
    }
  });

  it('fails with the errors of the SDK, as they are', async () => {
    await using server = await startServer((_, response) =>
      error(response, 404, 'no such function'),
    );
    const reason = await rejection(make(connect(server.baseUrl)).get('functions/1').json());
    expect(reason).toBeInstanceOf(NotFoundError);
    expect(reason).toMatchObject({
      message: expect.stringContaining('GET /functions/1: 404 no such function'),
    });
    const gone = make(connect('http://127.0.0.1:9', { retry: { connectLimit: 0 } }));
    expect(await rejection(gone.get('functions/1'))).toMatchObject({
      code: 'network',
      delivery: 'none',
    });
    const transport = connect(server.baseUrl);
    await transport.close();
    expect(await rejection(make(transport).get('functions/1'))).toBeInstanceOf(AbortedError);
  });

  it('waits out a 429, a write too, with the same body', async () => {
    await using server = await startServer((request, response, count) =>
      count % 2 === 1 ? error(response, 429, 'slow down') : echo(request, response, count),
    );
    const http = make(connect(server.baseUrl));
    const form = new FormData();
    form.set('a', new Blob(['content']), 'a.txt');
    const bodies = [
      { json: { a: 1 } },
      { body: 'text', headers: { 'content-type': 'text/plain' } },
      { body: new Uint8Array([65, 66]) },
      { body: new Blob(['blob'], { type: 'application/x' }) },
      { body: new URLSearchParams({ a: 'b c' }) },
      { body: form },
    ];
    for (const options of bodies) await http.post('functions', options);
    const sent = server.received.map(
      ({ headers, body }) => `${headers['content-type']} ${body.toString('latin1')}`,
    );
    expect(sent.filter((_, index) => index % 2 === 0)).toEqual(
      sent.filter((_, index) => index % 2 === 1),
    );
    expect(sent.filter((_, index) => index % 2 === 1)).toEqual([
      'application/json {"a":1}',
      'text/plain text',
      'application/octet-stream AB',
      'application/x blob',
      expect.stringMatching(/^application\/x-www-form-urlencoded.* a=b\+c$/),
      expect.stringMatching(
        /^multipart\/form-data; boundary=.* [\s\S]*name="a"; filename="a.txt"[\s\S]*content/,
      ),
    ]);
  });

  it('is repeated after a lost answer if it reads or says so, and else is not', async () => {
    const lose: Answer = (_, response, count) =>
      count === 1 ? response.socket?.destroy() : json(response, 200, { items: [] });
    const attempt = async (send: (http: Http) => Promise<unknown>): Promise<number> => {
      await using server = await startServer(lose);
      await send(make(connect(server.baseUrl))).catch((reason) => {
        expect(reason).toMatchObject({ code: 'network', delivery: 'unknown' });
      });
      return server.received.length;
    };
    const idempotent: HttpContext = { idempotent: true };
    const once: HttpContext = { idempotent: false };
    expect(await attempt((http) => http.get('groups'))).toBe(2);
    expect(await attempt((http) => http.post('functions/list', { json: {} }))).toBe(2);
    expect(await attempt((http) => http.post('functions', { json: {} }))).toBe(1);
    expect(await attempt((http) => http.put('functions/1', { json: {} }))).toBe(1);
    expect(await attempt((http) => http.delete('functions/1'))).toBe(1);
    expect(
      await attempt((http) => http.post('functions', { json: {}, context: { ...idempotent } })),
    ).toBe(2);
    expect(
      await attempt((http) =>
        http.extend({ context: { ...idempotent } }).post('functions', { json: {} }),
      ),
    ).toBe(2);
    expect(await attempt((http) => http.get('groups', { context: { ...once } }))).toBe(1);
    const wrong = make(memoryTransport({})).get('groups', { context: { idempotent: 'yes' } });
    expect(await rejection(wrong)).toMatchObject({
      code: 'config',
      message: expect.stringContaining('idempotent'),
    });
  });

  it('goes through the interceptors and in its lane', async () => {
    const seen: string[] = [];
    const note: Interceptor = (next) => (request) => {
      seen.push(`${request.method} ${request.path}`);
      return next(request);
    };
    await using server = await startServer((_, response) => json(response, 200, {}));
    await make(connect(server.baseUrl, { interceptors: [note] })).get('groups', {
      searchParams: { secret: 's' },
    });
    expect(seen).toEqual(['GET /groups']);
    const transport = memoryTransport(() => ({}));
    const http = make(transport);
    for (const path of ['functions/list', 'functions']) await http.post(path, { json: {} });
    expect(transport.requests.map(({ lane, idempotent }) => [lane, idempotent])).toEqual([
      ['read', true],
      ['write', false],
    ]);
  });

  it('writes dates as epoch milliseconds, and nothing that JSON cannot carry', async () => {
    const transport = memoryTransport(() => ({}));
    const http = make(transport);
    const instant = { epochMilliseconds: 7, toJSON: () => '1970-01-01T00:00:00.007Z' };
    const given = {
      at: new Date(5),
      in: [{ to: new Date(6) }],
      instant,
      none: null,
      plain: { epochMilliseconds: 8 },
    };
    await http.post('functions', { json: given });
    expect(transport.requests[0]).toMatchObject({
      body: '{"at":5,"in":[{"to":6}],"instant":7,"none":null,"plain":{"epochMilliseconds":8}}',
      contentType: 'application/json',
    });
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    for (const bad of [
      { a: Number.NaN },
      { a: Infinity },
      { a: new Date(Number.NaN) },
      cycle,
      { a: 1n },
    ])
      expect(
        await rejection(Promise.resolve().then(() => http.post('functions', { json: bad }))),
      ).toMatchObject({
        code: 'config',
      });
    expect(transport.requests).toHaveLength(1);
  });

  it('ends with the reason of its signal: before, while it waits, and while its answer is read', async () => {
    await using server = await startServer((_, response, count) => {
      if (count > 1) response.writeHead(200, { 'content-type': 'application/json' }).write('[');
    });
    const http = make(connect(server.baseUrl));
    const reason = new Error('enough');
    expect(await rejection(http.get('groups', { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(server.received).toHaveLength(0);
    for (const context of [{}, {}, { stream: true }]) {
      const abort = new AbortController();
      const answer = http.get('groups', { signal: abort.signal, context }).json();
      setTimeout(() => abort.abort(reason), 30);
      expect(await rejection(answer)).toBe(reason);
    }
  });

  it('reports how much was sent, and sends that once', async () => {
    await using server = await startServer((request, response, count) =>
      count === 2
        ? error(response, 429, 'slow down')
        : json(response, 200, { size: request.body.length }),
    );
    const http = make(connect(server.baseUrl));
    const seen: { transferredBytes: number; totalBytes: number; percent: number }[] = [];
    const body = new Uint8Array(300_000);
    const send = (): Promise<unknown> =>
      http
        .put('documents/1', { body, onUploadProgress: (progress) => void seen.push(progress) })
        .json();
    expect(await send()).toEqual({ size: 300_000 });
    expect(seen.at(-1)).toEqual({ percent: 1, transferredBytes: 300_000, totalBytes: 300_000 });
    expect(await rejection(send())).toMatchObject({ code: 'rate-limit' });
    expect(server.received).toHaveLength(2);
  });

  it('sends a stream as it comes, once', async () => {
    await using server = await startServer((_, response, count) =>
      count === 1 ? json(response, 200, {}) : error(response, count === 2 ? 503 : 401, 'no'),
    );
    const http = make(connect(server.baseUrl));
    const send = (): Promise<unknown> =>
      http.put('documents/1', {
        body: new Blob(['a', 'b']).stream(),
        context: { idempotent: true },
        ...({ duplex: 'half' } as object),
      });
    await send();
    expect(await rejection(send())).toMatchObject({ code: 'server', status: 503 });
    expect(await rejection(send())).toMatchObject({ code: 'auth', status: 401 });
    expect(server.received.map(({ body }) => body.toString())).toEqual(['ab', 'ab', 'ab']);
  });

  it('reports how much has come while the rest is still on its way', async () => {
    let finish = (): void => {};
    await using server = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345');
      finish = () => response.end('67890');
    });
    const seen: number[] = [];
    const answer = make(connect(server.baseUrl)).get('documents/1/content', {
      onDownloadProgress: ({ transferredBytes, totalBytes }) => {
        expect(totalBytes).toBe(10);
        seen.push(transferredBytes);
      },
    });
    const reader = ((await answer).body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    finish();
    const rest = [first.value, (await reader.read()).value].map((piece) =>
      new TextDecoder().decode(piece),
    );
    await reader.read();
    expect(rest.join('')).toBe('1234567890');
    expect(seen.at(-1)).toBe(10);
  });

  it('gives its answer as it comes where that is asked for, and else whole, through a lost connection', async () => {
    const breaking: Answer = (_, response, count) => {
      response.writeHead(count === 3 ? 204 : 200, { 'x-request-id': 'r' });
      if (count === 3) response.end();
      else if (count === 1 || count === 4) response.write('half', () => response.destroy());
      else response.end('the whole');
    };
    await using server = await startServer(breaking);
    const http = make(connect(server.baseUrl));
    expect(await http.get('documents/1/content').text()).toBe('the whole');
    const empty = await http.get('documents/1/content', { context: { stream: true } });
    expect([empty.status, empty.body]).toEqual([204, null]);
    const streamed = await http.get('documents/1/content', { context: { stream: true } });
    expect([streamed.status, streamed.headers.get('x-request-id')]).toEqual([200, 'r']);
    expect(await rejection(streamed.text())).toMatchObject({ code: 'network' });
    const bounded = make(connect(server.baseUrl, { maxResponseBytes: 5 }));
    expect(await rejection(bounded.get('documents/1/content').text())).toMatchObject({
      code: 'decode',
    });
    expect(await bounded.get('documents/1/content', { context: { stream: true } }).text()).toBe(
      'the whole',
    );
  });

  it('names the type of an answer that is not JSON, and does not repeat it', async () => {
    await using server = await startServer((_, response, count) =>
      response.writeHead(200).end(['<html>secret', 'secret', ''][count % 3]),
    );
    const http = make(connect(server.baseUrl));
    for (const what of ['not valid JSON', undefined, 'HTML, probably of a proxy']) {
      const outcome = await http
        .get('groups')
        .json()
        .then(
          (value) => value || undefined,
          (reason: Error) => reason,
        );
      if (what === undefined) expect(outcome).toBeUndefined();
      else
        expect(outcome).toMatchObject({ code: 'decode', message: expect.stringContaining(what) });
      expect(String(outcome)).not.toContain('secret');
    }
  });

  it('ends by the time limit of ky, too', async () => {
    await using server = await startServer(() => {});
    const reason = await rejection(make(connect(server.baseUrl)).get('groups', { timeout: 30 }));
    expect(reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('has no method that CDF has not', async () => {
    const reason = (await rejection(make(memoryTransport({})).head('groups'))) as ConfigError;
    expect(reason).toMatchObject({ code: 'config', message: expect.stringContaining('HEAD') });
  });
});

describe("the caller's own ky", () => {
  it('keeps its hooks and headers, even where a hook replaces the request', async () => {
    const replace = (request: Request): Request =>
      new Request(request, {
        headers: { ...Object.fromEntries(request.headers), 'x-hook': 'yes' },
      });
    const headers = { 'x-company': 'acme' };
    const first = ky1.create({
      headers,
      hooks: { beforeRequest: [replace] },
      prefixUrl: 'https://api.acme.example',
    });
    const second = ky2.create({
      headers,
      hooks: { beforeRequest: [({ request }) => replace(request)] },
      prefix: 'https://api.acme.example',
      baseUrl: 'https://api.acme.example/b/',
      totalTimeout: 1,
      retry: { limit: 5, methods: ['get', 'post'] },
    });
    for (const make of VERSIONS_OF(first, second)) {
      const transport = memoryTransport(() => ({}));
      await make(transport).post('functions', { json: { a: 1 }, context: { idempotent: true } });
      await make(transport).post('functions/list', {
        json: { a: 1 },
        context: { idempotent: false },
      });
      expect(transport.requests).toMatchObject([
        {
          path: '/functions',
          body: '{"a":1}',
          idempotent: true,
          headers: { 'x-company': 'acme', 'x-hook': 'yes' },
        },
        { path: '/functions/list', body: '{"a":1}', idempotent: false },
      ]);
    }
  });

  it('keeps how it writes JSON', async () => {
    const stringifyJson = (): string => '"theirs"';
    for (const make of VERSIONS_OF(ky1.create({ stringifyJson }), ky2.create({ stringifyJson }))) {
      const transport = memoryTransport(() => ({}));
      await make(transport).post('functions', { json: {} });
      expect(transport.requests[0]?.body).toBe('"theirs"');
    }
  });

  it('of 2.x has a path of its own, which stays inside the project', async () => {
    const transport = memoryTransport(() => ({}));
    const http = cdfHttp(transport, { ky: ky2 });
    await http.extend({ prefix: 'functions' }).get('/1/calls');
    expect(transport.requests[0]?.path).toBe('/functions/1/calls');
    expect(
      await rejection(http.extend({ prefix: 'https://thief.example' }).get('x')),
    ).toMatchObject({
      code: 'config',
    });
    expect(await rejection(http.get('x', { prefix: '../..' }))).toMatchObject({ code: 'config' });
  });

  it('of 2.x checks an answer against a schema', async () => {
    const FunctionList = v.object({ items: v.array(v.object({ id: v.number() })) });
    const http = cdfHttp(
      memoryTransport({ 'POST /functions/list': () => ({ items: [{ id: 1 }, { id: 2 }] }) }),
      {
        ky: ky2,
      },
    );
    const { items } = await http.post('functions/list', { json: {} }).json(FunctionList);
    expectTypeOf(items).toEqualTypeOf<{ id: number }[]>();
    expect(items).toEqual([{ id: 1 }, { id: 2 }]);
    const wrong = http
      .post('functions/list', { json: {} })
      .json(v.object({ items: v.array(v.string()) }));
    expect(await rejection(wrong)).toMatchObject({ name: 'SchemaValidationError' });
  });

  it('must be one, and stands on a client or a transport', () => {
    const untyped = (value: unknown): never => value as never;
    for (const wrong of [fetch, {}, 'ky'])
      expect(() => cdfHttp(memoryTransport({}), { ky: untyped(wrong) })).toThrow(
        'cdfHttp: ky must be',
      );
    for (const wrong of [undefined, null, {}, { transport: {} }])
      expect(() => cdfHttp(untyped(wrong))).toThrow('cdfHttp: pass a client');
  });

  it('sends bytes as they are, whatever type they are said to have', async () => {
    const sent: unknown[] = [];
    const transport = memoryTransport((spec) => void sent.push(spec.body));
    const http = cdfHttp(transport);
    const zipped = new Uint8Array([31, 139, 8, 0, 255, 254]);
    const latin = new Uint8Array([0x70, 0xe5, 0x6d]);
    const headers = { 'content-type': 'application/json' };
    await http.post('functions', {
      body: zipped,
      headers: { ...headers, 'content-encoding': 'gzip' },
    });
    await http.post('functions', {
      body: latin,
      headers: { 'content-type': 'text/csv; charset=iso-8859-1' },
    });
    await http.post('functions', { body: '\ufeff{}', headers });
    expect(sent).toEqual([zipped, latin, '\ufeff{}']);
  });

  it('decides the type of what comes back', () => {
    const transport = memoryTransport({});
    expectTypeOf(cdfHttp(transport)).toEqualTypeOf<typeof ky1>();
    expectTypeOf(cdfHttp(transport, { ky: ky2 })).toEqualTypeOf<typeof ky2>();
    const read = () => cdfHttp(transport).get('groups').json<{ a: 1 }>();
    expectTypeOf(read).returns.resolves.toEqualTypeOf<{ a: 1 }>();
  });
});

const VERSIONS_OF = (
  first: typeof ky1,
  second: typeof ky2,
): ((source: Parameters<typeof cdfHttp>[0]) => Http)[] => [
  (source) => cdfHttp(source, { ky: first }),
  (source) => cdfHttp(source, { ky: second }) as unknown as Http,
];

describe('search parameters', () => {
  it('are strings, numbers and booleans as they are, JSON of the rest, and never an absent value', () => {
    const record = {
      a: 'x',
      b: 0,
      c: false,
      d: [],
      e: { f: [null] },
      g: null,
      h: undefined,
      i: '',
      j: new Date(9),
    };
    expect(Object.fromEntries(toSearchParams(record))).toEqual({
      ...{ a: 'x', b: '0', c: 'false', d: '[]', e: '{"f":[null]}', i: '', j: '9' },
    });
    for (const bad of [Number.NaN, [Infinity], 1n, new Date(Number.NaN)])
      expect(() => toSearchParams({ bad })).toThrow(expect.objectContaining({ code: 'config' }));
  });
});

describe.each(VERSIONS)('with $version, a call that cannot be written', ({ make }) => {
  const http = make(memoryTransport(() => ({})));
  it.each<[string, () => Promise<unknown>]>([
    ['a BigInt', () => http.post('functions/list', { json: { a: 1n } })],
    ['half of a surrogate pair', () => http.post('functions/list', { json: { a: '\ud800' } })],
    ['a half in the URL', () => http.get('functions', { searchParams: { a: '\ud800' } })],
    [
      'a half in pairs of the URL',
      () => http.get('functions', { searchParams: [['a', '\ud800']] }),
    ],
    ['a half in a string of the URL', () => http.get('functions', { searchParams: 'a=\ud800' })],
  ])('rejects for %s, and does not throw', async (_, call) => {
    let promise: Promise<unknown> | undefined;
    expect(() => {
      promise = call();
    }).not.toThrow();
    expect(await rejection(promise as Promise<unknown>)).toMatchObject({ name: 'ConfigError' });
  });

  it('says why, as the cause', async () => {
    const json = {
      toJSON(): never {
        throw new Error('not loaded');
      },
    };
    expect(await rejection(http.post('functions/list', { json }))).toMatchObject({
      name: 'ConfigError',
      message: 'json: the value cannot be written as JSON',
      cause: { message: 'not loaded' },
    });
  });

  it('is not mistaken for a text of one’s own, whatever it begins with', async () => {
    await using server = await startServer(echo);
    const headers = { 'content-type': 'text/plain' };
    const call = make(connect(server.baseUrl)).post('functions/list', { body: '\0text', headers });
    expect(await call.json()).toMatchObject({ body: '\0text' });
  });
});
