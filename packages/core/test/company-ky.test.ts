import { inspect } from 'node:util';
import { type ClientConfig, OAuthClientCredentials, Token } from '@cdf/core';
import ky1 from 'ky';
import ky2 from 'ky-2';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type IdentityProvider, startIdentityProvider } from './helpers/identity-provider.js';
import { connect, error, json, rejection, startServer } from './helpers/server.js';

const SETTINGS = { throwHttpErrors: false, retry: 0, timeout: false } as const;
const headers = { 'x-company': 'acme' };

/** The ky of a company: every request of its programs is marked and counted. */
const KYS = [
  {
    version: '1.14',
    make: (seen: string[]): typeof globalThis.fetch =>
      ky1.create({
        ...SETTINGS,
        headers,
        hooks: { beforeRequest: [({ url }) => void seen.push(url)] },
      }),
  },
  {
    version: '2',
    make: (seen: string[]): typeof globalThis.fetch =>
      ky2.create({
        ...SETTINGS,
        headers,
        hooks: { beforeRequest: [({ request }) => void seen.push(request.url)] },
      }),
  },
];
const READ = {
  method: 'POST',
  path: '/assets/list',
  body: { limit: 1 },
  idempotent: true,
} as const;

let identity: IdentityProvider;
beforeAll(async () => {
  identity = await startIdentityProvider();
});
afterAll(() => identity[Symbol.asyncDispose]());

it('is a fetch by its type', () => {
  expectTypeOf(ky1).toExtend<NonNullable<ClientConfig['fetch']>>();
  expectTypeOf(ky2).toExtend<NonNullable<ClientConfig['fetch']>>();
});

describe.each(KYS)("a company's ky $version as fetch", ({ make }) => {
  it('sends requests: repeated by the transport, with its errors, whose body is read', async () => {
    await using server = await startServer((request, response, count) => {
      if (count === 1) error(response, 503, 'busy');
      else if (count === 2) response.socket?.destroy();
      else if (count === 4) error(response, 400, 'wrong', { missing: [{ id: 1 }] });
      else
        json(response, 200, {
          body: request.body.toString(),
          company: request.headers['x-company'],
        });
    });
    const seen: string[] = [];
    const transport = connect(server.baseUrl, { fetch: make(seen) });
    expect(await transport.request(READ)).toEqual({ body: '{"limit":1}', company: 'acme' });
    expect(seen).toHaveLength(3);
    expect(await rejection(transport.request(READ))).toMatchObject({
      code: 'not-found',
      missing: [{ id: 1 }],
    });
    const credentials = new Token('my-secret-token');
    const nowhere = connect('http://127.0.0.1:9', {
      fetch: make([]),
      retry: { connectLimit: 0 },
      credentials,
    });
    const lost = await rejection(nowhere.request(READ));
    expect(lost).toMatchObject({ code: 'network', delivery: 'none' });
    // ky 2 keeps the request in its error, with the token.
    expect(inspect(lost, { depth: 9, showHidden: true })).not.toMatch(/Bearer|secret-token/);
  });

  it('is ended by a signal and by a time limit', async () => {
    await using server = await startServer(() => {});
    const transport = connect(server.baseUrl, { fetch: make([]), retry: { limit: 0 } });
    const reason = new Error('enough');
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 30);
    expect(await rejection(transport.request(READ, { signal: abort.signal }))).toBe(reason);
    expect(await rejection(transport.request(READ, { timeoutMs: 30 }))).toMatchObject({
      code: 'timeout',
    });
  });

  it('moves bytes to and from storage, streams too', async () => {
    await using storage = await startServer(({ method, body }, response) =>
      method === 'PUT'
        ? json(response, 201, { size: body.length })
        : response.end(Buffer.alloc(100_000, 'x')),
    );
    const seen: string[] = [];
    const transport = connect(storage.baseUrl, { fetch: make(seen) });
    const url = `${storage.baseUrl}/f`;
    const read = await transport.transfer({ method: 'GET', url, replayable: true });
    expect((await read.bytes()).length).toBe(100_000);
    const content = new Uint8Array(200_000);
    for (const body of [content, new Blob([content]), new Blob([content]).stream()])
      expect(
        (await transport.transfer({ method: 'PUT', url, body, replayable: false })).status,
      ).toBe(201);
    expect(storage.received.map(({ body }) => body.length)).toEqual([0, 200_000, 200_000, 200_000]);
    expect(storage.received.every(({ headers: sent }) => sent.authorization === undefined)).toBe(
      true,
    );
    expect(seen).toHaveLength(4);
  });

  it('gives answers as they come', async () => {
    let finish = (): void => {};
    await using server = await startServer((_, response) => {
      response.writeHead(200).write('first');
      finish = () => response.end('second');
    });
    const transport = connect(server.baseUrl, { fetch: make([]) });
    const stream = await transport.request<ReadableStream<Uint8Array>>({
      ...READ,
      accept: 'stream',
    });
    const reader = stream.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
    finish();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('second');
  });

  it('signs in: discovery, the token, and a refusal', async () => {
    await using server = await startServer((_, response) => json(response, 200, {}));
    const seen: string[] = [];
    const service = {
      issuer: identity.issuer,
      clientId: 'service',
      clientSecret: 'a-very-secret-secret',
    };
    const settings = { fetch: make(seen), credentials: new OAuthClientCredentials(service) };
    await connect(server.baseUrl, settings).request(READ);
    expect(seen.map((url) => new URL(url).pathname)).toEqual([
      '/.well-known/openid-configuration',
      '/token',
      '/api/v1/projects/test/assets/list',
    ]);
    const wrong = new OAuthClientCredentials({ ...service, clientSecret: 'wrong-secret' });
    const reason = await rejection(
      connect(server.baseUrl, { ...settings, credentials: wrong }).request(READ),
    );
    expect(reason).toMatchObject({ code: 'auth', reason: 'invalid_client' });
  });
});
