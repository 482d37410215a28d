import type { CallOptions } from '@cdf/core';
import { cdfHttp } from '@cdf/sdk/http';
import type { CdfClient } from '@cdf/sdk-core';
import type { LyingServer, SeenRequest } from '../../../../tooling/lying-server/server.js';
import { MODEL_READS } from './model-reads.js';
import { MODEL_WRITES } from './model-writes.js';
import type { Spoken } from './said.js';
import type { Shape } from './verdicts.js';
import { END, SERIES, START } from './world.js';

/** An operation of the client under lies. */
export interface Operation<Input = unknown> {
  readonly name: string;
  /** The methods of API objects that it is about. */
  readonly methods: readonly string[];
  readonly shape: Shape;
  /** Most items of a page. @default as asked for */
  readonly pageLimit?: number;
  readonly isJsonOnly?: boolean;
  /** True if its client sets no bound to answers, because the request does. */
  readonly isTrusting?: boolean;
  /** Which of its requests are lied about. */
  isTarget(request: SeenRequest): boolean;
  /**
   * The result as plain data.
   * @param options of the call itself; writes hand them on
   */
  run(client: CdfClient, input: Input, options?: CallOptions): Promise<unknown>;
  /**
   * The answers to its targets that a result must contain.
   * @default everything
   */
  about?(said: LyingServer['said']): readonly Spoken[];
  /** Names of values that are said, and that the result does not have. */
  readonly dropped?: readonly string[] | undefined;
  /** Names of members of a result that the client knows by itself. */
  readonly added?: readonly string[] | undefined;
  /** For writes, which have a world for themselves. */
  readonly write?: Write<Input> | undefined;
}

/** Facts of a write besides its result. */
export interface Write<Input> {
  /** Makes the items to write, by names that no other round has. */
  prepare(honest: CdfClient, key: string): Promise<Input>;
  /** The items to be written, by name: true if they are stored. */
  stored(honest: CdfClient, input: Input): Promise<ReadonlyMap<string, boolean>>;
  /**
   * How an error's account names an item; absent where an error has no account, since one item was
   * written.
   */
  nameOf?(item: unknown): string | readonly string[];
  /** True if an account counts the written items in place of listing them. */
  readonly isCounted?: boolean;
  /** Removes what a project may only have few of. */
  clean?(honest: CdfClient, input: Input): Promise<unknown>;
  /** The result, were everything honest. @default nothing */
  expected?(honest: CdfClient, input: Input): Promise<unknown>;
}

const at =
  (path: string | RegExp, check: (request: SeenRequest) => boolean = () => true) =>
  (request: SeenRequest): boolean =>
    (typeof path === 'string' ? request.path === path : path.test(request.path)) && check(request);

const RESOURCES = [
  {
    api: 'assets',
    path: '/assets',
    one: 'unit-3',
    several: ['unit-1', 'unit-4', 'unit-7'],
    text: 'Unit',
  },
  {
    api: 'timeSeries',
    path: '/timeseries',
    one: 'series-3',
    several: ['series-1', 'series-4', 'series-5'],
    text: 'Series',
  },
  {
    api: 'events',
    path: '/events',
    one: 'event-3',
    several: ['event-1', 'event-4', 'event-5'],
    text: 'Event',
  },
  {
    api: 'files',
    path: '/files',
    one: 'file-3',
    several: ['file-1', 'file-4', 'file-5'],
    text: 'File',
  },
] as const;
type ApiName = (typeof RESOURCES)[number]['api'];

/** The methods that all resources have, whatever their types. */
interface AnyApi {
  list(
    query?: object,
  ): PromiseLike<object[]> & AsyncIterable<object> & { byPage(): AsyncIterable<object[]> };
  listByAssets(scope: unknown, query?: object): PromiseLike<object[]>;
  retrieve(identifier: object): Promise<object | undefined>;
  retrieveMultiple(identifiers: readonly object[], query?: object): Promise<object[]>;
  search(query: object): Promise<object[]>;
  create(items: unknown, options?: CallOptions): Promise<unknown>;
  update(items: unknown, query?: object, options?: CallOptions): Promise<unknown>;
  upsert(
    items: readonly object[],
    query?: object,
    options?: CallOptions,
  ): Promise<{ items: object[]; outcomes: readonly string[] }>;
  delete(identifiers: readonly object[], query?: object, options?: CallOptions): Promise<void>;
  aggregate: Record<string, (...values: never[]) => Promise<unknown>>;
}
const apiOf = (client: CdfClient, api: ApiName): AnyApi => client[api] as unknown as AnyApi;
const named = (externalId: string): { externalId: string } => ({ externalId });
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Small pages: the lists of the library have several. */
const SHORT = 2;
const hasFilter = ({ json }: SeenRequest, name: string): boolean =>
  name in ((json?.filter as object) ?? {});
