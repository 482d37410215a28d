import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect as connectSocket, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { OAuthClientCredentials } from '@cdf/core';
import { type NodeFetch, nodeFetch } from '@cdf/core/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noProxy } from '../src/node/proxy.js';
import { AUTHORITY, CERTIFICATE, PRIVATE_KEY } from './helpers/certificates.js';
import { connect, rejection } from './helpers/server.js';

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** CDF, an identity provider and storage behind a certificate of the plant's own authority. */
const plant = createHttpsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (request, response) => {
  request.resume();
  const token = { access_token: 'from-the-plant', token_type: 'bearer', expires_in: 60 };
  const body =
    request.url === '/token'
      ? token
      : { host: request.headers.host, authorization: request.headers.authorization };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
/** Every name leads to the plant, as it would from within. */
const tunnels: string[] = [];
const authorizations: (string | undefined)[] = [];
const sockets = new Set<Socket>();
const proxy = createHttpServer((_, response) => response.writeHead(405).end());
let plantPort = 0;
let proxyUrl = '';

beforeAll(async () => {
  plantPort = await listen(plant);
  proxy.on('connect', (request, socket: Socket) => {
    tunnels.push(request.url ?? '');
    authorizations.push(request.headers['proxy-authorization']);
    const target = connectSocket(plantPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    for (const each of [socket, target]) {
      sockets.add(each);
      each.on('error', () => {});
    }
  });
  proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  plant.closeAllConnections();
  plant.close();
  proxy.close();
});

const VARIABLES = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
];
const saved = VARIABLES.map((name) => [name, process.env[name]] as const);
const opened: NodeFetch[] = [];
const open = (...options: Parameters<typeof nodeFetch>): NodeFetch => {
  const fetch = nodeFetch(...options);
  opened.push(fetch);
  return fetch;
};
afterEach(async () => {
  tunnels.length = 0;
  authorizations.length = 0;
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const fetch of opened.splice(0)) await fetch.close();
});

