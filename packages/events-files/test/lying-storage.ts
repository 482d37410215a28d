import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { randomOf } from '../../../tooling/lying-server/random.js';

/**
 * The outcome of a lie:
 * - `told`: it rejects with an error that is true;
 * - `harmless`: the result is exactly right;
 * - `invisible`: no client could tell. It needs a reason.
 */
export type Verdict = 'told' | 'harmless' | 'invisible';

/** An answer of the honest storage, and what becomes of it. */
export interface StorageAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Bytes of the body after which the connection is cut. */
  cutAfter?: number | undefined;
  /** True if the answer says how long its body is. @default true */
  hasLength?: boolean;
}

export interface LieContext {
  readonly headers: IncomingHttpHeaders;
  /** From 0 to 1, by the seed. */
  random(): number;
  /** How often this lie was told before. */
  readonly count: number;
}

/** One way in which storage misbehaves. */
export interface StorageLie {
  readonly name: string;
  readonly side: 'upload' | 'download';
  /** When it is told once, and when it is told always. */
  readonly once: Verdict;
  readonly always: Verdict;
  /** For `invisible`: why no client can tell. */
  readonly reason?: string;
  /** True if the lie is about answers that continue a download: the first body is cut. */
  readonly continues?: boolean;
  /** Answers instead of the honest storage, which does not get the request. */
  before?(context: LieContext): StorageAnswer | 'reset' | undefined;
  /** Changes the honest answer. */
  after?(answer: StorageAnswer, context: LieContext): StorageAnswer | 'reset';
}

const PAGE = Buffer.from(
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in</body></html>',
);
const plain = (status: number, text = ''): StorageAnswer => ({
  status,
  headers: {},
  body: Buffer.from(text),
});

const refusing = (status: number, side: StorageLie['side']): StorageLie => ({
  name: `${side} ${status}`,
  side,
  once: 'harmless',
  always: 'told',
  before: () => plain(status, '<?xml version="1.0"?><Error/>'),
});

/** Answers that are told instead of storing: the bytes are lost. */
const losing = (name: string, answer: StorageAnswer): StorageLie => ({
  name: `upload ${name}`,
  side: 'upload',
  once: 'told',
  always: 'told',
  before: () => answer,
});

const changing = (
  name: string,
  verdicts: readonly [Verdict, Verdict],
  after: NonNullable<StorageLie['after']>,
  more: Partial<StorageLie> = {},
): StorageLie => ({
  name: `download ${name}`,
  side: 'download',
  once: verdicts[0],
  always: verdicts[1],
  after,
  ...more,
});

const without = (answer: StorageAnswer, ...names: string[]): StorageAnswer => ({
  ...answer,
  headers: Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !names.includes(name)),
  ),
});
const having = (answer: StorageAnswer, headers: Record<string, string>): StorageAnswer => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
});

/** Total and start of an answer to a range. */
const rangeOf = ({ headers }: StorageAnswer): [number, number, number] =>
  (/^bytes (\d+)-(\d+)\/(\d+)$/
    .exec(headers['content-range'] ?? '')
    ?.slice(1)
    .map(Number) ?? [0, 0, 0]) as [number, number, number];

/** A range that is cut or longer, with a length that agrees with the body. */
const resized = (answer: StorageAnswer, body: Buffer): StorageAnswer => ({ ...answer, body });

const TOLD = ['harmless', 'told'] as const;
const HARMLESS = ['harmless', 'harmless'] as const;

