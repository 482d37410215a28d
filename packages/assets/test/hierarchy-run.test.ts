import { type AssetCreate, AssetsApi } from '@cdf/assets';
import {
  ApiError,
  AuthError,
  type CallOptions,
  type CdfError,
  DuplicatedError,
  NetworkError,
} from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linksOf } from '../src/hierarchy/asset-hierarchy.js';
import { assetWriter } from '../src/hierarchy/asset-writer.js';
import type { BatchSettings } from '../src/hierarchy/batch.js';
import { planHierarchy } from '../src/hierarchy/plan.js';
import { runHierarchy } from '../src/hierarchy/run.js';
import { BAD_NAME, FakeAssets, type Fate } from './fake-assets.js';
import { randomNumbers, shuffled, tree } from './shapes.js';

const isLong = process.env.CDF_TEST_LONG === '1';

/** Small requests, so that small hierarchies take many. */
const CAPACITY = 4;

async function run(
  service: FakeAssets,
  assets: readonly AssetCreate[],
  settings: Partial<BatchSettings> = {},
  options?: CallOptions,
): Promise<{ stored: string[]; error: CdfError<AssetCreate> | undefined }> {
  const links = linksOf(assets);
  const plan = planHierarchy(assets, links, 3, CAPACITY);
  const writer = assetWriter(service.transport, 'patch');
  const full = { upsert: false, verify: false, ...settings };
  try {
    const stored = await runHierarchy(
      service.transport,
      writer,
      { assets, links, plan },
      full,
      options,
    );
    return { stored: stored.map(({ externalId }) => externalId as string), error: undefined };
  } catch (error) {
    return { stored: [], error: error as CdfError<AssetCreate> };
  }
}

const chain = (count: number): AssetCreate[] => tree(count, (index) => index - 1);
const names = (assets: readonly AssetCreate[] = []): string[] =>
  assets.map(({ externalId }) => externalId as string);

