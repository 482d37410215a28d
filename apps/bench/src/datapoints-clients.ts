import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { createTransport, Token, type Transport } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
import { CogniteClient } from '@cognite/sdk';
import protobuf from 'protobufjs';
import { addColumns, type Checksum, PLANS, START } from './datapoints-data.js';
import {
  type Decode,
  fetchSend,
  floorInsert,
  floorLatest,
  floorRead,
  httpSend,
  type InsertData,
  inParallel,
  perfectPages,
} from './datapoints-floor.js';

export type Scenario = 'A' | 'B' | 'C' | 'D' | 'E1' | 'E2' | 'E1 gzip';

/** A client in one scenario: what is measured is `run`; `check` tells afterwards what it had in hand. */
export interface Run {
  run(): Promise<unknown>;
  check(result: unknown): Checksum | number | undefined;
}

export type Client = (scenario: Scenario, data: readonly InsertData[]) => Run | undefined;

const END = (name: 'A' | 'B' | 'C'): number => START + PLANS[name].points * PLANS[name].stepMs;
const gzip = promisify<Uint8Array, object, Buffer>(gzipCallback);

const checkColumns = (result: unknown): Checksum => {
  const [timestamps, ...columns] = result as [Float64Array, ...Float64Array[]];
  const sum = { count: 0, values: 0, seconds: 0 };
  addColumns(sum, timestamps, columns);
  return sum;
};

function floor(send: ReturnType<typeof fetchSend>, decode?: Decode): Client {
  return (scenario, data) => {
    if (scenario === 'D') return { run: () => floorLatest(send), check: (count) => count as number };
    if (scenario === 'A' || scenario === 'B' || scenario === 'C')
      return { run: () => floorRead(send, PLANS[scenario], decode), check: checkColumns };
    const compress = scenario === 'E1 gzip' ? (bytes: Uint8Array) => gzip(bytes, { level: 1 }) : undefined;
    return { run: () => floorInsert(send, data, compress), check: () => undefined };
  };
}

export function clients(baseUrl: string, project: string): Record<string, Client> {
  const root = `${baseUrl}/api/v1/projects/${project}`;
  return {
    ours: ours(baseUrl, project),
    'fetch floor': floor(fetchSend(root)),
    'http floor': floor(httpSend(root)),
    protobufjs: (scenario, data) =>
      scenario < 'D' ? floor(fetchSend(root), libraryDecode())(scenario, data) : undefined,
    '@cognite/sdk': official(baseUrl, project),
  };
}

function ours(baseUrl: string, project: string): Client {
  const config = { clientName: 'bench', project, baseUrl, credentials: new Token('bench') };
  const transports: Transport[] = [
    createTransport({ ...config, compression: 'never' }),
    createTransport({ ...config, compression: 'always' }),
  ];
  const [plain, compressed] = transports.map((transport) => new DatapointsApi(transport)) as [
    DatapointsApi,
    DatapointsApi,
  ];
  return (scenario, data) => {
    if (scenario === 'D') {
      const items = Array.from({ length: 1000 }, (_, index) => ({ id: 10_001 + index }));
      return { run: () => plain.retrieveLatest({ items }), check: (list) => (list as unknown[]).length };
    }
    if (scenario === 'A')
      return {
        run: () => plain.retrieve({ id: PLANS.A.first, start: START, end: END('A') }),
        check: (result) => {
          const { timestamps, values } = result as { timestamps: Float64Array; values: Float64Array };
          return checkColumns([timestamps, values]);
        },
      };
    if (scenario === 'B' || scenario === 'C') {
      const plan = PLANS[scenario];
      const items = Array.from({ length: plan.series }, (_, index) => ({ id: plan.first + index }));
      const range = { items, start: START, end: END(scenario) };
      return {
        run: () =>
          plan.aggregates
            ? plain.retrieve({ ...range, aggregates: ['average', 'max', 'min'], granularity: '1h' })
            : plain.retrieve(range),
        check: (result) => {
          const sum = { count: 0, values: 0, seconds: 0 };
          for (const each of result as {
            timestamps: Float64Array;
            values?: Float64Array;
            average: Float64Array;
            max: Float64Array;
            min: Float64Array;
          }[])
            addColumns(
              sum,
              each.timestamps,
              each.values === undefined ? [each.average, each.max, each.min] : [each.values],
            );
          return sum;
        },
      };
    }
    const api = scenario === 'E1 gzip' ? compressed : plain;
    return { run: () => api.insertMany(data), check: () => undefined };
  };
}

