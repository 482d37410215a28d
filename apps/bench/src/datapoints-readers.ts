import { LATEST, type PointSums, type SeriesPlan, START, timeAt } from './datapoints-data.js';
import {
  fetchSend,
  floorLatest,
  floorRead,
  inParallel,
  perfectPages,
  type Send,
} from './datapoints-floor.js';
import { libraryDecode } from './datapoints-protobufjs.js';
import { floorReadStreamed } from './datapoints-streamed.js';
import { httpSend } from './http-send.js';
import { ids, type Read, sumOf, sumOfEach } from './point-sums.js';
import type { Checksum, Contender, Target } from './scenario.js';

type Contenders = Readonly<Record<string, Contender>>;
type SendTo = (baseUrl: string) => Send;

export const rootOf = ({ url, project }: Target): string => `${url}/api/v1/projects/${project}`;

interface OurSettings {
  readonly gzip?: 'never' | 'always';
  /** @default true */
  readonly nodeHttp?: boolean;
}

export async function ourApi(
  { url, project, token }: Target,
  { gzip = 'never', nodeHttp = true }: OurSettings = {},
) {
  const { compression, createTransport, Token } = await import('@cdf/core');
  const { DatapointsApi } = await import('@cdf/datapoints');
  const config = {
    clientName: 'bench',
    project,
    baseUrl: url,
    credentials: new Token(token),
    nodeHttp,
  };
  return new DatapointsApi(
    createTransport({ ...config, interceptors: gzip === 'always' ? [compression('always')] : [] }),
  );
}

export async function officialClient({ url, project, token }: Target) {
  const { CogniteClient } = await import('@cognite/sdk');
  return new CogniteClient({
    appId: 'bench',
    project,
    baseUrl: url,
    oidcTokenProvider: async () => token,
  });
}

/** Points of the series of a plan, every one. */
export function readers(plan: SeriesPlan): Contenders {
  const end = timeAt(plan.points, plan);
  const floor = (sendTo: SendTo): Contender => ({
    async prepare(target) {
      const send = sendTo(rootOf(target));
      return {
        run: () => floorRead(send, plan),
        check: (columns) => sumOf(columns as Float64Array[]),
      };
    },
  });
  const ours = (nodeHttp: boolean): Contender => ({
    async prepare(target) {
      const api = await ourApi(target, { nodeHttp });
      const range = { items: ids(plan), start: START, end };
      return {
        run: () =>
          plan.aggregates
            ? api.retrieve({ ...range, aggregates: ['average', 'max', 'min'], granularity: '1h' })
            : api.retrieve(range),
        check: (result) => sumOfEach(result as Read[]),
      };
    },
  });
  const library: Contender = {
    async prepare(target) {
      const [send, decode] = [fetchSend(rootOf(target)), await libraryDecode()];
      return {
        run: () => floorRead(send, plan, decode),
        check: (columns) => sumOf(columns as Float64Array[]),
      };
    },
  };
  const streamed: Contender = {
    async prepare(target) {
      return {
        run: () => floorReadStreamed(rootOf(target), plan),
        check: (columns) => sumOf(columns as Float64Array[]),
      };
    },
  };
  return {
    floor: floor(fetchSend),
    ours: ours(true),
    'ours over fetch': ours(false),
    ...(plan.series === 1 && { 'streamed floor': streamed }),
    'node:http floor': floor(httpSend),
    protobufjs: library,
    '@cognite/sdk': plan.series === 1 ? officialByTime(plan, end) : officialByPage(plan),
  };
}

/** The latest point of each series. */
export const latest: Contenders = {
  floor: latestFloor(fetchSend),
  ours: oursLatest(true),
  'ours over fetch': oursLatest(false),
  'node:http floor': latestFloor(httpSend),
  '@cognite/sdk': {
    async prepare(target) {
      const client = await officialClient(target);
      const items = ids(LATEST).map((item) => ({ ...item, before: 'now' }));
      return {
        run: () => client.datapoints.retrieveLatest(items),
        check: (result) => sumOfRows(result as OfficialRead[]),
      };
    },
  },
};

function oursLatest(nodeHttp: boolean): Contender {
  return {
    async prepare(target) {
      const api = await ourApi(target, { nodeHttp });
      const items = ids(LATEST);
      return {
        run: () => api.retrieveLatest({ items }),
        check: (result) => sumOfEach(result as unknown as Read[]),
      };
    },
  };
}

function latestFloor(sendTo: SendTo): Contender {
  return {
    async prepare(target) {
      const send = sendTo(rootOf(target));
      return {
        run: () => floorLatest(send, LATEST.first, LATEST.series),
        check: (columns) => sumOf(columns as Float64Array[]),
      };
    },
  };
}

interface OfficialRead {
  readonly datapoints: readonly {
    timestamp: Date;
    value?: number;
    average?: number;
    max?: number;
    min?: number;
  }[];
}

/**
 * The official client has no paging: written by hand, as its users do, each page from after the
 * last point.
 */
function officialByTime({ first: id }: SeriesPlan, end: number): Contender {
  return {
    rounds: 1,
    async prepare(target) {
      const client = await officialClient(target);
      return {
        async run() {
          const pages: OfficialRead[] = [];
          for (let start = START; start < end; ) {
            const items = [{ id, start, end, limit: 100_000 }];
            const [page] = (await client.datapoints.retrieve({
              items,
            })) as unknown as OfficialRead[];
            if (page === undefined || page.datapoints.length === 0) break;
            pages.push(page);
            start = (page.datapoints.at(-1)?.timestamp.getTime() ?? 0) + 1;
          }
          return pages;
        },
        check: (pages) => sumOfRows(pages as OfficialRead[]),
      };
    },
  };
}

/**
 * The pages of the floor, which no user knows, with its concurrency: better than any user can do.
 */
function officialByPage(plan: SeriesPlan): Contender {
  return {
    rounds: 1,
    async prepare(target) {
      const client = await officialClient(target);
      return {
        async run() {
          const pages: OfficialRead[] = [];
          await inParallel(perfectPages(plan), 10, async (items) => {
            pages.push(
              ...((await client.datapoints.retrieve({
                items,
              } as never)) as unknown as OfficialRead[]),
            );
          });
          return pages;
        },
        check: (pages) => sumOfRows(pages as OfficialRead[]),
      };
    },
  };
}

function sumOfRows(all: readonly OfficialRead[]): Checksum {
  const sum: PointSums = { count: 0, values: 0, seconds: 0 };
  for (const { datapoints } of all)
    for (const { timestamp, value, average, max, min } of datapoints) {
      sum.count++;
      sum.seconds += (timestamp.getTime() - START) / 1000;
      sum.values += value ?? (average ?? 0) + (max ?? 0) + (min ?? 0);
    }
  return { ...sum };
}