/** True if items are requested by their id. */
const isById = ({ json }: SeenRequest): boolean =>
  ((json?.items ?? []) as object[]).every((item) => 'id' in item);
const isPartition = ({ json }: SeenRequest): boolean => json?.partition !== undefined;
const searchOf = (api: ApiName, text: string): object =>
  api === 'events' ? { search: { description: text } } : { search: { name: text } };

function readsOf({ api, path, one, several, text }: (typeof RESOURCES)[number]): Operation[] {
  const list = { methods: [`${api}.list`], pageLimit: api === 'assets' ? 5 : SHORT };
  const hasPartitions = api !== 'files';
  const aggregate = (method: string, shape: Shape, ...values: unknown[]): Operation => ({
    name: `${api}.aggregate.${method}`,
    methods: [`${api}.aggregate.${method}`],
    shape,
    isTarget: at(`${path}/aggregate`),
    // The emulator says the same in two ways.
    dropped: method === 'uniqueProperties' ? ['value'] : undefined,
    run: (client) =>
      (apiOf(client, api).aggregate[method] as (...all: unknown[]) => Promise<unknown>)(...values),
  });
  const property = { assets: 'name', timeSeries: 'unit', events: 'type', files: 'source' }[api];
  return [
    {
      ...list,
      name: `${api}.list, awaited`,
      shape: 'list',
      isTarget: at(`${path}/list`),
      run: async (client) => [...(await apiOf(client, api).list({ limit: 1000 }))],
    },
    {
      ...list,
      name: `${api}.list, walked`,
      shape: 'list',
      isTarget: at(`${path}/list`),
      run: (client) => collect(apiOf(client, api).list()),
    },
    {
      ...list,
      name: `${api}.list by page, sorted`,
      shape: 'list',
      isTarget: at(`${path}/list`),
      run: async (client) =>
        (
          await collect(
            apiOf(client, api)
              .list(api === 'files' ? {} : { sort: { property: 'externalId' } })
              .byPage(),
          )
        ).flat(),
    },
    ...(hasPartitions
      ? ([
          {
            ...list,
            name: `${api}.list of everything, first page`,
            shape: 'first',
            isTarget: at(`${path}/list`, (request) => !isPartition(request)),
            run: async (client) => [...(await apiOf(client, api).list({ limit: Infinity }))],
          },
          ...(api === 'assets' ? ['partitions', 'partitions of many pages'] : ['partitions']).map(
            (which): Operation => ({
              ...list,
              name: `${api}.list of everything, ${which}`,
              shape: 'parts',
              ...(which !== 'partitions' && { pageLimit: 1 }),
              isTarget: at(`${path}/list`, isPartition),
              run: async (client) => [...(await apiOf(client, api).list({ limit: Infinity }))],
            }),
          ),
        ] satisfies Operation[])
      : []),
    ...(api === 'assets'
      ? []
      : ([
          {
            name: `${api}.listByAssets`,
            methods: [`${api}.listByAssets`],
            shape: 'list',
            pageLimit: SHORT,
            isTarget: at(`${path}/list`),
            run: async (client) => [
              ...(await apiOf(client, api).listByAssets(
                { reach: 'subtree', assets: [named('plant')] },
                { limit: 1000 },
              )),
            ],
          },
        ] satisfies Operation[])),
    {
      name: `${api}.retrieve`,
      methods: [`${api}.retrieve`],
      shape: 'one',
      isTarget: at(`${path}/byids`),
      run: (client) => apiOf(client, api).retrieve(named(one)),
    },
    {
      name: `${api}.retrieveMultiple`,
      methods: [`${api}.retrieveMultiple`],
      shape: 'byIds',
      isTarget: at(`${path}/byids`),
      run: async (client) => [...(await apiOf(client, api).retrieveMultiple(several.map(named)))],
    },
    {
      name: `${api}.search`,
      methods: [`${api}.search`],
      shape: 'search',
      isTarget: at(`${path}/search`),
      run: async (client) => [...(await apiOf(client, api).search(searchOf(api, text)))],
    },
    aggregate('count', 'count'),
    ...(api === 'files'
      ? []
      : [
          aggregate('uniqueValues', 'values', property),
          aggregate('uniqueProperties', 'values'),
          aggregate('cardinalityValues', 'count', property),
          aggregate('cardinalityProperties', 'count'),
        ]),
  ];
}