describe('a client in a plant', () => {
  it('sends API, sign-in and storage traffic through the proxy, trusting the plant', async () => {
    const credentials = new OAuthClientCredentials({
      tokenUrl: 'https://login.plant.test/token',
      clientId: 'i',
      clientSecret: 's',
    });
    const transport = connect('https://cdf.plant.test', {
      credentials,
      fetch: open({ proxy: proxyUrl, ca: AUTHORITY }),
    });
    const answer = await transport.request({
      method: 'POST',
      path: '/assets/list',
      body: { big: 'x'.repeat(20_000) },
      idempotent: true,
    });
    expect(answer).toEqual({ host: 'cdf.plant.test', authorization: 'Bearer from-the-plant' });
    const body = new Blob([new Uint8Array([1, 2, 3])]).stream() as ReadableStream<Uint8Array>;
    const stored = await transport.transfer({
      method: 'PUT',
      url: 'https://storage.plant.test/f?sig=x',
      body,
      replayable: false,
    });
    expect(JSON.parse(Buffer.from(await stored.bytes()).toString())).toEqual({
      host: 'storage.plant.test',
    });
    expect(new Set(tunnels)).toEqual(
      new Set(['login.plant.test:443', 'cdf.plant.test:443', 'storage.plant.test:443']),
    );
  });

  it('finds its proxy in the environment, and honours NO_PROXY', async () => {
    for (const name of VARIABLES) delete process.env[name];
    process.env.HTTPS_PROXY = proxyUrl;
    process.env.NO_PROXY = 'localhost,other.test';
    const fetch = open({ proxy: 'env', ca: [AUTHORITY] });
    const get = { method: 'GET', path: '/x', idempotent: true } as const;
    expect(await connect('https://cdf.plant.test', { fetch }).request(get)).toMatchObject({
      host: 'cdf.plant.test',
    });
    expect(tunnels).toEqual(['cdf.plant.test:443']);
    const direct = connect(`https://localhost:${plantPort}`, { fetch });
    expect(await direct.request(get)).toMatchObject({ host: `localhost:${plantPort}` });
    expect(tunnels).toHaveLength(1);
  });

  it('does not trust the plant without its authority, and says what to do', async () => {
    const transport = connect(`https://localhost:${plantPort}`, {
      fetch: open(),
      retry: { connectLimit: 0 },
    });
    expect(
      await rejection(
        transport.request({ method: 'POST', path: '/x', body: {}, idempotent: false }),
      ),
    ).toMatchObject({
      code: 'network',
      delivery: 'none',
      message: expect.stringContaining('nodeFetch({ ca })'),
    });
  });

  it('says that nothing was sent where the proxy is not there', async () => {
    const fetch = open({ proxy: 'http://127.0.0.1:9', ca: AUTHORITY });
    const transport = connect('https://cdf.plant.test', { fetch, retry: { connectLimit: 0 } });
    const reason = await rejection(
      transport.request({ method: 'POST', path: '/x', body: {}, idempotent: false }),
    );
    expect(reason).toMatchObject({ code: 'network', delivery: 'none' });
  });

  it('takes a Request as well, and refuses a proxy that is not a URL', async () => {
    const answer = await open({ ca: AUTHORITY })(
      new Request(`https://localhost:${plantPort}/token`, { method: 'POST', body: 'x' }),
    );
    expect(await answer.json()).toMatchObject({ access_token: 'from-the-plant' });
    for (const address of ['', ' ', 'http://', '://p', 'http://p:99999', 'p q:1'])
      expect(() => nodeFetch({ proxy: address })).toThrow('proxy must be');
  });

  it.each([
    'socks5://user:s3cret@p:1080',
    'SOCKS://p',
    'socks4a://p:1',
    'socks5h://p:1',
    'ftp://p',
    'pac+https://p/x.pac',
  ])('refuses a proxy of another kind by its name: %s', (address) => {
    const scheme = address.split('://')[0]?.toLowerCase();
    expect(() => nodeFetch({ proxy: address })).toThrow(
      `nodeFetch: proxy: ${scheme}:// proxies are not supported`,
    );
    expect(() => nodeFetch({ proxy: address })).not.toThrow('s3cret');
    for (const name of VARIABLES.slice(0, 4)) {
      for (const each of VARIABLES) delete process.env[each];
      process.env[name] = address;
      expect(() => nodeFetch({ proxy: 'env' })).toThrow(
        `${name}: ${scheme}:// proxies are not supported`,
      );
    }
  });

  it.each<[string, (port: string) => string]>([
    ['HTTPS_PROXY', (port) => `127.0.0.1:${port}`],
    ['https_proxy', (port) => ` localhost:${port} `],
    ['HTTP_PROXY', (port) => `127.0.0.1:${port}`],
    ['http_proxy', (port) => `user:p@ss%20word@127.0.0.1:${port}`],
    ['HTTPS_PROXY', (port) => `HTTP://127.0.0.1:${port}/`],
  ])('takes a proxy from %s that is host and port only', async (name, address) => {
    for (const each of VARIABLES) delete process.env[each];
    const text = address(new URL(proxyUrl).port);
    process.env[name] = text;
    const fetch = open({ proxy: 'env', ca: AUTHORITY });
    await connect('https://cdf.plant.test', { fetch }).request({
      method: 'GET',
      path: '/x',
      idempotent: true,
    });
    expect(tunnels).toEqual(['cdf.plant.test:443']);
    const user = Buffer.from('user:p@ss word').toString('base64');
    expect(authorizations).toEqual([text.startsWith('user') ? `Basic ${user}` : undefined]);
    // Once more as the option.
    await connect('https://cdf.plant.test', {
      fetch: open({ proxy: text, ca: AUTHORITY }),
    }).request({
      method: 'GET',
      path: '/x',
      idempotent: true,
    });
    expect(tunnels).toHaveLength(2);
  });

  it('names a proxy that is dead, and never its password', async () => {
    const get = { method: 'GET', path: '/x', idempotent: true } as const;
    const settings = { retry: { limit: 0, connectLimit: 0 } };
    for (const each of VARIABLES) delete process.env[each];
    const attempts: [string, string, string][] = [
      [
        'http://user:s3cret-word@127.0.0.1:9',
        'https://cdf.plant.test',
        'the proxy http://127.0.0.1:9 cannot be reached',
      ],
      ['127.0.0.1:9', 'http://127.0.0.2:7', 'the proxy http://127.0.0.1:9 cannot be reached'],
      [
        'user:s3cret-word@nowhere.invalid:3128',
        'https://cdf.plant.test',
        'the proxy http://nowhere.invalid:3128 cannot',
      ],
      [
        'https://s3cret-word@localhost:9',
        'https://cdf.plant.test',
        'the proxy https://localhost:9 cannot be reached',
      ],
    ];
    for (const [address, baseUrl, message] of attempts)
      for (const proxy of [address, 'env']) {
        process.env.HTTP_PROXY = address;
        const error = (await rejection(
          connect(baseUrl, { fetch: open({ proxy }), ...settings }).request(get),
        )) as Error;
        expect(error).toMatchObject({
          code: 'network',
          delivery: 'none',
          message: expect.stringContaining(message),
        });
        expect(error.message).toContain(
          `check ${proxy === 'env' ? 'HTTP_PROXY' : 'nodeFetch: proxy'}`,
        );
        expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/s3cret|czNjcmV0/);
      }
    const credentials = new OAuthClientCredentials({
      tokenUrl: 'https://i/t',
      clientId: 'i',
      clientSecret: 's',
    });
    const fetch = open({ proxy: '127.0.0.1:9' });
    expect(
      await rejection(
        connect('https://cdf.plant.test', { credentials, fetch, ...settings }).request(get),
      ),
    ).toMatchObject({
      message: expect.stringMatching(
        /signing in at .*the proxy http:\/\/127.0.0.1:9 cannot be reached/,
      ),
    });
  });

  it.each([
    [407, 'requires a user and a password (407)'],
    [403, 'refused the connection to this host (403)'],
    [502, 'refused the connection to this host (502)'],
  ])('says that the proxy answered %d', async (status, message) => {
    const refusing = createHttpServer();
    refusing.on('connect', (_, socket: Socket) =>
      socket.end(`HTTP/1.1 ${status} no\r\ncontent-length: 0\r\n\r\n`),
    );
    const address = `http://127.0.0.1:${await listen(refusing)}`;
    const transport = connect('https://cdf.plant.test', {
      fetch: open({ proxy: address }),
      retry: { connectLimit: 0 },
    });
    expect(
      await rejection(
        transport.request({ method: 'POST', path: '/x', body: {}, idempotent: false }),
      ),
    ).toMatchObject({
      code: 'network',
      delivery: 'none',
      message: expect.stringContaining(`the proxy ${address} ${message}`),
    });
    refusing.close();
  });
});

