import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { readSeries } from './protobuf.js';
import { randomOf } from './random.js';

/** A request of the client, as the liar sees it. */
export interface SeenRequest {
  readonly method: string;
  /** Without `/api/v1/projects/{project}`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON body; `undefined` for another one. */
  readonly json: Record<string, unknown> | undefined;
}

/** An answer, and how it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Bytes of the body that are written at once. @default all of them */
  readonly piece?: number;
  /** Bytes before the first of these pieces. @default 0 */
  readonly piecesFrom?: number;
  /** Bytes of the body after which the connection breaks. */
  readonly cutAfter?: number;
  /** Bytes of the body after which nothing more comes; -1: no head either. */
  readonly silentAfter?: number;
  /** @unit milliseconds */
  readonly lateBy?: number;
  /** `content-length`. @default the true one */
  readonly length?: number;
  /** Sends the body again and again, until the client has had enough. */
  readonly isEndless?: boolean;
}

export interface LieContext {
  readonly request: SeenRequest;
  /** From 0 to 1, by the seed. */
  random(): number;
  /**
   * Cursors that earlier answers to the same list gave, oldest first; of a query, for a step under
   * the same page of its parents.
   */
  cursorsOf(step?: string): readonly string[];
  /** How often the lie was told before. */
  readonly count: number;
}

/** One way in which an answer is not honest. */
export interface Lie {
  readonly name: string;
  /**
   * True if the lie needs nothing of the honest answer, so that the request need not be handed on.
   */
  readonly canWithhold?: boolean;
  /** True if requests are never handed on. */
  readonly isInvented?: boolean;
  /** The lie, or `undefined` where it cannot be told of this answer. */
  tell(answer: Answer, context: LieContext): Answer | 'reset' | undefined;
}

/** About which requests a lie is told, and how often. */
export interface Telling {
  readonly lie: Lie;
  readonly times: number;
  /** True if requests of this round are not handed on. */
  readonly withhold?: boolean;
  isTarget(request: SeenRequest): boolean;
}

/** How the liar deals with requests, lies apart. */
export interface Manners {
  /** Most items of a page, for any request: small lists have several pages then. */
  readonly pageLimit?: number | undefined;
  /** True if the server speaks JSON only. */
  readonly isJsonOnly?: boolean | undefined;
}

export interface LyingServer extends AsyncDisposable {
  /** The `baseUrl` of clients. */
  readonly url: string;
  /** Begins a round: forgets the answers until now. Without a telling it is honest. */
  begin(telling: Telling | undefined, manners?: Manners): void;
  /** Waits until the requests of the round before have ended: they must not get the next lie. */
  settled(): Promise<void>;
  /** How often the lie has reached the client in this round. */
  readonly told: number;
  /** Requests in this round. */
  readonly requests: number;
  /** The answers of this round: parsed JSON, series of protobuf, else `undefined`. */
  readonly said: readonly {
    readonly request: SeenRequest;
    readonly body: unknown;
    readonly isLie: boolean;
  }[];
}

/**
 * A proxy on a real socket between a client and an honest server. It turns answers into lies, by
 * seed.
 *
 * @param upstream the honest server
 */