const FIELD = {
  assets: 'description',
  timeSeries: 'description',
  events: 'description',
  files: 'source',
} as const;
const itemOf = (api: ApiName, externalId: string): Record<string, unknown> =>
  api === 'events' ? { externalId, type: 'made' } : { externalId, name: `Name of ${externalId}` };

type Item = Record<string, unknown> & { externalId: string };

function writesOf({ api, path }: (typeof RESOURCES)[number]): Operation[] {
  const field = FIELD[api];
  const keys = (key: string): string[] =>
    ['c', 'a', 'b', 'd'].map((letter) => `${api}-${key}-${letter}`);
  const read = async (honest: CdfClient, names: readonly string[]): Promise<Map<string, Item>> => {
    const found = await apiOf(honest, api).retrieveMultiple(names.map(named), {
      ignoreUnknownIds: true,
    });
    return new Map((found as Item[]).map((item) => [item.externalId, item]));
  };
  const existing = async (honest: CdfClient, key: string): Promise<string[]> => {
    const names = keys(key);
    const items = names.map((name) => itemOf(api, name));
    if (api === 'files') for (const item of items) await apiOf(honest, api).create(item);
    else await apiOf(honest, api).create(items);
    return names;
  };
  const nameOf = (item: unknown): string => String((item as Item).externalId);
  const check =
    (isStored: (item: Item | undefined) => boolean) =>
    async (honest: CdfClient, names: readonly string[]): Promise<Map<string, boolean>> => {
      const found = await read(honest, names);
      return new Map(names.map((name) => [name, isStored(found.get(name))]));
    };
  const inOrder = async (honest: CdfClient, names: readonly string[]): Promise<unknown> => {
    const found = await read(honest, names);
    return names.map((name) => found.get(name));
  };
  const exists = check((item) => item !== undefined);
  const isChanged = check((item) => item?.[field] === 'changed');
  const create: Operation<string[]> = {
    name: `${api}.create`,
    methods: [`${api}.create`],
    shape: 'create',
    isTarget: at(path),
    run: async (client, names, options) => [
      ...((await apiOf(client, api).create(
        names.map((name) => itemOf(api, name)),
        options,
      )) as object[]),
    ],
    write: { prepare: async (_, key) => keys(key), stored: exists, nameOf, expected: inOrder },
  };
  const createOne: Operation<string[]> = {
    name: `${api}.create of one`,
    methods: [`${api}.create`],
    shape: api === 'files' ? 'createFile' : 'create',
    isTarget: at(path),
    run: async (client, [name = ''], options) => [
      await apiOf(client, api).create(itemOf(api, name), options),
    ],
    write: {
      prepare: async (_, key) => keys(key).slice(0, 1),
      stored: exists,
      ...(api !== 'files' && { nameOf }),
      // Where to send its bytes is told once.
      expected:
        api === 'files'
          ? async (honest, names) => withoutUrls(await inOrder(honest, names))
          : inOrder,
    },
  };
  const update: Operation<string[]> = {
    name: `${api}.update`,
    methods: [`${api}.update`],
    shape: 'update',
    isTarget: at(`${path}/update`),
    run: async (client, names, options) => [
      ...((await apiOf(client, api).update(
        names.map((name) => ({ externalId: name, update: { [field]: { set: 'changed' } } })),
        {},
        options,
      )) as object[]),
    ],
    write: { prepare: existing, stored: isChanged, nameOf, expected: inOrder },
  };
  const upsert = (step: 'update' | 'create'): Operation<string[]> => ({
    name: `${api}.upsert, ${step}`,
    methods: [`${api}.upsert`],
    shape: step,
    isTarget: at(step === 'update' ? `${path}/update` : path),
    run: async (client, names, options) => {
      const items = names.map((name) => ({ ...itemOf(api, name), [field]: 'changed' }));
      return [...(await apiOf(client, api).upsert(items, {}, options)).items];
    },
    write: {
      prepare: step === 'update' ? existing : async (_, key) => keys(key),
      stored: isChanged,
      nameOf,
      expected: inOrder,
    },
  });
  const remove: Operation<string[]> = {
    name: `${api}.delete`,
    methods: [`${api}.delete`],
    shape: 'delete',
    isTarget: at(`${path}/delete`),
    run: (client, names, options) => apiOf(client, api).delete(names.map(named), {}, options),
    write: { prepare: existing, stored: check((item) => item === undefined), nameOf },
  };
  const all =
    api === 'files'
      ? [createOne, update, remove]
      : [create, createOne, update, upsert('update'), upsert('create'), remove];
  return all as Operation[];
}