/** Every behaviour, by name. */
export const STORAGE_LIES: readonly StorageLie[] = [
  ...[408, 425, 429, 500, 502, 503, 504].map((status) => refusing(status, 'upload')),
  ...[408, 425, 429, 500, 502, 503, 504].map((status) => refusing(status, 'download')),
  losing('308', plain(308)),
  losing('204 without storing', plain(204)),
  losing('202 without storing', plain(202)),
  losing('HTML page', { ...plain(200), headers: { 'content-type': 'text/html' }, body: PAGE }),
  losing('HTML page without a type', { ...plain(200), body: PAGE }),
  {
    name: 'upload 200 without storing',
    side: 'upload',
    // The API refuses to complete a file that lacks a part; a file of one request has no bytes.
    once: 'told',
    always: 'told',
    before: () => plain(200),
  },
  {
    name: 'upload reset before storing',
    side: 'upload',
    once: 'harmless',
    always: 'told',
    before: () => 'reset',
  },
  {
    name: 'upload reset after storing',
    side: 'upload',
    once: 'harmless',
    always: 'told',
    after: () => 'reset',
  },
  {
    name: 'upload 500 after storing',
    side: 'upload',
    once: 'harmless',
    always: 'told',
    after: () => plain(500),
  },
  {
    name: 'upload XML labelled as HTML',
    side: 'upload',
    once: 'harmless',
    always: 'harmless',
    after: (answer) => ({
      ...answer,
      headers: { 'content-type': 'text/html' },
      body: Buffer.from('<?xml version="1.0"?><Stored/>'),
    }),
  },
  {
    name: 'upload 201',
    side: 'upload',
    once: 'harmless',
    always: 'harmless',
    after: () => plain(201),
  },
  changing('206 unasked', TOLD, (answer) =>
    having(
      { ...answer, status: 206 },
      { 'content-range': `bytes 0-${answer.body.length - 1}/${answer.body.length}` },
    ),
  ),
  changing('204', TOLD, () => plain(204)),
  changing('202', TOLD, (answer) => ({ ...answer, status: 202 })),
  changing('HTML page', TOLD, () => ({
    ...plain(200),
    headers: { 'content-type': 'text/html' },
    body: PAGE,
  })),
  changing('HTML page without a type', TOLD, (answer) => ({
    ...without(answer, 'content-type'),
    body: PAGE,
  })),
  changing('cut body', TOLD, (answer, { random }) => ({
    ...answer,
    cutAfter: Math.floor(random() * Math.min(answer.body.length, 60_000)),
  })),
  changing('one byte per connection', TOLD, (answer) => ({ ...answer, cutAfter: 1 })),
  changing('gzip cut at its end', ['harmless', 'told'], (answer) => {
    const whole = gzipSync(answer.body, { level: 1 });
    // More than the trailer is missing.
    const body = whole.subarray(0, Math.max(12, Math.floor(whole.length * 0.9) - 9));
    return having({ ...answer, body, hasLength: false }, { 'content-encoding': 'gzip' });
  }),
  changing('gzip', HARMLESS, (answer) =>
    having(
      { ...answer, body: gzipSync(answer.body, { level: 1 }) },
      { 'content-encoding': 'gzip' },
    ),
  ),
  changing('early end without a length', ['told', 'told'], (answer, { random }) => ({
    ...answer,
    body: answer.body.subarray(0, Math.floor(random() * answer.body.length)),
    hasLength: false,
  })),
  changing('no length', HARMLESS, (answer) => ({ ...answer, hasLength: false })),
  changing('XML type', HARMLESS, (answer) => having(answer, { 'content-type': 'text/html' })),
  changing('no ETag', HARMLESS, (answer) => without(answer, 'etag')),
  changing('weak ETag', HARMLESS, (answer) => having(answer, { etag: 'W/"1"' })),
  changing(
    'shorter file with a true length',
    ['invisible', 'invisible'],
    (answer, { random }) => ({
      ...answer,
      body: answer.body.subarray(0, Math.floor(random() * answer.body.length)),
    }),
    { reason: 'length and body agree, and CDF keeps no length of a file; checksum finds it' },
  ),
  changing(
    'changed byte',
    ['invisible', 'invisible'],
    (answer, { random }) => {
      const body = Buffer.from(answer.body);
      const position = Math.floor(random() * body.length);
      body[position] = 1 ^ (body[position] as number);
      return { ...answer, body };
    },
    { reason: 'nothing but a checksum tells one byte from another; checksum finds it' },
  ),
  ...(
    [
      [
        '206 shorter than its range',
        TOLD,
        (answer) => ({ ...resized(answer, answer.body.subarray(0, 10)), hasLength: false }),
      ],
      [
        '206 shorter with a true length',
        HARMLESS,
        (answer) => resized(answer, answer.body.subarray(0, 10)),
      ],
      [
        '206 longer than its range',
        ['told', 'told'],
        (answer) => ({ ...resized(answer, Buffer.concat([answer.body, PAGE])), hasLength: false }),
      ],
      [
        '206 of another total',
        ['harmless', 'harmless'],
        (answer) => {
          const [start, last, total] = rangeOf(answer);
          return having(answer, { 'content-range': `bytes ${start}-${last}/${total + 1}` });
        },
      ],
      [
        '206 that begins elsewhere',
        ['harmless', 'harmless'],
        (answer) => {
          const [start, last, total] = rangeOf(answer);
          return having(answer, { 'content-range': `bytes ${start + 1}-${last}/${total}` });
        },
      ],
      ['206 without Content-Range', HARMLESS, (answer) => without(answer, 'content-range')],
      ['206 without the ETag', HARMLESS, (answer) => without(answer, 'etag')],
      [
        '206 with another ETag',
        ['told', 'told'],
        (answer) => having(answer, { etag: '"another"' }),
      ],
      ['206 with an HTML page', HARMLESS, (answer) => resized(answer, PAGE)],
      [
        '206 with an HTML page of the right length',
        HARMLESS,
        (answer) =>
          // A few bytes cannot be recognized as a page.
          answer.body.length < PAGE.length
            ? answer
            : resized(
                answer,
                Buffer.concat([PAGE, Buffer.alloc(answer.body.length - PAGE.length)]),
              ),
      ],
      ['204 to a range', TOLD, () => plain(204)],
      ['416 to a range', HARMLESS, () => plain(416)],
      [
        'expired link to a range',
        HARMLESS,
        (answer, { count }) => (count % 2 === 0 ? plain(403) : answer),
      ],
    ] as [string, readonly [Verdict, Verdict], NonNullable<StorageLie['after']>][]
  ).map(([name, verdicts, after]) => changing(name, verdicts, after, { continues: true })),
];

