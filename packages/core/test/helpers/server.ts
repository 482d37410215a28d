import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClientConfig,
  compression,
  createTransport,
  type Interceptor,
  Token,
  type Transport,
  tracing,
} from '@cdf/core';
import { type Assertion, expect } from 'vitest';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface TestServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly received: Received[];
}

export type Answer = (request: Received, response: ServerResponse, count: number) => void;

/**
 * A real HTTP server on loopback. `answer` gets the whole request and how many came before it,
 * counting from 1.
 */
export async function startServer(answer: Answer): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks) });
    answer(received.at(-1) as Received, response, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function error(
  response: ServerResponse,
  code: number,
  message: string,
  extra: object = {},
): void {
  json(response, code, { error: { code, message, ...extra } });
}

export type Connect = (baseUrl: string, settings?: Partial<ClientConfig>) => Transport;

/** A transport to that server whose backoff does not slow tests down. */
export const connect: Connect = (baseUrl, settings = {}) =>
  createTransport({
    clientName: 'core tests',
    project: 'test',
    credentials: new Token('a-token'),
    retry: { backoffLimitMs: 0, limit: 3 },
    ...settings,
    baseUrl,
    cluster: undefined,
  });

/** Changes nothing, but hands on copies. */
const copying: Interceptor = (next) => async (request) => {
  const answer = await next({ ...request, headers: { ...request.headers } });
  return { ...answer };
};

const several: Connect = (baseUrl, { interceptors = [], ...settings } = {}) =>
  connect(baseUrl, {
    ...settings,
    interceptors: [compression(), copying, ...interceptors, tracing()],
  });

/** The transport over `fetch`, whatever Node's own HTTP does. */
const overFetch =
  (assembled: Connect): Connect =>
  (baseUrl, settings) =>
    assembled(baseUrl, { nodeHttp: false, ...settings });

/**
 * Each suite holds for a transport without interceptors as for one with several, over Node's own
 * HTTP as over `fetch`. `npm test` takes two of the four, the long run all.
 */
export const ASSEMBLIES: readonly { readonly assembly: string; readonly connect: Connect }[] = [
  { assembly: 'without interceptors of its own', connect },
  { assembly: 'with several interceptors, over fetch', connect: overFetch(several) },
  ...(process.env.CDF_TEST_LONG === '1'
    ? [
        { assembly: 'with several interceptors', connect: several },
        { assembly: 'without interceptors of its own, over fetch', connect: overFetch(connect) },
      ]
    : []),
];

/** Both ways to the network. */
export const WAYS = [
  { way: 'node:http', connect },
  { way: 'fetch', connect: overFetch(connect) },
] as const;

/** The reason of a rejected promise. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved, with ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
}

/** Waits until it is so: long enough for a busy machine, and no longer than it takes. */
export function eventually<T>(value: () => T | Promise<T>): Assertion<T> {
  return expect.poll(value, { timeout: 20_000, interval: 5 }) as unknown as Assertion<T>;
}
