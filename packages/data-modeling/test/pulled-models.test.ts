import { memoryTransport } from '@cdf/core/testing';
import {
  type AnyView,
  type ContainerWrite,
  DataModelingApi,
  diff,
  nodes,
  p,
  pull,
  push,
  toDefinitions,
  type ViewWrite,
  view,
} from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { errorsOf, load } from './pulled.js';

const MODEL = { space: 'acme', externalId: 'Odd', version: '1.0' };
const container = (externalId: string) =>
  ({ type: 'container', space: 'acme', externalId }) as const;
const at = (externalId: string, version = 'v1') =>
  ({ type: 'view', space: 'acme', externalId, version }) as const;
const called = (externalId: string, version = 'v1') => ({ space: 'acme', externalId, version });
const mapped = (held: string, property: string, more: object = {}) => ({
  container: container(held),
  containerPropertyIdentifier: property,
  ...more,
});

/** A model as other tools make it: what our views do not write themselves. */
const CONTAINERS: readonly ContainerWrite[] = [
  {
    space: 'acme',
    externalId: 'Base',
    properties: {
      name: { type: { type: 'text' }, nullable: false, description: 'of the container' },
      up: { type: { type: 'direct' } },
      owner: { type: { type: 'direct' }, nullable: false },
      series: { type: { type: 'direct' }, nullable: false },
    },
  },
];
const reverse = (through: object) => ({
  connectionType: 'multi_reverse_direct_relation' as const,
  source: at('Sub', '1.2.3'),
  through: through as never,
});
const VIEWS: readonly ViewWrite[] = [
  {
    ...called('Base'),
    description: '@ts-expect-error: a directive */ of compilers',
    properties: {
      name: mapped('Base', 'name', { description: 'of the view' }),
      parent: mapped('Base', 'up', { source: at('Base') }),
      owner: mapped('Base', 'owner', { source: at('Base') }),
      series: mapped('Base', 'series', {
        source: { type: 'view', space: 'cdf_cdm', externalId: 'CogniteTimeSeries', version: 'v1' },
      }),
    },
  },
  {
    ...called('Sub', '1.2.3'),
    implements: [at('Base')],
    properties: {
      name: mapped('Base', 'name', { description: 'overridden' }),
      ofParent: reverse({ source: at('Base'), identifier: 'parent' }),
      ofContainer: reverse({ source: container('Base'), identifier: 'up' }),
      ofSelf: reverse({ source: at('Sub', '1.2.3'), identifier: 'parent' }),
    },
  },
  { ...called('exports'), properties: { require: mapped('Base', 'name') } },
];

async function make(project: Project): Promise<void> {
  const api = new DataModelingApi(project.transport);
  await api.spaces.upsert([{ space: 'acme' }]);
  await api.containers.upsert(CONTAINERS);
  await api.views.upsert(VIEWS);
  await name(api);
}

async function name(api: DataModelingApi): Promise<void> {
  const views = VIEWS.map(({ externalId, version }) => at(externalId, version));
  await api.dataModels.upsert([{ ...MODEL, views }]);
}