function withoutUrls(items: unknown): unknown {
  return (items as Item[]).map(({ uploadUrl: _, ...item }) => item);
}

const isBelow = at(
  '/assets/list',
  (request) => isPartition(request) && hasFilter(request, 'parentIds'),
);
const isSubtree = at(
  '/assets/list',
  (request) => isPartition(request) && hasFilter(request, 'assetSubtreeIds'),
);
/** Everything that belongs to assets is read in partitions. */
const listOfAssets = (
  name: string,
  methods: string[],
  isTarget: Operation['isTarget'],
  run: Operation['run'],
  shape: Shape = 'parts',
): Operation => ({
  name,
  methods,
  shape,
  pageLimit: shape === 'list' ? SHORT : 4,
  isTarget,
  run,
});
const nodesOf = (entries: readonly { readonly asset: object }[]): object[] =>
  entries.map(({ asset }) => asset);
const plant = (client: CdfClient) => client.assets.retrieve(named('plant'));
const units = (client: CdfClient) =>
  client.assets.retrieveMultiple(Array.from({ length: 9 }, (_, index) => named(`unit-${index}`)));
type Found<T> = NonNullable<T>;

const RELATIONS: readonly Operation[] = [
  listOfAssets('asset.children', ['asset.children'], isBelow, async (client) => [
    ...(await ((await plant(client)) as Found<Awaited<ReturnType<typeof plant>>>).children()),
  ]),
  listOfAssets('asset.subtree', ['asset.subtree'], isSubtree, async (client) => [
    ...(await ((await plant(client)) as Found<Awaited<ReturnType<typeof plant>>>).subtree()),
  ]),
  listOfAssets('asset.tree', ['asset.tree'], isSubtree, async (client) =>
    nodesOf(
      (await ((await plant(client)) as Found<Awaited<ReturnType<typeof plant>>>).tree()).toJSON(),
    ),
  ),
  listOfAssets('assetList.children', ['assetList.children'], isBelow, async (client) => [
    ...(await (await units(client)).children()),
  ]),
  listOfAssets('assetList.subtree', ['assetList.subtree'], isSubtree, async (client) => [
    ...(await (await units(client)).subtree()),
  ]),
  listOfAssets(
    'selection.subtree',
    ['selection.subtree', 'assets.select'],
    isSubtree,
    async (client) => [...(await client.assets.select(named('plant')).subtree())],
  ),
  listOfAssets('selection.subtree of a depth', ['selection.subtree'], isBelow, async (client) => [
    ...(await client.assets.select(named('plant')).subtree({ depth: 1 })),
  ]),
  listOfAssets(
    'selection.children',
    ['selection.children'],
    at('/assets/list', isPartition),
    async (client) => [...(await client.assets.select(named('plant')).children())],
  ),
  listOfAssets('selection.tree', ['selection.tree'], isSubtree, async (client) =>
    nodesOf((await client.assets.select(named('plant')).subtree().tree()).toJSON()),
  ),
  {
    name: 'selection, awaited',
    methods: ['selection.then'],
    shape: 'byIds',
    isTarget: at('/assets/byids'),
    run: async (client) => [...(await client.assets.select(named('unit-0'), named('unit-1')))],
  },
  {
    name: 'asset.parent',
    methods: ['asset.parent'],
    shape: 'one',
    isTarget: at('/assets/byids', isById),
    run: async (client) => (await client.assets.retrieve(named('unit-1')))?.parent(),
  },
  {
    name: 'assetList.parent',
    methods: ['assetList.parent', 'selection.parent'],
    shape: 'byIds',
    isTarget: at('/assets/byids', isById),
    run: async (client) => [
      ...(await (
        await client.assets.retrieveMultiple(['unit-0', 'unit-0-pump', 'unit-1-pump'].map(named))
      ).parent()),
    ],
  },
  ...(['events', 'files', 'timeSeries'] as const).flatMap((relation): Operation[] => {
    const path = relation === 'timeSeries' ? '/timeseries/list' : `/${relation}/list`;
    return [
      listOfAssets(
        `asset.${relation}`,
        [`asset.${relation}`, `assetList.${relation}`],
        at(path),
        async (client) => [...(await (await units(client))[relation]({ limit: 1000 }))],
        'list',
      ),
      listOfAssets(
        `selection.${relation}`,
        [`selection.${relation}`],
        at(path, relation === 'files' ? undefined : isPartition),
        async (client) => [...(await client.assets.select(named('plant')).subtree()[relation]())],
        relation === 'files' ? 'list' : 'parts',
      ),
    ];
  }),
  {
    name: 'timeSeries.list without metadata',
    methods: ['timeSeries.list'],
    shape: 'list',
    pageLimit: SHORT,
    isTarget: at('/timeseries'),
    run: async (client) => [
      ...(await client.timeSeries.list({ includeMetadata: false, limit: 1000 })),
    ],
  },
];

