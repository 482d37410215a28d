import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { CONTAINER, demo, node, VIEW } from './helpers.js';

const text = { type: { type: 'text' } };

describe('spaces', () => {
  it('keep their times when an upsert changes nothing', async () => {
    const { ok, emulator } = await demo();
    emulator.clock.freeze(1_000);
    const [first] = (await ok('/spaces', { items: [{ space: 'one', name: 'One' }] })).items;
    expect(first).toEqual({
      space: 'one',
      name: 'One',
      isGlobal: false,
      createdTime: 1000,
      lastUpdatedTime: 1000,
    });
    emulator.clock.advance(10);
    expect((await ok('/spaces', { items: [{ space: 'one', name: 'One' }] })).items).toEqual([
      first,
    ]);
    const [renamed] = (await ok('/spaces', { items: [{ space: 'one', name: 'Two' }] })).items;
    expect(renamed).toEqual({ ...first, name: 'Two', lastUpdatedTime: 1010 });
  });

  it('are refused with reserved, malformed or system names', async () => {
    const { refused, post } = await demo();
    for (const space of ['system', 'node', '9x', 'a'.repeat(44), 'a b', 'version_info'])
      await refused('/spaces', { items: [{ space }] }, 'constraint violations');
    await refused('/spaces', { items: [{ space: 'cdf_cdm', name: 'mine' }] });
    await refused('/spaces', { items: [] }, 'items size must be between 1 and 100');
    expect(
      (await post('/models/spaces/byids', { items: [{ space: 'cdf_cdm' }] })).body.items[0].name,
    ).toBeUndefined();
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
    const [changed] = (
      await ok('/containers', {
        items: [{ space: 'demo', externalId: 'C', properties: { b: text } }],
      })
    ).items;
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

  it('answer with properties that requests take', async () => {
    const { ok } = await demo();
    const types = [{ type: 'enum', values: { on: {} } }, { type: 'text' }, { type: 'direct' }];
    const properties = Object.fromEntries(types.map((type, index) => [`p${index}`, { type }]));
    const { items } = await ok('/containers', {
      items: [{ space: 'demo', externalId: 'Answered', properties }],
    });
    const answered: Record<string, unknown> = {};
    for (const name of Object.keys(properties)) {
      const { constraintState: _, ...property } = items[0].properties[name];
      answered[name] = property;
    }
    await ok('/containers', {
      items: [
        { space: 'demo', externalId: 'Answered', properties: answered },
        { space: 'demo', externalId: 'Copied', properties: answered },
      ],
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
    await refused(
      '/containers',
      put({ type: { type: 'text', maxTextSize: 100 } }, { usedFor: 'edge' }),
      'usedFor',
    );
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
    await refused(
      '/containers',
      put({ p: { type: { type: 'enum', values: { true: {} } } } }),
      'reserved',
    );
    await refused(
      '/containers',
      put({ p: { type: { type: 'int32' }, defaultValue: 'x' } }),
      'defaultValue',
    );
    await refused(
      '/containers',
      put({ p: { type: { type: 'text' }, autoIncrement: true } }),
      'autoIncrement',
    );
    await refused(
      '/containers',
      put({ p: text }, { indexes: { i: { properties: ['q'] } } }),
      "unknown property 'q'",
    );
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
    expect(
      (await ok('/containers/delete', { items: [definition, { space: 'demo', externalId: 'No' }] }))
        .items,
    ).toEqual([definition]);
    const [view] = (await get('/models/views?space=demo')).body.items;
    expect(Object.keys(view.properties)).toEqual(['children']);
    await ok('/containers', { items: [{ ...definition, properties: { tag: text } }] });
    const { items } = await ok('/instances/list', { filter: { hasData: [CONTAINER] } });
    expect(items).toEqual([]);
    const [again] = (await get('/models/views?space=demo')).body.items;
    expect(again).toEqual(view);
  });

  it('say which constraints the stored instances break, until they are tried again', async () => {
    const { ok, put, refused } = await demo();
    await put({ a: { tag: 'x' }, b: { tag: 'x' }, c: {} });
    const definition = {
      space: 'demo',
      externalId: 'Thing',
      properties: { tag: { ...text, nullable: false } },
      constraints: {
        unique: { constraintType: 'uniqueness', properties: ['tag'] },
        power: { constraintType: 'uniqueness', properties: ['power'] },
      },
    };
    const [changed] = (await ok('/containers', { items: [definition] })).items;
    const states = ({ constraints, properties }: Json): string[] => [
      constraints.unique.state,
      constraints.power.state,
      properties.tag.constraintState.nullability,
      properties.name.constraintState.nullability,
    ];
    expect(states(changed)).toEqual(['failed', 'current', 'failed', 'current']);
    await refused(
      '/instances',
      {
        items: [{ ...node('d'), sources: [{ source: VIEW, properties: { name: 'D', tag: 'x' } }] }],
      },
      'unique',
    );
    await put({ b: { tag: 'y' }, c: { tag: 'z' } });
    const retry = async (part: string, identifier: string): Promise<unknown> =>
      (
        await ok(`/containers/${part}/retry`, {
          items: [{ space: 'demo', containerExternalId: 'Thing', identifier }],
        })
      ).items;
    expect(await retry('constraints', 'unique')).toHaveLength(1);
    expect(await retry('properties', 'tag')).toHaveLength(1);
    expect(await retry('indexes', 'absent')).toEqual([]);
    const [after] = (
      await ok('/containers/byids', { items: [{ space: 'demo', externalId: 'Thing' }] })
    ).items;
    expect(states(after)).toEqual(['current', 'current', 'current', 'current']);
  });

  it('may have properties that are called as methods of objects are', async () => {
    const { ok } = await demo();
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];
    const properties = Object.fromEntries(names.map((name) => [name, text]));
    const unique = { constraintType: 'uniqueness', properties: ['constructor'] };
    const constraints = { constructor: unique };
    const definition = { space: 'demo', externalId: 'Odd', properties, constraints };
    await ok('/containers', { items: [definition] });
    const [again] = (await ok('/containers', { items: [definition] })).items;
    expect(Object.keys(again.properties)).toEqual(names);
    const container = { type: 'container', space: 'demo', externalId: 'Odd' };
    const odd = { space: 'demo', externalId: 'Odd', version: '1' };
    const mapped = names.map((name) => [name, { container, containerPropertyIdentifier: name }]);
    await ok('/views', { items: [{ ...odd, properties: Object.fromEntries(mapped) }] });
    const source = { type: 'view', ...odd };
    const item = (externalId: string, values: object): Json => ({
      ...node(externalId),
      sources: [{ source, properties: values }],
    });
    await ok('/instances', {
      items: [item('a', {}), item('b', { constructor: 'x', toString: 'y' })],
    });
    const { items } = await ok('/instances/list', { sources: [{ source }] });
    const shown: Json = items.map((each: Json) => each.properties.demo['Odd/1']);
    expect(shown).toEqual([
      {},
      Object.fromEntries([
        ['constructor', 'x'],
        ['toString', 'y'],
      ]),
    ]);
    const filter = { exists: { property: ['demo', 'Odd/1', 'constructor'] } };
    expect((await ok('/instances/list', { filter })).items).toHaveLength(1);
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
