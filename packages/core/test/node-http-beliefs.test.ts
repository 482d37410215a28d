import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { NetworkError, type Transport } from '@cdf/core';
import { describe, expect, it, vi } from 'vitest';
import { Agents } from '../src/platform/node-http/agents.js';
import { plainAnswer, startRawServer } from './helpers/raw-server.js';
import {
  type Connect,
  connect as connectNode,
  eventually,
  rejection,
  WAYS,
} from './helpers/server.js';
import { wayOfRequest } from './helpers/way.js';

const READ = { method: 'POST', path: '/assets/list', body: {}, idempotent: true } as const;
const CREATE = { method: 'POST', path: '/assets', body: {}, idempotent: false } as const;
const ONCE = { retry: { limit: 0, connectLimit: 0 } };
const JSON_TYPE = 'content-type: application/json\r\n';
const BYTES = { ...READ, accept: 'bytes' } as const;

/** The result of one answer over a raw socket. */
async function answered(
  connect: Connect,
  answer: Buffer | string,
  isLast = false,
): Promise<unknown> {
  await using server = await startRawServer((socket) =>
    isLast ? socket.end(answer) : socket.write(answer),
  );
  const transport = connect(server.baseUrl, { ...ONCE, timeoutMs: 2000 });
  try {
    return await transport.request(READ).catch(outcome);
  } finally {
    await transport.close();
  }
}

/** Without the runtime's own code, which each way has for itself. */
function outcome(error: unknown): object {
  const { name, code, delivery, message } = error as Error & { code: string; delivery: string };
  return { name, code, delivery, message: message.replace(/ \([A-Z_\d]+\)$/, '') };
}

const LOST = {
  name: 'NetworkError',
  code: 'network',
  delivery: 'unknown',
  message: 'POST /assets/list: the connection failed or was lost before the whole answer came',
};
const NOT_HTTP = {
  ...LOST,
  message: 'POST /assets/list: the answer is not valid HTTP; check baseUrl or cluster',
};
const huge = 'x'.repeat(100_000);