const window = { start: START, end: END };
const seriesNames = Array.from({ length: SERIES }, (_, index) => named(`series-${index}`));
/** Rows of plain data. */
const rows = (points: { toJSON(): unknown }): unknown =>
  (points.toJSON() as { datapoints: unknown }).datapoints;
const data = at('/timeseries/data/list');
const latest = at('/timeseries/data/latest');
const seriesOf = async (client: CdfClient, externalId = 'series-1') =>
  (await client.timeSeries.retrieve(named(externalId))) as Found<
    Awaited<ReturnType<CdfClient['timeSeries']['retrieve']>>
  >;

function pointReads(shape: 'points' | 'jsonPoints'): Operation[] {
  const isJsonOnly = shape === 'jsonPoints';
  const suffix = isJsonOnly ? ', JSON' : '';
  const read = { shape, isJsonOnly, isTarget: data, pageLimit: 7 } as const;
  return [
    {
      ...read,
      name: `datapoints.retrieve${suffix}`,
      methods: ['datapoints.retrieve', 'series.datapoints'],
      run: async (client) =>
        rows(await client.datapoints.retrieve({ externalId: 'series-1', ...window })),
    },
    {
      ...read,
      name: `datapoints.retrieve of several${suffix}`,
      methods: ['datapoints.retrieve'],
      run: async (client) =>
        (await client.datapoints.retrieve({ items: seriesNames, ...window })).map((each) =>
          rows(each),
        ),
    },
    {
      ...read,
      name: `datapoints.retrieve of strings${suffix}`,
      methods: ['datapoints.retrieve'],
      run: async (client) =>
        rows(await client.datapoints.retrieve({ externalId: 'texts', ...window })),
    },
    {
      ...read,
      name: `datapoints.stream${suffix}`,
      methods: ['datapoints.stream'],
      run: async (client) => {
        const batches = await collect(client.datapoints.stream({ items: seriesNames, ...window }));
        return seriesNames.map(({ externalId }) =>
          batches.flatMap(({ datapoints }) =>
            datapoints
              .filter((each) => each.externalId === externalId)
              .flatMap((each) => rows(each)),
          ),
        );
      },
    },
  ];
}

