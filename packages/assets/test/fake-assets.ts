import type { AssetCreate, AssetData } from '@cdf/assets';
import {
  ApiError,
  DuplicatedError,
  NetworkError,
  NotFoundError,
  type RequestSpec,
  ServerError,
} from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';

/**
 * The outcome of a request: handled; or no answer, before, after or long before it takes effect; or
 * an error of either kind.
 */
export type Fate = 'answered' | 'unsent' | 'unavailable' | 'lostBefore' | 'lostAfter' | 'late';

/** The service refuses requests with an asset of this name, without saying which. */
export const BAD_NAME = 'not allowed';

interface Handled {
  readonly externalIds: readonly string[];
  answered: boolean;
  stored: boolean;
}

/**
 * The asset service as far as hierarchies need it, atomic per request, with a log of what each
 * request stored.
 */
export class FakeAssets {
  readonly stored: Map<string, AssetData> = new Map();
  /** One entry per creation or update that was sent. */
  readonly log: Handled[] = [];
  readonly transport: MemoryTransport;
  readonly #fate: (spec: RequestSpec) => Fate;
  #late: { readonly after: number; apply(): void }[] = [];
  #count = 0;

  constructor(fate: (spec: RequestSpec) => Fate = () => 'answered') {
    this.#fate = fate;
    this.transport = memoryTransport((spec) => this.#handle(spec));
  }

  put(asset: AssetCreate): void {
    const { externalId, parentExternalId } = asset;
    const id = this.stored.get(externalId as string)?.id ?? this.stored.size + 1;
    const parent = this.stored.get(parentExternalId ?? '');
    const data = {
      ...asset,
      id,
      rootId: parent?.rootId ?? id,
      parentId: parent?.id,
      createdTime: 0,
      lastUpdatedTime: 0,
    };
    this.stored.set(externalId as string, data);
  }

  async #handle(spec: RequestSpec): Promise<unknown> {
    this.#count += 1;
    // Others get their turn, so that requests of one call overlap.
    await new Promise((resolve) => setImmediate(resolve));
    for (const { apply } of this.#late.filter(({ after }) => after <= this.#count)) apply();
    this.#late = this.#late.filter(({ after }) => after > this.#count);
    const { items } = spec.body as {
      items: (AssetCreate & { update: Record<string, { set: never }> })[];
    };
    const externalIds = items.map(({ externalId }) => externalId as string);
    if (spec.path === '/assets/byids')
      return { items: externalIds.flatMap((externalId) => this.stored.get(externalId) ?? []) };
    const fate = this.#fate(spec);
    if (fate === 'unsent') throw new NetworkError('refused', { delivery: 'none' });
    const entry: Handled = { externalIds, answered: false, stored: false };
    this.log.push(entry);
    if (fate === 'unavailable') throw new ServerError('unavailable', { status: 503 });
    const lost = new NetworkError('reset', { delivery: 'unknown' });
    if (fate === 'lostBefore') throw lost;
    const handle = (): void => {
      if (spec.path === '/assets/update') this.#update(items);
      else this.#create(items);
      entry.stored = true;
    };
    if (fate === 'late') {
      const apply = (): void => {
        try {
          handle();
        } catch {
          // A refusal that comes too late is not heard.
        }
      };
      this.#late.push({ after: this.#count + 3, apply });
      throw lost;
    }
    try {
      handle();
    } catch (error) {
      if (fate === 'lostAfter') throw lost;
      entry.answered = true;
      throw error;
    }
    if (fate === 'lostAfter') throw lost;
    entry.answered = true;
    return { items: externalIds.map((externalId) => ({ ...this.stored.get(externalId) })) };
  }

  #create(items: readonly AssetCreate[]): void {
    if (items.some(({ name }) => name === BAD_NAME))
      throw new ApiError('the name is not allowed', { status: 400 });
    const own = new Set(items.map(({ externalId }) => externalId));
    const missing = items.flatMap(({ parentExternalId: parent }) =>
      parent === undefined || own.has(parent) || this.stored.has(parent)
        ? []
        : [{ externalId: parent }],
    );
    if (missing.length > 0) throw new NotFoundError('parents not found', { status: 400, missing });
    const duplicated = items.flatMap(({ externalId }) =>
      this.stored.has(externalId as string) ? [{ externalId: externalId as string }] : [],
    );
    if (duplicated.length > 0) throw new DuplicatedError('duplicated', { status: 409, duplicated });
    for (const item of items) this.put(item);
  }

  #update(items: readonly (AssetCreate & { update: Record<string, { set: never }> })[]): void {
    const missing = items.flatMap(({ externalId, update }) =>
      [externalId, update.parentExternalId?.set].flatMap((name) =>
        name === undefined || this.stored.has(name) ? [] : [{ externalId: name }],
      ),
    );
    if (missing.length > 0) throw new NotFoundError('not found', { status: 400, missing });
    for (const { externalId, update } of items) {
      const changes = Object.fromEntries(
        Object.entries(update).map(([name, { set }]) => [name, set]),
      );
      this.put({
        ...(this.stored.get(externalId as string) as AssetData),
        ...changes,
        externalId,
      } as AssetCreate);
    }
  }
}
