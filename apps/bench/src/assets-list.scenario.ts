import {
  assetChecksum,
  expectedAssets,
  preparePages,
  type SummedAsset,
  wireAsset,
  wireEvent,
} from './assets-data.js';
import { fetchSend, type Send } from './datapoints-floor.js';
import { httpSend } from './http-send.js';
import { servePrepared } from './prepared-server.js';
import type { Contender, Scenario } from './scenario.js';

const PARTITIONS = 10;

type Kind = 'assets' | 'events';

/** Left to itself it reads one page after the other. */
const official: Contender = {
  rounds: 1,
  maxSize: 200_000,
  async prepare({ url, project, token }) {
    const { CogniteClient } = await import('@cognite/sdk');
    const client = new CogniteClient({
      appId: 'bench',
      project,
      baseUrl: url,
      oidcTokenProvider: async () => token,
    });
    return {
      run: () => client.assets.list({ limit: 1000 }).autoPagingToArray({ limit: Infinity }),
      check: (all) => assetChecksum(all as unknown as SummedAsset[]),
    };
  },
};

/**
 * Everything with one await, in a new process. The floor knows the pages: ten partitions, plain
 * fetch and JSON.parse.
 */
const list = (
  kind: Kind,
  name: string,
  title: string,
  sizes: readonly number[],
  latencyMs: number,
  atMost: number,
): Scenario => ({
  ...{ name, title, sizes, unit: kind, isFresh: true },
  expected: expectedAssets,
  async serve(size) {
    const wire = kind === 'assets' ? wireAsset : wireEvent;
    const whole = preparePages(size, 1, wire);
    const partitioned = preparePages(size, PARTITIONS, wire);
    return servePrepared({
      latencyMs,
      answer(_path, body) {
        const { cursor = '0', partition } = JSON.parse(body.toString()) as {
          cursor?: string;
          partition?: string;
        };
        const pages =
          partition === undefined ? whole[0] : partitioned[Number(partition.split('/')[0]) - 1];
        return { body: pages?.[Number(cursor)] as Buffer };
      },
    });
  },
  contenders: {
    floor: floor(kind, fetchSend),
    ours: ours(kind, true),
    'ours over fetch': ours(kind, false),
    'node:http floor': floor(kind, httpSend),
    ...(kind === 'assets' && { '@cognite/sdk': official }),
  },
  goals: [
    { contender: 'ours', against: 'floor', atMost, size: Math.min(Math.max(...sizes), 200_000) },
  ],
});

function ours(kind: Kind, nodeHttp: boolean): Contender {
  return {
    async prepare({ url, project, token }) {
      const { createTransport, Token } = await import('@cdf/core');
      const config = {
        clientName: 'bench',
        project,
        baseUrl: url,
        credentials: new Token(token),
        nodeHttp,
      };
      const transport = createTransport(config);
      const api =
        kind === 'assets'
          ? new (await import('@cdf/assets')).AssetsApi(transport)
          : new (await import('@cdf/events-files')).EventsApi(transport);
      return {
        run: async () => api.list({ limit: Infinity }),
        check: (all) => assetChecksum(all as SummedAsset[]),
      };
    },
  };
}

function floor(kind: Kind, sendTo: (baseUrl: string) => Send): Contender {
  return {
    async prepare({ url, project }) {
      const send = sendTo(`${url}/api/v1/projects/${project}`);
      const headers = { 'content-type': 'application/json' };
      const readPartition = async (partition: number): Promise<SummedAsset[]> => {
        const own: SummedAsset[] = [];
        let cursor: string | undefined;
        do {
          const body = JSON.stringify({
            limit: 1000,
            partition: `${partition}/${PARTITIONS}`,
            cursor,
          });
          const bytes = await send(`/${kind}/list`, body, headers);
          const page = JSON.parse(new TextDecoder().decode(bytes)) as {
            items: SummedAsset[];
            nextCursor?: string;
          };
          for (const item of page.items) own.push(item);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return own;
      };
      return {
        run: async () => {
          const parts = await Promise.all(
            Array.from({ length: PARTITIONS }, (_, index) => readPartition(index + 1)),
          );
          return parts.flat();
        },
        check: (all) => assetChecksum(all as SummedAsset[]),
      };
    },
  };
}

export const scenarios: readonly Scenario[] = [
  list(
    'assets',
    'assets-list',
    'List all assets',
    [100, 1000, 10_000, 100_000, 200_000, 1_000_000],
    0,
    0.95,
  ),
  list('assets', 'assets-list-latency', 'List all assets, 20 ms latency', [200_000], 20, 1),
  list('events', 'events-list', 'List all events', [100_000], 0, 0.85),
  list('events', 'events-list-latency', 'List all events, 20 ms latency', [100_000], 20, 1),
];
