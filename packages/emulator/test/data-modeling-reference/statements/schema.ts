import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import { apply, N, names, ok, refused } from '../pairs/demo.js';
import type { Subject } from '../subjects.js';

const text = { type: { type: 'text' } };
const C = (externalId: string): Json => ({ type: 'container', space: 'demo', externalId });
const V = (externalId: string, version = 'v1'): Json => ({
  type: 'view',
  space: 'demo',
  externalId,
  version,
});
const bare = ({ type: _, ...reference }: Json): Json => reference;
const mapped = (container: string, name: string): Json => ({
  container: C(container),
  containerPropertyIdentifier: name,
});

/** Statements about the schema that the pairs do not have. */
export function schemaStatements(subject: () => Subject): void {
  const container = async (externalId: string, properties: Json, more: Json = {}): Promise<Json> =>
    await subject().post('containers', {
      items: [{ ...bare(C(externalId)), properties, ...more }],
    });
  const view = async (externalId: string, properties: Json, more: Json = {}): Promise<Json> =>
    await subject().post('views', { items: [{ ...bare(V(externalId)), properties, ...more }] });
  const shown = async (externalId: string): Promise<Json> =>
    ok(await subject().post('views/byids', { items: [bare(V(externalId))] })).items[0];

  it('numbers integers only, and needs an unknown value that is one of the values', async () => {
    refused(await container('Numbered', { a: { ...text, autoIncrement: true } }));
    const values = { a: {}, b: {} };
    refused(
      await container('Unknown', { e: { type: { type: 'enum', values, unknownValue: 'c' } } }),
    );
    refused(await container('Unknown', { e: { type: { type: 'enum', values: { true: {} } } } }));
    ok(await container('Unknown', { e: { type: { type: 'enum', values, unknownValue: 'b' } } }));
    const write = async (e: string): Promise<Json> =>
      await apply(subject(), [
        { ...N('u'), sources: [{ source: C('Unknown'), properties: { e } }] },
      ]);
    refused(await write('b'));
    ok(await write('a'));
  });

  it('takes more room and more enum values, but not less', async () => {
    const types = (size: number, list: number, values: Json): Json => ({
      t: { type: { type: 'text', maxTextSize: size } },
      l: { type: { type: 'text', list: true, maxListSize: list } },
      e: { type: { type: 'enum', values } },
    });
    ok(await container('Sized', types(5, 5, { a: {} })));
    ok(await container('Sized', types(6, 6, { a: {}, b: {} })));
    refused(await container('Sized', types(5, 6, { a: {}, b: {} })));
    refused(await container('Sized', types(6, 5, { a: {}, b: {} })));
    refused(await container('Sized', types(6, 6, { a: {} })));
    refused(
      await container('Sized', { t: { type: { type: 'text', maxTextSize: 6, list: true } } }),
    );
  });

  it('requires a container of the same request, and keeps an index until it is deleted', async () => {
    const requires = (externalId: string): Json => ({
      needs: { constraintType: 'requires', require: C(externalId) },
    });
    const items = [
      { ...bare(C('Needing')), properties: { a: text }, constraints: requires('Needed') },
      { ...bare(C('Needed')), properties: { b: text } },
    ];
    const [needing] = ok(await subject().post('containers', { items })).items;
    expect(needing.constraints.needs).toMatchObject({
      constraintType: 'requires',
      require: C('Needed'),
    });
    const index = (properties: string[]): Json => ({
      indexes: { i: { indexType: 'btree', properties } },
    });
    const two = { a: { type: { type: 'int32' } }, b: { type: { type: 'int32' } } };
    ok(await container('Indexed', two, index(['a'])));
    refused(await container('Indexed', two, index(['b'])));
    const item = { space: 'demo', containerExternalId: 'Indexed', identifier: 'i' };
    expect(
      ok(await subject().post('containers/indexes/delete', { items: [item] })).items,
    ).toMatchObject([item]);
    ok(await container('Indexed', two, index(['b'])));
  });

  it('merges parents in order, the later before the earlier, and its own properties before both', async () => {
    ok(await container('P', { one: text, two: text, three: text, four: text }));
    ok(await view('Base', { p: mapped('P', 'one'), q: mapped('P', 'one') }));
    ok(await view('Left', { p: mapped('P', 'two') }, { implements: [V('Base')] }));
    ok(await view('Right', { r: mapped('P', 'three') }, { implements: [V('Base')] }));
    ok(await view('Both', { r: mapped('P', 'four') }, { implements: [V('Left'), V('Right')] }));
    const over = async (externalId: string): Promise<Json> =>
      Object.fromEntries(
        Object.entries<Json>((await shown(externalId)).properties).map(([id, property]) => [
          id,
          property.containerPropertyIdentifier,
        ]),
      );
    // Base stands before Left and Right, so what Left says of p is not lost.
    expect(await over('Both')).toEqual({ p: 'two', q: 'one', r: 'four' });
    ok(await view('Other', { p: mapped('P', 'three') }));
    ok(await view('Last', {}, { implements: [V('Left'), V('Other')] }));
    expect((await over('Last')).p).toBe('three');
    ok(await subject().post('views/delete', { items: [bare(V('Other'))] }));
    expect((await over('Last')).p).toBe('two');
  });

  it('lists the newest version of a view, and finds all without one', async () => {
    const { get, post } = subject();
    ok(await post('views', { items: [{ ...bare(V('Base', 'v2')), properties: {} }] }));
    const newest = ok(await get('views?space=demo&limit=1000')).items.filter(
      ({ externalId }: Json) => externalId === 'Base',
    );
    expect(newest.map(({ version }: Json) => version)).toEqual(['v2']);
    const all = ok(
      await post('views/byids', { items: [{ space: 'demo', externalId: 'Base' }] }),
    ).items;
    expect(all.map(({ version }: Json) => version).sort()).toEqual(['v1', 'v2']);
    const first = ok(await get('views?space=demo&limit=2'));
    expect(first.items).toHaveLength(2);
    const rest = ok(
      await get(`views?space=demo&limit=1000&cursor=${encodeURIComponent(first.nextCursor)}`),
    );
    expect(names(rest.items)).not.toContain(first.items[0].externalId);
    refused(await get('views?limit=1001'));
  });

  it('shows what a view without mapped properties is', async () => {
    const through = { source: V('Base'), identifier: 'p' };
    const back = { connectionType: 'single_reverse_direct_relation', source: V('Base'), through };
    ok(await view('Back', { back }));
    const expected = { writable: false, queryable: false, usedFor: 'all', mappedContainers: [] };
    expect(await shown('Back')).toMatchObject(expected);
  });

  it('loses mapped properties with their container, and keeps the nodes', async () => {
    const { post } = subject();
    ok(await container('Gone', { g: text }));
    ok(await view('Losing', { g: mapped('Gone', 'g'), p: mapped('P', 'one') }));
    ok(
      await apply(subject(), [
        { ...N('keeps'), sources: [{ source: V('Losing'), properties: { g: 'g', p: 'p' } }] },
      ]),
    );
    const before = await shown('Losing');
    expect(
      ok(await post('containers/delete', { items: [bare(C('Gone')), bare(C('Absent'))] })).items,
    ).toEqual([bare(C('Gone'))]);
    const after = await shown('Losing');
    expect([Object.keys(after.properties), after.lastUpdatedTime]).toEqual([
      ['p'],
      before.lastUpdatedTime,
    ]);
    const { items } = ok(
      await post('instances/byids', { items: [N('keeps')], sources: [{ source: V('Losing') }] }),
    );
    expect(items[0].properties.demo['Losing/v1']).toEqual({ p: 'p' });
    // The mapping went with the container: one of the same name has no views until they say so.
    ok(await container('Gone', { g: text }));
    expect(Object.keys((await shown('Losing')).properties)).toEqual(['p']);
    ok(await view('Losing', { g: mapped('Gone', 'g') }));
    expect(Object.keys((await shown('Losing')).properties).sort()).toEqual(['g', 'p']);
  });

  it('keeps the views of a data model, and refuses another version of one', async () => {
    const model = async (views: Json): Promise<Json> =>
      await subject().post('datamodels', {
        items: [{ space: 'demo', externalId: 'Kept', version: '1', views }],
      });
    ok(await model([V('Base'), V('Left')]));
    expect(ok(await model([V('Right')])).items[0].views).toEqual([
      V('Base'),
      V('Left'),
      V('Right'),
    ]);
    refused(await model([V('Base', 'v2')]));
    refused(await model([V('Absent')]), /^One or more views do not exist: 'demo:Absent\/v1'/);
    const [whole] = ok(
      await model([{ ...bare(V('Inline')), properties: { p: mapped('P', 'one') } }]),
    ).items;
    expect(whole.views.at(-1)).toEqual(V('Inline'));
    expect(await shown('Inline')).toMatchObject({ usedFor: 'node' });
  });

  it('leaves out of the answer what was not there to delete', async () => {
    const { post } = subject();
    expect(ok(await post('spaces/delete', { items: [{ space: 'absent' }] }))).toEqual({
      items: [],
    });
    expect(ok(await post('views/delete', { items: [bare(V('Absent'))] }))).toEqual({ items: [] });
  });
}
