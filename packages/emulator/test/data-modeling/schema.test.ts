import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { CONTAINER, core, demo, node, VIEW } from './helpers.js';

const text = { type: { type: 'text' } };

describe('spaces', () => {
  it('keep their times when an upsert changes nothing', async () => {
    const { ok, emulator } = await demo();
    emulator.clock.freeze(1_000);
    const [first] = (await ok('/spaces', { items: [{ space: 'one', name: 'One' }] })).items;
    expect(first).toEqual({ space: 'one', name: 'One', isGlobal: false, createdTime: 1000, lastUpdatedTime: 1000 });
    emulator.clock.advance(10);
    expect((await ok('/spaces', { items: [{ space: 'one', name: 'One' }] })).items).toEqual([first]);
    const [renamed] = (await ok('/spaces', { items: [{ space: 'one', name: 'Two' }] })).items;
    expect(renamed).toEqual({ ...first, name: 'Two', lastUpdatedTime: 1010 });
  });

  it('are refused with reserved, malformed or system names', async () => {
    const { refused, post } = await demo();
    for (const space of ['system', 'node', '9x', 'a'.repeat(44), 'a b', 'version_info'])
      await refused('/spaces', { items: [{ space }] }, 'constraint violations');
    await refused('/spaces', { items: [{ space: 'cdf_cdm', name: 'mine' }] });
    await refused('/spaces', { items: [] }, 'items size must be between 1 and 100');
    expect((await post('/models/spaces/byids', { items: [{ space: 'cdf_cdm' }] })).body.items[0].name).toBeUndefined();
  });

  it('are deleted only when they are empty', async () => {
    const { ok, refused } = await demo();
    await refused('/spaces/delete', { items: [{ space: 'demo' }] }, 'not empty');
    await ok('/spaces', { items: [{ space: 'other' }] });
    await ok('/instances', { items: [node('x', 'other')] });
    await refused('/spaces/delete', { items: [{ space: 'other' }] }, 'not empty');
    await ok('/instances/delete', { items: [node('x', 'other')] });
    const answer = await ok('/spaces/delete', { items: [{ space: 'absent' }, { space: 'other' }] });
    expect(answer).toEqual({ items: [{ space: 'other' }] });
  });

  it('are listed in pages, those of the system only on demand', async () => {
    const { ok, get } = await demo();
    await ok('/spaces', { items: [{ space: 'a' }, { space: 'b' }] });
    const first = (await get('/models/spaces?limit=2')).body;
    expect(first.items.map(({ space }: Json) => space)).toEqual(['a', 'b']);
    const rest = (await get(`/models/spaces?limit=2&cursor=${first.nextCursor}`)).body;
    expect(rest.items.map(({ space }: Json) => space)).toEqual(['demo']);
    expect(rest.nextCursor).toBeUndefined();
    const all = (await get('/models/spaces?limit=100&includeGlobal=true')).body.items;
    expect(all.find(({ space }: Json) => space === 'cdf_cdm')).toMatchObject({ isGlobal: true });
    expect((await get('/models/spaces?limit=1001')).status).toBe(400);
  });
});

