import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Interceptor, Transport } from '@cdf/core';
import { nodeFetch } from '@cdf/core/node';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRawServer } from './helpers/raw-server.js';
import { connect, json, startServer, type TestServer } from './helpers/server.js';
import { wayOf, wayOfRequest } from './helpers/way.js';

const READ = { method: 'POST', path: '/a', body: {}, idempotent: true } as const;
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const globals = globalThis as unknown as Record<symbol, unknown>;
const ownFetch = globalThis.fetch;

let server: TestServer;
let transport: Transport;
beforeAll(async () => {
  server = await startServer((_, response) => json(response, 200, { from: 'the server' }));
  transport = connect(server.baseUrl);
  // Node sets a dispatcher of its own when its fetch is first used.
  await (await fetch(server.baseUrl)).text();
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  globalThis.fetch = ownFetch;
});

/** While something is so; afterwards requests go over node:http again. */
async function wayWhile(set: () => (() => unknown) | undefined): Promise<string> {
  const undo = set();
  const way = await wayOfRequest(transport);
  await undo?.();
  globalThis.fetch = ownFetch;
  vi.unstubAllEnvs();
  expect(await wayOfRequest(transport)).toBe('node:http');
  return way;
}

/** Puts another dispatcher in the place of Node's own. */
function dispatcher(make: (own: OwnAgent) => unknown): () => void {
  const own = globals[DISPATCHER] as OwnAgent;
  globals[DISPATCHER] = make(own);
  return () => {
    globals[DISPATCHER] = own;
  };
}

type OwnAgent = object & {
  constructor: new (options?: object) => OwnAgent;
  dispatch(...parameters: unknown[]): boolean;
  compose(interceptor: (dispatch: unknown) => unknown): unknown;
};

describe('a request goes over fetch', () => {
  it('as soon as, and as long as, fetch is not that of Node', async () => {
    const stub = vi.fn(async () => Response.json({ from: 'the stub' }));
    globalThis.fetch = stub;
    expect(await transport.request(READ)).toEqual({ from: 'the stub' });
    globalThis.fetch = ownFetch;
    expect(await transport.request(READ)).toEqual({ from: 'the server' });
    vi.stubGlobal('fetch', stub);
    expect(await connect(server.baseUrl).request(READ)).toEqual({ from: 'the stub' });
    expect(stub).toHaveBeenCalledTimes(2);
  });

  it('to the end of a call whose first attempt was stubbed, and over node:http where the stub has gone', async () => {
    let count = 0;
    globalThis.fetch = async () => {
      if (++count === 2) globalThis.fetch = ownFetch;
      return new Response('', { status: 503 });
    };
    expect(await transport.request(READ)).toEqual({ from: 'the server' });
    expect(count).toBe(2);
  });

  it.each<[string, () => (() => unknown) | undefined]>([
    ['fetch is spied on', () => void vi.spyOn(globalThis, 'fetch')],
    [
      'fetch is wrapped',
      () => {
        globalThis.fetch = (input, init) => ownFetch(input, init);
      },
    ],
    [
      'fetch is bound',
      () => {
        globalThis.fetch = ownFetch.bind(undefined);
      },
    ],
    [
      'fetch is a proxy of that of Node',
      () => {
        globalThis.fetch = new Proxy(ownFetch, {});
      },
    ],
    [
      'a wrapper says that it is that of Node',
      () => {
        const text = ownFetch.toString();
        globalThis.fetch = Object.assign((...all: Parameters<typeof fetch>) => ownFetch(...all), {
          toString: () => text,
        });
      },
    ],
    [
      'undici has a global dispatcher',
      () => {
        const own = getGlobalDispatcher();
        const agent = new Agent({ connections: 2 });
        setGlobalDispatcher(agent);
        return () => {
          setGlobalDispatcher(own);
          return agent.close();
        };
      },
    ],
    [
      "Node's own dispatcher has other options",
      () => dispatcher(({ constructor: Own }) => new Own({ connect: { timeout: 1000 } })),
    ],
    [
      "Node's own dispatcher is composed",
      () => dispatcher((own) => own.compose((dispatch) => dispatch)),
    ],
    [
      "Node's own dispatcher is a class of others",
      () => dispatcher(({ constructor: Own }) => new (class Agent extends Own {})()),
    ],
    [
      "Node's own dispatcher is patched",
      () => {
        const own = globals[DISPATCHER] as OwnAgent;
        const dispatch = own.dispatch.bind(own);
        own.dispatch = (...all) => dispatch(...all);
        return () => delete (own as Partial<OwnAgent>).dispatch;
      },
    ],
    ['Node uses the proxy of the environment', () => void vi.stubEnv('NODE_USE_ENV_PROXY', '1')],
    ['Node was started to use a proxy', () => void vi.stubEnv('NODE_OPTIONS', '--use-env-proxy')],
    [
      'a tool traces its requests',
      () => {
        const heard = (): void => {};
        subscribe('undici:request:create', heard);
        return () => unsubscribe('undici:request:create', heard);
      },
    ],
  ])('while %s', async (_, set) => {
    expect(await wayWhile(set)).toBe('fetch');
  });

  it('where fetch is passed, even that of Node', async () => {
    const stub = vi.fn(async () => Response.json({ from: 'the stub' }));
    expect(await connect(server.baseUrl, { fetch: stub }).request(READ)).toEqual({
      from: 'the stub',
    });
    expect(await wayOfRequest(connect(server.baseUrl, { fetch: ownFetch }))).toBe('fetch');
    const own = nodeFetch();
    expect(await wayOfRequest(connect(server.baseUrl, { fetch: own }))).toBe('fetch');
    await own.close();
  });

  it('where the config says so', async () => {
    expect(await wayOfRequest(connect(server.baseUrl, { nodeHttp: false }))).toBe('fetch');
    expect(await wayOfRequest(connect(server.baseUrl, { nodeHttp: true }))).toBe('node:http');
  });

  it('with what only fetch can send', async () => {
    const form: Interceptor = (next) => (request) => {
      const body = new FormData();
      body.set('name', 'x');
      return next({ ...request, body: body as unknown as string });
    };
    const sending = connect(server.baseUrl, { interceptors: [form] });
    const spec = { method: 'PUT', url: `${server.baseUrl}/f`, replayable: true } as const;
    expect(await wayOf(() => sending.transfer({ ...spec, body: 'x' as never }))).toBe('fetch');
    expect(server.received.at(-1)?.body.toString()).toContain('form-data; name="name"');
    const header: Interceptor = (next) => (request) =>
      next({ ...request, headers: { ...request.headers, expect: '100-continue' } });
    expect(
      await wayOf(() =>
        connect(server.baseUrl, { interceptors: [header] })
          .request(READ)
          .catch(() => {}),
      ),
    ).toBe('fetch');
  });
});

