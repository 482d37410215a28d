import { type AssetCreate, AssetHierarchy, type HierarchyPlan } from '@cdf/assets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers, randomTree, shuffled, tree } from './shapes.js';

/**
 * Every asset in exactly one request, with its parent in the same or in one that is answered
 * before.
 */
function expectSound(assets: readonly AssetCreate[], plan: HierarchyPlan): void {
  const requestOf = new Map<string, number>();
  plan.requests.forEach(({ indexes, assets: planned, after }, request) => {
    if (indexes.length < 1 || indexes.length > 1000)
      throw new Error(`request ${request} has ${indexes.length} assets`);
    if (after.some((each) => each >= request))
      throw new Error(`request ${request} waits for a later one`);
    indexes.forEach((index, position) => {
      const { externalId, parentExternalId } = assets[index] as AssetCreate;
      if (planned[position] !== assets[index])
        throw new Error(`asset ${index} is not what its index says`);
      if (requestOf.has(externalId as string)) throw new Error(`asset ${index} is sent twice`);
      requestOf.set(externalId as string, request);
      if (parentExternalId === undefined) return;
      // Parents come before children in a request too, so that the parent was met by now.
      const above = requestOf.get(parentExternalId);
      if (above !== request && !after.includes(above as number))
        throw new Error(`asset ${index} may precede its parent`);
    });
  });
  expect(requestOf.size).toBe(assets.length);
}

describe('the plan of a hierarchy', () => {
  it.each([
    [
      '20,000 shuffled assets, at most 40 deep',
      20_000,
      () => randomTree(20_000, 40, randomNumbers(7)),
    ],
    ['a chain of 100,000', 100_000, () => tree(100_000, (index) => index - 1)],
    [
      '100,000 children of one parent',
      100_001,
      () => tree(100_001, (index) => (index === 0 ? -1 : 0)),
    ],
    ['five chains of 4,000', 20_000, () => tree(20_000, (index) => (index < 5 ? -1 : index - 5))],
    ['a binary tree', 16_383, () => tree(16_383, (index) => (index === 0 ? -1 : (index - 1) >> 1))],
    [
      '100 trees of 501',
      50_100,
      () => tree(50_100, (index) => (index % 501 === 0 ? -1 : index - (index % 501))),
    ],
  ])('of %s has the fewest requests', (name, count, make) => {
    const assets = shuffled(make(), randomNumbers(3));
    const plan = new AssetHierarchy(assets).plan();
    console.log(`${name}: ${plan}`);
    expect(plan.lowerBound).toBe(Math.ceil(count / 1000));
    expect(plan.requests.length).toBe(plan.lowerBound);
    const requestOf = new Map<string, number>();
    plan.requests.forEach((request, index) => {
      for (const { externalId } of request.assets) requestOf.set(externalId as string, index);
    });
    expect(requestOf.size).toBe(count);
  });

  it('sends at the same time what does not depend on each other', () => {
    const deep = new AssetHierarchy(randomTree(20_000, 40, randomNumbers(7))).plan();
    const wide = new AssetHierarchy(tree(100_001, (index) => (index === 0 ? -1 : 0))).plan();
    const chains = new AssetHierarchy(tree(20_000, (index) => (index < 5 ? -1 : index - 5))).plan();
    expect(deep.depth).toBeLessThanOrEqual(4);
    expect(wide.depth).toBe(2);
    expect(chains.depth).toBe(4);
  });

  it('is sound for any forest', () => {
    const forests = fc
      .tuple(
        fc.integer({ min: 1, max: 3500 }),
        fc.integer(),
        fc.double({ min: 0.0001, max: 1, noNaN: true }),
      )
      .map(([count, seed, spread]) => {
        const random = randomNumbers(seed);
        // A small spread makes deep trees, a large one wide ones; some are roots.
        const parentOf = (index: number): number =>
          random() < 0.01 ? -1 : index - 1 - Math.floor(random() * spread * Math.max(0, index - 1));
        return shuffled(tree(count, parentOf), random);
      });
    fc.assert(
      fc.property(forests, fc.integer({ min: 1, max: 10 }), (assets, width) => {
        const plan = new AssetHierarchy(assets).plan(width);
        expectSound(assets, plan);
        expect(plan.requests.length).toBe(Math.ceil(assets.length / 1000));
      }),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 500 : 25 },
    );
  });

  it('of nothing has no requests', () => {
    expect(new AssetHierarchy([]).plan().requests).toEqual([]);
  });
});