const DATAPOINTS: readonly Operation[] = [
  ...pointReads('points'),
  ...pointReads('jsonPoints'),
  ...[false, true].map(
    (isJsonOnly): Operation => ({
      name: `datapoints.retrieve of aggregates${isJsonOnly ? ', JSON' : ''}`,
      methods: ['datapoints.retrieve'],
      shape: 'aggregates',
      isJsonOnly,
      isTarget: data,
      pageLimit: 7,
      run: async (client) =>
        rows(
          await client.datapoints.retrieve({
            externalId: 'series-1',
            ...window,
            aggregates: ['average'],
            granularity: '1m',
          }),
        ),
    }),
  ),
  ...[false, true].map(
    (isJsonOnly): Operation => ({
      name: `datapoints.retrieve of several aggregates${isJsonOnly ? ', JSON' : ''}`,
      methods: ['datapoints.retrieve'],
      shape: 'buckets',
      isJsonOnly,
      isTarget: data,
      // A bucket of protobuf has no average, which the liar reads as zero.
      dropped: ['value'],
      run: async (client) =>
        rows(
          await client.datapoints.retrieve({
            externalId: 'series-1',
            ...window,
            aggregates: ['min', 'max', 'sum', 'count'],
            granularity: '5m',
          }),
        ),
    }),
  ),
  {
    name: 'datapoints.retrieveLatest of a series twice',
    methods: ['datapoints.retrieveLatest'],
    shape: 'twins',
    isTarget: latest,
    run: async (client) => {
      const items = [named('series-1'), named('series-2'), { ...named('series-1'), before: END }];
      return (await client.datapoints.retrieveLatest({ items, ignoreUnknownIds: true })).map(
        (each) => rows(each),
      );
    },
  },
  {
    name: 'series.first',
    methods: ['series.first'],
    shape: 'points',
    isTarget: data,
    run: async (client) => (await seriesOf(client)).first(),
  },
  {
    name: 'series.count',
    methods: ['series.count'],
    shape: 'aggregates',
    isTarget: data,
    run: async (client) => (await seriesOf(client)).count(),
  },
  {
    name: 'datapoints.retrieveLatest',
    methods: ['datapoints.retrieveLatest', 'series.latest'],
    shape: 'latest',
    isTarget: latest,
    isTrusting: true,
    run: async (client) => rows(await client.datapoints.retrieveLatest({ externalId: 'series-1' })),
  },
  {
    name: 'datapoints.retrieveLatest of several',
    methods: ['datapoints.retrieveLatest'],
    shape: 'latest',
    isTarget: latest,
    run: async (client) =>
      (await client.datapoints.retrieveLatest({ items: seriesNames })).map((each) => rows(each)),
  },
  {
    name: 'datapoints.synthetic.query',
    methods: ['datapoints.synthetic.query'],
    shape: 'synthetic',
    isTarget: at('/timeseries/synthetic/query'),
    run: async (client) => {
      const expressions = ['ts{externalId="series-1"} + 1', 'ts{externalId="series-2"} * 2'];
      const results = await client.datapoints.synthetic.query({ expressions, ...window });
      return results.map(({ timestamps, values }) =>
        Array.from(timestamps, (timestamp, index) => ({ timestamp, value: values[index] })),
      );
    },
  },
];

const SUBSCRIPTION = { externalId: 'subscription-1' };
const subscriptions = '/timeseries/subscriptions';
const SUBSCRIPTIONS: readonly Operation[] = [
  {
    name: 'subscriptions.list',
    methods: ['subscriptions.list'],
    shape: 'list',
    pageLimit: SHORT,
    isTarget: at(subscriptions),
    run: (client) => collect(client.timeSeries.subscriptions.list()),
  },
  {
    name: 'subscriptions.members',
    methods: ['subscriptions.members'],
    shape: 'list',
    pageLimit: SHORT,
    isTarget: at(`${subscriptions}/members`),
    run: async (client) => client.timeSeries.subscriptions.members(SUBSCRIPTION),
  },
  {
    name: 'subscriptions.retrieve',
    methods: ['subscriptions.retrieve'],
    shape: 'one',
    isTarget: at(`${subscriptions}/byids`),
    run: (client) => client.timeSeries.subscriptions.retrieve(SUBSCRIPTION),
  },
  {
    name: 'subscriptions.consume',
    methods: ['subscriptions.consume'],
    shape: 'consume',
    isTarget: at(`${subscriptions}/data/list`),
    run: async (client) =>
      (
        await collect(
          client.timeSeries.subscriptions.consume(SUBSCRIPTION, { follow: false, batchSize: 20 }),
        )
      ).flatMap(({ updates }) =>
        updates.flatMap(({ timeSeries: { externalId }, upserts }) =>
          upserts.map((point) => ({ externalId, ...point })),
        ),
      ),
  },
  ...(['create', 'update', 'delete'] as const).map((method): Operation => {
    const api = (client: CdfClient) => client.timeSeries.subscriptions;
    const write: Operation<string>['write'] = {
      prepare: async (honest, key) => {
        const externalId = `subscription-${key}`;
        if (method !== 'create')
          await api(honest).create({
            externalId,
            name: 'made',
            partitionCount: 1,
            filter: { prefix: { property: ['unit'], value: 'x' } },
          });
        return externalId;
      },
      stored: async (honest, externalId) => {
        const found = await api(honest).retrieve({ externalId });
        const isStored =
          method === 'create'
            ? found !== undefined
            : method === 'delete'
              ? found === undefined
              : found?.name === 'changed';
        return new Map([[externalId, isStored]]);
      },
      clean: (honest, externalId) =>
        api(honest).delete([{ externalId }], { ignoreUnknownIds: true }),
      ...(method !== 'delete' && {
        expected: (honest, externalId) => api(honest).retrieve({ externalId }),
      }),
    };
    const operation: Operation<string> = {
      name: `subscriptions.${method}`,
      methods: [`subscriptions.${method}`],
      shape: method,
      isTarget: at(method === 'create' ? subscriptions : `${subscriptions}/${method}`),
      run: (client, externalId, options) =>
        method === 'create'
          ? api(client).create(
              {
                externalId,
                name: 'made',
                partitionCount: 1,
                filter: { prefix: { property: ['unit'], value: 'x' } },
              },
              options,
            )
          : method === 'update'
            ? api(client).update({ externalId, update: { name: { set: 'changed' } } }, options)
            : api(client).delete([{ externalId }], {}, options),
      write,
    };
    return operation as Operation;
  }),
];

