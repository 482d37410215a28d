import { expectedTree, shuffledTree, type TreeAsset } from './assets-data.js';
import { fetchSend, type Send } from './datapoints-floor.js';
import { httpSend } from './http-send.js';
import { servePrepared } from './prepared-server.js';
import type { BenchServer, Checksum, Contender, Goal, Scenario } from './scenario.js';

const PAGE = 1000;

/** Answers at once, but takes no asset before its parent. */
async function servePlain(latencyMs: number): Promise<BenchServer> {
  const stored = new Map<string, number>();
  return servePrepared({
    latencyMs,
    answer(_path, body) {
      const { items } = JSON.parse(body.toString()) as { items: TreeAsset[] };
      for (const { externalId } of items)
        stored.set(externalId, 1_000_000 + Number(externalId.slice('asset-'.length)));
      const lost = items.find(
        ({ parentExternalId: parent }) => parent !== undefined && !stored.has(parent),
      );
      if (lost !== undefined) throw new Error(`${lost.externalId} came before its parent`);
      const rootId = stored.get('asset-0');
      const answered = items.map((asset) => ({
        ...asset,
        id: stored.get(asset.externalId),
        ...(asset.parentExternalId === undefined
          ? {}
          : { parentId: stored.get(asset.parentExternalId) }),
        ...{ rootId, createdTime: 1_700_000_000_000, lastUpdatedTime: 1_700_000_000_000 },
      }));
      return { body: Buffer.from(JSON.stringify({ items: answered })) };
    },
    reset: () => stored.clear(),
    checksum: () => checksumOf(stored.keys()),
  });
}

async function serveEmulator(): Promise<BenchServer> {
  const { startEmulator } = await import('@cdf/emulator');
  const emulator = await startEmulator();
  return {
    ...{ url: emulator.url, project: emulator.project, token: await emulator.issueToken() },
    reset: () => emulator.reset(),
    received: () => {
      const names = [...emulator.writes].flatMap(({ items }) =>
        items.map(({ externalId = '' }) => externalId),
      );
      return { requests: emulator.requests.length, checksum: checksumOf(names) };
    },
  };
}

function checksumOf(externalIds: Iterable<string>): Checksum {
  const sum = { count: 0, indexes: 0 };
  for (const externalId of externalIds) {
    sum.count += 1;
    sum.indexes += Number(externalId.slice('asset-'.length));
  }
  return sum;
}

const ours = (nodeHttp: boolean): Contender => ({
  async prepare({ url, project, token }, size) {
    const { AssetsApi } = await import('@cdf/assets');
    const { createTransport, Token } = await import('@cdf/core');
    const credentials = new Token(token);
    const transport = createTransport({
      clientName: 'bench',
      project,
      baseUrl: url,
      credentials,
      nodeHttp,
    });
    const assets = new AssetsApi(transport);
    const input = shuffledTree(size);
    return { run: () => assets.createHierarchy(input) };
  },
});

/** Has the order beforehand, and sends one request after the other. */
const floor = (sendTo: (baseUrl: string) => Send): Contender => ({
  async prepare({ url, project, token }, size) {
    const send = sendTo(`${url}/api/v1/projects/${project}`);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const ordered = shuffledTree(size, false);
    return {
      async run() {
        const all: unknown[] = [];
        for (let start = 0; start < size; start += PAGE) {
          const body = JSON.stringify({ items: ordered.slice(start, start + PAGE) });
          const text = new TextDecoder().decode(await send('/assets', body, headers));
          for (const asset of (JSON.parse(text) as { items: unknown[] }).items) all.push(asset);
        }
        return all;
      },
    };
  },
});

/** Sorts by itself. */
const official: Contender = {
  async prepare({ url, project, token }, size) {
    const { CogniteClient } = await import('@cognite/sdk');
    const client = new CogniteClient({
      appId: 'bench',
      project,
      baseUrl: url,
      oidcTokenProvider: async () => token,
    });
    const input = shuffledTree(size);
    return { run: () => client.assets.create(input) };
  },
};

const create = (
  name: string,
  title: string,
  sizes: readonly number[],
  serve: () => Promise<BenchServer>,
  goals: readonly Goal[] = [],
): Scenario => ({
  ...{ name, title, sizes, unit: 'assets', expected: expectedTree, serve, isFresh: true },
  contenders: {
    floor: floor(fetchSend),
    ours: ours(true),
    'ours over fetch': ours(false),
    'node:http floor': floor(httpSend),
    '@cognite/sdk': official,
  },
  goals,
});

const atMost = (ratio: number): readonly Goal[] => [
  { contender: 'ours', against: 'floor', atMost: ratio, size: 20_000 },
];

export const scenarios: readonly Scenario[] = [
  create(
    'assets-create',
    'Create a shuffled tree',
    [100, 1000, 10_000, 20_000, 100_000],
    () => servePlain(0),
    atMost(1.05),
  ),
  create(
    'assets-create-latency',
    'Create a shuffled tree, 20 ms latency',
    [20_000],
    () => servePlain(20),
    atMost(1),
  ),
  create(
    'assets-create-emulator',
    'Create a shuffled tree in the emulator',
    [20_000],
    serveEmulator,
  ),
];
