import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server as NetServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, getGlobalDispatcher, setGlobalDispatcher, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITY, CERTIFICATE, PRIVATE_KEY } from './helpers/certificates.js';
import { connect, rejection, WAYS } from './helpers/server.js';
import { wayOf } from './helpers/way.js';

const IDENTITY = { cert: CERTIFICATE, key: PRIVATE_KEY };
const READ = { method: 'POST', path: '/a', body: {}, idempotent: true } as const;
const ONCE = { retry: { limit: 0, connectLimit: 0 } };

const listen = async (server: NetServer, host = '127.0.0.1'): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
};

let connections = 0;
let plant: Server;
let plantPort = 0;
beforeAll(async () => {
  plant = createServer({ ...IDENTITY, keepAliveTimeout: 60_000 }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"from":"the plant"}');
  });
  plant.on('secureConnection', () => {
    connections++;
  });
  plantPort = await listen(plant, '::');
});
afterAll(() => {
  plant.closeAllConnections();
  plant.close();
});

describe.each(WAYS)('over TLS (and $way)', ({ way, connect }) => {
  it('a server that speaks plain HTTP gets no request, and is soon given up', async () => {
    let requests = 0;
    const plain = createHttpServer(() => {
      requests++;
    });
    let met = 0;
    plain.on('connection', () => {
      met++;
    });
    const port = await listen(plain);
    const retry = { backoffLimitMs: 1 };
    const transport = connect(`https://127.0.0.1:${port}`, { retry });
    const failed = await rejection(transport.request({ ...READ, idempotent: false }));
    expect(failed).toMatchObject({
      name: 'NetworkError',
      message: expect.stringContaining('is it http: in place of https:?'),
    });
    // fetch does not tell whether the connection was secure when it was lost.
    if (way !== 'fetch') {
      expect(failed).toMatchObject({ delivery: 'none' });
      expect(met).toBe(4);
    }
    expect(requests).toBe(0);
    plain.close();
  });

  it('a server that hangs up in the handshake gets no request either', async () => {
    const rude = createNetServer((socket) => socket.once('data', () => socket.destroy()));
    const port = await listen(rude);
    const transport = connect(`https://127.0.0.1:${port}`, ONCE);
    const failed = await rejection(transport.request({ ...READ, idempotent: false }));
    expect(failed).toMatchObject({
      name: 'NetworkError',
      delivery: way === 'fetch' ? 'unknown' : 'none',
    });
    rude.close();
  });

  it('a server without a certificate of a known authority gets nothing', async () => {
    const transport = connect(`https://localhost:${plantPort}`, ONCE);
    expect(await rejection(transport.request({ ...READ, idempotent: false }))).toMatchObject({
      name: 'NetworkError',
      delivery: 'none',
      message: expect.stringContaining("the server's certificate is not trusted"),
    });
    await transport.close();
  });

  it('a server without TLS gets nothing, and one with TLS that is asked without says so', async () => {
    const plain = createHttpServer((_, response) => response.end('{}'));
    const port = await listen(plain);
    const secure = connect(`https://localhost:${port}`, ONCE);
    expect(await rejection(secure.request(READ))).toMatchObject({ name: 'NetworkError' });
    const insecure = connect(`http://localhost:${plantPort}`, ONCE);
    expect(await rejection(insecure.request(READ))).toMatchObject({
      name: 'NetworkError',
      delivery: 'unknown',
    });
    await Promise.all([secure.close(), insecure.close()]);
    plain.closeAllConnections();
    plain.close();
  });
});

const fetchOver = (dispatcher: Agent): typeof fetch =>
  ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;

describe('a server that asks for a certificate of the client', () => {
  const strict = createServer(
    { ...IDENTITY, ca: AUTHORITY, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ for: subject.CN }));
    },
  );
  let baseUrl = '';
  beforeAll(async () => {
    baseUrl = `https://localhost:${await listen(strict)}`;
  });
  afterAll(() => {
    strict.closeAllConnections();
    strict.close();
  });

  it('gets that of the dispatcher which the program sets: its requests go over fetch', async () => {
    const own = getGlobalDispatcher();
    const agent = new Agent({ connect: { ca: AUTHORITY, ...IDENTITY } });
    setGlobalDispatcher(agent);
    try {
      const transport = connect(baseUrl, ONCE);
      expect(await wayOf(() => transport.request(READ))).toBe('fetch');
      expect(await transport.request(READ)).toEqual({ for: 'localhost' });
      await transport.close();
    } finally {
      setGlobalDispatcher(own);
      await agent.close();
    }
  });

  it('gets that of the fetch which the client is given', async () => {
    const agent = new Agent({ connect: { ca: AUTHORITY, ...IDENTITY } });
    const transport = connect(baseUrl, { ...ONCE, fetch: fetchOver(agent) });
    expect(await transport.request(READ)).toEqual({ for: 'localhost' });
    await transport.close();
    await agent.close();
  });

  it('refuses one that only trusts its authority', async () => {
    const agent = new Agent({ connect: { ca: AUTHORITY } });
    const transport = connect(baseUrl, { ...ONCE, fetch: fetchOver(agent) });
    expect(await rejection(transport.request(READ))).toMatchObject({ name: 'NetworkError' });
    await transport.close();
    await agent.close();
  });
});

// A program of its own takes longer than npm test has time for.
const long = process.env.CDF_TEST_LONG === '1' ? describe : () => {};

long('a program that trusts an authority by NODE_EXTRA_CA_CERTS', () => {
  it('reaches its servers by their names, on kept connections, over both ways, and ends while they are open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cdf-tls-'));
    const authority = join(folder, 'authority.pem');
    await writeFile(authority, AUTHORITY);
    const onlyHttp2 = createTlsServer({ ...IDENTITY, ALPNProtocols: ['h2'] }, (socket) =>
      socket.destroy(),
    );
    const cuts = createTlsServer(IDENTITY, (socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}', () => socket.destroy()),
      );
    });
    const [h2Port, cutPort] = [await listen(onlyHttp2), await listen(cuts)];
    connections = 0;
    const urls = [
      `https://localhost:${plantPort}`,
      `https://127.0.0.1:${plantPort}`,
      // Not in the certificate.
      `https://[::1]:${plantPort}`,
      `https://localhost:${h2Port}`,
      `https://127.0.0.1:${cutPort}`,
    ];
    const program = fileURLToPath(new URL('helpers/both-ways-program.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@cdf/source', '--import', 'tsx', program, ...urls],
      {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
      },
    );
    await rm(folder, { recursive: true });
    for (const server of [onlyHttp2, cuts]) server.close();
    const outcomes = JSON.parse(stdout) as { way: string; result: { message?: string } }[];
    const failed = (delivery: string, text: string) => ({
      name: 'NetworkError',
      delivery,
      message: expect.stringContaining(text),
    });
    const expected = [
      { from: 'the plant' },
      { from: 'the plant' },
      failed('none', 'ERR_TLS_CERT_ALTNAME_INVALID'),
      failed('unknown', 'the connection failed'),
      failed('unknown', 'the connection failed'),
    ];
    expect(outcomes).toEqual([
      ...expected.map((result) => ({ way: 'fetch', result })),
      ...expected.map((result) => ({ way: 'node:http', result })),
    ]);
    // One for each name and way, though two requests went to each name that is right.
    expect(connections).toBe(6);
  });
});