describe.each(WAYS)('a server (over $way)', ({ way, connect }) => {
  it('is reached in this way', async () => {
    await using server = await startRawServer((socket) => socket.write(plainAnswer('{}')));
    const transport = connect(server.baseUrl);
    expect(await wayOfRequest(transport)).toBe(way);
    await transport.close();
  });

  it('that listens on IPv6 is reached by its address', async () => {
    await using server = await startRawServer(
      (socket) => socket.write(plainAnswer('{"a":1}')),
      '::1',
    );
    const transport = connect(server.baseUrl, ONCE);
    expect(await transport.request(READ)).toEqual({ a: 1 });
    expect(server.received[0]).toMatch(/host: \[::1\]:/i);
    await transport.close();
  });

  it.each<[string, string]>([
    ['sends nothing', ''],
    ['stops within the head', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['stops within the body', `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-length: 9\r\n\r\n{"a"`],
  ])('that %s is left at the time limit, and at an abort', async (_, answer) => {
    await using server = await startRawServer((socket) => socket.write(answer));
    const transport = connect(server.baseUrl, { ...ONCE, timeoutMs: 100 });
    const late = await rejection(transport.request(READ));
    expect(outcome(late)).toMatchObject({ name: 'TimeoutError', delivery: 'unknown' });
    const before = server.received.length;
    const abort = new AbortController();
    const pending = rejection(transport.request(READ, { signal: abort.signal, timeoutMs: 60_000 }));
    await eventually(() => server.received.length).toBe(before + 1);
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await pending).toBe(reason);
    // After an abort, fetch keeps the connection for a while.
    if (way === 'node:http')
      await eventually(() => server.sockets.every(({ destroyed }) => destroyed)).toBe(true);
    await transport.close();
  });

  it.each<[string, string | Buffer, boolean, unknown]>([
    ['gives a length', plainAnswer('{"a":1}', JSON_TYPE), false, { a: 1 }],
    ['gives no length, and closes', `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\n{"a":1}`, true, { a: 1 }],
    ['speaks HTTP/1.0', `HTTP/1.0 200 OK\r\n${JSON_TYPE}\r\n{"a":1}`, true, { a: 1 }],
    [
      'sends chunks with extensions and trailers',
      `HTTP/1.1 200 OK\r\n${JSON_TYPE}trailer: x-t\r\ntransfer-encoding: chunked\r\n\r\n4;n=1\r\n{"a"\r\n3\r\n:1}\r\n0\r\nx-t: 1\r\n\r\n`,
      false,
      { a: 1 },
    ],
    [
      'says first what is to come',
      `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${plainAnswer('{"a":1}', JSON_TYPE)}`,
      false,
      { a: 1 },
    ],
    [
      'says 204, and sends a body',
      plainAnswer('{"a":1}', JSON_TYPE, '204 No Content'),
      false,
      undefined,
    ],
    ['has no reason for its status', plainAnswer('{"a":1}', JSON_TYPE, '200 '), false, { a: 1 }],
    [
      'ends before the length that it gave',
      `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-length: 9\r\n\r\n{"a":1}`,
      true,
      LOST,
    ],
    [
      'ends within its chunks',
      `HTTP/1.1 200 OK\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n`,
      true,
      LOST,
    ],
    [
      'sends a chunk whose size is not a number',
      `HTTP/1.1 200 OK\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n{}`,
      false,
      // Node's own HTTP says only that it ended.
      { ...LOST, message: expect.stringMatching(/was lost before|is not valid HTTP/) },
    ],
    [
      'sends two lengths',
      `HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 7\r\n\r\n{"a":1}`,
      false,
      NOT_HTTP,
    ],
    [
      'sends a length and chunks',
      `HTTP/1.1 200 OK\r\ncontent-length: 7\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      false,
      NOT_HTTP,
    ],
    ['is not an HTTP server', 'SSH-2.0-OpenSSH_9.6\r\n', false, NOT_HTTP],
    ['closes without an answer', '', true, LOST],
    ['closes within the head', 'HTTP/1.1 200 O', true, LOST],
    [
      'changes to another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
      false,
      LOST,
    ],
    [
      'sends a head without an end',
      `HTTP/1.1 200 OK\r\n${`x-a: ${huge}\r\n`.repeat(3)}\r\n`,
      false,
      LOST,
    ],
    [
      'sends many headers',
      plainAnswer('{"a":1}', `${JSON_TYPE}${'a:\r\n'.repeat(2500)}`),
      false,
      { a: 1 },
    ],
  ])('that %s', async (_, answer, isLast, expected) => {
    expect(await answered(connect, answer, isLast)).toEqual(expected);
  });

  it.each<[string, string, (text: string) => Buffer]>([
    ['gzip', 'gzip', (text) => gzipSync(text)],
    [
      'gzip in two members',
      'GZIP',
      (text) => Buffer.concat([gzipSync(text.slice(0, 3)), gzipSync(text.slice(3))]),
    ],
    ['x-gzip', 'x-gzip', (text) => gzipSync(text)],
    ['deflate', 'deflate', (text) => deflateSync(text)],
    ['deflate without a header', 'deflate', (text) => deflateRawSync(text)],
    ['Brotli', 'br', (text) => brotliCompressSync(text)],
    ['two encodings', 'gzip, br', (text) => brotliCompressSync(gzipSync(text))],
    ['an unknown encoding, which it does not use', 'x-unknown', (text) => Buffer.from(text)],
    ['no encoding, by name', 'identity', (text) => Buffer.from(text)],
  ])('that uses %s is understood', async (_, encoding, encode) => {
    const text = JSON.stringify({
      items: Array.from({ length: 6000 }, (__, index) => (index * 7919) % 1000),
    });
    const answer = plainAnswer(encode(text), `${JSON_TYPE}content-encoding: ${encoding}\r\n`);
    expect(await answered(connect, answer)).toEqual(JSON.parse(text));
  });

  it('that says gzip and sends nothing has sent nothing', async () => {
    expect(
      await answered(connect, plainAnswer('', `${JSON_TYPE}content-encoding: gzip\r\n`)),
    ).toBeUndefined();
  });

  it.each(['gzip', 'deflate', 'br'])(
    'that says %s and sends something else is asked once',
    async (encoding) => {
      const answer = plainAnswer('{"items":[]}', `${JSON_TYPE}content-encoding: ${encoding}\r\n`);
      await using server = await startRawServer((socket) => socket.write(answer));
      const transport = connect(server.baseUrl, { retry: { backoffLimitMs: 1 } });
      expect(outcome(await rejection(transport.request(READ)))).toEqual({
        name: 'DecodeError',
        code: 'decode',
        delivery: 'unknown',
        message:
          'POST /assets/list: the answer is not in the encoding that its content-encoding names; is a proxy in between?',
      });
      expect(server.received).toHaveLength(1);
      await transport.close();
    },
  );

  it('that answers many times on one connection gets no more listeners', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    await using server = await startRawServer((socket) => socket.write(plainAnswer('{}')));
    const transport = connect(server.baseUrl);
    for (let count = 0; count < 12; count++) await transport.request(READ);
    // Fetch opens two.
    expect(server.sockets.length).toBeLessThan(3);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    await transport.close();
  });

  it('that sends a bomb is left at the bound, after inflation', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    await using server = await startRawServer((socket) =>
      socket.write(plainAnswer(bomb, 'content-encoding: gzip\r\n')),
    );
    const transport = connect(server.baseUrl, { ...ONCE, maxResponseBytes: 1_000_000 });
    expect(await rejection(transport.request(BYTES))).toMatchObject({
      code: 'decode',
      message: expect.stringContaining('the answer exceeds 1000000 bytes'),
    });
    await transport.close();
  });

  it('that repeats a header gives all its values', async () => {
    const headers =
      'x-a: 1\r\nX-A: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nretry-after: 7\r\nretry-after: 8\r\n';
    await using server = await startRawServer((socket) => socket.write(plainAnswer('{}', headers)));
    const response = await connect(server.baseUrl).request<Response>({
      ...READ,
      accept: 'response',
    });
    const given = response.headers;
    expect([given.get('x-a'), given.get('retry-after'), given.getSetCookie()]).toEqual([
      '1, 2',
      '7, 8',
      ['a=1', 'b=2'],
    ]);
  });

  it('that answers HEAD with a body has given none, and the connection is not used for its rest', async () => {
    await using server = await startRawServer((socket, count) =>
      socket.write(
        count === 1
          ? plainAnswer('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad')
          : plainAnswer('good'),
      ),
    );
    const transport = connect(server.baseUrl);
    const head = await transport.transfer({
      method: 'HEAD',
      url: `${server.baseUrl}/f`,
      replayable: true,
    });
    expect([head.status, head.body]).toEqual([200, null]);
    await eventually(() => server.sockets[0]?.destroyed).toBe(true);
    const next = await transport.transfer({
      method: 'GET',
      url: `${server.baseUrl}/f`,
      replayable: true,
    });
    expect(Buffer.from(await next.bytes()).toString()).toBe('good');
    await transport.close();
  });

  it('that sends more than it said does not answer the next request with it', async () => {
    await using server = await startRawServer((socket, count) =>
      socket.write(
        count === 1
          ? `${plainAnswer('{"a":1}', JSON_TYPE)}${plainAnswer('{"a":"bad"}', JSON_TYPE)}`
          : plainAnswer('{"a":2}'),
      ),
    );
    const transport = connect(server.baseUrl);
    expect(await transport.request(READ)).toEqual({ a: 1 });
    expect(await transport.request(READ)).toEqual({ a: 2 });
    await transport.close();
  });

  it('that sends an answer unasked, while its connection is idle, does not answer the next request with it', async () => {
    await using server = await startRawServer((socket, count) => {
      if (count > 1) return void socket.write(plainAnswer('{"a":2}'));
      socket.write(plainAnswer('{"a":1}'));
      setTimeout(() => socket.write(plainAnswer('{"a":"bad"}')), 5);
    });
    const transport = connect(server.baseUrl);
    expect(await transport.request(READ)).toEqual({ a: 1 });
    await eventually(() => server.sockets[0]?.destroyed).toBe(true);
    expect(await transport.request(READ)).toEqual({ a: 2 });
    await transport.close();
  });

  it.each<[string, Buffer]>([
    ['deflate', deflateSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
  ])('that sends more than its %s body is understood', async (encoding, body) => {
    const more = Buffer.concat([body, Buffer.alloc(100_000, 'x')]);
    expect(
      await answered(connect, plainAnswer(more, `${JSON_TYPE}content-encoding: ${encoding}\r\n`)),
    ).toEqual({
      a: 1,
    });
  });

  it('that refuses a long upload and closes has refused it', async () => {
    await using server = await startServerThatRefuses(true);
    const transport = connect(server.baseUrl, ONCE);
    const outcomes: unknown[] = [];
    for (let count = 0; count < 4; count++)
      outcomes.push(await rejection(transport.request({ ...CREATE, body: 'x'.repeat(1_000_000) })));
    const refused = expect.objectContaining({ status: 413 });
    expect(outcomes).toEqual([refused, refused, refused, refused]);
    await transport.close();
  });

  it('that closes an idle connection gets the next request on another', async () => {
    await using server = await startRawServer((socket) => {
      socket.write(plainAnswer('{}'));
      setTimeout(() => socket.destroy(), 5);
    });
    const transport = connect(server.baseUrl, ONCE);
    for (let count = 1; count < 5; count++) {
      await transport.request(CREATE);
      await eventually(() => server.sockets.at(-1)?.destroyed).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(server.received).toHaveLength(4);
    expect(server.sockets).toHaveLength(4);
    await transport.close();
  });

  it('that closes with its answer, unsaid, loses no request that comes at once', async () => {
    await using server = await startRawServer((socket) => socket.end(plainAnswer('{}')));
    const transport = connect(server.baseUrl, ONCE);
    for (let count = 0; count < 20; count++) await transport.request(CREATE);
    expect(server.received).toHaveLength(20);
    await transport.close();
  });

  it('that closes while the next request is under way: it is not said to be unsent, and a read is sent again', async () => {
    let isClosing = false;
    await using server = await startRawServer((socket) => {
      if (isClosing) socket.destroy();
      else socket.write(plainAnswer('{}'));
      isClosing = !isClosing;
    });
    const transport = connect(server.baseUrl);
    await transport.request(READ);
    expect(outcome(await rejection(transport.request(CREATE)))).toMatchObject({
      code: 'network',
      delivery: 'unknown',
    });
    isClosing = false;
    await transport.request(READ);
    expect(await transport.request(READ)).toEqual({});
    await transport.close();
  });

  it('that wants its connection closed, or for a short time only, gets the next request on another', async () => {
    for (const header of ['connection: close\r\n', 'keep-alive: timeout=1\r\n']) {
      await using server = await startRawServer((socket) =>
        socket.write(plainAnswer('{}', header)),
      );
      const transport = connect(server.baseUrl);
      await transport.request(READ);
      await transport.request(READ);
      expect([header, server.sockets.length]).toEqual([header, 2]);
      await transport.close();
    }
  });

  it('that answers before it has read the request ends the upload', async () => {
    await using server = await startServerThatRefuses();
    const transport = connect(server.baseUrl, ONCE);
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        pulled++;
        await new Promise((resolve) => setTimeout(resolve, 1));
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const url = `${server.baseUrl}/f`;
    const error = await rejection(
      transport.transfer({ method: 'PUT', url, body, replayable: false }),
    );
    expect(error).toMatchObject({ status: 413 });
    const after = pulled;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pulled).toBeLessThanOrEqual(after + 1);
    await eventually(() => server.sockets.every((socket) => socket.destroyed)).toBe(true);
    await transport.close();
  });

  it('gets the same request', async () => {
    const bodies: (Uint8Array | Blob)[] = [
      new Uint8Array([1, 2, 3]),
      new Blob(['abc'], { type: 'text/x' }),
    ];
    await using server = await startRawServer((socket) => socket.write(plainAnswer('{}')));
    const transport = connect(server.baseUrl, { headers: { 'x-latin': 'r\xf8r' } });
    await transport.request({ ...READ, body: { name: 'rør' } });
    await transport.request({ method: 'GET', path: '/a', query: { q: 'å b' }, idempotent: true });
    await transport.request({ method: 'DELETE', path: '/a', idempotent: true });
    await transport.request({ method: 'POST', path: '/a', idempotent: true });
    const url = `${server.baseUrl}/f%20?sig=a%2Fb&x=[1]#h`;
    for (const body of bodies)
      await transport.transfer({ method: 'PUT', url, body, replayable: true });
    const stream = new Blob(['abc']).stream() as ReadableStream<Uint8Array>;
    await transport.transfer({ method: 'PUT', url, body: stream, replayable: false });
    await transport.transfer({
      method: 'GET',
      url,
      headers: { range: 'bytes=1-' },
      replayable: true,
    });
    await transport.close();
    SENT.push(server.received.map(normalized));
    expect(SENT.at(-1)).toHaveLength(8);
    expect(SENT.at(-1)).toEqual(SENT[0]);
  });
});

/** Requests of the two ways, to compare. */
const SENT: string[][] = [];

/** Headers in no order, and chunks by their content. */
function normalized(request: string): string {
  const [head = '', body = ''] = request.split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  const sorted = headers.map((each) => each.replace(/^[^:]+/, (name) => name.toLowerCase())).sort();
  return [line, ...sorted.map((each) => each.replace(/127\.0\.0\.1:\d+/, 'host')), '', body].join(
    '\n',
  );
}

async function startServerThatRefuses(closes = false): ReturnType<typeof startRawServer> {
  const server = await startRawServer(() => {});
  const refuse = (socket: Socket): void => {
    socket.write(plainAnswer('too long', '', '413 Too Long'), () => closes && socket.destroy());
  };
  const seen = new Set<Socket>();
  const timer = setInterval(() => {
    for (const socket of server.sockets)
      if (!seen.has(socket) && socket.bytesRead > 0) {
        seen.add(socket);
        refuse(socket);
      }
  }, 5);
  const close = (): PromiseLike<void> => {
    clearInterval(timer);
    return server[Symbol.asyncDispose]();
  };
  return { ...server, [Symbol.asyncDispose]: close };
}

describe("over Node's own HTTP", () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', (bytes) => gzipSync(bytes)],
    ['deflate', (bytes) => deflateSync(bytes)],
    ['br', (bytes) => brotliCompressSync(bytes)],
  ])(
    'a %s answer that was cut is lost, where fetch gives its beginning for the whole',
    async (encoding, encode) => {
      const whole = encode(Buffer.from('x'.repeat(200_000)));
      for (const end of [1, whole.length - 1, Math.floor(whole.length / 2)]) {
        await using server = await startRawServer((socket) =>
          socket.write(plainAnswer(whole.subarray(0, end), `content-encoding: ${encoding}\r\n`)),
        );
        const transport: Transport = connectNode(server.baseUrl, ONCE);
        expect(outcome(await rejection(transport.request(BYTES)))).toEqual(LOST);
        await transport.close();
      }
    },
  );

  it('a server that says 205 and sends without an end is left', async () => {
    await using server = await startRawServer((socket) => {
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 1);
      socket.on('close', () => clearInterval(timer));
      socket.write('HTTP/1.1 205 Reset Content\r\ntransfer-encoding: chunked\r\n\r\n');
    });
    const transport = connectNode(server.baseUrl, ONCE);
    expect(await transport.request(READ)).toBeUndefined();
    await eventually(() => server.sockets[0]?.destroyed).toBe(true);
    await transport.close();
  });

  it('a server that compressed its answer a thousand times has lost it', async () => {
    const encodings = `content-encoding: gzip${', gzip'.repeat(1000)}\r\n`;
    expect(await answered(connectNode, plainAnswer(gzipSync('{}'), encodings))).toEqual(LOST);
  });

  it('an abort ends the inflation of what has come', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    await using server = await startRawServer((socket) =>
      socket.write(plainAnswer(bomb, 'content-encoding: gzip\r\n')),
    );
    const transport = connectNode(server.baseUrl, ONCE);
    const reason = new Error('enough');
    const abort = new AbortController();
    let size = 0;
    const decoder = () => ({
      push(piece: Uint8Array) {
        size += piece.length;
        abort.abort(reason);
      },
      end: () => size,
    });
    const spec = { ...READ, accept: 'bytes', decoder } as const;
    expect(await rejection(transport.request(spec, { signal: abort.signal }))).toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(size).toBeLessThan(1_000_000);
    await transport.close();
  });

  it('a server may say 100 unasked, which fetch takes for a broken answer', async () => {
    const answer = `HTTP/1.1 100 Continue\r\n\r\n${plainAnswer('{"a":1}', JSON_TYPE)}`;
    expect(await answered(connectNode, answer)).toEqual({ a: 1 });
  });

  it('bytes are all of their memory, and no Buffer', async () => {
    await using server = await startRawServer((socket) => socket.write(plainAnswer('abc')));
    const transport = connectNode(server.baseUrl);
    const bytes = await transport.request<Uint8Array>(BYTES);
    expect([bytes.constructor.name, bytes.buffer.byteLength]).toEqual(['Uint8Array', 3]);
    const { body } = await transport.transfer({
      method: 'GET',
      url: `${server.baseUrl}/f`,
      replayable: true,
    });
    const piece = await (body as ReadableStream<Uint8Array>).getReader().read();
    expect([piece.value?.constructor.name, piece.value?.buffer.byteLength]).toEqual([
      'Uint8Array',
      3,
    ]);
    await transport.close();
  });

  it('a server that closes with its answer, unsaid, loses no write, and reads only until the first is lost, of ten at once', async () => {
    await using server = await startRawServer((socket) => socket.end(plainAnswer('{}')));
    const transport = connectNode(server.baseUrl, ONCE);
    const lostOf = async (request: typeof READ | typeof CREATE): Promise<number> => {
      let lost = 0;
      const one = async (): Promise<void> => {
        for (let count = 0; count < 20; count++)
          await transport.request(request).catch((error: unknown) => {
            expect(NetworkError.isInstance(error)).toBe(true);
            lost++;
          });
      };
      await Promise.all(Array.from({ length: 10 }, one));
      return lost;
    };
    expect(await lostOf(CREATE)).toBe(0);
    // Those that are under way when the first is lost.
    expect(await lostOf(READ)).toBeLessThanOrEqual(10);
    expect(await lostOf(READ)).toBe(0);
    await transport.close();
  });

  it('a read that its caller gives up does not make others wait', async () => {
    let isSilent = false;
    await using server = await startRawServer((socket) => {
      if (!isSilent) socket.write(plainAnswer('{}'));
    });
    const transport = connectNode(server.baseUrl, ONCE);
    await transport.request(READ);
    isSilent = true;
    const lost = vi.spyOn(Agents.prototype, 'lost');
    await rejection(transport.request(READ, { timeoutMs: 50 }));
    await rejection(transport.request(READ, { signal: AbortSignal.timeout(50) }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lost).not.toHaveBeenCalled();
    lost.mockRestore();
    await transport.close();
  });

  it('closing a client closes its connections', async () => {
    await using server = await startRawServer((socket) => socket.write(plainAnswer('{}')));
    const transport = connectNode(server.baseUrl);
    await Promise.all([transport.request(READ), transport.request(READ)]);
    expect(server.sockets.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    await transport.close();
    await eventually(() => server.sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  it('a client uses the connections of others, and closes them when it was the last', async () => {
    await using server = await startRawServer((socket) => socket.write(plainAnswer('{}')));
    const [first, second] = [connectNode(server.baseUrl), connectNode(server.baseUrl)];
    await first.request(READ);
    await second.request(READ);
    await first.close();
    await second.request(READ);
    expect(server.sockets.map(({ destroyed }) => destroyed)).toEqual([false]);
    await second.close();
    await eventually(() => server.sockets[0]?.destroyed).toBe(true);
  });
});
