import type { CdfClient } from '@cdf/sdk-core';
import type { LyingServer, SeenRequest } from '../../../../tooling/lying-server/server.js';
import { at, Device, Feed, Machine, NAMES, Site, SPACE } from './models.js';
import type { Operation } from './operations.js';
import type { Spoken } from './said.js';
import { moduleOf } from './world.js';

export type KindName = 'spaces' | 'containers' | 'views' | 'dataModels';
export const KINDS: readonly { readonly kind: KindName; readonly path: string }[] = [
  { kind: 'spaces', path: '/models/spaces' },
  { kind: 'containers', path: '/models/containers' },
  { kind: 'views', path: '/models/views' },
  { kind: 'dataModels', path: '/models/datamodels' },
];

/** The methods that all kinds of the schema have, whatever their types. */
export interface AnyKind {
  list(query?: object): PromiseLike<object[]> & AsyncIterable<object>;
  retrieve(name: object): Promise<object | undefined>;
  retrieveMultiple(names: readonly object[], query?: object): Promise<object[]>;
  upsert(items: readonly object[], options?: object): Promise<object[]>;
  delete(names: readonly object[], options?: object): Promise<object[]>;
}
export const kindOf = (client: CdfClient, kind: KindName): AnyKind =>
  client.dataModeling[kind] as unknown as AnyKind;

const nameOf = (kind: KindName, name: string): object => {
  if (kind === 'spaces') return { space: `liar-${name.toLowerCase()}` };
  return { space: SPACE, externalId: name, ...(kind !== 'containers' && { version: 'v1' }) };
};

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const path =
  (wanted: string, check: (request: SeenRequest) => boolean = () => true) =>
  (request: SeenRequest): boolean =>
    request.path === wanted && check(request);
const SHORT = 2;
const scope = { space: SPACE } as const;

const SCHEMA: readonly Operation[] = KINDS.flatMap(({ kind, path: place }): Operation[] => [
  {
    name: `dataModeling.${kind}.list`,
    methods: [`dataModeling.${kind}.list`],
    shape: 'schemaPage',
    pageLimit: SHORT,
    isTarget: path(place),
    run: (client) => collect(kindOf(client, kind).list()),
  },
  {
    name: `dataModeling.${kind}.retrieve`,
    methods: [`dataModeling.${kind}.retrieve`],
    shape: 'schemaOne',
    isTarget: path(`${place}/byids`),
    run: (client) => kindOf(client, kind).retrieve(nameOf(kind, 'Site')),
  },
  {
    name: `dataModeling.${kind}.retrieveMultiple`,
    methods: [`dataModeling.${kind}.retrieveMultiple`],
    shape: 'schemaSome',
    isTarget: path(`${place}/byids`),
    run: (client) =>
      kindOf(client, kind).retrieveMultiple(NAMES.slice(0, 3).map((name) => nameOf(kind, name))),
  },
]);

const source = (view: { externalId: string; version: string }): object => ({
  source: { type: 'view', ...scope, externalId: view.externalId, version: view.version },
});
const viewOf = (view: { externalId: string; version: string }): object => ({
  ...{ type: 'view', ...scope },
  ...{ externalId: view.externalId, version: view.version },
});
const named = (externalIds: readonly string[]): object[] =>
  externalIds.map((externalId) => ({ instanceType: 'node', ...at(externalId) }));
const SOME = ['machine-1', 'machine-3', 'machine-4'];
const hasMachines = { hasData: [viewOf(Machine)] };
const STEPS = {
  with: {
    machines: { nodes: { filter: hasMachines }, limit: 3 },
    sites: {
      nodes: {
        from: 'machines',
        through: { source: viewOf(Machine), identifier: 'site' },
        direction: 'outwards',
      },
      limit: 3,
    },
  },
  select: { machines: { sources: [{ ...source(Machine), properties: ['*'] }] }, sites: {} },
};

const SYNC = {
  with: { machines: { nodes: { filter: hasMachines }, limit: 3 } },
  select: { machines: { sources: [{ ...source(Machine), properties: ['*'] }] } },
};

type WireMethod = 'list' | 'retrieve' | 'search' | 'aggregate' | 'query' | 'sync' | 'inspect';
const wire = (
  method: WireMethod,
  shape: 'wirePage' | 'wireSteps',
  body: object,
  run: Operation['run'] = (client) => client.dataModeling.instances[method](body as never),
): Operation => ({
  name: `dataModeling.instances.${method}`,
  methods: [`dataModeling.instances.${method}`],
  shape,
  isTarget: path(`/models/instances/${method === 'retrieve' ? 'byids' : method}`),
  run,
});

