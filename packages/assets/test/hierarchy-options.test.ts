import { AssetHierarchy, AssetsApi } from '@cdf/assets';
import { memoryTransport } from '@cdf/core/testing';
import { expect, it } from 'vitest';

/** As a program without types calls it. */
const untyped = (value: unknown): never => value as never;

const assets = [{ externalId: 'plant', name: 'Plant' }];

it.each<[object | null | number, string]>([
  [{ dryrun: true }, 'createHierarchy: unknown name "dryrun"; did you mean dryRun?'],
  [{ Upsert: true }, 'createHierarchy: unknown name "Upsert"; did you mean upsert?'],
  [{ upsert: 'no' }, 'createHierarchy: upsert must be true or false, got the string "no"'],
  [{ dryRun: 1 }, 'createHierarchy: dryRun must be true or false, got 1'],
  [{ verifyUnknown: 'yes' }, 'createHierarchy: verifyUnknown must be true or false, got'],
  [
    { upsert: true, upsertMode: 'replaced' },
    'createHierarchy: upsertMode must be "patch" or "replace", got the string "replaced"',
  ],
  [
    { signal: new AbortController().signal },
    'createHierarchy: signal is a call option; pass it in the last argument',
  ],
  [null, 'createHierarchy: expected an object of options, got null'],
  [5, 'createHierarchy: expected an object of options, got 5'],
])('createHierarchy refuses %j before anything is sent', async (query, message) => {
  const transport = memoryTransport(() => ({ items: [] }));
  const api = new AssetsApi(transport);
  await expect(api.createHierarchy(assets, untyped(query))).rejects.toThrow(message);
  expect(transport.requests).toHaveLength(0);
});

it('a set of assets is the array of its items', async () => {
  const transport = memoryTransport(() => ({ items: [] }));
  const planned = new AssetsApi(transport).createHierarchy(untyped(new Set(assets)), {
    dryRun: true,
  });
  expect((await planned).assetCount).toBe(1);
});

it('a promise of assets is refused', async () => {
  const api = new AssetsApi(memoryTransport(() => ({ items: [] })));
  await expect(api.createHierarchy(untyped(Promise.resolve(assets)))).rejects.toThrow(
    'hierarchy: expected an array of assets, got Promise',
  );
});

it('validate refuses options that it does not have', () => {
  const hierarchy = new AssetHierarchy(assets);
  expect(() => hierarchy.validate(untyped({ ignoreOrphan: true }))).toThrow(
    'validate: unknown name "ignoreOrphan"; did you mean ignoreOrphans?',
  );
  expect(() => hierarchy.assertValid(untyped({ ignoreOrphans: 'no' }))).toThrow(
    'validate: ignoreOrphans must be true or false, got the string "no"',
  );
});
