import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Assertion, expect } from 'vitest';
import { type ClientSettings, createTransport, Token, type Transport } from '../../src/index.js';
import {
  compression,
  createTransport as createTransportOfParts,
  type TransportPart,
  tracing,
  transfers,
} from '../../src/transport/transport-of-parts.js';

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

/** A real HTTP server on loopback. `answer` gets the whole request and how many came before it, counting from 1. */
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

export function error(response: ServerResponse, code: number, message: string, extra: object = {}): void {
  json(response, code, { error: { code, message, ...extra } });
}

export type Connect = (
  baseUrl: string,
  settings?: Partial<ClientSettings>,
  parts?: readonly TransportPart[],
) => Transport;

const CONFIG = {
  clientName: 'core tests',
  project: 'test',
  credentials: new Token('a-token'),
  retry: { backoffLimitMs: 0, limit: 3 },
};

/** A transport to that server whose backoff does not slow tests down. */
export const connect: Connect = (baseUrl, settings = {}) => createTransport({ ...CONFIG, baseUrl, ...settings });

/** The same from the parts that the settings ask for, and those that the test does. */
const connectParts: Connect = (baseUrl, settings = {}, parts = []) => {
  const { compression: when = 'auto', hooks, logger, fileTransferTimeoutMs: timeoutMs, ...rest } = settings;
  const asked = [...parts];
  if (when !== 'never') asked.push(compression(when));
  if (hooks !== undefined || logger !== undefined) asked.push(tracing({ hooks, logger }));
  if (timeoutMs !== undefined) asked.push(transfers({ timeoutMs }));
  return createTransportOfParts({ ...CONFIG, baseUrl, ...rest }, asked);
};

/** What a test passes whose transport moves streams or uses storage URLs. */
export const STREAMS: readonly TransportPart[] = [transfers()];

/** The two ways to a transport, for suites that hold for both. */
export const ASSEMBLIES: readonly { readonly assembly: string; readonly connect: Connect }[] = [
  { assembly: 'with every part', connect },
  { assembly: 'with those it needs', connect: connectParts },
];

/** What a promise rejects with. */
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