const WIRE: readonly Operation[] = [
  wire('list', 'wirePage', { instanceType: 'node', sources: [source(Machine)], limit: 3 }),
  wire('retrieve', 'wirePage', { items: named(SOME), sources: [source(Machine)] }),
  wire('search', 'wirePage', {
    instanceType: 'node',
    view: viewOf(Machine),
    query: 'Machine',
    limit: 10,
  }),
  wire('aggregate', 'wirePage', {
    ...{ instanceType: 'node', view: viewOf(Machine), groupBy: ['status'] },
    aggregates: [{ count: {} }],
  }),
  wire('query', 'wireSteps', STEPS),
  {
    ...wire('sync', 'wireSteps', SYNC, async (client) => {
      // Its cursor differs each time.
      const { nextCursor: _, ...page } = (await client.dataModeling.instances.sync(
        SYNC,
      )) as object as Plain;
      return page;
    }),
    dropped: ['nextCursor'],
  },
  wire('inspect', 'wirePage', {
    items: named(SOME),
    inspectionOperations: { involvedViews: {}, involvedContainers: {} },
  }),
  {
    name: 'dataModeling.statistics',
    methods: ['dataModeling.statistics'],
    shape: 'statistics',
    isTarget: path('/models/statistics'),
    run: (client) => client.dataModeling.statistics(),
  },
];

/** Numbers as the answer writes them: the liar reads no `bigint`. */
const inNumbers = <T extends { readonly serial: bigint }>(items: readonly T[]): object[] =>
  items.map((item) => ({ ...item, serial: Number(item.serial) }));
/** Numbers of a group as the answer writes them. */
const asSaid = (count: number, aggregate: string, value: unknown): object => ({
  aggregates: [
    { aggregate: 'count', value: count },
    { aggregate, property: 'power', value },
  ],
});
const machines = (client: CdfClient) => moduleOf(client).nodes(client, Machine, scope);
const devices = (client: CdfClient) => moduleOf(client).nodes(client, Device, scope);
const query = path('/models/instances/query');

type Plain = Record<string, unknown> & { readonly externalId: string };
/** The nodes of a step, and pairs of names for the relations: each of these is said by one item. */
const flat = (nodes: readonly object[]): object[] => {
  const others = new Map<string, object>();
  const rows = (nodes as Plain[]).flatMap(({ site, spares, orders, feeds, ...node }) => {
    const pair = ({ externalId }: Plain): object => ({ externalId: [node.externalId, externalId] });
    const own = site === undefined ? [] : [site as Plain];
    // Those of two pages may have been said differently.
    for (const other of [...own, ...(orders as Plain[]).map((order) => ({ step: 's0', ...order }))])
      others.set(JSON.stringify(other), other);
    return [
      { step: 's0', ...node },
      ...[...own, ...(spares as Plain[]), ...(orders as Plain[])].map(pair),
      ...(feeds as (Plain & { edge: Plain })[]).map(({ edge }) => edge),
    ];
  });
  return [...rows, ...others.values()];
};

/**
 * The items of some steps of the queries that were sent, each as it came first: a step is read on
 * under the same page of its parents, whose items come again and are passed over.
 */
const firstOf =
  (steps: readonly string[]) =>
  (said: LyingServer['said']): Spoken[] => {
    const known = new Set<string>();
    return said.map(({ request, body }) => {
      const from = Object.keys((request.json?.cursors as object | undefined) ?? {}).at(-1) ?? 's0';
      const { items } = (body ?? {}) as { items?: Record<string, unknown> };
      const first = Object.entries(Object(items) as Record<string, unknown>).flatMap(
        ([step, list]) => {
          if (step < from || !steps.includes(step) || !Array.isArray(list)) return [];
          const fresh = list.filter((item) => {
            // Another query may have a step of that name.
            const key = `${step} ${(item as Plain | null)?.externalId} ${JSON.stringify(request.json?.with).length}`;
            return !known.has(key) && known.add(key);
          });
          return [[step, fresh] as const];
        },
      );
      return { request, body: { items: Object.fromEntries(first) } };
    });
  };

function graphOf(client: CdfClient): PromiseLike<object> & AsyncIterable<object> {
  const { graph, runGraph } = moduleOf(client);
  const question = graph((g) => {
    const sites = g.nodes(Site);
    const own = g.follow(sites, 'machines');
    return {
      sites: g.pick(sites),
      machines: g.pick(own, ['name', 'power', 'site']),
      fed: g.pick(g.follow(own, 'feeds')),
    };
  });
  return runGraph(client, question);
}
/** Properties of machines that are not picked. */
const UNPICKED: readonly string[] = ['status', 'type'];
/** The steps of the outputs. */
const STEP_OF = { sites: 's0', machines: 's1', fed: 's3' } as const;
const inOrder = (page: object): object[] =>
  (Object.entries(STEP_OF) as [keyof typeof page, string][]).flatMap(([output, step]) =>
    ((page as Record<string, object[]>)[output] ?? []).map((node) => ({ step, ...node })),
  );
const picked = firstOf(Object.values(STEP_OF));