export async function startLyingServer(upstream: string, seed: number): Promise<LyingServer> {
  const random = randomOf(seed);
  let telling: Telling | undefined;
  let manners: Manners = {};
  let round = 0;
  let left = 0;
  let told = 0;
  let requests = 0;
  let said: { request: SeenRequest; body: unknown; isLie: boolean }[] = [];
  let cursors = new Map<string, string[]>();

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = round;
    requests += 1;
    const raw = await readAll(incoming);
    const seen = toSeen(incoming, raw);
    const current = telling;
    const isTarget = current !== undefined && left > 0 && current.isTarget(seen);
    const isWithheld =
      isTarget &&
      (current.lie.isInvented === true ||
        (current.withhold === true && current.lie.canWithhold === true));
    const answer = isWithheld
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') }
      : await forward(upstream, incoming, seen, raw, manners);
    let final: Answer | 'reset' = answer;
    let isLie = false;
    if (isTarget && left > 0 && own === round && answer.status < 300) {
      const cursorsOf = (step = ''): readonly string[] => cursors.get(listOf(seen, step)) ?? [];
      const lied = current.lie.tell(answer, { request: seen, random, cursorsOf, count: told });
      if (lied !== undefined) {
        left -= 1;
        isLie = true;
        final = lied;
      }
    }
    if (own === round && final !== 'reset') {
      const body = toValue(final);
      said.push({ request: seen, body, isLie });
      for (const [step, cursor] of cursorsIn(body)) {
        const place = listOf(seen, step);
        cursors.set(place, [...(cursors.get(place) ?? []), cursor]);
      }
    }
    const reached = (): void => {
      if (isLie && own === round) told += 1;
    };
    if (final !== 'reset') return write(final, response, reached);
    reached();
    incoming.socket.destroy();
  };
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    response.on('error', () => {});
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(next, how = {}) {
      round += 1;
      // Answers without an end are over with the round.
      for (const each of open) each.destroy();
      telling = next;
      manners = how;
      left = next?.times ?? 0;
      told = 0;
      requests = 0;
      said = [];
      cursors = new Map();
    },
    async settled() {
      for (let quiet = 0, turns = 0; quiet < 3 && turns < 100; turns++) {
        await new Promise((resolve) => setImmediate(resolve));
        quiet = open.size === 0 ? quiet + 1 : 0;
      }
    },
    get told() {
      return told;
    },
    get requests() {
      return requests;
    },
    get said() {
      return said;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Pages of one list, of one partition of it, or of a step of a query under the same page of its
 * parents, belong together.
 */
function listOf({ path, json }: SeenRequest, step: string): string {
  const { [step]: _, ...parents } = (json?.cursors ?? {}) as Record<string, unknown>;
  return `${path} ${json?.partition ?? ''} ${step} ${JSON.stringify(parents)}`;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return stream.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
}

function toSeen({ method = 'GET', url = '/', headers }: IncomingMessage, raw: Buffer): SeenRequest {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const isJson = headers['content-type']?.startsWith('application/json') === true && raw.length > 0;
  return {
    method,
    path: pathname.replace(/^\/api\/v1\/projects\/[^/]+/, ''),
    query: searchParams,
    json: isJson ? (JSON.parse(raw.toString()) as Record<string, unknown>) : undefined,
  };
}

function forward(
  upstream: string,
  { method, url = '/', headers }: IncomingMessage,
  { json, query }: SeenRequest,
  raw: Buffer,
  { pageLimit, isJsonOnly = false }: Manners,
): Promise<Answer> {
  const { hostname, port } = new URL(upstream);
  const body =
    pageLimit !== undefined && json !== undefined
      ? Buffer.from(JSON.stringify(shorten(json, pageLimit)))
      : raw;
  let path = url;
  if (pageLimit !== undefined && query.has('limit')) {
    const short = new URL(url, upstream);
    short.searchParams.set('limit', String(Math.min(pageLimit, Number(query.get('limit')))));
    path = short.pathname + short.search;
  }
  const sent: IncomingHttpHeaders = { ...headers };
  for (const name of [
    'connection',
    'transfer-encoding',
    'content-length',
    'accept-encoding',
    'content-encoding',
  ])
    delete sent[name];
  if (isJsonOnly) sent.accept = 'application/json';
  if (body.length > 0) sent['content-length'] = String(body.length);
  return new Promise((resolve, reject) => {
    const outgoing = send({ hostname, port, method, path, headers: sent }, async (incoming) => {
      try {
        const bytes = await readAll(incoming);
        const kept = Object.entries(incoming.headers).filter(([name]) => !HOP.includes(name));
        resolve({
          status: incoming.statusCode ?? 500,
          headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
          body: bytes,
        });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const HOP = ['connection', 'transfer-encoding', 'content-length', 'keep-alive'];

/** A page may be shorter than the requested one. */
function shorten(json: Record<string, unknown>, limit: number): Record<string, unknown> {
  const { items, with: steps } = json;
  const least = (value: unknown): unknown =>
    typeof value === 'number' ? Math.min(value, limit) : value;
  return {
    ...json,
    ...('limit' in json && { limit: least(json.limit) }),
    ...(typeof steps === 'object' &&
      steps !== null && {
        with: Object.fromEntries(
          Object.entries(steps as Record<string, { limit?: unknown }>).map(([name, step]) => [
            name,
            { ...step, limit: least(step.limit) },
          ]),
        ),
      }),
    ...(Array.isArray(items) && {
      items: items.map((item: Record<string, unknown>) =>
        typeof item.limit === 'number' ? { ...item, limit: least(item.limit) } : item,
      ),
    }),
  };
}

/** The part of an answer that a client can read, where that is known. */
function toValue({
  status,
  headers,
  body,
  isEndless,
  cutAfter,
  silentAfter,
  length = body.length,
}: Answer): unknown {
  const isWhole =
    isEndless !== true &&
    cutAfter === undefined &&
    silentAfter === undefined &&
    length === body.length;
  if (!isWhole || status > 202 || headers['content-encoding'] === 'br') return undefined;
  try {
    const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    return headers['content-type']?.includes('protobuf')
      ? { items: readSeries(plain) }
      : JSON.parse(plain.toString());
  } catch {
    return undefined;
  }
}

/** The cursors of an answer, each with the step that it belongs to; `''` without steps. */
function cursorsIn(body: unknown): [step: string, cursor: string][] {
  const { nextCursor, items } = (body ?? {}) as { nextCursor?: unknown; items?: unknown };
  const own: [string, unknown][] =
    typeof nextCursor === 'object' && nextCursor !== null
      ? Object.entries(nextCursor)
      : [['', nextCursor]];
  const inner = Array.isArray(items)
    ? items.map((item): [string, unknown] => [
        '',
        (item as { nextCursor?: unknown } | null)?.nextCursor,
      ])
    : [];
  return [...own, ...inner].filter((each): each is [string, string] => typeof each[1] === 'string');
}

/**
 * Pieces after which the rest is sent as it is: each of them is work for the client, and rounds
 * begin them at other bytes.
 */
export const MOST_PIECES = 60;

/** @param reached called before the last of what the client is meant to get leaves */
async function write(answer: Answer, response: ServerResponse, reached: () => void): Promise<void> {
  const {
    status,
    headers,
    body,
    piece,
    piecesFrom = 0,
    cutAfter,
    silentAfter,
    lateBy,
    length = body.length,
    isEndless,
  } = answer;
  const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
  if (lateBy !== undefined) await new Promise((resolve) => setTimeout(resolve, lateBy));
  if (response.destroyed) return;
  if (silentAfter === -1) {
    reached();
    return closed;
  }
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...headers,
    ...(hasBody && isEndless !== true && { 'content-length': length }),
  });
  const put = (bytes: Buffer): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => response.write(bytes, () => resolve())), closed]);
  if (isEndless === true) {
    reached();
    while (!response.destroyed) await put(body);
  } else if (silentAfter !== undefined) {
    reached();
    response.flushHeaders();
    if (silentAfter > 0) await put(body.subarray(0, silentAfter));
    await closed;
  } else if (hasBody && (cutAfter !== undefined || length !== body.length)) {
    reached();
    response.flushHeaders();
    await put(body.subarray(0, cutAfter ?? body.length));
    // The bytes are on their way before the connection breaks.
    setTimeout(() => response.destroy(), 5);
  } else if (hasBody && piece !== undefined && piece < body.length) {
    response.socket?.setNoDelay(true);
    response.flushHeaders();
    const last = piecesFrom + MOST_PIECES * piece;
    for (let at = 0; at < body.length && !response.destroyed; ) {
      const end = at < piecesFrom ? piecesFrom : at < last ? at + piece : body.length;
      if (end >= body.length) reached();
      await put(body.subarray(at, end));
      at = end;
    }
    response.end();
  } else {
    reached();
    response.end(hasBody ? body : undefined);
  }
}
