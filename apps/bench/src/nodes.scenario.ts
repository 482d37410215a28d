import { servePrepared } from './prepared-server.js';
import type { Checksum, Scenario } from './scenario.js';

const PAGE = 1000;
/** Transactions that CDF takes at the same time. */
const PARALLEL = 4;
const SOURCE = { type: 'view', space: 'bench', externalId: 'Pump', version: 'v1' } as const;

interface WireNode {
  readonly externalId: string;
  readonly properties: { readonly bench: { readonly 'Pump/v1': Properties } };
}

interface Properties {
  readonly name: string;
  readonly power: number;
}

function wireNode(index: number): object {
  return {
    ...{ instanceType: 'node', space: 'plant', externalId: `pump-${index}`, version: 1 },
    ...{ createdTime: 1_700_000_000_000, lastUpdatedTime: 1_700_000_000_000 + index },
    properties: { bench: { 'Pump/v1': propertiesOf(index) } },
  };
}

/** A relation, a list, a time and plain values. */
function propertiesOf(index: number): object {
  return {
    ...{ name: `P ${index}`, power: index % 1000, status: index % 2 === 0 ? 'on' : 'off' },
    ...{
      description: `Pump ${index}, area ${index % 40}`,
      tags: ['critical', `area-${index % 40}`],
    },
    commissioned: `2024-07-01T00:00:${String(index % 60).padStart(2, '0')}+00:00`,
    area: { space: 'plant', externalId: `area-${index % 40}` },
  };
}

function expected(count: number): Checksum {
  const sum = { count, power: 0 };
  for (let index = 0; index < count; index += 1) sum.power += index % 1000;
  return sum;
}

function checksumOf(nodes: Iterable<{ readonly power: number }>): Checksum {
  const sum = { count: 0, power: 0 };
  for (const { power } of nodes) {
    sum.count += 1;
    sum.power += power;
  }
  return sum;
}

/** Nodes as programs write them. */
function inputOf(count: number): { readonly externalId: string; readonly power: number }[] {
  return Array.from({ length: count }, (_, index) => ({
    externalId: `pump-${index}`,
    ...(propertiesOf(index) as { readonly power: number }),
    commissioned: new Date(Date.UTC(2024, 6, 1, 0, 0, index % 60)),
  }));
}

async function pumps(url: string, project: string, token: string) {
  const { createTransport, Token } = await import('@cdf/core');
  const { nodes, p, view } = await import('@cdf/data-modeling');
  const Area = view('bench', 'Area', 'v1', { name: p.text() });
  const Pump = view('bench', 'Pump', 'v1', {
    ...{
      name: p.text(),
      power: p.float(),
      status: p.oneOf('on', 'off'),
      description: p.text().optional(),
    },
    ...{
      tags: p.text().many().optional(),
      commissioned: p.timestamp().optional(),
      area: p.ref(() => Area),
    },
  });
  const transport = createTransport({
    clientName: 'bench',
    project,
    baseUrl: url,
    credentials: new Token(token),
  });
  return nodes(transport, Pump, { space: 'plant' });
}

const list: Scenario = {
  ...{
    name: 'nodes-list',
    title: 'List all nodes of a view',
    sizes: [100_000],
    unit: 'nodes',
    expected,
  },
  async serve(size) {
    const pages = Array.from({ length: Math.ceil(size / PAGE) }, (_, page) => {
      const items = Array.from({ length: Math.min(PAGE, size - page * PAGE) }, (_, index) =>
        wireNode(page * PAGE + index),
      );
      const next = (page + 1) * PAGE < size ? { nextCursor: `${page + 1}` } : {};
      return Buffer.from(JSON.stringify({ items, ...next }));
    });
    return servePrepared({
      answer: (_path, body) => {
        const { cursor = '0' } = JSON.parse(body.toString()) as { cursor?: string };
        return { body: pages[Number(cursor)] as Buffer };
      },
    });
  },
  contenders: {
    floor: {
      async prepare({ url, project }) {
        return {
          run: async () => {
            const all: (Properties & { readonly externalId: string })[] = [];
            let cursor: string | undefined;
            do {
              const body = JSON.stringify({
                instanceType: 'node',
                sources: [{ source: SOURCE }],
                limit: PAGE,
                cursor,
              });
              const page = (await post(url, project, '/list', body)) as {
                items: WireNode[];
                nextCursor?: string;
              };
              for (const { externalId, properties } of page.items)
                all.push({ externalId, ...properties.bench['Pump/v1'] });
              cursor = page.nextCursor;
            } while (cursor !== undefined);
            return all;
          },
          check: (all) => checksumOf(all as Properties[]),
        };
      },
    },
    ours: {
      async prepare({ url, project, token }) {
        const own = await pumps(url, project, token);
        return {
          run: async () => own.list({ limit: Infinity }),
          check: (all) => checksumOf(all as Properties[]),
        };
      },
    },
    '@cognite/sdk': {
      rounds: 1,
      async prepare({ url, project, token }) {
        const client = await official(url, project, token);
        return {
          // It has no loop over cursors.
          run: async () => {
            const all: unknown[] = [];
            let cursor: string | undefined;
            do {
              const page = await client.instances.list({
                ...{ instanceType: 'node' as const, sources: [{ source: SOURCE }], limit: PAGE },
                ...(cursor === undefined ? {} : { cursor }),
              });
              all.push(...page.items);
              cursor = page.nextCursor;
            } while (cursor !== undefined);
            return all;
          },
          check: (all) =>
            checksumOf((all as WireNode[]).map(({ properties }) => properties.bench['Pump/v1'])),
        };
      },
    },
  },
  goals: [{ contender: 'ours', against: 'floor', atMost: 1.1 }],
};