describe('creating a hierarchy', () => {
  it('answers in input order, with assets that have their methods', async () => {
    const { transport } = new FakeAssets();
    const assets = shuffled(
      tree(2500, (index) => Math.floor((index - 1) / 3)),
      randomNumbers(1),
    );
    const progress: number[] = [];
    const stored = await new AssetsApi(transport).createHierarchy(
      assets,
      {},
      { onProgress: (done) => progress.push(done) },
    );
    expect(names(stored)).toEqual(names(assets));
    expect(stored.get({ externalId: 'a7' })?.subtree().assets).toHaveLength(1);
    expect(transport.requests).toHaveLength(3);
    expect(progress.at(-1)).toBe(2500);
  });

  it('sends nothing for nothing, and nothing for a plan', async () => {
    const { transport } = new FakeAssets();
    const assets = new AssetsApi(transport);
    expect(await assets.createHierarchy([])).toEqual([]);
    const plan = await assets.createHierarchy(chain(1500), { dryRun: true });
    expect(plan.requests.map(({ assets: each }) => each.length)).toEqual([1000, 500]);
    expect(transport.requests).toHaveLength(0);
  });

  it('refuses a hierarchy with issues before anything is sent', async () => {
    const { transport } = new FakeAssets();
    const call = new AssetsApi(transport).createHierarchy([...chain(2), ...chain(2)]);
    await expect(call).rejects.toMatchObject({
      code: 'asset-hierarchy',
      report: { duplicates: [{}, {}] },
    });
    expect(transport.requests).toHaveLength(0);
  });

  it('creates the others of a request when some exist, and fails the assets below those', async () => {
    const service = new FakeAssets();
    service.put({ externalId: 'a1', name: 'theirs' });
    const { error } = await run(
      service,
      tree(4, (index) => [-1, 0, 1, 0][index] as number),
    );
    expect(DuplicatedError.isInstance(error)).toBe(true);
    expect(names(error?.successful)).toEqual(['a0', 'a3']);
    expect(names(error?.failed)).toEqual(['a1', 'a2']);
    expect(error?.notAttempted).toEqual([]);
    expect(service.stored.get('a1')?.name).toBe('theirs');
  });

  it('creates the others of a request when some have an unknown parent', async () => {
    const service = new FakeAssets();
    const orphan = { externalId: 'orphan', name: 'orphan', parentExternalId: 'nowhere' };
    const { error } = await run(service, [orphan, ...chain(3)]);
    expect(names(error?.successful)).toEqual(['a0', 'a1', 'a2']);
    expect(names(error?.failed)).toEqual(['orphan']);
  });

  it('fails exactly what a refusal is about, though it does not say what that is, and what is below', async () => {
    const service = new FakeAssets();
    const assets = tree(1000, (index) => (index === 0 ? -1 : Math.floor((index - 1) / 10))).map(
      (asset, index) => (index === 7 || index === 500 ? { ...asset, name: BAD_NAME } : asset),
    );
    const call = new AssetsApi(service.transport).createHierarchy(assets);
    const error = (await call.catch((reason: unknown) => reason)) as CdfError<AssetCreate>;
    const below7 = Array.from({ length: 10 }, (_, index) => `a${71 + index}`);
    const below71 = Array.from({ length: 100 }, (_, index) => `a${711 + index}`);
    expect(new Set(names(error.failed))).toEqual(new Set(['a7', 'a500', ...below7, ...below71]));
    expect(error.successful).toHaveLength(1000 - 112);
    expect(error.message).toContain('the name is not allowed');
    expect(service.transport.requests.length).toBeLessThanOrEqual(45);
  });

  it('gives up looking when most of a request is refused', async () => {
    const service = new FakeAssets();
    const assets = tree(1000, () => -1).map((asset) => ({ ...asset, name: BAD_NAME }));
    await expect(new AssetsApi(service.transport).createHierarchy(assets)).rejects.toMatchObject({
      successful: [],
    });
    expect(service.transport.requests.length).toBeLessThan(100);
  });

  it('does not send what is below an unknown asset', async () => {
    let creations = 0;
    const service = new FakeAssets(() => (++creations === 2 ? 'unavailable' : 'answered'));
    const { error } = await run(service, chain(12));
    expect(names(error?.successful)).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(names(error?.unknown)).toEqual(['a4', 'a5', 'a6', 'a7']);
    expect(names(error?.failed)).toEqual(['a8', 'a9', 'a10', 'a11']);
    expect(error?.notAttempted).toEqual(error?.failed);
    expect(service.transport.requests).toHaveLength(2);
  });

  it('updates what exists, below new parents too, and reports the reason of an update that fails', async () => {
    const service = new FakeAssets();
    service.put({ externalId: 'a1', name: 'old' });
    const assets = chain(3);
    expect((await run(service, assets, { upsert: true })).stored).toEqual(['a0', 'a1', 'a2']);
    expect(service.stored.get('a1')).toMatchObject({
      name: 'asset 1',
      parentId: service.stored.get('a0')?.id,
    });

    const failing = memoryTransport((spec) => {
      if (spec.path === '/assets/update')
        throw new ApiError('description is too long', { status: 400 });
      throw new DuplicatedError('duplicated', { status: 409, duplicated: [{ externalId: 'a0' }] });
    });
    const call = new AssetsApi(failing).createHierarchy(chain(1), { upsert: true });
    await expect(call).rejects.toThrow(/description is too long/);
  });

  it('replaces or patches, as told', async () => {
    const bodies: unknown[] = [];
    const transport = memoryTransport(({ path, body }) => {
      if (path === '/assets')
        throw new DuplicatedError('duplicated', { status: 409, duplicated: [{ externalId: 'x' }] });
      bodies.push((body as { items: unknown[] }).items[0]);
      return {
        items: [
          { id: 1, externalId: 'x', name: 'x', rootId: 1, createdTime: 0, lastUpdatedTime: 0 },
        ],
      };
    });
    const assets = new AssetsApi(transport);
    const input = [{ externalId: 'x', name: 'x', metadata: { key: 'value' } }];
    await assets.createHierarchy(input, { upsert: true });
    await assets.createHierarchy(input, { upsert: true, upsertMode: 'replace' });
    expect(bodies).toMatchObject([
      { externalId: 'x', update: { name: { set: 'x' }, metadata: { add: { key: 'value' } } } },
      {
        update: {
          metadata: { set: { key: 'value' } },
          description: { setNull: true },
          labels: { set: [] },
        },
      },
    ]);
  });

  it('stops when the credential is refused', async () => {
    const transport = memoryTransport(() => {
      throw new AuthError('no right', { status: 403 });
    });
    const call = new AssetsApi(transport).createHierarchy(chain(3000));
    const error = (await call.catch((reason: unknown) => reason)) as CdfError<AssetCreate>;
    expect(error.failed).toHaveLength(3000);
    expect(error.notAttempted).toHaveLength(2000);
    expect(transport.requests).toHaveLength(1);
  });

  it('leaves a truthful account when it is aborted', async () => {
    const controller = new AbortController();
    let creations = 0;
    const service = new FakeAssets(() => {
      if (++creations === 2) controller.abort(new Error('enough'));
      return 'answered';
    });
    const { error } = await run(service, chain(12), {}, { signal: controller.signal });
    expect(error?.code).toBe('aborted');
    expect(error?.cause).toMatchObject({ message: 'enough' });
    expect(names(error?.successful)).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(names(error?.unknown)).toEqual(['a4', 'a5', 'a6', 'a7']);
    expect(names(error?.notAttempted)).toEqual(['a8', 'a9', 'a10', 'a11']);
  });

  it('ends with the whole account when onProgress throws, also at the last request', async () => {
    const thrown = new Error('the window is closed');
    const at = (threshold: number) => (done: number) => {
      if (done >= threshold) throw thrown;
    };
    const early = await run(new FakeAssets(), chain(12), {}, { onProgress: at(4) });
    expect(early.error?.cause).toBe(thrown);
    expect(names(early.error?.successful)).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(names(early.error?.notAttempted)).toHaveLength(8);
    const late = await run(new FakeAssets(), chain(12), {}, { onProgress: at(12) });
    expect(late.error?.cause).toBe(thrown);
    expect(late.error?.successful).toHaveLength(12);
  });

  it('counts what an incomplete answer confirms as stored, and the rest of its request as unknown', async () => {
    const honest = new FakeAssets();
    const transport = memoryTransport(async (spec, options) => {
      const answer = (await honest.transport.request(spec, options)) as { items: object[] };
      return spec.path === '/assets' ? { items: answer.items.slice(1) } : answer;
    });
    const { error } = await run({ transport } as unknown as FakeAssets, chain(4));
    expect(error?.code).toBe('decode');
    expect(names(error?.successful)).toEqual(['a1', 'a2', 'a3']);
    expect(names(error?.unknown)).toEqual(['a0']);
  });

  it('knows, when it verifies, what was there before from what a lost answer stored', async () => {
    const service = new FakeAssets(() => 'lostAfter');
    service.put({ externalId: 'a0', name: 'theirs' });
    const { error } = await run(service, [...chain(1), ...tree(1, () => -1, 'b')], {
      verify: true,
    });
    expect(names(error?.successful)).toEqual(['b0']);
    expect(names(error?.failed)).toEqual(['a0']);
  });

  it('gives up on what never gets an answer', async () => {
    const service = new FakeAssets(() => 'lostBefore');
    const { error } = await run(service, chain(2), { verify: true });
    expect(NetworkError.isInstance(error)).toBe(true);
    expect(names(error?.unknown)).toEqual(['a0', 'a1']);
  });
});