export interface LyingStorage extends AsyncDisposable {
  /** The `baseUrl` of clients. */
  readonly url: string;
  /** Tells a lie, this many times. `undefined` for none. */
  tell(lie: StorageLie | undefined, times?: number): void;
  /** How often the lie has reached the client. */
  readonly told: number;
}

/**
 * A proxy on a real socket between clients and an emulator. It turns the answers of the storage
 * into lies, by seed. Answers of the API go through as they are.
 */
export async function startLyingStorage(upstream: string, seed: number): Promise<LyingStorage> {
  const random = randomOf(seed);
  let lie: StorageLie | undefined;
  let left = 0;
  let told = 0;
  let cuts = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/', headers } = request;
    const current = lie;
    const isProbe = headers.range === 'bytes=0-0';
    const side = url.startsWith('/storage/upload/')
      ? 'upload'
      : url.startsWith('/storage/download/')
        ? 'download'
        : '';
    const isContinuation = headers.range !== undefined;
    const strikes =
      current !== undefined &&
      left > 0 &&
      !isProbe &&
      side === current.side &&
      isContinuation >= (current.continues ?? false);
    const context: LieContext = { headers, random, count: told };
    const instead = strikes ? current.before?.(context) : undefined;
    let answer = instead ?? (await forward(upstream, method, url, headers, Buffer.concat(chunks)));
    if (strikes) {
      left -= 1;
      told += 1;
      if (instead === undefined && answer !== 'reset' && current.after !== undefined)
        answer = current.after(answer, context);
    } else if (
      side === 'download' &&
      !isProbe &&
      current?.continues &&
      cuts > 0 &&
      answer !== 'reset'
    ) {
      // A continuation needs a cut, after enough bytes to be worth a range.
      cuts -= 1;
      answer = { ...answer, cutAfter: Math.floor((0.2 + 0.6 * random()) * answer.body.length) };
    }
    if (answer === 'reset') return void request.socket.destroy();
    await send(answer, response);
  };
  const server: Server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tell(next, times = Number.POSITIVE_INFINITY) {
      lie = next;
      left = times;
      told = 0;
      cuts = next?.continues === true ? 1 : 0;
    },
    get told() {
      return told;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Links lead to the proxy, since the emulator makes them of the host that was asked. */
async function forward(
  upstream: string,
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<StorageAnswer> {
  const { connection: _1, 'transfer-encoding': _2, 'content-length': _3, ...sent } = headers;
  const { hostname, port } = new URL(upstream);
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path: url,
        headers: { ...sent, ...(body.length > 0 && { 'content-length': body.length }) },
      },
      async (incoming) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of incoming) chunks.push(chunk as Buffer);
        } catch (error) {
          return reject(error);
        }
        const {
          connection: _4,
          'transfer-encoding': _5,
          'content-length': _6,
          'keep-alive': _7,
          ...kept
        } = incoming.headers;
        resolve({
          status: incoming.statusCode ?? 500,
          headers: Object.fromEntries(
            Object.entries(kept).map(([name, value]) => [name, String(value)]),
          ),
          body: Buffer.concat(chunks),
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function send(
  { status, headers, body, cutAfter, hasLength = true }: StorageAnswer,
  response: ServerResponse,
): Promise<void> {
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...headers,
    ...(hasBody && hasLength && { 'content-length': body.length }),
  });
  if (cutAfter === undefined) return void response.end(hasBody ? body : undefined);
  response.flushHeaders();
  await new Promise<void>((resolve) => response.write(body.subarray(0, cutAfter), () => resolve()));
  // The written bytes are on their way before the connection breaks.
  setTimeout(() => response.destroy(), 5);
}
