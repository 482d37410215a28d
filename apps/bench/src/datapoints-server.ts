import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  PLANS,
  type PointSums,
  type SeriesPlan,
  START,
  timeAt,
  valueAt,
} from './datapoints-data.js';
import type { BenchServer, Checksum } from './scenario.js';

interface Item {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** Of browsers that read from here. */
const PAGE = '<!doctype html><title>bench</title>';

const prepared = new Map<SeriesPlan, { bytes: Buffer; pointSize: number }>();
const jsonPages = new Map<string, string>();

interface Insertion {
  readonly body: Buffer;
  readonly gzip: boolean;
  readonly protobuf: boolean;
}

function prepare(plan: SeriesPlan): { bytes: Buffer; pointSize: number } {
  const known = prepared.get(plan);
  if (known !== undefined) return known;
  const pointSize = plan.aggregates ? 36 : 18;
  const bytes = Buffer.alloc(plan.points * pointSize);
  for (let index = 0, at = 0; index < plan.points; index++) {
    bytes[at++] = 0x0a;
    bytes[at++] = pointSize - 2;
    bytes[at++] = 0x08;
    at = varint(bytes, at, timeAt(index, plan));
    const columns = plan.aggregates ? [0x11, 0x19, 0x21] : [0x11];
    columns.forEach((tag, offset) => {
      bytes[at++] = tag;
      at = bytes.writeDoubleLE(valueAt(index + offset), at);
    });
  }
  const made = { bytes, pointSize };
  prepared.set(plan, made);
  return made;
}

function varint(bytes: Buffer, position: number, value: number): number {
  let rest = value;
  let at = position;
  while (rest >= 0x80) {
    bytes[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[at++] = rest;
  return at;
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  return bytes.subarray(0, varint(bytes, 0, value));
}

function planOf(id: number): SeriesPlan {
  const plan = Object.values(PLANS).find(({ first, series }) => id >= first && id < first + series);
  if (plan === undefined) throw new Error(`no series ${id}`);
  return plan;
}

function rangeOf(
  item: Item,
  plan: SeriesPlan,
): { from: number; to: number; next: number | undefined } {
  const index = (time: number): number => {
    const next = Math.ceil((time - START) / plan.stepMs);
    // An irregular point is later than its step, and so may be the one before.
    const first = next > 0 && timeAt(next - 1, plan) >= time ? next - 1 : next;
    return Math.min(plan.points, Math.max(0, first));
  };
  const from = item.cursor === undefined ? index(item.start ?? 0) : Number(item.cursor);
  const end = index(item.end ?? Date.now());
  const to = Math.min(end, from + (item.limit ?? 100));
  return { from, to, next: to < end ? to : undefined };
}

function protobufPage(items: readonly Item[]): Buffer[] {
  return items.flatMap((item) => {
    const plan = planOf(item.id);
    const { from, to, next } = rangeOf(item, plan);
    const { bytes, pointSize } = prepare(plan);
    const points = bytes.subarray(from * pointSize, to * pointSize);
    const id = Buffer.concat([Buffer.from([0x08]), lengthOf(item.id)]);
    const cursor =
      next === undefined
        ? Buffer.alloc(0)
        : Buffer.concat([
            Buffer.from([0x4a]),
            lengthOf(String(next).length),
            Buffer.from(String(next)),
          ]);
    const head = Buffer.concat([
      Buffer.from([plan.aggregates ? 0x2a : 0x1a]),
      lengthOf(points.length),
    ]);
    const size = id.length + cursor.length + head.length + points.length;
    return [Buffer.concat([Buffer.from([0x0a]), lengthOf(size), id, cursor, head]), points];
  });
}

function jsonPage(items: readonly Item[]): string {
  const parts = items.map((item) => {
    const plan = planOf(item.id);
    const { from, to, next } = rangeOf(item, plan);
    const key = `${plan.first}/${from}/${to}`;
    let points = jsonPages.get(key);
    if (points === undefined) {
      const rows: string[] = [];
      for (let index = from; index < to; index++) {
        const time = timeAt(index, plan);
        rows.push(
          plan.aggregates
            ? `{"timestamp":${time},"average":${valueAt(index)},"max":${valueAt(index + 1)},"min":${valueAt(index + 2)}}`
            : `{"timestamp":${time},"value":${valueAt(index)}}`,
        );
      }
      points = rows.join(',');
      jsonPages.set(key, points);
    }
    const cursor = next === undefined ? '' : `"nextCursor":"${next}",`;
    return `{"id":${item.id},"isString":false,"isStep":false,${cursor}"datapoints":[${points}]}`;
  });
  return `{"items":[${parts.join(',')}]}`;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(
  response: ServerResponse,
  parts: readonly Buffer[],
  type: string,
  encoding?: 'gzip',
): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': parts.reduce((sum, { length }) => sum + length, 0),
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  });
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
  response.uncork();
}

function latestPage(items: readonly Item[]): string {
  const latest = items.map(({ id }) => ({
    id,
    isString: false,
    datapoints: [{ timestamp: START + id, value: valueAt(id) }],
  }));
  return JSON.stringify({ items: latest });
}

/**
 * A server that costs next to nothing beside its clients: every page is prepared bytes, written
 * without being joined. It keeps the API's limits, and inserted points until they have been
 * checked.
 *
 * @param isCompressed answers are gzip: compressed when they are first asked for, which is in the
 * round that is not measured
 */
export async function serveDatapoints(
  plan: SeriesPlan | undefined,
  latencyMs: number,
  isCompressed = false,
): Promise<BenchServer> {
  if (plan !== undefined) prepare(plan);
  const compressed = new Map<string, Buffer>();
  let inserted: Insertion[] = [];
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') return send(response, [Buffer.from(PAGE)], 'text/html');
    const body = await readBody(request);
    requests += 1;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const path = request.url ?? '';
    if (path.endsWith('/timeseries/data')) {
      inserted.push({
        body,
        gzip: request.headers['content-encoding'] === 'gzip',
        protobuf: request.headers['content-type'] === 'application/protobuf',
      });
      return send(response, [Buffer.from('{}')], 'application/json');
    }
    const { items } = JSON.parse(body.toString()) as { items: Item[] };
    if (isCompressed && request.headers.accept === 'application/protobuf') {
      const page =
        compressed.get(body.toString()) ??
        gzipSync(Buffer.concat(protobufPage(items)), { level: 6 });
      compressed.set(body.toString(), page);
      return send(response, [page], 'application/protobuf', 'gzip');
    }
    if (path.endsWith('/latest'))
      send(response, [Buffer.from(latestPage(items))], 'application/json');
    else if (request.headers.accept === 'application/protobuf')
      send(response, protobufPage(items), 'application/protobuf');
    else send(response, [Buffer.from(jsonPage(items))], 'application/json');
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 500, message: String(error) } }));
    });
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    project: 'bench',
    token: 'bench',
    reset: () => {
      inserted = [];
      requests = 0;
    },
    received: () => ({
      requests,
      ...(inserted.length > 0 && { checksum: checkInserted(inserted) }),
    }),
  };
}

