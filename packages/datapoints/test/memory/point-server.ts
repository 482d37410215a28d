import { createServer, type Server } from 'node:http';

const START = Date.UTC(2020, 0, 1);
const STEP = 1000;

interface Item {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Series of a point per second, whose values count up from 0: as many as anyone asks for, without
 * holding one.
 */
export function pointServer(pointsPerSeries: number): Server {
  return createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { items } = JSON.parse(text) as { items: Item[] };
    response.writeHead(200, { 'content-type': 'application/protobuf' });
    response.end(Buffer.concat(items.map((item) => encodeItem(item, pointsPerSeries))));
  });
}

function encodeItem({ id, start, end, limit, cursor }: Item, count: number): Buffer {
  const indexOf = (time: number): number =>
    Math.min(count, Math.max(0, Math.ceil((time - START) / STEP)));
  const from = cursor === undefined ? indexOf(start) : Number(cursor);
  const to = Math.min(from + limit, indexOf(end));
  const points = Buffer.allocUnsafe((to - from) * 18);
  for (let index = from, at = 0; index < to; index++, at += 18) {
    const time = START + index * STEP;
    const low = time % 0x10000000;
    const high = (time - low) / 0x10000000;
    points[at] = 0x0a;
    points[at + 1] = 16;
    points[at + 2] = 0x08;
    for (let byte = 0; byte < 4; byte++)
      points[at + 3 + byte] = ((low >>> (7 * byte)) & 0x7f) | 0x80;
    points[at + 7] = (high & 0x7f) | 0x80;
    points[at + 8] = high >>> 7;
    points[at + 9] = 0x11;
    points.writeDoubleLE(index, at + 10);
  }
  const next = to < indexOf(end) ? String(to) : '';
  return part(0x0a, [
    Buffer.from([0x08, id]),
    part(0x1a, [points]),
    ...(next === '' ? [] : [part(0x4a, [Buffer.from(next)])]),
    Buffer.from([0x60, 1]),
  ]);
}

function part(tag: number, contents: readonly Buffer[]): Buffer {
  const head = [tag];
  let length = contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (; length >= 0x80; length = Math.floor(length / 0x80)) head.push((length % 0x80) | 0x80);
  return Buffer.concat([Buffer.from([...head, length]), ...contents]);
}
