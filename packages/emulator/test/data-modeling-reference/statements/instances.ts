import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import { apply, N, names, ok, refused, to } from '../pairs/demo.js';
import type { Subject } from '../subjects.js';

const C = (externalId: string): Json => ({ type: 'container', space: 'demo', externalId });
const row = (externalId: string, container: string, properties: Json): Json => ({
  ...N(externalId),
  sources: [{ source: C(container), properties }],
});

/** Statements about writes that the pairs do not have. */
export function instanceStatements(subject: () => Subject): void {
  const container = async (externalId: string, properties: Json, more: Json = {}): Promise<void> =>
    void ok(
      await subject().post('containers', {
        items: [{ space: 'demo', externalId, properties, ...more }],
      }),
    );
  const byId = async (...items: Json): Promise<Json[]> =>
    ok(await subject().post('instances/byids', { items })).items;
  const view = async (externalId: string, properties: readonly string[]): Promise<void> => {
    const all = properties.map((id) => [
      id,
      { container: C(externalId), containerPropertyIdentifier: id },
    ]);
    const item = { space: 'demo', externalId, version: 'v1', properties: Object.fromEntries(all) };
    ok(await subject().post('views', { items: [item] }));
  };
  const values = async (externalId: string, name: string): Promise<Json> => {
    const sources = [{ source: { ...C(name), type: 'view', version: 'v1' } }];
    const { items } = ok(
      await subject().post('instances/byids', { items: [N(externalId)], sources }),
    );
    return items[0]?.properties.demo[`${name}/v1`];
  };

  it('takes any external id of 1 to 256 characters without U+0000', async () => {
    const ids = ['x0\\', 'image-360-annotation', '😀 / ?', 'y'.repeat(256)];
    ok(await apply(subject(), ids.map(N)));
    expect(names(await byId(...ids.map(N)))).toEqual(ids);
    for (const id of ['', 'y'.repeat(257), 'a\0b']) refused(await apply(subject(), [N(id)]));
  });

  it('takes null for any optional field', async () => {
    const options = {
      delete: null,
      replace: null,
      skipOnVersionConflict: null,
      autoCreateDirectRelations: null,
    };
    const item = { ...N('nulls'), existingVersion: null, type: null, sources: null };
    expect(
      ok(await subject().post('instances', { items: [item], ...options })).items,
    ).toMatchObject([{ version: 1 }]);
    ok(
      await subject().post('instances/list', {
        filter: null,
        sort: null,
        sources: null,
        limit: null,
      }),
    );
  });

  it('keeps one name for a node or an edge, and one item of it in a request', async () => {
    const edge = {
      ...N('nulls'),
      instanceType: 'edge',
      type: to('t'),
      startNode: to('t'),
      endNode: to('t'),
    };
    refused(
      await apply(subject(), [edge], { autoCreateStartNodes: true, autoCreateEndNodes: true }),
    );
    refused(await apply(subject(), [N('twice'), N('twice')]), /twice/);
    ok(await apply(subject(), [N('t'), { ...edge, externalId: 'edge' }]));
    refused(await apply(subject(), [{ ...edge, externalId: 'edge', endNode: to('nulls') }]));
  });

  it('does not delete a node that is the type of another, and keeps dangling relations', async () => {
    const { post } = subject();
    ok(await apply(subject(), [{ ...N('of-type'), type: to('type') }]));
    refused(await post('instances/delete', { items: [N('type')] }));
    expect(names(await byId(N('type')))).toEqual(['type']);
    expect(
      ok(await post('instances/delete', { items: [N('type'), N('of-type')] })).items,
    ).toHaveLength(2);
    await container('Pointer', { at: { type: { type: 'direct' } } });
    await view('Pointer', ['at']);
    ok(await apply(subject(), [row('pointer', 'Pointer', { at: to('target') })]));
    ok(await post('instances/delete', { items: [N('target')] }));
    expect(await values('pointer', 'Pointer')).toEqual({ at: to('target') });
    const [again] = ok(await apply(subject(), [N('target')])).items;
    expect(again).toMatchObject({ version: 1, wasModified: true });
  });

  it('refuses to delete a newer version in a write', async () => {
    ok(await apply(subject(), [{ ...N('kept'), type: to('t') }]));
    ok(await apply(subject(), [{ ...N('kept'), type: null }]));
    const remove = (existingVersion: number): Json => ({
      delete: [{ ...N('kept'), existingVersion }],
    });
    refused(await apply(subject(), [], remove(1)), /^A version conflict/, 409);
    expect(ok(await apply(subject(), [], remove(2))).deleted).toMatchObject([N('kept')]);
  });

  it('makes a row without values, takes required values and demands other rows', async () => {
    await container('Base', { b: { type: { type: 'text' } } });
    const needs = { constraintType: 'requires', require: C('Base') };
    await container('Top', { t: { type: { type: 'text' } } }, { constraints: { needs } });
    refused(await apply(subject(), [row('top', 'Top', {})]));
    const sources = [C('Top'), C('Base')].map((source) => ({ source, properties: null }));
    ok(await apply(subject(), [{ ...N('top'), sources }]));
    const filter = { hasData: [C('Top'), C('Base')] };
    expect(names(ok(await subject().post('instances/list', { filter })).items)).toEqual(['top']);
  });

  it('keeps values unique, but for null', async () => {
    const unique = (bySpace: boolean): Json => ({
      constraints: { unique: { constraintType: 'uniqueness', properties: ['u', 'v'], bySpace } },
    });
    const two = { u: { type: { type: 'text' } }, v: { type: { type: 'int32' } } };
    await container('Unique', two, unique(true));
    ok(await subject().post('spaces', { items: [{ space: 'second' }] }));
    ok(
      await apply(subject(), [
        row('u1', 'Unique', { u: 'a', v: 1 }),
        row('u2', 'Unique', { u: 'a' }),
      ]),
    );
    ok(
      await apply(subject(), [
        row('u3', 'Unique', { u: 'a' }),
        { ...row('u1', 'Unique', { u: 'a', v: 1 }), space: 'second' },
      ]),
    );
    const { status } = await apply(subject(), [N('not'), row('u4', 'Unique', { u: 'a', v: 1 })]);
    expect([400, 409]).toContain(status);
    expect(await byId(N('not'))).toEqual([]);
    // The values may change hands within one request.
    ok(
      await apply(subject(), [
        row('u1', 'Unique', { v: 2 }),
        row('u4', 'Unique', { u: 'a', v: 1 }),
      ]),
    );
  });

  it('wants data of a target in the container that a relation names', async () => {
    const at = { type: { type: 'direct', container: C('Base') } };
    await container('Typed', { at });
    refused(await apply(subject(), [row('typed', 'Typed', { at: to('nobody') })]));
    refused(await apply(subject(), [row('typed', 'Typed', { at: to('nulls') })]));
    ok(
      await apply(subject(), [
        row('typed', 'Typed', { at: to('based') }),
        row('based', 'Base', {}),
      ]),
    );
  });

  it('numbers new rows, and refuses a number that does not fit', async () => {
    await container('Numbered', { n: { type: { type: 'int32' }, autoIncrement: true } });
    await view('Numbered', ['n']);
    ok(
      await apply(
        subject(),
        ['i1', 'i2'].map((id) => row(id, 'Numbered', {})),
      ),
    );
    ok(await apply(subject(), [row('i9', 'Numbered', { n: 9 })]));
    ok(await apply(subject(), [row('i10', 'Numbered', {})]));
    const found = await Promise.all(
      ['i1', 'i2', 'i9', 'i10'].map(async (id) => (await values(id, 'Numbered')).n),
    );
    expect(found).toEqual([1, 2, 9, 10]);
    ok(await apply(subject(), [row('i20', 'Numbered', { n: 20 }), row('i21', 'Numbered', {})]));
    expect(await values('i21', 'Numbered')).toEqual({ n: 21 });
    ok(await apply(subject(), [row('last', 'Numbered', { n: 2_147_483_647 })]));
    refused(await apply(subject(), [row('over', 'Numbered', {})]));
  });

  it('refuses values beyond the limits of their type', async () => {
    const list = { type: { type: 'text', list: true } };
    const json = { type: { type: 'json' } };
    await container('Limits', {
      t: { type: { type: 'text', maxTextSize: 4 } },
      list,
      json,
      at: { type: { type: 'timestamp' } },
    });
    await view('Limits', ['t', 'list', 'json', 'at']);
    const write = async (properties: Json): Promise<Json> =>
      await apply(subject(), [row('limits', 'Limits', properties)]);
    ok(
      await write({
        t: 'éé',
        list: ['a', 'a', 'b'],
        json: { ['k'.repeat(128)]: 'v'.repeat(10_000) },
      }),
    );
    expect(await values('limits', 'Limits')).toMatchObject({ t: 'éé', list: ['a', 'a', 'b'] });
    refused(await write({ t: 'ééa' }));
    refused(await write({ t: 'a\0b' }));
    refused(await write({ list: ['a', null] }));
    refused(await write({ list: Array(1001).fill('a') }));
    refused(await write({ json: { ['k'.repeat(129)]: 1 } }));
    refused(await write({ json: { k: 'v'.repeat(10_241) } }));
    refused(
      await write({ json: Object.fromEntries(Array.from({ length: 257 }, (_, key) => [key, 1])) }),
    );
    refused(
      await write({
        json: Object.fromEntries(Array.from({ length: 6 }, (_, key) => [key, 'v'.repeat(8000)])),
      }),
    );
    for (const [given, stored] of [
      ['2024-12-31T01:00:00+01', '2024-12-31T00:00:00+00:00'],
      ['2024-12-31T01:30:00.17+0130', '2024-12-31T00:00:00.17+00:00'],
      ['2024-02-29T00:00:00', '2024-02-29T00:00:00+00:00'],
      ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00+00:00'],
    ]) {
      ok(await write({ at: given }));
      expect((await values('limits', 'Limits')).at).toBe(stored);
    }
    for (const at of [
      '2023-02-29T00:00:00Z',
      '2024-01-01T24:00:00Z',
      '2024-01-01',
      '2024-01-01T00:00:00.1234Z',
      0,
    ])
      refused(await write({ at }));
  });
}
