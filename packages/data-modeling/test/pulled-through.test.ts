import { type AnyView, DataModelingApi, diff, nodes, pull, push } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { load } from './pulled.js';

// Reverse relations whose property the API has as that of another view than the one on the other
// side.

const MODEL = { space: 'acme', externalId: 'M', version: 'v1' };
const at = (externalId: string, version = 'v1') =>
  ({ type: 'view', space: 'acme', externalId, version }) as const;
const container = (externalId: string) =>
  ({ type: 'container', space: 'acme', externalId }) as const;
const mapped = (holder: string, name: string, source?: object) => ({
  container: container(holder),
  containerPropertyIdentifier: name,
  ...(source && { source: source as ReturnType<typeof at> }),
});
const called = (externalId: string, properties: object, more: object = {}) =>
  ({ space: 'acme', externalId, version: 'v1', properties, ...more }) as never;
const reverse = (through: object, source = at('Mine')) => ({
  connectionType: 'multi_reverse_direct_relation',
  source,
  through,
});

const holder = (externalId: string, properties: object, usedFor = 'node') =>
  ({ space: 'acme', externalId, usedFor, properties }) as never;

/** Sensors that name assets, in several views of one container, and one view of assets. */
async function make(project: Project, through: object, members: readonly string[]): Promise<void> {
  const api = new DataModelingApi(project.transport);
  const direct = { type: { type: 'direct' } };
  await api.spaces.upsert([{ space: 'acme' }]);
  await api.containers.upsert([
    holder('Asset', { name: { type: { type: 'text' } } }),
    holder('Sensor', { asset: direct }),
    holder('Spare', { spare: direct }),
    holder('Link', { link: direct, more: direct }, 'edge'),
  ]);
  const asset = mapped('Sensor', 'asset', at('Asset'));
  await api.views.upsert([
    called('Sensor', { asset }),
    called('Mine', { a: asset }),
    called('Mine', { a0: asset }, { version: 'v0' }),
    called('Child', { spare: mapped('Spare', 'spare', at('Asset')) }, { implements: [at('Mine')] }),
    called('Link', {
      type: mapped('Link', 'link', at('Asset')),
      more: mapped('Link', 'more', at('Asset')),
    }),
    called('Asset', { name: mapped('Asset', 'name'), sensors: through }),
  ]);
  await api.dataModels.upsert([{ ...MODEL, views: members.map((name) => at(name)) }]);
}

const THROUGHS = {
  'the view on the other side': reverse({ source: at('Mine'), identifier: 'a' }),
  'its container': reverse({ source: container('Sensor'), identifier: 'asset' }),
  'a view of the same container': reverse({ source: at('Sensor'), identifier: 'asset' }),
  'a child': reverse({ source: at('Child'), identifier: 'a' }),
  'a parent': reverse({ source: at('Mine'), identifier: 'a' }, at('Child')),
  'another version': reverse({ source: at('Mine', 'v0'), identifier: 'a0' }),
};
const MODELS = [
  'Asset, Sensor, Mine, Child',
  'Asset, Mine',
  'Asset, Child',
  'Asset, Sensor',
  'Asset',
];

describe.each(Object.entries(THROUGHS))('a reverse relation through %s', (_, through) => {
  it.each(MODELS)('does not differ from its own text, in a model of %s', async (members) => {
    await using project = await startProject({}, []);
    await make(project, through, members.split(', '));
    for (const declarations of [false, true]) {
      const text = await pull(project.transport, MODEL, { declarations });
      expect(text).toMatch(/sensors\W.*\n?.*p\.reverse\(\(\) => .*, 'a'\)/);
      const views = await load(text);
      expect(await diff(project.transport, views)).toEqual([]);
      expect(await push(project.transport, views)).toEqual([]);
    }
  });

  it('is read', async () => {
    await using project = await startProject({}, []);
    const { transport } = project;
    await make(project, through, ['Asset', 'Mine', 'Child']);
    const views = await load(await pull(transport, MODEL));
    const of = (name: string) =>
      nodes(transport, views.find(({ externalId }) => externalId === name) as AnyView, {
        space: 'acme',
      });
    await of('Asset').upsert([{ externalId: 'A', name: 'n' }] as never);
    const a = { space: 'acme', externalId: 'A' };
    await of('Child').upsert([{ externalId: 'S', a }] as never);
    expect(await of('Asset').find({ with: { sensors: true } } as never)).toMatchObject([
      { externalId: 'A', sensors: [{ externalId: 'S' }] },
    ]);
  });
});

describe('a reverse relation that no view of the library can have', () => {
  it.each([
    [
      'through a property of edges that is left out',
      reverse({ source: at('Link'), identifier: 'type' }, at('Link')),
      ['Asset', 'Link'],
      "it goes through 'type' of acme:Link/v1, which is no property of Link",
    ],
    [
      'through a property that only a child has',
      reverse({ source: at('Child'), identifier: 'spare' }),
      ['Asset', 'Mine'],
      "it goes through 'spare' of acme:Child/v1, which is no property of Mine",
    ],
  ])('is left out of the text, with a comment: %s', async (_, through, members, reason) => {
    await using project = await startProject({}, []);
    await make(project, through, members);
    const text = await pull(project.transport, MODEL);
    expect(text).toContain(`// 'sensors' is left out: ${reason}.`);
    const changes = await diff(project.transport, await load(text));
    expect(changes.filter(({ change }) => change !== 'kept')).toEqual([]);
  });

  it('is left out where the view that it goes through does not exist any more', async () => {
    await using project = await startProject({}, []);
    await make(project, THROUGHS['a view of the same container'], ['Asset', 'Mine']);
    await new DataModelingApi(project.transport).views.delete([
      { space: 'acme', externalId: 'Sensor', version: 'v1' },
    ]);
    const text = await pull(project.transport, MODEL);
    expect(text).toContain("// 'sensors' is left out: it goes through 'asset' of acme:Sensor/v1,");
    const changes = await diff(project.transport, await load(text));
    expect(changes.filter(({ change }) => change !== 'kept')).toEqual([]);
  });
});
