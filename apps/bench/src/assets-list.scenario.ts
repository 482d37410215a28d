import { assetChecksum, expectedAssets, preparePages, type SummedAsset } from './assets-data.js';
import { servePrepared } from './prepared-server.js';
import type { Contender, Scenario } from './scenario.js';

const PARTITIONS = 10;

/** Everything with one await. The floor knows the pages: ten partitions, plain fetch and JSON.parse. */
const list = (name: string, title: string, sizes: readonly number[], latencyMs: number, atMost: number): Scenario => ({
  ...{ name, title, sizes, unit: 'assets' },
  expected: expectedAssets,
  async serve(size) {
    const whole = preparePages(size, 1);
    const partitioned = preparePages(size, PARTITIONS);
    return servePrepared({
      latencyMs,
      answer(_path, body) {
        const { cursor = '0', partition } = JSON.parse(body.toString()) as { cursor?: string; partition?: string };
        const pages = partition === undefined ? whole[0] : partitioned[Number(partition.split('/')[0]) - 1];
        return { body: pages?.[Number(cursor)] as Buffer };
      },
    });
  },
  contenders: { floor, ours, '@cognite/sdk': official },
  goals: [{ contender: 'ours', against: 'floor', atMost }],
});

const ours: Contender = {
  async prepare({ url, project, token }) {
    const { AssetsApi } = await import('@cdf/assets');
    const { createTransport, Token } = await import('@cdf/core');
    const assets = new AssetsApi(
      createTransport({ clientName: 'bench', project, baseUrl: url, credentials: new Token(token) }),
    );
    return {
      run: async () => assets.list({ limit: Infinity }),
      check: (all) => assetChecksum(all as SummedAsset[]),
    };
  },
};

const floor: Contender = {
  async prepare({ url, project }) {
    const address = `${url}/api/v1/projects/${project}/assets/list`;
    const headers = { 'content-type': 'application/json' };
    const readPartition = async (partition: number): Promise<SummedAsset[]> => {
      const own: SummedAsset[] = [];
      let cursor: string | undefined;
      do {
        const body = JSON.stringify({ limit: 1000, partition: `${partition}/${PARTITIONS}`, cursor });
        const response = await fetch(address, { method: 'POST', headers, body });
        const page = JSON.parse(await response.text()) as { items: SummedAsset[]; nextCursor?: string };
        for (const asset of page.items) own.push(asset);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return own;
    };
    return {
      run: async () => {
        const parts = await Promise.all(Array.from({ length: PARTITIONS }, (_, index) => readPartition(index + 1)));
        return parts.flat();
      },
      check: (all) => assetChecksum(all as SummedAsset[]),
    };
  },
};

/** Left to itself it reads one page after the other. */
const official: Contender = {
  rounds: 1,
  async prepare({ url, project, token }) {
    const { CogniteClient } = await import('@cognite/sdk');
    const client = new CogniteClient({ appId: 'bench', project, baseUrl: url, oidcTokenProvider: async () => token });
    return {
      run: () => client.assets.list({ limit: 1000 }).autoPagingToArray({ limit: Infinity }),
      check: (all) => assetChecksum(all as unknown as SummedAsset[]),
    };
  },
};

export const scenarios: readonly Scenario[] = [
  list('assets-list', 'List all assets', [100, 1000, 10_000, 100_000, 200_000], 0, 1.6),
  list('assets-list-latency', 'List all assets, 20 ms latency', [200_000], 20, 1.3),
];
