import { type AssetCreate, AssetHierarchy, AssetHierarchyError } from '@cdf/assets';
import { CdfError } from '@cdf/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers, tree } from './shapes.js';

const asset = (externalId: string, parentExternalId?: string): AssetCreate => ({
  externalId,
  name: externalId,
  ...(parentExternalId === undefined ? {} : { parentExternalId }),
});

describe('validation of a hierarchy', () => {
  it('reports five kinds of issues together, cycles among them', () => {
    const assets: AssetCreate[] = [
      asset('root'),
      { name: 'nameless' },
      asset('twin', 'root'),
      asset('twin', 'root'),
      { ...asset('unsure', 'root'), parentId: 5 },
      asset('orphan', 'elsewhere'),
      asset('a', 'b'),
      asset('b', 'a'),
      asset('self', 'self'),
      asset('below a cycle', 'a'),
    ];
    const report = new AssetHierarchy(assets).validate();
    expect(report.isValid).toBe(false);
    expect(report.invalid).toEqual([{ index: 1, asset: assets[1], reason: 'has no externalId' }]);
    expect(report.duplicates).toEqual([
      { externalId: 'twin', indexes: [2, 3], assets: [assets[2], assets[3]] },
    ]);
    expect(report.unsureParents).toEqual([assets[4]]);
    expect(report.orphans).toEqual([assets[5]]);
    expect(report.cycles).toEqual([[assets[6], assets[7]], [assets[8]]]);
    expect(report.issueCount).toBe(6);
    expect(report.toText().split('\n')).toEqual([
      'invalid: 1',
      '  item 1 ("nameless"): has no externalId',
      'duplicates: 1',
      '  "twin" at items 2, 3',
      'unsure parents: 1',
      '  "unsure": parentId 5 and parentExternalId "root"',
      'orphans: 1',
      '  "orphan": parent "elsewhere" is not in the input',
      'cycles: 2',
      '  "a" below "b" below "a"',
      '  "self" below "self"',
    ]);
  });

  it('takes orphans for children of assets in CDF when told so', () => {
    const hierarchy = new AssetHierarchy([asset('orphan', 'elsewhere')]);
    expect(hierarchy.validate().isValid).toBe(false);
    expect(hierarchy.validate({ ignoreOrphans: true }).isValid).toBe(true);
    expect(() => hierarchy.plan()).not.toThrow();
    expect(() => hierarchy.assertValid()).toThrow(AssetHierarchyError);
  });

  it('says why an asset is invalid, whatever it is', () => {
    const assets = [
      null,
      7,
      { externalId: 5, name: 'x' },
      { externalId: 'e' },
      { externalId: 'e', name: '' },
      { id: 1 },
      // As a root comes from a CSV.
      { externalId: 'f', name: 'f', parentExternalId: '' },
    ];
    const { invalid } = new AssetHierarchy(assets as never).validate();
    expect(invalid.map(({ reason }) => reason)).toEqual([
      'is not an object',
      'is not an object',
      'has an externalId that is not a string',
      'has no name',
      'has no name',
      'has an id, which CDF gives to assets that exist; use externalId',
      'has an empty parentExternalId; leave it out for a root',
    ]);
  });

  it('fails as an error with the report and a full account', () => {
    const assets = [asset('a', 'a'), asset('b')];
    try {
      new AssetHierarchy(assets).assertValid();
      expect.unreachable();
    } catch (error) {
      expect(AssetHierarchyError.isInstance(error) && CdfError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'asset-hierarchy',
        failed: assets,
        notAttempted: assets,
        successful: [],
      });
      expect((error as AssetHierarchyError).report.cycles).toEqual([[assets[0]]]);
      expect((error as Error).message).toContain('1 issue\ncycles: 1\n  "a" below "a"');
    }
  });

  it('keeps hostile names inert in text and in the error', () => {
    const hostile = '\u001b[31m\u009b2J\n\u202e</script>';
    const text = new AssetHierarchy([asset(hostile, hostile)]).validate().toText();
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('\\u001b[31m\\u{9b}2J\\n\\u{202e}</script>');
  });

  it('finds a cycle of 100,000, but not in a chain of 100,000', () => {
    expect(
      new AssetHierarchy(tree(100_000, (index) => (index + 99_999) % 100_000)).validate().cycles[0],
    ).toHaveLength(100_000);
    expect(new AssetHierarchy(tree(100_000, (index) => index - 1)).validate().isValid).toBe(true);
  });

  it('finds exactly the cycles of any graph of parents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), (count, seed) => {
        const random = randomNumbers(seed);
        const parents = Array.from({ length: count }, () => Math.floor(random() * (count + 2)) - 2);
        const expected = new Set<string>();
        parents.forEach((_, start) => {
          // On a cycle is who comes back to itself within as many steps as there are assets.
          const path = [start];
          for (
            let at = parents[start] as number;
            at >= 0 && at !== start && path.length <= count;
            at = parents[at] as number
          )
            path.push(at);
          const returns = (parents[path.at(-1) as number] as number) === start;
          if (returns) expected.add([...path].sort((left, right) => left - right).join());
        });
        const { cycles } = new AssetHierarchy(
          tree(count, (index) => Math.max(-1, parents[index] as number)),
        ).validate();
        const found = cycles.map((cycle) =>
          cycle
            .map(({ externalId }) => Number(externalId?.slice(1)))
            .sort((left, right) => left - right)
            .join(),
        );
        expect(new Set(found)).toEqual(expected);
        expect(found).toHaveLength(expected.size);
      }),
      { numRuns: 300 },
    );
  });
});
