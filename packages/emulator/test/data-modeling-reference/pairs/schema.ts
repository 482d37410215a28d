import { expect, it } from 'vitest';
import type { Subject } from '../subjects.js';
import { ABSENT, C, MAPPED, names, ok, refused, SUB, V } from './demo.js';

const TIME = expect.any(Number);
const PROPERTIES = {
  name: { type: { type: 'text' }, nullable: false },
  tag: { type: { type: 'text' } },
  power: { type: { type: 'float64' } },
  count: { type: { type: 'int32' }, defaultValue: 1 },
  big: { type: { type: 'int64' } },
  seen: { type: { type: 'timestamp' } },
  labels: { type: { type: 'text', list: true } },
  kind: { type: { type: 'enum', values: { pump: {}, valve: {} } } },
  parent: { type: { type: 'direct' } },
  friends: { type: { type: 'direct', list: true } },
};
const container = (externalId: string, properties: object, more: object = {}): object => ({
  items: [{ space: 'demo', externalId, properties, ...more }],
});
const mapped = (name: string): object => ({ container: C, containerPropertyIdentifier: name });
const THING = {
  space: 'demo',
  externalId: 'Thing',
  version: 'v1',
  properties: {
    ...Object.fromEntries(MAPPED.map((name) => [name, mapped(name)])),
    parent: { ...mapped('parent'), source: V },
    children: {
      connectionType: 'multi_reverse_direct_relation',
      source: V,
      through: { source: V, identifier: 'parent' },
    },
    links: {
      connectionType: 'multi_edge_connection',
      type: { space: 'demo', externalId: 'link' },
      source: V,
      direction: 'outwards',
    },
  },
};