const upsert: Scenario = {
  ...{
    name: 'nodes-upsert',
    title: 'Upsert nodes of a view',
    sizes: [100_000],
    unit: 'nodes',
    expected,
  },
  async serve() {
    const stored = new Map<string, number>();
    return servePrepared({
      answer: (path, body) => {
        // Ours compares the view before its first write, and asks how many transactions may run at
        // the same time.
        if (path.endsWith('/views/byids')) return { body: Buffer.from('{"items":[]}') };
        if (path.endsWith('/statistics'))
          return { body: Buffer.from(`{"concurrentWriteLimit":${PARALLEL}}`) };
        const { items } = JSON.parse(body.toString()) as {
          items: { externalId: string; sources: [{ properties: Properties }] }[];
        };
        for (const { externalId, sources } of items)
          stored.set(externalId, sources[0].properties.power);
        const answered = items.map(({ externalId }) => ({
          ...{ instanceType: 'node', space: 'plant', externalId, version: 1, wasModified: true },
          ...{ createdTime: 1_700_000_000_000, lastUpdatedTime: 1_700_000_000_000 },
        }));
        return { body: Buffer.from(JSON.stringify({ items: answered, deleted: [] })) };
      },
      reset: () => stored.clear(),
      checksum: () => checksumOf([...stored.values()].map((power) => ({ power }))),
    });
  },
  contenders: {
    floor: {
      async prepare({ url, project }, size) {
        const input = inputOf(size);
        return {
          run: () => applyAll(input, (items) => post(url, project, '', JSON.stringify({ items }))),
        };
      },
    },
    ours: {
      async prepare({ url, project, token }, size) {
        const own = await pumps(url, project, token);
        const input = inputOf(size) as unknown as Parameters<typeof own.upsert>[0];
        return { run: () => own.upsert(input) };
      },
    },
    '@cognite/sdk': {
      rounds: 1,
      async prepare({ url, project, token }, size) {
        const client = await official(url, project, token);
        const input = inputOf(size);
        return {
          run: () => applyAll(input, (items) => client.instances.upsert({ items: items as never })),
        };
      },
    },
  },
  goals: [{ contender: 'ours', against: 'floor', atMost: 1.1 }],
};

/** Four transactions of 1,000 at the same time. */
async function applyAll(
  input: readonly { readonly externalId: string }[],
  apply: (items: object[]) => Promise<unknown>,
): Promise<void> {
  let start = 0;
  const work = async (): Promise<void> => {
    while (start < input.length) {
      const chunk = input.slice(start, start + PAGE);
      start += PAGE;
      await apply(
        chunk.map(({ externalId, ...properties }) => ({
          ...{ instanceType: 'node', space: 'plant', externalId },
          sources: [{ source: SOURCE, properties }],
        })),
      );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

async function post(url: string, project: string, path: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1/projects/${project}/models/instances${path}`, {
    method: 'POST',
    headers,
    body,
  });
  return JSON.parse(await response.text());
}

async function official(url: string, project: string, token: string) {
  const { CogniteClient } = await import('@cognite/sdk');
  return new CogniteClient({
    appId: 'bench',
    project,
    baseUrl: url,
    oidcTokenProvider: async () => token,
  });
}

export const scenarios: readonly Scenario[] = [list, upsert];
