import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { InsertPlan } from './datapoints-data.js';
import {
  fetchSend,
  floorInsert,
  type InsertData,
  inParallel,
  insertData,
  type Send,
} from './datapoints-floor.js';
import { officialClient, ourApi, rootOf } from './datapoints-readers.js';
import { httpSend } from './http-send.js';
import type { Contender } from './scenario.js';

const gzip = promisify<Uint8Array, object, Buffer>(gzipCallback);

/** Points into the series of a plan. The points are in each client's own shape beforehand. */
export function writers(
  plan: InsertPlan,
  compressed: boolean,
): Readonly<Record<string, Contender>> {
  const compress = compressed ? (bytes: Uint8Array) => gzip(bytes, { level: 1 }) : undefined;
  const floor = (sendTo: (baseUrl: string) => Send): Contender => ({
    async prepare(target) {
      const [send, data] = [sendTo(rootOf(target)), insertData(plan)];
      return { run: () => floorInsert(send, data, compress) };
    },
  });
  const ours = (nodeHttp: boolean): Contender => ({
    async prepare(target) {
      const settings = { gzip: compressed ? 'always' : 'never', nodeHttp } as const;
      const [api, data] = [await ourApi(target, settings), insertData(plan)];
      return { run: () => api.insertMany(data) };
    },
  });
  const all = {
    floor: floor(fetchSend),
    ours: ours(true),
    'ours over fetch': ours(false),
    'node:http floor': floor(httpSend),
  };
  // The official client neither compresses nor takes columns.
  return compressed
    ? all
    : { ...all, 'ours from rows': oursFromRows(plan), '@cognite/sdk': official(plan) };
}

/** The same rows that the official client gets: an object with a date for each point. */
function oursFromRows(plan: InsertPlan): Contender {
  return {
    async prepare(target) {
      const api = await ourApi(target);
      const series = insertData(plan).map(({ id, ...columns }) => ({
        id,
        datapoints: toRows(columns, 0, Infinity),
      }));
      return { run: () => api.insertMany(series) };
    },
  };
}

/**
 * The API takes 100,000 points in a request: cut by hand, as its users do, and five sent at a time,
 * as ours does.
 */
function official(plan: InsertPlan): Contender {
  return {
    rounds: 3,
    async prepare(target) {
      const client = await officialClient(target);
      const requests = toRequests(insertData(plan));
      return {
        run: () =>
          inParallel(requests, 5, async (items) => void (await client.datapoints.insert(items))),
      };
    },
  };
}

interface RowItem {
  readonly id: number;
  readonly datapoints: { timestamp: Date; value: number }[];
}

function toRequests(data: readonly InsertData[]): RowItem[][] {
  const requests: RowItem[][] = [];
  let room = 0;
  for (const { id, ...columns } of data)
    for (let from = 0; from < columns.timestamps.length; from += 100_000) {
      const datapoints = toRows(columns, from, from + 100_000);
      if (datapoints.length > room) {
        requests.push([]);
        room = 100_000;
      }
      requests.at(-1)?.push({ id, datapoints });
      room -= datapoints.length;
    }
  return requests;
}

function toRows(
  { timestamps, values }: Omit<InsertData, 'id'>,
  from: number,
  to: number,
): RowItem['datapoints'] {
  return Array.from(timestamps.subarray(from, Math.min(timestamps.length, to)), (time, index) => ({
    timestamp: new Date(time),
    value: values[from + index] as number,
  }));
}
