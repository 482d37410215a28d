import {
  addColumns,
  PLANS,
  planChecksum,
  type SeriesPlan,
  START,
  valueAt,
} from './datapoints-data.js';
import { fetchSend, floorRead } from './datapoints-floor.js';
import { readers } from './datapoints-readers.js';
import { serveDatapoints } from './datapoints-server.js';
import { servePrepared } from './prepared-server.js';
import type { Checksum, Contender, Scenario } from './scenario.js';

const STEP_MS = 1000;
/** On the wire: a tag, a length, a timestamp of six bytes and a double, each with its tag. */
const POINT_BYTES = 18;
const PAGE = 100_000;

const planOf = (points: number): SeriesPlan => ({
  first: 1,
  series: 1,
  points,
  stepMs: STEP_MS,
  aggregates: false,
});

interface Item {
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly cursor?: string;
}

function preparePoints(count: number): Buffer {
  const bytes = Buffer.alloc(count * POINT_BYTES);
  for (let index = 0, at = 0; index < count; index += 1) {
    bytes[at] = 0x0a;
    bytes[at + 1] = POINT_BYTES - 2;
    bytes[at + 2] = 0x08;
    bytes[writeVarint(bytes, at + 3, START + index * STEP_MS)] = 0x11;
    bytes.writeDoubleLE(valueAt(index), at + 10);
    at += POINT_BYTES;
  }
  return bytes;
}

