import type { CallOptions } from '@cdf/core';
import type { CdfClient } from '@cdf/sdk-core';
import { KINDS, type KindName, kindOf } from './model-reads.js';
import { at, Device, FEEDS, Feed, Machine, SPACE } from './models.js';
import type { Operation, Write } from './operations.js';
import { moduleOf } from './world.js';

type Named = { readonly externalId?: string; readonly space?: string };
const scope = { space: SPACE } as const;
const APPLY = '/models/instances';
const letters = ['c', 'a', 'b', 'd'];

function schemaItem(kind: KindName, key: string): Record<string, unknown> {
  const description = 'made';
  if (kind === 'spaces') return { space: key, description };
  const name = { ...scope, externalId: key, description };
  const container = { type: 'container', ...scope, externalId: 'Site' };
  if (kind === 'containers') return { ...name, properties: { name: { type: { type: 'text' } } } };
  if (kind === 'views')
    return {
      ...name,
      version: 'v1',
      properties: { name: { container, containerPropertyIdentifier: 'name' } },
    };
  return {
    ...name,
    version: 'v1',
    views: [{ type: 'view', ...scope, externalId: 'Site', version: 'v1' }],
  };
}
const schemaName = (kind: KindName, key: string): object => {
  const { space, externalId, version } = schemaItem(kind, key);
  return {
    space,
    ...(externalId !== undefined && { externalId }),
    ...(version !== undefined && { version }),
  };
};

function schemaWrites(kind: KindName, path: string): Operation[] {
  // Spaces have short names.
  const keys = (key: string): string[] =>
    letters
      .slice(0, 3)
      .map((letter) => `w${key.replaceAll(/\W/g, '_')}_${kind.slice(0, 2)}_${letter}`);
  const nameOf = (item: unknown): string => {
    const { externalId, space } = item as Named;
    return String(externalId ?? space);
  };
  const found = async (
    honest: CdfClient,
    names: readonly string[],
  ): Promise<Map<string, object>> => {
    const items = await kindOf(honest, kind).retrieveMultiple(
      names.map((name) => schemaName(kind, name)),
      { ignoreUnknownIds: true },
    );
    return new Map(items.map((item) => [nameOf(item), item]));
  };
  const stored = (isWanted: boolean) => async (honest: CdfClient, names: readonly string[]) => {
    const there = await found(honest, names);
    return new Map(names.map((name) => [name, there.has(name) === isWanted] as const));
  };
  const remove = (
    client: CdfClient,
    names: readonly string[],
    options?: CallOptions,
  ): Promise<object[]> =>
    kindOf(client, kind).delete(
      names.map((name) => schemaName(kind, name)),
      options,
    );
  const make = (
    client: CdfClient,
    names: readonly string[],
    options?: CallOptions,
  ): Promise<object[]> =>
    kindOf(client, kind).upsert(
      names.map((name) => schemaItem(kind, name)),
      options,
    );
  const upsert: Operation<string[]> = {
    name: `dataModeling.${kind}.upsert`,
    methods: [`dataModeling.${kind}.upsert`],
    shape: 'schemaWrite',
    isTarget: ({ path: seen, method }) => seen === path && method === 'POST',
    run: async (client, names, options) => [...(await make(client, names, options))],
    write: {
      prepare: async (_, key) => keys(key),
      stored: stored(true),
      nameOf,
      clean: remove,
      expected: async (honest, names) => {
        const there = await found(honest, names);
        return names.map((name) => there.get(name));
      },
    },
  };
  const deletion: Operation<string[]> = {
    name: `dataModeling.${kind}.delete`,
    methods: [`dataModeling.${kind}.delete`],
    shape: 'namedDelete',
    isTarget: ({ path: seen }) => seen === `${path}/delete`,
    run: remove,
    write: {
      prepare: async (honest, key) => {
        const names = keys(key);
        await make(honest, names);
        return names;
      },
      stored: stored(false),
      nameOf,
      clean: remove,
    },
  };
  return [upsert, deletion] as Operation[];
}