/** Pairs 1 to 13. */
export function schemaPairs(subject: () => Subject): void {
  it('1. upserts a space, and keeps its time when nothing changes', async () => {
    const { post } = subject();
    const space = { items: [{ space: 'demo', name: 'Demo' }] };
    const [first] = ok(await post('spaces', space)).items;
    expect(first).toEqual({
      space: 'demo',
      name: 'Demo',
      isGlobal: false,
      createdTime: TIME,
      lastUpdatedTime: TIME,
    });
    expect(ok(await post('spaces', space)).items).toEqual([first]);
    await expect
      .poll(async () => {
        const [other] = ok(
          await post('spaces', { items: [{ space: 'demo', name: 'Other' }] }),
        ).items;
        expect(other.createdTime).toBe(first.createdTime);
        if (other.lastUpdatedTime > first.lastUpdatedTime) return true;
        ok(await post('spaces', space));
        return false;
      })
      .toBe(true);
  });

  it('2. refuses reserved and malformed spaces, and no spaces', async () => {
    const { post } = subject();
    refused(await post('spaces', { items: [{ space: 'system' }] }));
    refused(await post('spaces', { items: [{ space: '9x' }] }));
    refused(
      await post('spaces', { items: [] }),
      /^Request had 1 constraint violations\. Please fix the request and try again\. \[items size must be between 1 and 100\]$/,
    );
  });

  it('3. shows system spaces and the core model only with includeGlobal', async () => {
    const { get } = subject();
    const { items } = ok(await get('spaces'));
    expect(items.map(({ space }: { space: string }) => space)).toEqual(['demo']);
    const all = ok(await get('spaces?includeGlobal=true&limit=1000')).items;
    expect(all).toContainEqual(expect.objectContaining({ space: 'cdf_cdm', isGlobal: true }));
    const models = ok(await get('datamodels?includeGlobal=true&space=cdf_cdm')).items;
    expect(models).toMatchObject([{ externalId: 'CogniteCore', version: 'v1' }]);
    expect(models[0].views).toHaveLength(34);
    expect(models[0].views[0]).toMatchObject({ type: 'view' });
  });

  it('4. fills in what a container leaves out', async () => {
    const [item] = ok(await subject().post('containers', container('Thing', PROPERTIES))).items;
    expect(item).toMatchObject({ usedFor: 'node', isGlobal: false, constraints: {}, indexes: {} });
    expect(item.properties.tag).toEqual({
      type: { type: 'text', list: false, collation: 'ucs_basic' },
      nullable: true,
      immutable: false,
      autoIncrement: false,
      constraintState: {},
    });
    expect(item.properties.name.constraintState).toEqual({ nullability: 'current' });
    expect(item.properties.count.defaultValue).toBe(1);
  });

  it('5. keeps properties that a later request leaves out', async () => {
    const [item] = ok(
      await subject().post(
        'containers',
        container('Thing', { extra: { type: { type: 'boolean' } } }),
      ),
    ).items;
    expect(Object.keys(item.properties).sort()).toEqual(
      [...Object.keys(PROPERTIES), 'extra'].sort(),
    );
  });

  it('6. refuses changes of type, of use and to nullable', async () => {
    const { post } = subject();
    const change = (tag: object, more: object = {}): object => container('Other', { tag }, more);
    const text = { type: { type: 'text' } };
    ok(
      await post(
        'containers',
        container('Other', { power: { type: { type: 'float64' } }, tag: text }),
      ),
    );
    refused(await post('containers', container('Other', { power: { type: { type: 'text' } } })));
    const [other] = ok(
      await post('containers/byids', { items: [{ space: 'demo', externalId: 'Other' }] }),
    ).items;
    expect(other.properties.power.type).toEqual({ type: 'float64', list: false });
    refused(await post('containers', change(text, { usedFor: 'edge' })));
    ok(await post('containers', change({ ...text, nullable: false })));
    refused(await post('containers', change({ ...text, nullable: true })));
  });

  it('7. refuses containers in a missing space, and that require a missing container', async () => {
    const { post } = subject();
    const properties = { a: { type: { type: 'text' } } };
    refused(
      await post('containers', { items: [{ space: 'nowhere', externalId: 'A', properties }] }),
      /^One or more spaces do not exist/,
    );
    const require = { type: 'container', space: 'demo', externalId: 'Absent' };
    const constraints = { r: { constraintType: 'requires', require } };
    refused(
      await post('containers', container('Requiring', properties, { constraints })),
      /Target container.*does not exist/,
    );
  });

  it('8. shows a view with what follows from its containers', async () => {
    const [item] = ok(await subject().post('views', { items: [THING] })).items;
    expect(item).toMatchObject({
      implements: [],
      writable: true,
      queryable: true,
      usedFor: 'node',
      isGlobal: false,
    });
    expect(item.mappedContainers).toEqual([C]);
    expect(item.properties.parent.type).toEqual({ type: 'direct', list: false, source: V });
    expect(item.properties.children.targetsList).toBe(false);
    expect(item.properties.name).not.toHaveProperty('name');
  });

  it('9. merges inherited properties, unless they are not wanted', async () => {
    const { get, post } = subject();
    const { type: _, ...sub } = SUB;
    ok(await post('views', { items: [{ ...sub, implements: [V], properties: {} }] }));
    const find = async (more: string): Promise<{ properties: object } | undefined> =>
      ok(await get(`views?space=demo${more}`)).items.find(
        ({ externalId }: typeof V) => externalId === 'Sub',
      );
    expect(Object.keys((await find(''))?.properties ?? {}).sort()).toEqual(
      Object.keys(THING.properties).sort(),
    );
    expect((await find('&includeInheritedProperties=false'))?.properties).toEqual({});
  });

  it('10. refuses views over what is missing, and cycles', async () => {
    const { post } = subject();
    const view = (more: object): object => ({
      items: [{ space: 'demo', externalId: 'Bad', version: 'v1', ...more }],
    });
    refused(await post('views', view({ properties: { a: mapped('absent') } })));
    refused(await post('views', view({ implements: [ABSENT] })), /Absent/);
    refused(await post('views', { items: [{ ...THING, implements: [SUB] }] }));
  });

  it('11. leaves missing views out of byids', async () => {
    const items = [V, ABSENT].map(({ space, externalId }) => ({ space, externalId }));
    const found = ok(await subject().post('views/byids', { items })).items;
    expect(found).toMatchObject([{ externalId: 'Thing', version: 'v1' }]);
  });

  it('12. stores a data model with references, and writes its views out on demand', async () => {
    const { post } = subject();
    const model = { space: 'demo', externalId: 'M', version: '1', views: [V] };
    expect(ok(await post('datamodels', { items: [model] })).items[0].views).toEqual([V]);
    const items = [{ space: 'demo', externalId: 'M' }];
    const [inline] = ok(await post('datamodels/byids?inlineViews=true', { items })).items;
    expect(inline.views[0]).toMatchObject({
      externalId: 'Thing',
      properties: { name: { container: C } },
    });
  });

  it('13. deletes no space that is in use, and changes no system space', async () => {
    const { get, post } = subject();
    refused(await post('spaces/delete', { items: [{ space: 'demo' }] }));
    expect(names(ok(await get('views?space=demo')).items).sort()).toEqual(['Sub', 'Thing']);
    const before = ok(await post('spaces/byids', { items: [{ space: 'cdf_cdm' }] })).items;
    const { status } = await post('spaces', { items: [{ space: 'cdf_cdm', name: 'mine' }] });
    expect(Math.floor(status / 100)).toBe(4);
    expect(ok(await post('spaces/byids', { items: [{ space: 'cdf_cdm' }] })).items).toEqual(before);
  });
}