function writeVarint(bytes: Buffer, position: number, value: number): number {
  let at = position;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** A field of the answer: its tag, its length and its content. */
function field(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = Buffer.alloc(5);
  const end = writeVarint(
    length,
    0,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  return Buffer.concat([Buffer.from([tag]), length.subarray(0, end), ...parts]);
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly hasMore: boolean;
}

function rangeOf({ start, end, limit, cursor }: Item, count: number): Range {
  const indexOf = (time: number): number =>
    Math.min(count, Math.max(0, Math.ceil((time - START) / STEP_MS)));
  const from = cursor === undefined ? indexOf(start) : Number(cursor);
  const last = indexOf(end);
  const to = Math.min(last, from + limit);
  return { from, to, hasMore: to < last };
}

function protobufPage(points: Buffer, { from, to, hasMore }: Range): Buffer {
  const next = hasMore ? [field(0x4a, Buffer.from(`${to}`))] : [];
  const id = Buffer.from([0x08, 1]);
  return field(
    0x0a,
    id,
    ...next,
    field(0x1a, points.subarray(from * POINT_BYTES, to * POINT_BYTES)),
  );
}

/** Made at first use: in the round that is not counted, where there is one. */
function jsonPage(pages: Map<string, Buffer>, { from, to, hasMore }: Range): Buffer {
  const known = pages.get(`${from}-${to}`);
  if (known !== undefined) return known;
  const datapoints = Array.from({ length: to - from }, (_, offset) => ({
    timestamp: START + (from + offset) * STEP_MS,
    value: valueAt(from + offset),
  }));
  const item = {
    id: 1,
    isString: false,
    isStep: false,
    ...(hasMore ? { nextCursor: `${to}` } : {}),
    datapoints,
  };
  const page = Buffer.from(JSON.stringify({ items: [item] }));
  pages.set(`${from}-${to}`, page);
  return page;
}

const sumOf = (timestamps: Float64Array, values: Float64Array): Checksum => {
  const sum = { count: 0, values: 0, seconds: 0 };
  addColumns(sum, timestamps, [values]);
  return sum;
};

const ours: Contender = {
  async prepare({ url, project, token }, size) {
    const { createTransport, Token } = await import('@cdf/core');
    const { DatapointsApi } = await import('@cdf/datapoints');
    const transport = createTransport({
      clientName: 'bench',
      project,
      baseUrl: url,
      credentials: new Token(token),
    });
    const datapoints = new DatapointsApi(transport);
    return {
      run: () => datapoints.retrieve({ id: 1, start: START, end: START + size * STEP_MS }),
      check: (result) => {
        const { timestamps, values } = result as { timestamps: Float64Array; values: Float64Array };
        return sumOf(timestamps, values);
      },
    };
  },
};

/** Knows where the pages end, and the smallest decode. */
const floor: Contender = {
  async prepare({ url, project }, size) {
    const send = fetchSend(`${url}/api/v1/projects/${project}`);
    return {
      run: () => floorRead(send, planOf(size)),
      check: (columns) => sumOf(...(columns as [Float64Array, Float64Array])),
    };
  },
};

/** Has no paging: written by hand, as its users do. */
const official: Contender = {
  rounds: 2,
  maxSize: 1_000_000,
  async prepare({ url, project, token }, size) {
    const { CogniteClient } = await import('@cognite/sdk');
    const client = new CogniteClient({
      appId: 'bench',
      project,
      baseUrl: url,
      oidcTokenProvider: async () => token,
    });
    const end = START + size * STEP_MS;
    return {
      async run() {
        const all: { timestamp: Date; value: number }[] = [];
        for (let start = START; start < end; ) {
          const [page] = await client.datapoints.retrieve({
            items: [{ id: 1, start, end, limit: PAGE }],
          });
          const points = (page?.datapoints ?? []) as { timestamp: Date; value: number }[];
          for (const point of points) all.push(point);
          start = (points.at(-1)?.timestamp.getTime() ?? end) + 1;
        }
        return all;
      },
      check: (all) => {
        const points = all as { timestamp: Date; value: number }[];
        const timestamps = Float64Array.from(points, ({ timestamp }) => timestamp.getTime());
        return sumOf(
          timestamps,
          Float64Array.from(points, ({ value }) => value),
        );
      },
    };
  },
};

const oneSeries: Pick<Scenario, 'unit' | 'expected' | 'serve'> = {
  unit: 'points',
  expected: (size) => ({ ...planChecksum(planOf(size)) }),
  async serve(size) {
    const points = preparePoints(size);
    const pages = new Map<string, Buffer>();
    return servePrepared({
      answer(_path, body, { headers }) {
        const { items } = JSON.parse(body.toString()) as { items: Item[] };
        const ranges = items.map((item) => rangeOf(item, size));
        if (headers.accept !== 'application/protobuf')
          return { body: jsonPage(pages, ranges[0] as Range) };
        const bytes = Buffer.concat(ranges.map((range) => protobufPage(points, range)));
        return { body: bytes, contentType: 'application/protobuf' };
      },
    });
  },
};

const shortSeries = (series: number): SeriesPlan => ({ ...PLANS.short, series });

const ofShort = (contender: 'floor' | 'ours'): Contender => ({
  prepare: (target, size) =>
    (readers(shortSeries(size))[contender] as Contender).prepare(target, size),
});

export const scenarios: readonly Scenario[] = [
  {
    ...oneSeries,
    name: 'datapoints-growth',
    title: 'Read one raw series',
    sizes: [10_000, 100_000, 1_000_000, 10_000_000, 50_000_000],
    contenders: { floor, ours, '@cognite/sdk': official },
    // The result is 0.8 GB, and the floor has nothing but it and the pages on their way, 0.9 GB:
    // twice the result.
    goals: [{ contender: 'ours', against: 'floor', atMost: 1.78, of: 'memory' }],
  },
  {
    name: 'datapoints-series',
    title: 'Read raw series of 100 points',
    unit: 'series',
    sizes: [1, 10, 100, 1000, PLANS.short.series],
    isFresh: true,
    serve: () => serveDatapoints(PLANS.short, 0),
    expected: (size) => ({ ...planChecksum(shortSeries(size)) }),
    contenders: { floor: ofShort('floor'), ours: ofShort('ours') },
    goals: [{ contender: 'ours', against: 'floor', atMost: 1.5 }],
  },
  {
    ...oneSeries,
    // Its processor time, of one commit and the one before, tells what a check of every point
    // costs.
    name: 'datapoints-checked',
    title: 'Read one raw series, and check every time of it',
    sizes: [5_000_000],
    contenders: { floor, ours },
  },
];
