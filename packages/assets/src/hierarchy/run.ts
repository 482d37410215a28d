import { type CallOptions, DuplicatedError, type Transport } from '@cdf/core';
import { classifyFailure } from '@cdf/core/resource';
import type { AssetCreate, AssetData } from '../asset-types.js';
import { type AssetWriter, Batch, type BatchSettings } from './batch.js';
import { Ledger } from './ledger.js';
import type { HierarchyLinks } from './links.js';
import type { HierarchyPlan, PlannedRequest } from './plan.js';

/** A hierarchy to write, with its plan. */
export interface PlannedHierarchy {
  readonly assets: readonly AssetCreate[];
  readonly links: HierarchyLinks;
  readonly plan: HierarchyPlan;
}

/**
 * Sends the requests of a plan, as many at the same time as the client writes, each after those
 * that it waits for. Assets below an asset that is not stored is not sent. Gives the stored assets
 * in input order.
 *
 * @throws {CdfError} of the decisive failure's class, with the account of every asset
 */
export async function runHierarchy<T extends AssetData>(
  transport: Transport,
  writer: AssetWriter<T>,
  { assets, links, plan }: PlannedHierarchy,
  settings: BatchSettings,
  options: CallOptions = {},
): Promise<T[]> {
  // Progress is that of the hierarchy, not of its requests.
  const { onProgress, ...callOptions } = options;
  const ledger = new Ledger<T>(assets, links, onProgress);
  const before = settings.verify ? await readExisting(ledger, writer, callOptions) : undefined;
  if (!settings.upsert && before !== undefined) refuseExisting(ledger, before);
  await inOrder(
    plan.requests,
    () => (ledger.isOver ? 0 : Math.max(1, transport.limits.write)),
    ({ indexes }) => new Batch(ledger, writer, settings, callOptions, before).send(indexes),
  );
  const error = ledger.toError('create hierarchy');
  if (error !== undefined) throw error;
  return ledger.results;
}

/**
 * Positions of assets that exist before the first request: a request whose answer is lost cannot
 * have created it.
 */
async function readExisting<T extends AssetData>(
  ledger: Ledger<T>,
  writer: AssetWriter<T>,
  options: CallOptions,
): Promise<ReadonlySet<number>> {
  const positions = new Map(
    ledger.assets.map(({ externalId }, index) => [externalId as string, index]),
  );
  try {
    const found = await writer.read([...positions.keys()], options);
    return new Set(found.flatMap(({ externalId = '' }) => positions.get(externalId) ?? []));
  } catch (error) {
    ledger.note({ ...classifyFailure(error, false, options.signal), final: true });
    return new Set();
  }
}

function refuseExisting<T extends AssetData>(ledger: Ledger<T>, before: ReadonlySet<number>): void {
  const refused = [...before];
  const duplicated = refused.map((index) => ({ externalId: ledger.assets[index]?.externalId }));
  const error = new DuplicatedError(`create hierarchy: ${refused.length} assets exist already`, {
    status: 409,
    duplicated,
  });
  ledger.fail(refused, { outcome: 'notAttempted', error, final: false });
}

/**
 * Runs requests that wait for no other, at most `width()` at a time, and then those that waited for
 * them.
 */
async function inOrder(
  requests: readonly PlannedRequest[],
  width: () => number,
  send: (request: PlannedRequest) => Promise<void>,
): Promise<void> {
  const waiting = requests.map(({ after }) => after.length);
  const followers: number[][] = requests.map(() => []);
  requests.forEach(({ after }, request) => {
    for (const each of after) followers[each]?.push(request);
  });
  const ready = waiting.flatMap((count, request) => (count === 0 ? [request] : []));
  const running = new Set<Promise<void>>();
  const start = async (request: number): Promise<void> => {
    await send(requests[request] as PlannedRequest);
    for (const follower of followers[request] as number[]) {
      waiting[follower] = (waiting[follower] as number) - 1;
      if (waiting[follower] === 0) ready.push(follower);
    }
  };
  for (;;) {
    while (ready.length > 0 && running.size < width()) {
      const task: Promise<void> = start(ready.shift() as number).finally(() =>
        running.delete(task),
      );
      running.add(task);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}
