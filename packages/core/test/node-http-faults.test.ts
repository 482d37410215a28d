import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { concurrently } from '../src/async/concurrently.js';
import { plainAnswer, startRawServer } from './helpers/raw-server.js';
import { type Connect, WAYS } from './helpers/server.js';

const COUNT = process.env.CDF_TEST_LONG === '1' ? 10_000 : 60;
const SEED = Number(process.env.CDF_TEST_SEED ?? 7);
const JSON_TYPE = 'content-type: application/json\r\n';

/** A number from 0 to 1 that belongs to a request and an attempt. */
function chance(request: number, attempt: number, salt: number): number {
  let hash =
    SEED ^
    Math.imul(request, 0x9e3779b1) ^
    Math.imul(attempt, 0x85ebca6b) ^
    Math.imul(salt, 0xc2b2ae35);
  for (const factor of [0x2c1b3c6d, 0x297a2d39]) hash = Math.imul(hash ^ (hash >>> 15), factor);
  return (hash >>> 0) / 2 ** 32;
}

type Fault = (socket: Socket, body: string) => void;

/** Faults of a server, or of a proxy before it. */
const FAULTS: readonly Fault[] = [
  (socket, body) => socket.write(plainAnswer(body, JSON_TYPE)),
  (socket, body) => socket.end(plainAnswer(body, `${JSON_TYPE}connection: close\r\n`)),
  (socket, body) =>
    socket.write(plainAnswer(gzipSync(body), `${JSON_TYPE}content-encoding: gzip\r\n`)),
  (socket, body) =>
    socket.write(
      `HTTP/1.1 200 OK\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ),
  (socket, body) => {
    const whole = plainAnswer(body, JSON_TYPE);
    socket.write(whole.subarray(0, whole.length - 3));
    setTimeout(() => socket.write(whole.subarray(-3)), 1);
  },
  (socket) =>
    socket.write(plainAnswer('{"error":{"code":503,"message":"later"}}', JSON_TYPE, '503 Later')),
  (socket) =>
    socket.write(plainAnswer('{"error":{"code":429,"message":"slower"}}', JSON_TYPE, '429 Slower')),
  (socket) =>
    socket.write(plainAnswer('{"error":{"code":400,"message":"wrong"}}', JSON_TYPE, '400 Wrong')),
  (socket) =>
    socket.end(
      plainAnswer('<html>', 'content-type: text/html\r\nconnection: close\r\n', '502 Bad Gateway'),
    ),
  (socket) => socket.write(plainAnswer('<html>login</html>', 'content-type: text/html\r\n')),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end(),
  (socket) => socket.end('HTTP/1.1 200 O'),
  (socket, body) => socket.end(plainAnswer(body, JSON_TYPE).subarray(0, -2)),
  (socket, body) =>
    socket.end(
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}`,
    ),
  (socket) => socket.end('this is not HTTP\r\n\r\n'),
  (socket) => socket.write(plainAnswer('', '', '204 No Content')),
  (socket) => socket.write(plainAnswer('', 'location: http://127.0.0.1:1/\r\n', '302 Found')),
];

interface Account {
  readonly outcome: unknown;
  /** How often the server got it. */
  readonly received: number;
}

/** The outcome of each request, as the caller sees it and as the server does. */
async function accounts(connect: Connect): Promise<Account[]> {
  const received = new Map<number, number>();
  await using server = await startRawServer((socket, _, request) => {
    const id = Number(/"id":(\d+)/.exec(request)?.[1]);
    const attempt = (received.get(id) ?? 0) + 1;
    received.set(id, attempt);
    // Every second request is answered as it should be.
    const index =
      chance(id, attempt, 1) < 0.5 ? 0 : Math.floor(chance(id, attempt, 2) * FAULTS.length);
    FAULTS[index]?.(socket, JSON.stringify({ id }));
  });
  const transport = connect(server.baseUrl, { retry: { backoffLimitMs: 0, limit: 3 } });
  const ids = Array.from({ length: COUNT }, (_, id) => id);
  const send = (id: number): Promise<unknown> =>
    transport
      .request({
        method: 'POST',
        path: '/a',
        body: { id, text: 'x'.repeat(id % 2000) },
        idempotent: id % 3 > 0,
      })
      .catch(({ name, code, delivery, status }) => ({ name, code, delivery, status }));
  const outcomes = await concurrently(ids, send, { limit: 10 });
  await transport.close();
  return outcomes.map((outcome, id) => ({ outcome, received: received.get(id) ?? 0 }));
}

describe(`${COUNT} requests, to which a server does everything`, () => {
  it('have the same accounts over both ways', async () => {
    const [node, fetch] = [await accounts(WAYS[0].connect), await accounts(WAYS[1].connect)];
    expect(node).toHaveLength(COUNT);
    expect(node).toEqual(fetch);
    const kinds = new Set(
      node.map(({ outcome }) => (outcome as { code?: string } | undefined)?.code ?? 'answered'),
    );
    // Of few requests some seeds give only one kind of failure.
    expect(kinds.size).toBeGreaterThan(COUNT > 1_000 ? 3 : 1);
  });
});