describe('the account of a hierarchy', () => {
  const fates: readonly Fate[] = ['unsent', 'unavailable', 'lostBefore', 'lostAfter', 'late'];
  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer(),
    faultRate: fc.constantFrom(0, 0.1, 0.4),
    existingRate: fc.constantFrom(0, 0.2),
    orphanRate: fc.constantFrom(0, 0.1),
    badRate: fc.constantFrom(0, 0, 0.1),
    upsert: fc.boolean(),
    verify: fc.boolean(),
  });

  it('is what the service logged, whatever happens', {
    timeout: isLong ? 3_600_000 : 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        scenario,
        async ({ count, seed, faultRate, existingRate, orphanRate, badRate, upsert, verify }) => {
          const random = randomNumbers(seed);
          const parentOf = (index: number): number =>
            random() < 0.1 ? -1 : Math.floor(random() * index);
          const assets = shuffled(
            tree(count, (index) => (index === 0 ? -1 : parentOf(index))),
            random,
          ).map((asset) =>
            random() < orphanRate
              ? { ...asset, parentExternalId: 'nowhere' }
              : random() < badRate
                ? { ...asset, name: BAD_NAME }
                : asset,
          );
          const service = new FakeAssets(() =>
            random() < faultRate
              ? (fates[Math.floor(random() * fates.length)] as Fate)
              : 'answered',
          );
          for (const asset of assets)
            if (random() < existingRate) service.put({ ...asset, parentExternalId: undefined });
          const before = new Set(service.stored.keys());
          const { stored, error } = await run(service, assets, { upsert, verify });
          const written = new Set(
            service.log.flatMap((entry) => (entry.stored ? entry.externalIds : [])),
          );

          if (error === undefined) {
            expect(stored).toEqual(names(assets));
            expect(stored.every((name) => written.has(name))).toBe(true);
            return;
          }
          const { successful, unknown, failed, notAttempted } = error;
          expect(new Set([...successful, ...unknown, ...failed])).toEqual(new Set(assets));
          expect(successful.length + unknown.length + failed.length).toBe(count);
          expect(names(successful).filter((name) => !written.has(name))).toEqual([]);
          expect(names(failed).filter((name) => written.has(name))).toEqual([]);
          const sent = new Set(service.log.flatMap((entry) => entry.externalIds));
          expect(names(notAttempted).filter((name) => sent.has(name))).toEqual([]);
          expect(notAttempted.every((asset) => failed.includes(asset))).toBe(true);
          const unanswered = new Set(
            service.log.flatMap((entry) => (entry.answered ? [] : entry.externalIds)),
          );
          expect(names(unknown).filter((name) => !unanswered.has(name))).toEqual([]);
          if (verify) expect(names(unknown)).toEqual([]);
          expect(names(successful).some((name) => before.has(name)) && !upsert).toBe(false);
        },
      ),
      { numRuns: isLong ? 20_000 : 2000 },
    );
  });

  it('is completed by a second run that upserts, without a duplicate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), async (seed, verify) => {
        const random = randomNumbers(seed);
        const assets = shuffled(
          tree(30, (index) => (index === 0 ? -1 : Math.floor(random() * index))),
          random,
        );
        let broken = true;
        const service = new FakeAssets(() => (broken && random() < 0.4 ? 'lostAfter' : 'answered'));
        await run(service, assets, { verify });
        broken = false;
        const { stored } = await run(service, assets, { upsert: true });
        expect(stored).toEqual(names(assets));
        expect(service.stored.size).toBe(30);
        expect(
          [...service.stored.values()].filter(({ parentId }) => parentId === undefined),
        ).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});