describe("a request goes over Node's own HTTP", () => {
  it('where the package undici is only there, without configured connections', async () => {
    const own = getGlobalDispatcher();
    const agent = new Agent();
    setGlobalDispatcher(agent);
    expect(await wayOfRequest(transport)).toBe('node:http');
    setGlobalDispatcher(own);
    await agent.close();
  });

  it('where node:http is traced', async () => {
    const heard = vi.fn();
    subscribe('http.client.request.start', heard);
    await transport.request(READ);
    unsubscribe('http.client.request.start', heard);
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe('a tool that answers requests itself', () => {
  it('is asked, where it replaces both fetch and node:http', async () => {
    const request = vi.spyOn(http, 'request');
    globalThis.fetch = async () => Response.json({ from: 'the tool' });
    expect(await transport.request(READ)).toEqual({ from: 'the tool' });
    expect(request).not.toHaveBeenCalled();
  });

  it('is asked, where it only replaces the functions of node:http', async () => {
    const own = http.request;
    const other = await startServer((_, response) => json(response, 200, { from: 'the tool' }));
    const { port } = new URL(other.baseUrl);
    const spy = vi.spyOn(http, 'request');
    spy.mockImplementation(((options: http.RequestOptions) =>
      own({ ...options, port })) as typeof http.request);
    expect(await transport.request(READ)).toEqual({ from: 'the tool' });
    spy.mockRestore();
    await other[Symbol.asyncDispose]();
  });
});

const LONG = process.env.CDF_TEST_LONG === '1';
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const long = LONG ? describe : () => {};

long('a program', () => {
  it.each(['--require', '--import'])(
    'that is started with a stub (%s) uses it on both ways',
    async (option) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          ...[
            '--conditions=@cdf/source',
            '--import',
            'tsx',
            option,
            here('helpers/stub-fetch.cjs'),
          ],
          ...[here('helpers/both-ways-program.ts'), server.baseUrl],
        ],
        { cwd: here('..') },
      );
      const expected = { way: 'fetch', result: { from: 'the stub' } };
      expect(JSON.parse(stdout)).toEqual([expected, expected]);
    },
  );

  it('whose tests replace fetch in a setup file of vitest gets what the stub answers', async () => {
    const vitest = join(
      dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
      'vitest.mjs',
    );
    const { stdout } = await promisify(execFile)(process.execPath, [
      vitest,
      'run',
      '--root',
      here('helpers/stubbed'),
    ]);
    expect(stdout).toContain('1 passed');
  });
});

describe('a program that asks for a stream', () => {
  it.each([
    ['read', '{"a":1}'],
    ['forget', 'not read'],
  ])('ends by itself, over node:http (%s)', async (what, expected) => {
    await using server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{"a"');
      // Nothing but the connection keeps the program alive until then.
      setTimeout(() => socket.write(':1}'), 500);
    });
    const program = join(dirname(fileURLToPath(import.meta.url)), 'helpers/stream-program.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@cdf/source', '--import', 'tsx', program, server.baseUrl, what],
      { timeout: 15_000 },
    );
    expect(stdout.trim()).toBe(expected);
  });
});