interface Instances {
  readonly names: readonly string[];
  readonly instance: 'node' | 'edge';
}

const refer = ({
  names,
  instance,
}: Instances): { instanceType: string; space: string; externalId: string }[] =>
  names.map((externalId) => ({ instanceType: instance, ...at(externalId) }));
const exists =
  (isWanted: boolean) =>
  async (honest: CdfClient, input: Instances): Promise<Map<string, boolean>> => {
    const { items } = await honest.dataModeling.instances.retrieve({ items: refer(input) });
    const there = new Set(items.map(({ externalId }) => externalId));
    return new Map(input.names.map((name) => [name, there.has(name) === isWanted]));
  };
const isNamed =
  (view: 'Machine' | 'Feed', wanted: string) =>
  async (honest: CdfClient, input: Instances): Promise<Map<string, boolean>> => {
    const source = { type: 'view', ...scope, externalId: view, version: 'v1' };
    const { items } = await honest.dataModeling.instances.retrieve({
      items: refer(input),
      sources: [{ source }],
    });
    const names = new Map(
      items.map(({ externalId, properties }) => [
        externalId,
        properties?.[SPACE]?.[`${view}/v1`]?.name,
      ]),
    );
    return new Map(input.names.map((name) => [name, names.get(name) === wanted]));
  };
const clean = (honest: CdfClient, input: Instances): Promise<unknown> =>
  honest.dataModeling.instances.delete({ items: refer(input) });
const nameOf = (item: unknown): string => String((item as Named).externalId);

const machine = (externalId: string) => ({ externalId, name: 'made', power: 1 });
const wireMachine = (externalId: string): object => ({
  ...{ instanceType: 'node', ...at(externalId) },
  sources: [
    {
      source: { type: 'view', ...scope, externalId: 'Machine', version: 'v1' },
      properties: { name: 'made', power: 1 },
    },
  ],
});
const feed = (externalId: string) => ({
  ...{ externalId, name: 'made', flow: 1, type: FEEDS },
  ...{ startNode: at('from'), endNode: at('to') },
});
const machines = (client: CdfClient) => moduleOf(client).nodes(client, Machine, scope);
async function* streamed<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
/**
 * After a lost answer, the second attempt finds written what the first one wrote: the sum alone is
 * certain.
 */
const sum = async (counts: Promise<object>): Promise<number> =>
  (Object.values(await counts) as number[]).reduce((total, count) => total + count, 0);