interface Points {
  readonly series: readonly string[];
  readonly timestamps: readonly number[];
}

/** Times of the points that are written to a series. */
const TIMES = [START, START + 1000, START + 2000];

function pointWrites(): Operation[] {
  const prepare =
    (count: number, isFilled: boolean) =>
    async (honest: CdfClient, key: string): Promise<Points> => {
      const series = Array.from({ length: count }, (_, index) => `sink-${key}-${index}`);
      const timestamps = TIMES;
      await honest.timeSeries.create(series.map(named));
      if (isFilled) await honest.datapoints.insertMany(inputOf({ series, timestamps }));
      return { series, timestamps };
    };
  const inputOf = ({ series, timestamps }: Points) =>
    series.map((externalId) => ({
      externalId,
      datapoints: timestamps.map((timestamp) => ({ timestamp, value: 1 })),
    }));
  const rangesOf = ({ series }: Points) => series.map((externalId) => ({ externalId, ...window }));
  const nameOfPoint = (externalId: string, timestamp: number): string =>
    `${externalId} ${timestamp}`;
  /** Tells of each point: a refusal may split the points of a series. */
  const stored =
    (isWanted: boolean) =>
    async (honest: CdfClient, { series, timestamps }: Points) => {
      const found = await honest.datapoints.retrieve({ items: series.map(named), ...window });
      const there = new Set(
        series.flatMap((externalId, index) =>
          (rows(found[index] as never) as { timestamp: number }[]).map((row) =>
            nameOfPoint(externalId, row.timestamp),
          ),
        ),
      );
      const names = series.flatMap((externalId) =>
        timestamps.map((each) => nameOfPoint(externalId, each)),
      );
      return new Map(names.map((name) => [name, there.has(name) === isWanted] as const));
    };
  const nameOf = (range: unknown): string[] => {
    const {
      externalId,
      first = -Infinity,
      last = Infinity,
    } = range as {
      externalId: string;
      first?: number;
      last?: number;
    };
    return TIMES.filter((time) => time >= first && time <= last).map((time) =>
      nameOfPoint(externalId, time),
    );
  };
  const write = (
    method: string,
    count: number,
    isDeletion: boolean,
    run: (client: CdfClient, points: Points, options?: CallOptions) => Promise<unknown>,
  ): Operation<Points> => ({
    name: `datapoints.${method}`,
    methods: [`datapoints.${method}`],
    shape: 'insert',
    isTarget: at(isDeletion ? '/timeseries/data/delete' : '/timeseries/data'),
    run: async (client, points, options) => void (await run(client, points, options)),
    write: { prepare: prepare(count, isDeletion), stored: stored(!isDeletion), nameOf },
  });
  return [
    write('insert', 1, false, (client, points, options) =>
      client.datapoints.insert(
        named(points.series[0] ?? ''),
        inputOf(points)[0]?.datapoints ?? [],
        options,
      ),
    ),
    write('insertMany', 3, false, (client, points, options) =>
      client.datapoints.insertMany(inputOf(points), options),
    ),
    write('insertFrom', 2, false, (client, points, options) =>
      client.datapoints.insertFrom(inputOf(points), options),
    ),
    ...(['insertMany', 'insertFrom'] as const).map(
      (method): Operation<Points> => ({
        ...write(method, 3, false, (client, points, options) =>
          client.datapoints[method](inputOf(points), { ...options, continueOnError: true }),
        ),
        name: `datapoints.${method} with continueOnError`,
      }),
    ),
    write('deleteRange', 1, true, (client, points, options) =>
      client.datapoints.deleteRange({ externalId: points.series[0] ?? '', ...window }, options),
    ),
    write('deleteRanges', 3, true, (client, points, options) =>
      client.datapoints.deleteRanges(rangesOf(points), options),
    ),
  ] as Operation[];
}