describe('a model that other tools made', () => {
  let project: Project;
  let text: string;
  let views: AnyView[];
  beforeAll(async () => {
    project = await startProject({}, []);
    await make(project);
    text = await pull(project.transport, MODEL);
    views = await load(text);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it('compiles, as modules and as scripts of CommonJS', { timeout: 60_000 }, async () => {
    const declared = await pull(project.transport, MODEL, { declarations: true });
    expect(errorsOf({ 'odd.ts': text, 'odd-declared.ts': declared, 'odd.cts': text })).toEqual([]);
  });

  it('does not differ from its own text', async () => {
    expect(await diff(project.transport, views)).toEqual([]);
    expect(await push(project.transport, views)).toEqual([]);
    const declared = await load(await pull(project.transport, MODEL, { declarations: true }));
    expect(await diff(project.transport, declared)).toEqual([]);
  });

  it('goes through the properties of the view on the other side', async () => {
    const sub = nodes(
      project.transport,
      views.find(({ externalId }) => externalId === 'Sub') as AnyView,
      {
        space: 'acme',
      },
    );
    const self = (externalId: string) => ({ space: 'acme', externalId });
    const whole = { name: 'n', owner: self('a'), series: self('a') };
    await sub.upsert([
      { externalId: 'a', ...whole },
      { externalId: 'b', ...whole, parent: self('a') },
    ] as never);
    const [found] = await sub.find({
      where: { externalId: 'a' },
      with: { ofParent: true, ofContainer: true, ofSelf: true },
    } as never);
    const below = [{ externalId: 'b' }];
    expect(found).toMatchObject({ ofParent: below, ofContainer: below, ofSelf: below });
  });

  it('keeps how its reverse relations are named when a view changes', async () => {
    const api = new DataModelingApi(project.transport);
    const changed = await load(text.replace("describe('overridden')", "describe('changed')"));
    expect(await push(project.transport, changed)).toMatchObject([
      { change: 'changed', property: 'name', reason: 'description' },
    ]);
    const found = await api.views.retrieve(called('Sub', '1.2.3'));
    expect(found?.properties).toMatchObject({
      name: { description: 'changed' },
      ofParent: { through: { source: at('Base'), identifier: 'parent' } },
      ofContainer: { through: { source: container('Base'), identifier: 'up' } },
    });
    const { properties } = (await api.containers.retrieve(container('Base'))) as ContainerWrite;
    expect(properties.name).toMatchObject({ description: 'of the container' });
  });

  it('is the same text from an empty project that it was pushed to', async () => {
    await using second = await startProject({}, []);
    await push(second.transport, await load(text));
    await name(new DataModelingApi(second.transport));
    expect(await pull(second.transport, MODEL)).toBe(text);
    const { properties } = (await new DataModelingApi(second.transport).containers.retrieve(
      container('Base'),
    )) as ContainerWrite;
    expect(properties).toMatchObject({ owner: { nullable: false }, series: { nullable: false } });
  });
});

describe('a required relation', () => {
  const Thing = view('acme', 'Thing', 'v1', {
    get owner() {
      return p.ref(() => Thing, { required: true });
    },
    any: p.node({ required: true }),
    series: p.timeSeries({ required: true }),
    file: p.file({ required: true }),
    free: p.node(),
  });

  it('is one of the schema, and of types', () => {
    const [{ properties }] = toDefinitions([Thing]).containers as [ContainerWrite];
    const nullable = Object.entries(properties).map(([name, property]) => [
      name,
      property.nullable,
    ]);
    expect(Object.fromEntries(nullable)).toEqual({
      ...{ owner: false, any: false, series: false, file: false },
      free: true,
    });
    const things = nodes(
      memoryTransport(() => ({ items: [] })),
      Thing,
    );
    // @ts-expect-error: relations are missing
    const work = things.create({ space: 's', externalId: 'a' });
    return expect(work).rejects.toMatchObject({ message: expect.stringContaining('"owner"') });
  });

  it('has no other options', () => {
    const Wrong = view('acme', 'Wrong', 'v1', { a: p.node({ require: true } as never) });
    expect(() => toDefinitions([Wrong])).toThrow('require');
  });
});

describe('another reverse relation', () => {
  it('needs a new version, whatever it goes through', async () => {
    await using project = await startProject({}, []);
    const views = (through: string) => {
      const Node: AnyView = view('acme', 'Node', 'v1', {
        one: p.ref((): AnyView => Node),
        two: p.ref((): AnyView => Node),
        back: p.reverse((): AnyView => Node, through),
      });
      return [Node];
    };
    await push(project.transport, views('one'));
    expect(await diff(project.transport, views('one'))).toEqual([]);
    expect(await diff(project.transport, views('two'))).toMatchObject([
      { property: 'back', change: 'refused' },
    ]);
  });
});

describe('an answer that says null of what is not there', () => {
  it('is pulled as if it said nothing', async () => {
    const nothing = { name: null, description: null };
    const found = {
      ...at('Bare'),
      ...{ createdTime: 0, lastUpdatedTime: 0, isGlobal: false, writable: true, queryable: true },
      ...{ usedFor: 'node', mappedContainers: [], implements: [], filter: null, ...nothing },
      properties: {
        power: {
          ...mapped('Bare', 'power', { source: null, defaultValue: null, ...nothing }),
          ...{ nullable: true, immutable: null, autoIncrement: false },
          type: { type: 'float64', list: false, unit: null, maxListSize: null },
        },
      },
    };
    const answers = memoryTransport(({ path }) => {
      const [kind] = /datamodels|views/.exec(path) ?? [];
      const items = kind === 'views' ? [found] : [{ ...MODEL, views: [at('Bare')] }];
      return new TextEncoder().encode(JSON.stringify({ items }));
    });
    expect(await pull(answers, MODEL)).toBe(
      "import { p, view } from '@cdf/data-modeling';\n\n" +
        "export const Bare = view('acme', 'Bare', 'v1', {\n  power: p.float().optional(),\n});\n",
    );
  });
});