function typedWrites(): Operation[] {
  const names = (instance: 'node' | 'edge') => async (_: CdfClient, key: string) => ({
    ...{ instance, names: letters.map((letter) => `${instance}-${key}-${letter}`) },
  });
  const made =
    (instance: 'node' | 'edge') =>
    async (honest: CdfClient, key: string): Promise<Instances> => {
      const input = await names(instance)(honest, key);
      const { nodes, edges } = moduleOf(honest);
      if (instance === 'node') await nodes(honest, Machine, scope).upsert(input.names.map(machine));
      else await edges(honest, Feed, scope).upsert(input.names.map(feed));
      return input;
    };
  const written = (operation: {
    readonly name: string;
    readonly method?: string;
    readonly instance?: 'node' | 'edge';
    readonly shape?: 'apply' | 'applyNew';
    readonly write?: Partial<Write<Instances>>;
    run(client: CdfClient, names: readonly string[], options?: CallOptions): Promise<object>;
  }): Operation<Instances> => {
    const { name, method = name, instance = 'node', shape = 'apply', write, run } = operation;
    return {
      name,
      methods: [method],
      shape,
      isTarget: ({ path }) => path === APPLY,
      run: (client, input, options) => sum(run(client, input.names, options)),
      write: {
        prepare: names(instance),
        stored: exists(true),
        nameOf,
        clean,
        expected: async (_, input) => input.names.length,
        ...write,
      },
    };
  };
  const deletion = (name: string, instance: 'node' | 'edge'): Operation<Instances> => ({
    name,
    methods: [name],
    shape: 'namedDelete',
    isTarget: ({ path }) => path === `${APPLY}/delete`,
    run: async (client, input, options) => {
      const { nodes, edges } = moduleOf(client);
      const api = instance === 'node' ? nodes(client, Machine, scope) : edges(client, Feed, scope);
      return api.delete(
        input.names.map((externalId) => ({ externalId })),
        options,
      );
    },
    write: { prepare: made(instance), stored: exists(false), nameOf, clean },
  });
  return [
    written({
      name: 'nodes.upsert',
      run: (client, all, options) => machines(client).upsert(all.map(machine), {}, options),
    }),
    written({
      name: 'nodes.upsert of a stream',
      method: 'nodes.upsert',
      write: { isCounted: true },
      run: (client, all, options) =>
        machines(client).upsert(streamed(all.map(machine)), {}, options),
    }),
    written({
      name: 'nodes.upsert of 64-bit integers',
      method: 'nodes.upsert',
      run: (client, all, options) =>
        moduleOf(client)
          .nodes(client, Device, scope)
          .upsert(
            all.map((externalId) => ({ externalId, name: 'made', serial: 2n ** 60n })),
            {},
            options,
          ),
    }),
    written({
      name: 'nodes.create',
      shape: 'applyNew',
      run: (client, all, options) => machines(client).create(all.map(machine), {}, options),
    }),
    written({
      name: 'nodes.update',
      write: { prepare: made('node'), stored: isNamed('Machine', 'changed') },
      run: (client, all, options) =>
        machines(client).update(
          all.map((externalId) => ({ externalId, name: 'changed' })),
          {},
          options,
        ),
    }),
    written({
      name: 'edges.upsert',
      instance: 'edge',
      run: (client, all, options) =>
        moduleOf(client).edges(client, Feed, scope).upsert(all.map(feed), {}, options),
    }),
    written({
      name: 'edges.create',
      instance: 'edge',
      shape: 'applyNew',
      run: (client, all, options) =>
        moduleOf(client).edges(client, Feed, scope).create(all.map(feed), {}, options),
    }),
    written({
      name: 'edges.update',
      instance: 'edge',
      write: { prepare: made('edge'), stored: isNamed('Feed', 'changed') },
      run: (client, all, options) =>
        moduleOf(client)
          .edges(client, Feed, scope)
          .update(
            all.map((externalId) => ({ externalId, name: 'changed' })),
            {},
            options,
          ),
    }),
    deletion('nodes.delete', 'node'),
    deletion('edges.delete', 'edge'),
  ] as Operation[];
}

const WIRE: readonly Operation<Instances>[] = (['apply', 'delete'] as const).map((method) => ({
  name: `dataModeling.instances.${method}`,
  methods: [`dataModeling.instances.${method}`],
  shape: 'wireWrite',
  isTarget: ({ path }) => path === (method === 'apply' ? APPLY : `${APPLY}/delete`),
  run: (client, input, options) =>
    method === 'apply'
      ? client.dataModeling.instances.apply({ items: input.names.map(wireMachine) }, options)
      : client.dataModeling.instances.delete({ items: refer(input) }, options),
  write: {
    prepare: async (honest, key) => {
      const input = {
        instance: 'node',
        names: letters.map((letter) => `wire-${key}-${letter}`),
      } as const;
      if (method === 'delete')
        await honest.dataModeling.instances.apply({ items: input.names.map(wireMachine) });
      return input;
    },
    stored: exists(method === 'apply'),
    clean,
  },
}));

/** Writes of the graph and of its schema. */
export const MODEL_WRITES: readonly Operation[] = [
  ...KINDS.flatMap(({ kind, path }) => schemaWrites(kind, path)),
  ...(WIRE as readonly Operation[]),
  ...typedWrites(),
];
