import {
  ApiError,
  type CallOptions,
  type CdfError,
  type RequestSpec,
  type Transport,
} from '@cdf/core';
import type { Fault } from '@cdf/emulator';
import { type EventCreate, EventsApi } from '@cdf/events-files';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmulatedFiles, startEmulated } from './emulated.js';

const isLong = process.env.CDF_TEST_LONG === '1';
const TIMEOUT_MS = 2000;

let emulated: EmulatedFiles;
let impatient: Transport;
beforeAll(async () => {
  emulated = await startEmulated();
  impatient = emulated.connect({ retry: { limit: 2, backoffLimitMs: 1 }, timeoutMs: TIMEOUT_MS });
});
afterAll(async () => {
  await impatient.close();
  await emulated[Symbol.asyncDispose]();
});

type Item = { readonly externalId: string };
const names = (items: readonly { readonly externalId?: string | undefined }[]): string[] =>
  items.map(({ externalId }) => externalId as string);

const operations = {
  create: async (
    events: EventsApi,
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly string[]> => names(await events.create(items.map(toCreate), { signal })),
  update: async (
    events: EventsApi,
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly string[]> => names(await events.update(items.map(toUpdate), {}, { signal })),
  upsert: async (
    events: EventsApi,
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly string[]> =>
    names((await events.upsert(items.map(toCreate), {}, { signal })).items),
  delete: async (
    events: EventsApi,
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly string[]> => {
    await events.delete(items, {}, { signal });
    return names(items);
  },
};
type Operation = keyof typeof operations;

const toCreate = ({ externalId }: Item): EventCreate & Item => ({ externalId, type: 'new' });
const toUpdate = ({ externalId }: Item): Item & { update: object } => ({
  externalId,
  update: { type: { set: 'new' } },
});

/**
 * A transport that notes the events in requests that left, and in those without an answer or with a
 * 5xx.
 */
class Noting {
  readonly sent = new Set<string>();
  readonly unsure = new Set<string>();
  readonly transport: Transport;

  /** @param onRequest called with how many requests there have been */
  constructor(real: Transport, operation: Operation, onRequest: (count: number) => void) {
    let count = 0;
    const request = async <T>(spec: RequestSpec, options?: CallOptions): Promise<T> => {
      count += 1;
      onRequest(count);
      const ids = names((spec.body as { items: Item[] }).items);
      let attempts = 0;
      const onAttempt = (): void => {
        attempts += 1;
        // An upsert finds the events to create by its updates: their refusal is not an attempt to
        // create.
        if (operation !== 'upsert' || spec.path === '/events')
          for (const id of ids) this.sent.add(id);
        spec.onAttempt?.();
      };
      try {
        return await real.request<T>({ ...spec, onAttempt }, options);
      } catch (error) {
        const isAnswer = ApiError.isInstance(error) && error.status < 500;
        if (!isAnswer || attempts > 1) for (const id of ids) this.unsure.add(id);
        throw error;
      }
    };
    this.transport = Object.create(real, {
      request: { value: request },
      limits: { value: real.limits },
    });
  }
}

/**
 * External ids that were stored, changed or deleted since the log was cleared, by the emulator's
 * own account.
 */
async function written(): Promise<Set<string>> {
  const { emulator } = emulated;
  const kindOf = new Map(emulator.faults.all().map(({ id, fault }) => [id, fault]));
  // A request that was given up is handled all the same, a little later.
  await vi.waitFor(
    () => {
      const open = emulator.requests.all().filter(({ status, faultId = 0 }) => {
        const { resetBeforeBody, resetAfterHandling, cutBodyAfterBytes } =
          kindOf.get(faultId) ?? {};
        return (
          status === undefined &&
          !resetBeforeBody &&
          !resetAfterHandling &&
          cutBodyAfterBytes === undefined
        );
      });
      expect(open).toEqual([]);
    },
    { timeout: 10_000 },
  );
  const writes = emulator.requests.all().flatMap(({ requestId }) => emulator.writes.of(requestId));
  return new Set(writes.flatMap(({ items }) => names(items)));
}

const kinds: readonly Fault[] = [
  { status: 503 },
  { status: 500 },
  { status: 400 },
  { status: 429 },
  { resetBeforeBody: true },
  { resetAfterHandling: true },
  { cutBodyAfterBytes: 10 },
  // Takes real time, so that it is rare, and of the long suite only.
  { latencyMs: TIMEOUT_MS + 500 },
];

describe('events on a service with faults', () => {
  let round = 0;
  const scenario = fc.record({
    operation: fc.constantFrom<Operation>('create', 'update', 'upsert', 'delete'),
    count: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1500, max: 4500 })),
    seed: fc.integer({ min: 1 }),
    rates: fc.tuple(
      ...kinds.map(({ latencyMs }) =>
        latencyMs === undefined ? fc.constantFrom(0, 0, 0.2) : fc.constant(isLong ? 0.01 : 0),
      ),
    ),
    abortsAfter: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
    ),
  });

  it('are accounted for as the write log does, in order', {
    timeout: isLong ? 3_600_000 : 120_000,
  }, async () => {
    const seen = { whole: 0, successful: 0, unknown: 0, failed: 0, notAttempted: 0 };
    const property = fc.asyncProperty(
      scenario,
      async ({ operation, count, seed, rates, abortsAfter }) => {
        const { emulator, events } = emulated;
        round += 1;
        const items = Array.from({ length: count }, (_, index) => ({
          externalId: `${round}-${index}`,
        }));
        const exists = (index: number): boolean =>
          operation === 'update' ||
          operation === 'delete' ||
          (operation === 'upsert' && index % 3 === 0);
        const before = items.filter((_, index) => exists(index));
        await events.create(before.map(({ externalId }) => ({ externalId, type: 'old' })));
        emulator.requests.clear();
        for (const [index, kind] of kinds.entries())
          emulator.faults.add({
            ...kind,
            path: /^\/events(\/update|\/delete)?$/,
            probability: rates[index],
            seed: seed + index,
          });
        const controller = new AbortController();
        const noting = new Noting(impatient, operation, (requests) => {
          if (requests === abortsAfter) controller.abort(new Error('enough'));
        });
        const outcome = await operations[operation](
          new EventsApi(noting.transport),
          items,
          controller.signal,
        ).catch((error: CdfError<Item>) => error);
        const stored = await written();
        emulator.faults.clear();

        if (Array.isArray(outcome)) {
          seen.whole += 1;
          expect(outcome).toEqual(names(items));
          expect(names(items).filter((name) => !stored.has(name))).toEqual([]);
        } else {
          const { successful, unknown, failed, notAttempted } = outcome as CdfError<Item>;
          for (const key of ['successful', 'unknown', 'failed', 'notAttempted'] as const)
            seen[key] += (outcome as CdfError<Item>)[key].length;
          expect(names([...successful, ...unknown, ...failed]).sort()).toEqual(names(items).sort());
          // Each part is in the order of the input.
          const place = new Map(names(items).map((name, index) => [name, index]));
          for (const part of [successful, unknown, failed]) {
            const places = names(part).map((name) => place.get(name) as number);
            expect(places).toEqual([...places].sort((left, right) => left - right));
          }
          expect(names(successful).filter((name) => !stored.has(name))).toEqual([]);
          expect(names(failed).filter((name) => stored.has(name))).toEqual([]);
          expect(names(notAttempted).filter((name) => noting.sent.has(name))).toEqual([]);
          expect(
            names(unknown).filter((name) => !noting.unsure.has(name) && abortsAfter === null),
          ).toEqual([]);
        }

        // Reading finds exactly the written events, each once and in order, whatever fails on the
        // way.
        for (const [index, kind] of kinds.slice(0, -1).entries())
          emulator.faults.add({
            ...kind,
            path: '/events/list',
            probability: 0.04,
            seed: seed + index,
          });
        const all = { filter: { externalIdPrefix: `${round}-` }, limit: Infinity };
        const found = await Promise.resolve(events.list(all)).catch((error) => error);
        emulator.faults.clear();
        if (!Array.isArray(found)) {
          // These are not tried again.
          expect([400, 500]).toContain(found.status);
          return;
        }
        // Among events of the same millisecond the order is the server's.
        const times = found.map(({ createdTime }) => createdTime);
        expect(times).toEqual([...times].sort((left, right) => left - right));
        const isThere = (name: string, index: number): boolean =>
          operation === 'delete' ? !stored.has(name) : exists(index) || stored.has(name);
        expect(names(found).sort()).toEqual(names(items).filter(isThere).sort());
        const isNew = ({ type }: { type?: string | undefined }): boolean => type === 'new';
        if (operation !== 'delete') expect(new Set(names(found.filter(isNew)))).toEqual(stored);
      },
    );
    await fc.assert(property, {
      numRuns: isLong ? 300 : 14,
      seed: isLong ? Date.now() : 42,
      endOnFailure: true,
    });
    console.log(`event writes that went through: ${seen.whole}; events of the others:`, seen);
    const { whole, failed } = seen;
    expect(Math.min(...(isLong ? Object.values(seen) : [whole, failed]))).toBeGreaterThan(0);
  });
});
