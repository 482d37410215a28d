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
  it('keep name, description, parent and labels, and leave out what the asset does not have', () => {
    expect(assetsToNodes([press, hall, { ...site, labels: [] }], { space: 'plant' })).toEqual([
      { ...at('press'), name: 'Press', parent: at('hall'), tags: ['critical'] },
      { ...at('hall'), name: 'Hall', description: 'big', parent: at('site') },
      { ...at('site'), name: 'Site' },
    ]);
  });

  it('clear what the asset does not have where that is wanted', () => {
    expect(assetsToNodes([press, hall, site], { space: 'plant', clear: true })).toEqual([
      { ...at('press'), name: 'Press', description: null, parent: at('hall'), tags: ['critical'] },
      { ...at('hall'), name: 'Hall', description: 'big', parent: at('site'), tags: [] },
      { ...at('site'), name: 'Site', description: null, parent: null, tags: [] },
    ]);
    expect(() => assetsToNodes([site], { space: 'plant', clear: 'yes' as never })).toThrow(
      /assetsToNodes: .*clear.*true or false/,
    );
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

describe('assets of other programs', () => {
  const from = (assets: readonly unknown[], more = {}) =>
    assetsToNodes(assets as never, { space: 'plant', ...more });
  const numbered = { externalId: ({ id }: { readonly id: number }): string => `n${id}` };

  it('may have null for what is absent', () => {
    const nothing = { externalId: null, parentExternalId: null };
    const a = { ...nothing, id: 1, name: 'A', parentId: null, description: null, labels: null };
    const b = { ...nothing, id: 2, name: 'B', parentId: 1 };
    expect(from([a, b, { ...a, id: 3 }], numbered).map(({ parent }) => parent)).toEqual([
      undefined,
      at('n1'),
      undefined,
    ]);
    const orNumber = ({ id, externalId }: { readonly id: number; readonly externalId?: string }) =>
      externalId === undefined ? `none-${id}` : externalId;
    expect(from([a], { externalId: orNumber })[0]).toMatchObject(at('none-1'));
    expect(() => from([a])).toThrow(/asset 1 has no externalId/);
    const outside = { ...b, parentId: null, parentExternalId: 'far' };
    expect(
      from([outside], { outside: 'refer', externalId: ({ externalId = 'b' }) => externalId })[0]
        ?.parent,
    ).toEqual(at('far'));
  });

  it.each([
    ['no asset', [site, null], /^assetsToNodes: item 1: expected an asset, got null/],
    ['a name', ['site'], /item 0: expected an asset, got the string "site"/],
    ['no id', [{ externalId: 'a', name: 'A' }], /item 0: id must be a number, got undefined/],
    ['one asset twice', [site, hall, site], /id 1 appears twice: items 0 and 2/],
    ['two of one id', [site, { ...hall, id: 1 }], /id 1 appears twice: items 0 and 1/],
    ['one label', [{ ...site, labels: 'x' }], /asset 1: labels must be an array, got the string/],
    ['no label', [{ ...site, labels: [null] }], /asset 1: labels\[0\]: .*externalId.*, got null/],
    ['its own parent', [{ ...site, parentId: 1 }], /parents form a loop: "site" below "site"$/],
    [
      'a loop of parents, and assets below it',
      [
        press,
        hall,
        { ...site, parentId: 4 },
        { id: 4, externalId: 'top', name: 'Top', parentExternalId: 'hall' },
      ],
      /parents form a loop: "hall" below "site" below "top" below "hall"$/,
    ],
  ])('are refused: %s', (_, assets, message) => {
    expect(() => from(assets)).toThrow(ConfigError);
    expect(() => from(assets)).toThrow(message);
  });

  it('have one external id each, also where names are made of ids', () => {
    const other = { ...hall, externalId: 'site' };
    expect(() => from([site, other], numbered)).toThrow(/external id "site" appears twice/);
  });

  it('do not get the node of another asset as a parent that is outside', () => {
    const five = { id: 7, externalId: '5', name: 'named 5' };
    const child = { id: 8, externalId: 'child', name: 'below the asset of id 5', parentId: 5 };
    const options = {
      outside: 'refer',
      externalId: ({ id, externalId }: { id: number; externalId?: string }) =>
        externalId ?? String(id),
    };
    expect(() => from([five, child], options)).toThrow(
      /externalId gives "5" for the parent of asset 8, which is the node of asset 7/,
    );
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

  it('keeps what was added to the copies by hand', async () => {
    const copies = nodes(project.transport, CogniteAsset, { space: 'acme' });
    const copy = () =>
      copies.upsert(assetsToNodes([site, hall], { space: 'acme' }), { dependencies: 'order' });
    await copies.upsert([{ externalId: 'region', name: 'Region' }]);
    await copy();
    const added = {
      ...{ externalId: 'site', description: 'by hand', tags: ['by hand'] },
      parent: { space: 'acme', externalId: 'region' },
    };
    await copies.update(added);
    expect(await copy()).toMatchObject({ updated: 0, unchanged: 2 });
    expect(await copies.retrieve({ externalId: 'site' })).toMatchObject(added);
  });

  it('is made equal by another run with clear, without what the assets have lost', async () => {
    const copies = nodes(project.transport, CogniteAsset, { space: 'acme' });
    const copy = (...assets: Parameters<typeof assetsToNodes>[0][number][]) =>
      copies.upsert(assetsToNodes(assets, { space: 'acme', outside: 'root', clear: true }), {
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
