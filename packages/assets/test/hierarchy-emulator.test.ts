import { type AssetCreate, AssetsApi } from '@cdf/assets';
import {
  ApiError,
  type CallOptions,
  type CdfError,
  type RequestSpec,
  type Transport,
} from '@cdf/core';
import type { Emulator, Fault } from '@cdf/emulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';
import { linksOf } from '../src/hierarchy/asset-hierarchy.js';
import { assetWriter } from '../src/hierarchy/asset-writer.js';
import type { BatchSettings } from '../src/hierarchy/batch.js';
import { planHierarchy } from '../src/hierarchy/plan.js';
import { runHierarchy } from '../src/hierarchy/run.js';
import { randomNumbers, randomTree, shuffled, tree } from './shapes.js';

const isLong = process.env.CDF_TEST_LONG === '1';
/** Small requests, so that small hierarchies take many. */
const CAPACITY = 4;
/**
 * Long enough for a busy machine: requests given up for their slowness only stay unknown for that
 * reason.
 */
const TIMEOUT_MS = 400;

let emulator: Emulator;
let transport: Transport;
let project: Emulated;
/** External ids in requests that left, and in unanswered ones. */
const sent = new Set<string>();
const unanswered = new Set<string>();

beforeAll(async () => {
  project = await emulated({ retry: { backoffLimitMs: 1 } });
  emulator = project.emulator;
  const real = project.transport;
  transport = {
    ...{
      project: real.project,
      limits: real.limits,
      transfer: real.transfer.bind(real),
      close: () => real.close(),
    },
    [Symbol.asyncDispose]: () => real.close(),
    async request<T>(spec: RequestSpec, options?: CallOptions): Promise<T> {
      const items =
        spec.path === '/assets' || spec.path === '/assets/update' ? namesIn(spec.body) : [];
      const onAttempt = (): void => {
        for (const item of items) sent.add(item);
        spec.onAttempt?.();
      };
      try {
        return await real.request<T>({ ...spec, onAttempt }, options);
      } catch (error) {
        const isAnswer = ApiError.isInstance(error) && error.status < 500;
        if (!isAnswer) for (const item of items) unanswered.add(item);
        throw error;
      }
    },
  };
});

afterAll(() => project[Symbol.asyncDispose]());

const namesIn = (body: unknown): string[] => names((body as { items: AssetCreate[] }).items);
const names = (assets: readonly AssetCreate[]): string[] =>
  assets.map(({ externalId }) => externalId as string);

async function run(
  assets: readonly AssetCreate[],
  settings: Partial<BatchSettings>,
  options?: CallOptions,
): Promise<{ stored: string[]; error: CdfError<AssetCreate> | undefined }> {
  const links = linksOf(assets);
  const plan = planHierarchy(assets, links, 3, CAPACITY);
  const full = { upsert: false, verify: false, ...settings };
  const writer = assetWriter(transport, 'patch');
  try {
    const stored = await runHierarchy(transport, writer, { assets, links, plan }, full, options);
    return { stored: names(stored), error: undefined };
  } catch (error) {
    return { stored: [], error: error as CdfError<AssetCreate> };
  }
}

/** The external ids that were stored since the log was cleared, by the emulator's own account. */
async function written(): Promise<Set<string>> {
  const faults = new Map(emulator.faults.all().map(({ id, fault }) => [id, fault]));
  // A request that was given up is handled all the same, a little later.
  await vi.waitFor(() => {
    const open = [...emulator.requests].filter(({ status, faultId = 0 }) => {
      const fault = faults.get(faultId);
      return status === undefined && (fault === undefined || fault.latencyMs !== undefined);
    });
    expect(open).toEqual([]);
  });
  const writes = [...emulator.requests].flatMap(({ requestId }) => emulator.writes.of(requestId));
  return new Set(
    writes.flatMap(({ items }) => items.map(({ externalId }) => externalId as string)),
  );
}