describe('NO_PROXY', () => {
  it.each([
    [
      '10.0.0.0/8',
      ['https://10.1.2.3', 'http://10.255.255.255:8080', 'https://[::ffff:10.9.9.9]'],
      ['https://11.0.0.1', 'https://host10.test'],
    ],
    [
      '192.168.4.0/22, 172.16.0.0/12',
      ['https://192.168.7.255', 'https://172.31.0.1'],
      ['https://192.168.8.0', 'https://172.32.0.1'],
    ],
    [
      'fd00::/8 fe80::/10',
      ['https://[fd12:3456::1]', 'https://[febf::1]:444'],
      ['https://[fc00::1]', 'https://[fec0::1]'],
    ],
    [
      '[2001:db8::]/32',
      ['https://[2001:db8:ffff::1]'],
      ['https://[2001:db9::1]', 'https://32.1.13.184'],
    ],
    ['0.0.0.0/0', ['https://8.8.8.8'], ['https://[2001::1]', 'https://dns.google']],
    [
      '10.1.2.3,::1',
      ['https://10.1.2.3:1', 'https://[::1]:1'],
      ['https://10.1.2.30', 'https://[::2]'],
    ],
    [
      '10.0.0.0/8:8443,[::1]:8080',
      ['https://10.0.0.1:8443', 'http://[::1]:8080'],
      ['https://10.0.0.1', 'http://[::1]'],
    ],
    [
      'example.com',
      ['https://example.com', 'https://a.b.example.com:1', 'https://EXAMPLE.com.'],
      ['https://notexample.com', 'https://example.com.evil.test'],
    ],
    ['.example.com;*.plant.test', [], ['https://example.com']],
    [
      '.example.com,*.plant.test',
      ['https://a.example.com', 'https://x.plant.test'],
      ['https://plant.tests'],
    ],
    ['localhost:8080', ['http://localhost:8080'], ['http://localhost', 'http://localhost:80']],
    ['intranet:443', ['https://intranet', 'https://x.intranet:443'], ['http://intranet']],
    ['*', ['https://anything.test', 'http://1.2.3.4'], []],
    ['', [], ['https://localhost']],
    [' , ,', [], ['https://localhost']],
    ['<local>,10.*', [], ['https://10.0.0.1', 'https://local']],
  ])('%j leaves out what it says', (text, without, through) => {
    const isExcluded = noProxy(text);
    for (const url of without) expect([url, isExcluded(new URL(url))]).toEqual([url, true]);
    for (const url of through) expect([url, isExcluded(new URL(url))]).toEqual([url, false]);
  });

  it.each(['10.0.0.0/33', 'fd00::/129', '[::1]/999'])(
    'with an invalid range says so: %s',
    (entry) => {
      expect(() => noProxy(`localhost,${entry}`)).toThrow(
        `NO_PROXY: ${entry} has a prefix of more than`,
      );
    },
  );

  it('of the environment is about requests, also where it is a range', async () => {
    for (const name of VARIABLES) delete process.env[name];
    process.env.HTTPS_PROXY = proxyUrl;
    process.env.no_proxy = '127.0.0.0/8';
    const fetch = open({ proxy: 'env', ca: AUTHORITY });
    await fetch(`https://127.0.0.1:${plantPort}/x`).catch(() => {});
    expect(tunnels).toEqual([]);
    expect((await fetch('https://cdf.plant.test/x')).status).toBe(200);
    expect(tunnels).toEqual(['cdf.plant.test:443']);
  });
});
