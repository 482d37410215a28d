import {
  type Asset,
  type AssetCreate,
  type AssetData,
  type AssetList,
  type AssetSelection,
  AssetsApi,
  type HierarchyPlan,
} from '@cdf/assets';
import type { AssetScope, CallOptions, Listing } from '@cdf/core';
import type { ResourceApi } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { AssetOperations, AssetTypes } from '../src/asset-operations.js';

interface Lean {
  /** Notes about these assets. */
  readonly notes: (
    scope: AssetScope,
  ) => (query?: { limit?: number }, options?: CallOptions) => Promise<string[]>;
}

interface Full extends Lean {
  /** Pictures of these assets. */
  readonly pictures: (scope: AssetScope) => <F extends string>(format: F) => Promise<F[]>;
}

const relations: Full = {
  notes: () => async () => [],
  pictures: () => async (format) => [format],
};

describe('the types of assets', () => {
  const plain = new AssetsApi(memoryTransport({}));
  const lean = new AssetsApi<Lean>(memoryTransport({}), relations);
  const full = new AssetsApi<Full>(memoryTransport({}), relations);

  it('have no method without its relation', () => {
    type Method = keyof Asset | keyof AssetList | keyof AssetSelection;
    expectTypeOf<'notes' extends Method ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<'events' extends keyof Asset<Lean> ? true : false>().toEqualTypeOf<false>();
    // @ts-expect-error the relation is unknown
    expect(() => plain.select().notes()).toThrow(TypeError);
    // @ts-expect-error the lean record has no pictures
    lean.select().pictures;
  });

  it('have the relation with its own arguments and result, on assets, lists and selections', () => {
    expectTypeOf<Asset<Full>['notes']>().toEqualTypeOf<ReturnType<Lean['notes']>>();
    expectTypeOf<AssetList<Full>['notes']>().toEqualTypeOf<ReturnType<Lean['notes']>>();
    expectTypeOf<AssetSelection<Full>['notes']>().toEqualTypeOf<ReturnType<Lean['notes']>>();
    // Generic methods stay generic.
    expectTypeOf(full.select().pictures('png')).resolves.toEqualTypeOf<'png'[]>();
    // @ts-expect-error the argument is the relation's
    full.select().notes('all');
  });

  it('keep the relations wherever assets come from', () => {
    const one = () => full.create({ name: 'a' });
    const several = () => full.create([{ name: 'a' }]);
    expectTypeOf(full.list()).toEqualTypeOf<Listing<Asset<Full>, AssetList<Full>>>();
    expectTypeOf(full.retrieve).returns.resolves.toEqualTypeOf<Asset<Full> | undefined>();
    expectTypeOf(one).returns.resolves.toEqualTypeOf<Asset<Full>>();
    expectTypeOf(several).returns.resolves.toEqualTypeOf<AssetList<Full>>();
    expectTypeOf<Asset<Full>['parent']>().returns.resolves.toEqualTypeOf<Asset<Full> | undefined>();
    expectTypeOf<Awaited<ReturnType<Asset<Full>['children']>>>().toEqualTypeOf<AssetList<Full>>();
    expectTypeOf<Awaited<AssetSelection<Full>>>().toEqualTypeOf<AssetList<Full>>();
    expectTypeOf<ReturnType<AssetList<Full>['subtree']>>().toEqualTypeOf<AssetSelection<Full>>();
  });

  it('let the full API stand in for the lean one, and that for the plain one', () => {
    expectTypeOf<AssetsApi<Full>>().toExtend<AssetsApi<Lean>>();
    expectTypeOf<AssetsApi<Lean>>().toExtend<AssetsApi>();
    expectTypeOf<Asset<Full>>().toExtend<Asset<Lean>>();
    expectTypeOf<AssetList<Full>>().toExtend<AssetList>();
    expectTypeOf<AssetSelection<Full>>().toExtend<AssetSelection<Lean>>();
    expectTypeOf<AssetsApi>().not.toExtend<AssetsApi<Lean>>();
  });

  it('tell copies from assets, and plans from results', () => {
    const copy = { ...({} as Asset<Full>) };
    expectTypeOf(copy).toExtend<AssetData>();
    expectTypeOf(
      plain.createHierarchy([], { dryRun: true }),
    ).resolves.toEqualTypeOf<HierarchyPlan>();
    expectTypeOf(plain.createHierarchy([], { upsert: true })).resolves.toEqualTypeOf<AssetList>();
  });

  it('refuse what the API would refuse', () => {
    // @ts-expect-error a name is required
    expectTypeOf<{ externalId: string }>().toExtend<AssetCreate>();
    // @ts-expect-error exactly one identifier
    const two = () => plain.retrieve({ id: 1, externalId: 'a' });
    // @ts-expect-error an update names its asset
    const nameless = () => plain.update({ name: 'a' });
    // @ts-expect-error parents are not cleared
    const cleared = () => plain.update({ id: 1, update: { parentId: { setNull: true } } });
    expect([two, nameless, cleared]).toHaveLength(3);
  });

  it('give the API the methods that every resource has, with types and words of its own', () => {
    // Only `retrieve` of the class takes more.
    type Shared = Omit<AssetOperations<Full>, 'retrieve'>;
    expectTypeOf<ResourceApi<AssetTypes<Full>>>().toExtend<Shared>();
  });
});
