import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { CONTAINER, core, demo, node, VIEW } from './helpers.js';

describe('views', () => {
  const own = (properties: object, more: object = {}): object => ({
    items: [{ space: 'demo', externalId: 'Own', version: '1', properties, ...more }],
  });
  const mapped = { container: CONTAINER, containerPropertyIdentifier: 'tag' };

  it('show the properties of their parents, later ones over earlier ones', async () => {
    const { ok, get } = await demo();
    const view = (externalId: string, identifier: string, parents: string[] = []): object => ({
      space: 'demo',
      externalId,
      version: '1',
      implements: parents.map((parent) => ({
        type: 'view',
        space: 'demo',
        externalId: parent,
        version: '1',
      })),
      properties:
        identifier === ''
          ? {}
          : { p: { container: CONTAINER, containerPropertyIdentifier: identifier } },
    });
    await ok('/views', {
      items: [
        view('D', 'name', ['B', 'C']),
        view('B', 'tag', ['A']),
        view('C', '', ['A']),
        view('A', 'power'),
      ],
    });
    const shown = async (query: string): Promise<Json> => {
      const { items } = (await get(`/models/views?space=demo&limit=100${query}`)).body;
      return Object.fromEntries(
        items.map((each: Json) => [
          each.externalId,
          each.properties.p?.containerPropertyIdentifier,
        ]),
      );
    };
    expect(await shown('')).toMatchObject({ A: 'power', B: 'tag', C: 'power', D: 'name' });
    expect(await shown('&includeInheritedProperties=false')).toMatchObject({ C: undefined });
    await ok('/views/delete', { items: [{ space: 'demo', externalId: 'D', version: '1' }] });
    await ok('/views', { items: [view('D', '', ['B', 'C'])] });
    // C has it from A, which B has overridden.
    expect(await shown('')).toMatchObject({ D: 'tag' });
  });

  it('refuse what does not exist, circles and changes that need a new version', async () => {
    const { ok, refused } = await demo();
    const absent = { type: 'view', space: 'demo', externalId: 'Absent', version: 'v1' };
    await refused('/views', own({ p: { ...mapped, containerPropertyIdentifier: 'no' } }), "'no'");
    await refused(
      '/views',
      own({}, { implements: [absent] }),
      "One or more views do not exist: 'demo:Absent/v1'",
    );
    await ok('/views', own({ p: mapped }, { implements: [VIEW] }));
    await refused(
      '/views',
      own({ p: { ...mapped, containerPropertyIdentifier: 'power' } }),
      'type',
    );
    await refused('/views', own({ p: mapped }, { implements: [] }), 'implements');
    await refused(
      '/views',
      own({ p: mapped }, { filter: { equals: { property: ['demo', 'Thing', 'no'], value: 1 } } }),
      'no',
    );
    const self = { type: 'view', space: 'demo', externalId: 'Own', version: '2' };
    await refused('/views', own({}, { version: '2', implements: [self] }), 'itself');
    await refused('/views', own({}, { version: '2', filter: { hasData: [self] } }), 'itself');
    await ok('/views', own({ p: { ...mapped, containerPropertyIdentifier: 'name' } }));
  });

  it('come in their newest version unless all are asked for', async () => {
    const { ok, get } = await demo();
    await ok('/views', own({ p: mapped }, { version: '9' }));
    await ok('/views', own({ p: mapped }, { version: '10' }));
    const versions = async (query: string): Promise<string[]> =>
      (await get(`/models/views?space=demo&limit=100${query}`)).body.items
        .filter(({ externalId }: Json) => externalId === 'Own')
        .map(({ version }: Json) => version);
    expect(await versions('')).toEqual(['10']);
    expect(await versions('&allVersions=true')).toEqual(['10', '9']);
    const { items } = await ok('/views/byids', { items: [{ space: 'demo', externalId: 'Own' }] });
    expect(items.map(({ version }: Json) => version)).toEqual(['9', '10']);
  });
});

describe('data models', () => {
  it('hold views that come whole or by reference, and keep those that an upsert leaves out', async () => {
    const { ok, refused } = await demo();
    const whole = { space: 'demo', externalId: 'Inline', version: '1', properties: {} };
    const model = (views: unknown[]): object => ({
      items: [{ space: 'demo', externalId: 'M', version: '1', views }],
    });
    const inline = { type: 'view', space: 'demo', externalId: 'Inline', version: '1' };
    expect((await ok('/datamodels', model([VIEW, whole]))).items[0].views).toEqual([VIEW, inline]);
    expect((await ok('/datamodels', model([]))).items[0].views).toEqual([VIEW, inline]);
    const [shown] = (
      await ok('/datamodels/byids?inlineViews=true', {
        items: [{ space: 'demo', externalId: 'M' }],
      })
    ).items;
    expect(shown.views[0].properties.name.containerPropertyIdentifier).toBe('name');
    await refused(
      '/datamodels',
      model([{ ...VIEW, version: 'v2' }]),
      "One or more views do not exist: 'demo:Thing/v2'",
    );
  });
});

describe('the core model', () => {
  it('is there from the start, and cannot be changed', async () => {
    const { get, ok, refused } = await demo();
    const [model] = (await get('/models/datamodels?includeGlobal=true&space=cdf_cdm')).body.items;
    expect(model).toMatchObject({ externalId: 'CogniteCore', version: 'v1', isGlobal: true });
    expect(model.views).toHaveLength(34);
    const [asset] = (
      await ok('/views/byids', { items: [{ space: 'cdf_cdm', externalId: 'CogniteAsset' }] })
    ).items;
    expect(asset.properties.path.type).toMatchObject({
      type: 'direct',
      list: true,
      source: core('CogniteAsset'),
    });
    expect(asset.properties.files.targetsList).toBe(true);
    expect(asset.properties.children.targetsList).toBe(false);
    expect(asset.properties.name.container.externalId).toBe('CogniteDescribable');
    await refused('/views', { items: [{ space: 'cdf_cdm', externalId: 'Mine', version: '1' }] });
    await refused('/views/delete', {
      items: [{ space: 'cdf_cdm', externalId: 'CogniteAsset', version: 'v1' }],
    });
    await refused('/instances', { items: [node('x', 'cdf_cdm')] });
  });
});