describe('containers', () => {
  it('keep the properties, constraints and indexes that an upsert leaves out', async () => {
    const { ok } = await demo();
    const unique = { constraintType: 'uniqueness', properties: ['a'] };
    await ok('/containers', {
      items: [
        {
          space: 'demo',
          externalId: 'C',
          properties: { a: text },
          constraints: { unique },
          indexes: { a: { properties: ['a'] } },
        },
      ],
    });
    const [changed] = (await ok('/containers', { items: [{ space: 'demo', externalId: 'C', properties: { b: text } }] }))
      .items;
    expect(Object.keys(changed.properties)).toEqual(['a', 'b']);
    expect(changed.constraints.unique).toEqual({ ...unique, bySpace: false, state: 'current' });
    expect(changed.indexes.a).toEqual({
      indexType: 'btree',
      properties: ['a'],
      cursorable: false,
      bySpace: false,
      state: 'current',
    });
  });

  it('refuse changes that would break what is stored', async () => {
    const { ok, refused } = await demo();
    const put = (property: object, more: object = {}): object => ({
      items: [{ space: 'demo', externalId: 'C', properties: { p: property }, ...more }],
    });
    await ok('/containers', put({ type: { type: 'text', maxTextSize: 100 } }));
    await refused('/containers', put({ type: { type: 'int32' } }), 'type');
    await refused('/containers', put({ type: { type: 'text', list: true } }), 'list');
    await refused('/containers', put({ type: { type: 'text', maxTextSize: 99 } }), 'maxTextSize');
    await refused('/containers', put({ type: { type: 'text', collation: 'nb' } }), 'collation');
    await refused('/containers', put({ type: { type: 'text', maxTextSize: 100 } }, { usedFor: 'edge' }), 'usedFor');
    await ok('/containers', put({ type: { type: 'text', maxTextSize: 200 }, nullable: false }));
    await refused('/containers', put({ type: { type: 'text', maxTextSize: 200 } }), 'nullable');
  });

  it('refuse names, defaults and constraints that cannot be', async () => {
    const { refused } = await demo();
    const put = (properties: object, more: object = {}): object => ({
      items: [{ space: 'demo', externalId: 'C', properties, ...more }],
    });
    await refused('/containers', put({}), 'properties size');
    await refused('/containers', put({ externalId: text }), 'reserved');
    await refused('/containers', put({ startNode: text }), 'reserved');
    await refused('/containers', put({ p: { type: { type: 'enum', values: { true: {} } } } }), 'reserved');
    await refused('/containers', put({ p: { type: { type: 'int32' }, defaultValue: 'x' } }), 'defaultValue');
    await refused('/containers', put({ p: { type: { type: 'text' }, autoIncrement: true } }), 'autoIncrement');
    await refused('/containers', put({ p: text }, { indexes: { i: { properties: ['q'] } } }), "unknown property 'q'");
    const require = { type: 'container', space: 'demo', externalId: 'Absent' };
    await refused(
      '/containers',
      put({ p: text }, { constraints: { r: { constraintType: 'requires', require } } }),
      /Target container .* does not exist/,
    );
    await refused(
      '/containers',
      { items: [{ space: 'nowhere', externalId: 'C', properties: { p: text } }] },
      /^One or more spaces do not exist/,
    );
  });

  it('take the values in them along when they are deleted, and views lose the properties', async () => {
    const { ok, put, get } = await demo();
    await put({ a: { tag: 'x' } });
    const definition = { space: 'demo', externalId: 'Thing' };
    expect((await ok('/containers/delete', { items: [definition, { space: 'demo', externalId: 'No' }] })).items).toEqual([
      definition,
    ]);
    const [view] = (await get('/models/views?space=demo')).body.items;
    expect(Object.keys(view.properties)).toEqual(['children']);
    await ok('/containers', { items: [{ ...definition, properties: { tag: text } }] });
    const { items } = await ok('/instances/list', { filter: { hasData: [CONTAINER] } });
    expect(items).toEqual([]);
  });

  it('tell which views map them', async () => {
    const { ok } = await demo();
    const { items } = await ok('/containers/inspect', {
      items: [{ space: 'demo', externalId: 'Thing' }],
      inspectionOperations: { involvedViews: {}, totalInvolvedViewCount: {} },
    });
    expect(items[0].inspectionResults).toEqual({ involvedViews: [VIEW], involvedViewCount: 1 });
  });
});

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
      implements: parents.map((parent) => ({ type: 'view', space: 'demo', externalId: parent, version: '1' })),
      properties: identifier === '' ? {} : { p: { container: CONTAINER, containerPropertyIdentifier: identifier } },
    });
    await ok('/views', { items: [view('D', 'name', ['B', 'C']), view('B', 'tag', ['A']), view('C', '', ['A']), view('A', 'power')] });
    const shown = async (query: string): Promise<Json> => {
      const { items } = (await get(`/models/views?space=demo&limit=100${query}`)).body;
      return Object.fromEntries(
        items.map((each: Json) => [each.externalId, each.properties.p?.containerPropertyIdentifier]),
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
    await refused('/views', own({}, { implements: [absent] }), "One or more views do not exist: 'demo:Absent/v1'");
    await ok('/views', own({ p: mapped }, { implements: [VIEW] }));
    await refused('/views', own({ p: { ...mapped, containerPropertyIdentifier: 'power' } }), 'type');
    await refused('/views', own({ p: mapped }, { implements: [] }), 'implements');
    await refused('/views', own({ p: mapped }, { filter: { equals: { property: ['demo', 'Thing', 'no'], value: 1 } } }), 'no');
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
    const model = (views: unknown[]): object => ({ items: [{ space: 'demo', externalId: 'M', version: '1', views }] });
    const inline = { type: 'view', space: 'demo', externalId: 'Inline', version: '1' };
    expect((await ok('/datamodels', model([VIEW, whole]))).items[0].views).toEqual([VIEW, inline]);
    expect((await ok('/datamodels', model([]))).items[0].views).toEqual([VIEW, inline]);
    const [shown] = (await ok('/datamodels/byids?inlineViews=true', { items: [{ space: 'demo', externalId: 'M' }] })).items;
    expect(shown.views[0].properties.name.containerPropertyIdentifier).toBe('name');
    await refused('/datamodels', model([{ ...VIEW, version: 'v2' }]), "One or more views do not exist: 'demo:Thing/v2'");
  });
});

describe('the core model', () => {
  it('is there from the start, and cannot be changed', async () => {
    const { get, ok, refused } = await demo();
    const [model] = (await get('/models/datamodels?includeGlobal=true&space=cdf_cdm')).body.items;
    expect(model).toMatchObject({ externalId: 'CogniteCore', version: 'v1', isGlobal: true });
    expect(model.views).toHaveLength(34);
    const [asset] = (await ok('/views/byids', { items: [{ space: 'cdf_cdm', externalId: 'CogniteAsset' }] })).items;
    expect(asset.properties.path.type).toMatchObject({ type: 'direct', list: true, source: core('CogniteAsset') });
    expect(asset.properties.files.targetsList).toBe(true);
    expect(asset.properties.children.targetsList).toBe(false);
    expect(asset.properties.name.container.externalId).toBe('CogniteDescribable');
    await refused('/views', { items: [{ space: 'cdf_cdm', externalId: 'Mine', version: '1' }] });
    await refused('/views/delete', { items: [{ space: 'cdf_cdm', externalId: 'CogniteAsset', version: 'v1' }] });
    await refused('/instances', { items: [node('x', 'cdf_cdm')] });
  });
});
