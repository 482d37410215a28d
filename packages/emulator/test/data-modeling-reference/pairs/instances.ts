import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import type { Subject } from '../subjects.js';
import { apply, N, names, of, ok, read, refused, thing, to } from './demo.js';

const EDGE = {
  ...{ instanceType: 'edge', space: 'demo', externalId: 'e1' },
  ...{ type: to('link'), startNode: to('a'), endNode: to('z') },
};

/** Pairs 14 to 26. */
export function instancePairs(subject: () => Subject): void {
  const a = (properties: Json, options: Json = {}): Promise<Json> =>
    apply(subject(), [thing('a', properties)], options);
  let first: Json;

  it('14. creates a node, and the target of its relation as a bare node', async () => {
    const { post } = subject();
    const body = ok(await a({ name: 'A', parent: to('root') }));
    [first] = body.items;
    const times = { createdTime: expect.any(Number), lastUpdatedTime: first.createdTime };
    expect(body).toEqual({
      items: [{ ...N('a'), version: 1, wasModified: true, ...times }],
      deleted: [],
    });
    const [root] = ok(await post('instances/byids', { items: [N('root')] })).items;
    expect(root.properties ?? {}).toEqual({});
    expect(await read(subject(), 'root')).toBeUndefined();
  });

  it('15. counts versions of real changes only', async () => {
    const again = ok(await a({ name: 'A', parent: to('root') })).items[0];
    expect(again).toMatchObject({
      version: 1,
      wasModified: false,
      lastUpdatedTime: first.lastUpdatedTime,
    });
    expect(ok(await a({ name: 'A2' })).items).toMatchObject([{ version: 2, wasModified: true }]);
  });

  it('16. reads defaults, and no keys for what is empty', async () => {
    expect(of(await read(subject(), 'a'))).toEqual({ name: 'A2', count: 1, parent: to('root') });
  });

  it('17. clears by null, and goes back to the default by replace', async () => {
    expect(ok(await a({ count: null })).items).toMatchObject([{ version: 3 }]);
    expect(of(await read(subject(), 'a'))).not.toHaveProperty('count');
    ok(await a({ name: 'A3' }));
    expect(of(await read(subject(), 'a'))).not.toHaveProperty('count');
    ok(await a({ name: 'A2' }, { replace: true }));
    expect(of(await read(subject(), 'a'))).toEqual({ name: 'A2', count: 1 });
  });

  it('18. refuses null and absence of a required value', async () => {
    const { status, body } = await a({ name: null });
    const message = "Invalid value for non-nullable property 'name'. Value cannot be null.";
    expect([status, body.error.code, body.error.message]).toEqual([400, 400, message]);
    refused(await apply(subject(), [thing('new', { tag: 'x' })]), /name/);
  });

  it('19. refuses values of other types and unknown properties, and does nothing of the request', async () => {
    const c = (properties: Json): Json => thing('c', { name: 'C', ...properties });
    refused(await apply(subject(), [thing('b', { name: 'B' }), c({ power: 'strong' })]));
    expect(await read(subject(), 'b')).toBeUndefined();
    refused(await apply(subject(), [c({ colour: 'red' })]), /colour/);
    refused(await apply(subject(), [c({ kind: 'boat' })]));
    refused(await apply(subject(), [c({ count: 3_000_000_000 })]));
  });

  it('20. refuses a missing target that must not be made', async () => {
    refused(
      await a({ parent: to('ghost') }, { autoCreateDirectRelations: false }),
      /^Node with external id 'ghost' was referenced as the target of a direct relation, but it does not exist\.$/,
    );
  });

  it('21. refuses a relation with other keys', async () => {
    const text =
      "Invalid value for direct relation property 'parent'. " +
      'The value must be a json object with space and externalId fields.';
    const { status, body } = await a({ parent: { ...to('a'), type: 'node' } });
    expect([status, body.error.message]).toEqual([400, text]);
  });

  it('22. reads timestamps in UTC, and integers with all digits', async () => {
    const seen = async (text: string): Promise<string> => {
      ok(await a({ seen: text }));
      return of(await read(subject(), 'a')).seen;
    };
    expect(await seen('2024-12-31T01:00:00.500+01:00')).toBe('2024-12-31T00:00:00.5+00:00');
    expect(await seen('2024-12-31T00:00:00.000Z')).toBe('2024-12-31T00:00:00+00:00');
    refused(await a({ seen: 'yesterday' }));
    ok(await a({ big: 884324181205335268n }));
    expect(of(await read(subject(), 'a')).big).toBe(884324181205335268n);
  });

  it('23. refuses a write over a newer version', async () => {
    const { post } = subject();
    const { version } = await read(subject(), 'a');
    const write = (existingVersion: number): Json => ({
      ...thing('a', { name: 'A2' }),
      existingVersion,
    });
    const text = /^A version conflict caused the ingest to fail\.$/;
    refused(await apply(subject(), [N('other'), write(version - 1)]), text, 409);
    expect(ok(await post('instances/byids', { items: [N('other')] })).items).toEqual([]);
    ok(await apply(subject(), [write(version)]));
    ok(await apply(subject(), [write(version + 5)]));
    refused(await apply(subject(), [write(0)]), text, 409);
    ok(await apply(subject(), [N('other'), write(0)], { skipOnVersionConflict: true }));
    expect(ok(await post('instances/byids', { items: [N('other')] })).items).toHaveLength(1);
  });

  it('24. refuses an edge to a missing node, unless it is made', async () => {
    const { post } = subject();
    const edge = { ...N('e1'), instanceType: 'edge' };
    refused(await apply(subject(), [EDGE]), /does not exist/);
    expect(ok(await post('instances/byids', { items: [edge, N('z')] })).items).toEqual([]);
    const { items } = ok(await apply(subject(), [EDGE], { autoCreateEndNodes: true }));
    expect(items).toMatchObject([{ instanceType: 'edge', version: 1 }]);
    expect(names(ok(await post('instances/byids', { items: [edge, N('z')] })).items)).toEqual([
      'e1',
      'z',
    ]);
  });

  it('25. takes at most 1,000 items and deletions together', async () => {
    const many = (count: number): Json[] =>
      Array.from({ length: count }, (_, index) => N(`many-${index}`));
    refused(await apply(subject(), many(600), { delete: many(401) }));
    expect(ok(await subject().post('instances', { items: [] }))).toEqual({
      items: [],
      deleted: [],
    });
  });

  it('26. makes rows in every container of a view, and in one container alone', async () => {
    const { post } = subject();
    const source = { type: 'view', space: 'demo', externalId: 'XY', version: 'v1' };
    const container = (externalId: string): Json => ({
      type: 'container',
      space: 'demo',
      externalId,
    });
    const part = (id: string, name: string): Json => ({
      container: container(id),
      containerPropertyIdentifier: name,
    });
    const int = { type: { type: 'int32' } };
    const { type: _, ...x } = container('X');
    ok(
      await post('containers', {
        items: [
          { ...x, properties: { x: int } },
          { ...x, externalId: 'Y', properties: { y: int } },
        ],
      }),
    );
    const { type: __, ...view } = source;
    ok(
      await post('views', {
        items: [{ ...view, properties: { x: part('X', 'x'), y: part('Y', 'y') } }],
      }),
    );
    const write = async (externalId: string, through: Json): Promise<void> =>
      void ok(
        await apply(subject(), [
          { ...N(externalId), sources: [{ source: through, properties: { x: 1 } }] },
        ]),
      );
    await write('both', source);
    await write('alone', container('X'));
    const inView = ok(await post('instances/list', { sources: [{ source }] })).items;
    expect(names(inView)).toEqual(['both']);
    const inY = ok(await post('instances/list', { filter: { hasData: [container('Y')] } })).items;
    expect(names(inY)).toEqual(['both']);
  });
}