const TYPED: readonly Operation[] = [
  {
    name: 'nodes.list, awaited',
    methods: ['nodes.list'],
    shape: 'nodes',
    pageLimit: SHORT,
    isTarget: path('/models/instances/list'),
    run: async (client) => [...(await machines(client).list({ limit: 1000 }))],
  },
  {
    name: 'nodes.list with conditions, walked',
    methods: ['nodes.list'],
    shape: 'nodes',
    pageLimit: SHORT,
    isTarget: path('/models/instances/list'),
    run: (client) =>
      collect(machines(client).list({ where: { power: { gt: 0 } }, orderBy: { name: 'asc' } })),
  },
  {
    name: 'nodes.list of 64-bit integers',
    methods: ['nodes.list'],
    shape: 'nodes',
    pageLimit: SHORT,
    isTarget: path('/models/instances/list'),
    run: async (client) => inNumbers(await collect(devices(client).list())),
  },
  {
    name: 'edges.list',
    methods: ['edges.list'],
    shape: 'nodes',
    pageLimit: SHORT,
    isTarget: path('/models/instances/list'),
    run: (client) => collect(moduleOf(client).edges(client, Feed, scope).list()),
  },
  {
    name: 'nodes.retrieve',
    methods: ['nodes.retrieve'],
    shape: 'named',
    isTarget: path('/models/instances/byids'),
    run: (client) => machines(client).retrieve({ externalId: 'machine-3' }),
  },
  {
    name: 'nodes.retrieveMultiple',
    methods: ['nodes.retrieveMultiple'],
    shape: 'byNames',
    isTarget: path('/models/instances/byids'),
    run: async (client) => [
      ...(await machines(client).retrieveMultiple(SOME.map((externalId) => ({ externalId })))),
    ],
  },
  {
    name: 'edges.retrieveMultiple',
    methods: ['edges.retrieve', 'edges.retrieveMultiple'],
    shape: 'byNames',
    isTarget: path('/models/instances/byids'),
    run: async (client) => [
      ...(await moduleOf(client)
        .edges(client, Feed, scope)
        .retrieveMultiple(['feed-1', 'feed-2', 'feed-5'].map((externalId) => ({ externalId })))),
    ],
  },
  {
    name: 'nodes.search',
    methods: ['nodes.search'],
    shape: 'matches',
    isTarget: path('/models/instances/search'),
    run: async (client) => [...(await machines(client).search('Machine'))],
  },
  {
    name: 'edges.search',
    methods: ['edges.search'],
    shape: 'matches',
    isTarget: path('/models/instances/search'),
    run: async (client) => [...(await moduleOf(client).edges(client, Feed, scope).search('Feed'))],
  },
  {
    name: 'nodes.aggregate of groups',
    methods: ['nodes.aggregate', 'edges.aggregate'],
    shape: 'groups',
    isTarget: path('/models/instances/aggregate'),
    run: async (client) =>
      (await machines(client).aggregate({ groupBy: ['status'], count: true, avg: ['power'] })).map(
        ({ status, count, avg }) => ({ status, ...asSaid(count, 'avg', avg.power) }),
      ),
  },
  {
    name: 'nodes.aggregate of all',
    methods: ['nodes.aggregate', 'edges.aggregate'],
    shape: 'total',
    isTarget: path('/models/instances/aggregate'),
    run: async (client) =>
      (await machines(client).aggregate({ count: true, max: ['power'] })).map(({ count, max }) =>
        asSaid(count, 'max', max.power),
      ),
  },
  {
    name: 'nodes.find',
    methods: ['nodes.find'],
    shape: 'steps',
    pageLimit: SHORT,
    isTarget: query,
    about: firstOf(['s0']),
    // The names of relations.
    dropped: ['externalId', 'space'],
    run: async (client) =>
      flat(
        await machines(client).find({
          with: { site: true, spares: true, orders: true, feeds: true },
          orderBy: { name: 'asc' },
          limit: 1000,
        }),
      ),
  },
  {
    name: 'nodes.changes',
    methods: ['nodes.changes', 'edges.changes'],
    shape: 'sync',
    isTarget: path('/models/instances/sync'),
    run: async (client) =>
      (await collect(machines(client).changes())).flatMap(({ upserted, deleted }) => [
        ...upserted,
        ...deleted,
      ]),
  },
  {
    name: 'runGraph, awaited',
    methods: ['runGraph.then'],
    shape: 'steps',
    pageLimit: SHORT,
    isTarget: query,
    about: picked,
    dropped: UNPICKED,
    run: async (client) => inOrder(await graphOf(client)),
  },
  {
    name: 'runGraph by page',
    methods: ['runGraph.then'],
    shape: 'steps',
    pageLimit: SHORT,
    isTarget: query,
    about: picked,
    dropped: UNPICKED,
    run: async (client) => (await collect(graphOf(client))).flatMap(inOrder),
  },
];

/** Reads of the graph and of its schema. */
export const MODEL_READS: readonly Operation[] = [...SCHEMA, ...WIRE, ...TYPED];