describe('a hierarchy on a service with faults', () => {
  let round = 0;
  const kinds: readonly Fault[] = [
    { status: 503 },
    { status: 500 },
    { status: 429 },
    { resetBeforeBody: true },
    { resetAfterHandling: true },
    { cutBodyAfterBytes: 10 },
    { latencyMs: TIMEOUT_MS * 2 },
  ];
  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 30 }),
    seed: fc.integer({ min: 1 }),
    // Timeouts take real time, so that they are rare.
    rates: fc.tuple(
      ...kinds.map(({ latencyMs }) => fc.constantFrom(0, 0, latencyMs === undefined ? 0.15 : 0.02)),
    ),
    existingRate: fc.constantFrom(0, 0.5),
    upsert: fc.boolean(),
    verify: fc.boolean(),
  });

  it('accounts for every asset as the write log does', {
    timeout: isLong ? 3_600_000 : 120_000,
  }, async () => {
    const seen = { successful: 0, unknown: 0, failed: 0, whole: 0 };
    const property = fc.asyncProperty(
      scenario,
      async ({ count, seed, rates, existingRate, upsert, verify }) => {
        const random = randomNumbers(seed);
        round += 1;
        const parentOf = (index: number): number =>
          random() < 0.1 ? -1 : Math.floor(random() * index);
        const ordered = tree(count, (index) => (index === 0 ? -1 : parentOf(index)), `${round}-`);
        const assets = shuffled(ordered, random);
        // A root never becomes a child, so that what exists hangs together.
        const existing: AssetCreate[] = [];
        for (const asset of ordered) {
          const { parentExternalId: parent } = asset;
          const fits =
            parent === undefined || existing.some(({ externalId }) => externalId === parent);
          if (fits && random() < existingRate) existing.push(asset);
        }
        if (existing.length > 0) await new AssetsApi(transport).create(existing);
        emulator.requests.clear();
        sent.clear();
        unanswered.clear();
        kinds.forEach((kind, index) => {
          for (const path of ['/assets', '/assets/update'])
            emulator.faults.add({ ...kind, path, probability: rates[index], seed: seed + index });
        });
        emulator.faults.add({ path: '/assets/byids', status: 503, probability: 0.1, seed });
        const isSlow = rates.some(
          (rate, index) => rate > 0 && kinds[index]?.latencyMs !== undefined,
        );
        const { stored, error } = await run(
          assets,
          { upsert, verify },
          isSlow ? { timeoutMs: TIMEOUT_MS } : {},
        );
        const stores = await written();
        emulator.faults.clear();

        if (error === undefined) {
          seen.whole += 1;
          expect(stored).toEqual(names(assets));
          expect(stored.filter((name) => !stores.has(name))).toEqual([]);
          return;
        }
        const { successful, unknown, failed, notAttempted } = error;
        seen.successful += successful.length;
        seen.unknown += unknown.length;
        seen.failed += failed.length;
        expect(successful.length + unknown.length + failed.length).toBe(count);
        expect(new Set([...successful, ...unknown, ...failed])).toEqual(new Set(assets));
        expect(names(successful).filter((name) => !stores.has(name))).toEqual([]);
        expect(names(failed).filter((name) => stores.has(name))).toEqual([]);
        expect(names(notAttempted).filter((name) => sent.has(name))).toEqual([]);
        expect(names(unknown).filter((name) => !unanswered.has(name))).toEqual([]);
        if (verify) expect(names(unknown)).toEqual([]);

        // A second run completes it, without duplicates.
        const second = await run(assets, { upsert: true });
        expect(second.error).toBeUndefined();
        const prefix = { filter: { externalIdPrefix: `${round}-` }, limit: Infinity };
        expect(new Set(names(await new AssetsApi(transport).list(prefix)))).toEqual(
          new Set(names(assets)),
        );
      },
    );
    await fc.assert(property, { numRuns: isLong ? 2000 : 60, endOnFailure: true });
    console.log(`hierarchies stored whole: ${seen.whole}; assets of the others:`, seen);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });

  it('creates 20,000 shuffled assets in the fewest requests', { timeout: 120_000 }, async () => {
    const assets = shuffled(randomTree(20_000, 40, randomNumbers(11), 'big'), randomNumbers(12));
    emulator.faults.clear();
    emulator.requests.clear();
    const stored = await new AssetsApi(transport).createHierarchy(assets);
    const requests = [...emulator.requests].length;
    console.log(`20,000 assets: ${requests} requests, at least ${Math.ceil(assets.length / 1000)}`);
    expect(requests).toBeLessThanOrEqual(Math.ceil(assets.length / 1000) + 2);
    expect(names(stored)).toEqual(names(assets));
    const root = stored.get({ externalId: 'big0' });
    expect(stored.every(({ rootId }) => rootId === root?.id)).toBe(true);
  });
});
