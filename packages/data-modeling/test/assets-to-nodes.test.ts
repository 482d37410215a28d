import { CdfError, ConfigError } from '@cdf/core';
import { assetsToNodes, nodes } from '@cdf/data-modeling';
import { CogniteAsset } from '@cdf/data-modeling/cognite-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

const press = {
  id: 3,
  externalId: 'press',
  name: 'Press',
  parentId: 2,
  labels: [{ externalId: 'critical' }],
};
const hall = {
  id: 2,
  externalId: 'hall',
  name: 'Hall',
  description: 'big',
  parentId: 1,
  parentExternalId: 'site',
};
const site = { id: 1, externalId: 'site', name: 'Site', metadata: { a: 'b' } };
const at = (externalId: string) => ({ space: 'plant', externalId });

describe('assets as nodes', () => {
  it('keep name, description, parent and labels, and clear what the asset does not have', () => {
    expect(assetsToNodes([press, hall, site], { space: 'plant' })).toEqual([
      {
        ...at('press'),
        name: 'Press',
        description: null,
        parent: at('hall'),
        tags: ['critical'],
      },
      { ...at('hall'), name: 'Hall', description: 'big', parent: at('site'), tags: [] },
      { ...at('site'), name: 'Site', description: null, parent: null, tags: [] },
    ]);
  });

  it('have names of your own, which parents have too', () => {
    const externalId = ({ id }: { readonly id: number }): string => `asset-${id}`;
    const [first] = assetsToNodes([press, { ...hall, externalId: undefined }, site], {
      space: 'plant',
      externalId,
    });
    expect(first).toMatchObject({ ...at('asset-3'), parent: at('asset-2') });
    expect(() => assetsToNodes([{ id: 7, name: 'x' }], { space: 'plant' })).toThrow(
      /asset 7 has no externalId/,
    );
    expect(() =>
      assetsToNodes([site, { ...hall, externalId: 'site' }], { space: 'plant' }),
    ).toThrow(/appears twice/);
  });

  it('refuse a name from the id of a parent that has none', () => {
    const child = { id: 2, externalId: 'b', name: 'B', parentExternalId: 'a' };
    const refer = (
      externalId: (asset: {
        readonly id: number;
        readonly externalId?: string | undefined;
      }) => string,
      asset = child,
    ) => assetsToNodes([asset], { space: 'plant', outside: 'refer', externalId })[0]?.parent;
    expect(() => refer(({ id }) => `asset-${id}`)).toThrow(
      /asset 2 names its parent "a" without an id, and externalId makes "asset-undefined" of that/,
    );
    expect(refer(({ id, externalId }) => externalId ?? `asset-${id}`)).toEqual(at('a'));
    expect(refer(({ externalId }) => `x-${externalId}`)).toEqual(at('x-a'));
    const odd = { ...child, parentExternalId: 'undefined' };
    expect(refer(({ externalId }) => `x-${externalId}`, odd)).toEqual(at('x-undefined'));
  });

  it('say what becomes of parents that are not there', () => {
    expect(() => assetsToNodes([press, hall], { space: 'plant' })).toThrow(
      /parents of 1 assets .* \("hall"\)/,
    );
    expect(() => assetsToNodes([hall], { space: 'plant' })).toThrow(ConfigError);
    expect(assetsToNodes([hall], { space: 'plant', outside: 'root' })[0]?.parent).toBeNull();
    expect(assetsToNodes([hall], { space: 'plant', outside: 'refer' })[0]?.parent).toEqual(
      at('site'),
    );
    expect(() => assetsToNodes([press], { space: 'plant', outside: 'refer' })).toThrow(
      /3's parent has no externalId/,
    );
    expect(() => assetsToNodes([press], { space: 'plant', outside: 'all' as never })).toThrow(
      /outside must be/,
    );
    expect(() => assetsToNodes([press], { space: '' })).toThrow(/space must be/);
  });
});

describe('a copied hierarchy', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it('is written parents first, and accounts for what cannot be', async () => {
    const copies = nodes(project.transport, CogniteAsset, { space: 'plant' });
    const absent = { id: 4, externalId: 'lost', name: 'Lost', parentExternalId: 'absent' };
    const items = assetsToNodes([press, absent, hall, site], { space: 'plant', outside: 'refer' });
    const error = await copies
      .upsert(items, { dependencies: 'order' })
      .catch((reason: unknown) => reason);
    expect(CdfError.isInstance(error)).toBe(true);
    const names = (list: readonly unknown[]) =>
      (list as typeof items).map(({ externalId }) => externalId).sort();
    expect(names((error as CdfError).failed)).toEqual(['lost']);
    expect(names((error as CdfError).successful)).toEqual(['hall', 'press', 'site']);
    const [found] = await copies.find({
      where: { externalId: 'press' },
      with: { parent: { with: { parent: true } } },
    });
    expect(found?.parent?.parent?.name).toBe('Site');
  });

  it('is made equal by another run, without what the assets have lost', async () => {
    const copies = nodes(project.transport, CogniteAsset, { space: 'acme' });
    const copy = (...assets: Parameters<typeof assetsToNodes>[0][number][]) =>
      copies.upsert(assetsToNodes(assets, { space: 'acme', outside: 'root' }), {
        dependencies: 'order',
      });
    const top = { id: 1, externalId: 'top', name: 'Top' };
    const part = { id: 2, externalId: 'part', name: 'Part', parentId: 1 };
    const labels = [{ externalId: 'critical' }];
    await copy(top, { ...part, description: 'leaks', labels });
    expect(await copy(top, { ...part, labels: [] })).toMatchObject({ updated: 1, unchanged: 1 });
    const found = await copies.retrieve({ externalId: 'part' });
    expect(found?.description).toBeUndefined();
    expect(found).toMatchObject({ tags: [], parent: { space: 'acme', externalId: 'top' } });
    expect(await copy(part)).toMatchObject({ updated: 1 });
    expect((await copies.retrieve({ externalId: 'part' }))?.parent).toBeUndefined();
    expect(await copy(part)).toMatchObject({ unchanged: 1 });
  });
});