const HIERARCHY: Operation<string[]> = {
  name: 'assets.createHierarchy',
  methods: ['assets.createHierarchy'],
  shape: 'hierarchy',
  isTarget: at('/assets'),
  run: async (client, names, options) => [
    ...(await client.assets.createHierarchy(
      names.map((externalId, index) => ({
        externalId,
        name: externalId,
        ...(index > 0 && { parentExternalId: names[0] as string }),
      })),
      {},
      options,
    )),
  ],
  write: {
    prepare: async (_, key) => ['root', 'a', 'b', 'c'].map((letter) => `tree-${key}-${letter}`),
    stored: async (honest, names) => {
      const found = await honest.assets.retrieveMultiple(names.map(named), {
        ignoreUnknownIds: true,
      });
      return new Map(
        names.map((name) => [name, found.some(({ externalId }) => externalId === name)]),
      );
    },
    nameOf: (item) => (item as Item).externalId,
    expected: async (honest, names) => [
      ...(await honest.assets.retrieveMultiple(names.map(named))),
    ],
  },
};

const OTHERS: readonly Operation[] = [
  {
    name: 'token.inspect',
    methods: ['token.inspect'],
    shape: 'inspect',
    isTarget: at('/api/v1/token/inspect'),
    run: (client) => client.token.inspect(),
  },
  {
    name: 'login.status',
    methods: ['login.status'],
    shape: 'inspect',
    isTarget: at('/api/v1/token/inspect'),
    added: ['loggedIn', 'project'],
    dropped: ['projects', 'capabilities'],
    // The end of the token is known to the client, not said.
    run: async (client) => ({ ...(await client.login.status()), expiresAt: undefined }),
  },
  {
    name: 'files.downloadUrls',
    methods: ['files.downloadUrls'],
    shape: 'links',
    dropped: ['downloadUrl'],
    isTarget: at('/files/downloadlink'),
    // Links differ each time.
    run: async (client) =>
      (await client.files.downloadUrls(['file-1', 'file-2', 'file-3'].map(named))).map(
        ({ downloadUrl, ...name }) => ({
          ...name,
          downloadUrl: new URL(downloadUrl).pathname.replace(/[^/]*$/, ''),
        }),
      ),
  },
  {
    name: 'cdfHttp',
    methods: [],
    shape: 'raw',
    isTarget: at('/assets/byids'),
    // ky gives '' for an answer without a body.
    run: async (client) =>
      (await cdfHttp(client)
        .post('assets/byids', { json: { items: [named('unit-1'), named('unit-2')] } })
        .json()) || null,
  },
];

const BYTES = 'the lying storage has the verdicts on what moves bytes';
const SENDS_NOTHING = 'sends nothing';

/** Methods that no operation is about, and why. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'files.upload': BYTES,
  'files.uploadContent': BYTES,
  'files.resumeUpload': BYTES,
  'files.download': BYTES,
  'files.downloadStream': BYTES,
  'files.openMany': BYTES,
  'files.storedLength': BYTES,
  'client.close': SENDS_NOTHING,
  'client.composeSeries': SENDS_NOTHING,
  'assetList.tree': SENDS_NOTHING,
  'assets.asList': SENDS_NOTHING,
  'timeSeries.asList': SENDS_NOTHING,
  'events.asList': SENDS_NOTHING,
  'files.asList': SENDS_NOTHING,
  'nodes.asList': SENDS_NOTHING,
  'edges.asList': SENDS_NOTHING,
  'assetList.toTable': SENDS_NOTHING,
  'asset.toString': SENDS_NOTHING,
  'series.toString': SENDS_NOTHING,
  'selection.byPage': 'the pages are those of selection.then',
  'selection.catch': 'it is selection.then',
  'selection.finally': 'it is selection.then',
  'runGraph.catch': 'it is runGraph.then',
  'runGraph.finally': 'it is runGraph.then',
};

/** Every operation. */
export const OPERATIONS: readonly Operation[] = [
  ...RESOURCES.flatMap(readsOf),
  ...RELATIONS,
  ...SUBSCRIPTIONS,
  ...DATAPOINTS,
  ...OTHERS,
  ...RESOURCES.flatMap(writesOf),
  HIERARCHY as Operation,
  ...pointWrites(),
  ...MODEL_READS,
  ...MODEL_WRITES,
];
