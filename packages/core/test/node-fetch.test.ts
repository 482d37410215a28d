import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect as connectSocket, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OAuthClientCredentials } from '../src/index.js';
import { type NodeFetch, nodeFetch } from '../src/node/index.js';
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
    request.url === '/token' ? token : { host: request.headers.host, authorization: request.headers.authorization };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
/** Every name leads to the plant, as it would from within. */
const tunnels: string[] = [];
const sockets = new Set<Socket>();
const proxy = createHttpServer((_, response) => response.writeHead(405).end());
let plantPort = 0;
let proxyUrl = '';

beforeAll(async () => {
  plantPort = await listen(plant);
  proxy.on('connect', (request, socket: Socket) => {
    tunnels.push(request.url ?? '');
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

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];
const saved = VARIABLES.map((name) => [name, process.env[name]] as const);
const opened: NodeFetch[] = [];
const open = (...options: Parameters<typeof nodeFetch>): NodeFetch => {
  const fetch = nodeFetch(...options);
  opened.push(fetch);
  return fetch;
};
afterEach(async () => {
  tunnels.length = 0;
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
    expect(JSON.parse(Buffer.from(await stored.bytes()).toString())).toEqual({ host: 'storage.plant.test' });
    expect(new Set(tunnels)).toEqual(new Set(['login.plant.test:443', 'cdf.plant.test:443', 'storage.plant.test:443']));
  });

  it('finds its proxy in the environment, and honours NO_PROXY', async () => {
    for (const name of VARIABLES) delete process.env[name];
    process.env.HTTPS_PROXY = proxyUrl;
    process.env.NO_PROXY = 'localhost,other.test';
    const fetch = open({ proxy: 'env', ca: [AUTHORITY] });
    const get = { method: 'GET', path: '/x', idempotent: true } as const;
    expect(await connect('https://cdf.plant.test', { fetch }).request(get)).toMatchObject({ host: 'cdf.plant.test' });
    expect(tunnels).toEqual(['cdf.plant.test:443']);
    const direct = connect(`https://localhost:${plantPort}`, { fetch });
    expect(await direct.request(get)).toMatchObject({ host: `localhost:${plantPort}` });
    expect(tunnels).toHaveLength(1);
  });

  it('does not trust the plant without its authority, and says what to do', async () => {
    const transport = connect(`https://localhost:${plantPort}`, { fetch: open(), retry: { connectLimit: 0 } });
    expect(
      await rejection(transport.request({ method: 'POST', path: '/x', body: {}, idempotent: false })),
    ).toMatchObject({
      code: 'network',
      delivery: 'none',
      message: expect.stringContaining('nodeFetch({ ca })'),
    });
  });

  it('says that nothing was sent where the proxy is not there', async () => {
    const fetch = open({ proxy: 'http://127.0.0.1:9', ca: AUTHORITY });
    const transport = connect('https://cdf.plant.test', { fetch, retry: { connectLimit: 0 } });
    const reason = await rejection(transport.request({ method: 'POST', path: '/x', body: {}, idempotent: false }));
    expect(reason).toMatchObject({ code: 'network', delivery: 'none' });
  });

  it('takes a Request as well, and refuses a proxy that is no address', async () => {
    const answer = await open({ ca: AUTHORITY })(
      new Request(`https://localhost:${plantPort}/token`, { method: 'POST', body: 'x' }),
    );
    expect(await answer.json()).toMatchObject({ access_token: 'from-the-plant' });
    for (const address of ['proxy:3128', 'socks5://p:1', ''])
      expect(() => nodeFetch({ proxy: address })).toThrow('proxy must be');
  });
});