/** The points that arrived. Not part of any measured time. */
function checkInserted(inserted: readonly Insertion[]): Checksum {
  const sum: PointSums = { count: 0, values: 0, seconds: 0 };
  for (const { body, gzip, protobuf } of inserted) {
    const bytes = gzip ? gunzipSync(body) : body;
    if (protobuf) {
      checkProtobuf(bytes, sum);
      continue;
    }
    const { items } = JSON.parse(bytes.toString()) as {
      items: { datapoints: { timestamp: number; value: number }[] }[];
    };
    for (const { timestamp, value } of items.flatMap(({ datapoints }) => datapoints)) {
      sum.count++;
      sum.values += value;
      sum.seconds += (timestamp - START) / 1000;
    }
  }
  return { ...sum };
}

function checkProtobuf(bytes: Buffer, sum: PointSums): void {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const walk = (end: number, depth: number): void => {
    while (at < end) {
      const tag = read();
      if ((tag & 7) === 1) {
        sum.values += bytes.readDoubleLE(at);
        at += 8;
      } else if ((tag & 7) === 0) {
        const value = read();
        if (depth === 3) {
          sum.count++;
          sum.seconds += (value - START) / 1000;
        }
      } else {
        const length = read();
        if (tag === 0x0a || tag === 0x1a) walk(at + length, depth + 1);
        else at += length;
      }
    }
  };
  walk(bytes.length, 0);
}