/** What a generated decoder does: an object per point, then columns. */
function libraryDecode(): Decode {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Point { int64 timestamp = 1; double value = 2; }
    message Points { repeated Point datapoints = 1; }
    message Aggregate { int64 timestamp = 1; double average = 2; double max = 3; double min = 4; }
    message Aggregates { repeated Aggregate datapoints = 1; }
    message Item { int64 id = 1; string nextCursor = 9; Points numeric = 3; Aggregates aggregate = 5; }
    message Response { repeated Item items = 1; }`);
  const response = root.lookupType('Response');
  interface Point {
    timestamp: { toNumber(): number } | number;
    value: number;
    average: number;
    max: number;
    min: number;
  }
  return (bytes, columns, position) => {
    const message = response.decode(bytes) as unknown as {
      items: { numeric?: { datapoints: Point[] }; aggregate?: { datapoints: Point[] } }[];
    };
    let index = position;
    const names = columns.length === 2 ? (['value'] as const) : (['average', 'max', 'min'] as const);
    for (const { numeric, aggregate } of message.items)
      for (const point of (numeric ?? aggregate)?.datapoints ?? []) {
        (columns[0] as Float64Array)[index] =
          typeof point.timestamp === 'number' ? point.timestamp : point.timestamp.toNumber();
        names.forEach((name, column) => {
          (columns[column + 1] as Float64Array)[index] = point[name];
        });
        index++;
      }
  };
}

/** The official client has no paging: written by hand, as its users do. Inserts get their points in its own shape beforehand. */
function official(baseUrl: string, project: string): Client {
  const client = new CogniteClient({ appId: 'bench', project, baseUrl, oidcTokenProvider: async () => 'bench' });
  interface Read {
    datapoints: { timestamp: Date; value?: number; average?: number; max?: number; min?: number }[];
  }
  const check = (result: unknown): Checksum => {
    const sum = { count: 0, values: 0, seconds: 0 };
    for (const { datapoints } of result as Read[])
      for (const { timestamp, value, average, max, min } of datapoints) {
        sum.count++;
        sum.seconds += (timestamp.getTime() - START) / 1000;
        sum.values += value ?? (average ?? 0) + (max ?? 0) + (min ?? 0);
      }
    return sum;
  };
  return (scenario, data) => {
    if (scenario === 'D') {
      const items = Array.from({ length: 1000 }, (_, index) => ({ id: 10_001 + index, before: 'now' }));
      return { run: () => client.datapoints.retrieveLatest(items), check: (list) => (list as unknown[]).length };
    }
    if (scenario === 'A')
      return {
        async run() {
          const pages: Read[] = [];
          for (let start = START; start < END('A'); ) {
            const [page] = (await client.datapoints.retrieve({
              items: [{ id: PLANS.A.first, start, end: END('A'), limit: 100_000 }],
            })) as unknown as Read[];
            if (page === undefined || page.datapoints.length === 0) break;
            pages.push(page);
            start = (page.datapoints.at(-1)?.timestamp.getTime() ?? 0) + 1;
          }
          return pages;
        },
        check,
      };
    if (scenario === 'B' || scenario === 'C')
      return {
        async run() {
          const pages: Read[] = [];
          await inParallel(perfectPages(PLANS[scenario]), 10, async (items) => {
            pages.push(...((await client.datapoints.retrieve({ items } as never)) as unknown as Read[]));
          });
          return pages;
        },
        check,
      };
    if (scenario === 'E1 gzip') return undefined;
    const requests: { id: number; datapoints: { timestamp: Date; value: number }[] }[][] = [];
    for (const { id, timestamps, values } of data)
      for (let from = 0; from < timestamps.length; from += 100_000) {
        const part = timestamps.subarray(from, from + 100_000);
        const points = Array.from(part, (time, index) => ({
          timestamp: new Date(time),
          value: values[from + index] as number,
        }));
        const last = requests.at(-1);
        if (
          last !== undefined &&
          last.reduce((sum, { datapoints }) => sum + datapoints.length, 0) + points.length <= 100_000
        )
          last.push({ id, datapoints: points });
        else requests.push([{ id, datapoints: points }]);
      }
    return {
      run: () => inParallel(requests, 5, async (items) => void (await client.datapoints.insert(items))),
      check: () => undefined,
    };
  };
}
