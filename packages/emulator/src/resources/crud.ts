import { badRequest } from '../errors.js';
import {
  checkChangedReferences,
  patchFields,
  type SimpleFilter,
  simpleFilter,
} from '../fields/derive.js';
import { applyPatch, patchOf } from '../fields/patch.js';
import type { Table } from '../fields/table.js';
import { get, JsonText, post, type Route } from '../http/route.js';
import type { Item, Reference } from '../model/common.js';
import { keysOf, type State } from '../state.js';
import type { Collection, Entry } from '../storage/collection.js';
import { find, type Refusals, resolve } from '../storage/references.js';
import { limit, partition, reference } from '../validation/common.js';
import {
  anything,
  array,
  boolean,
  type Check,
  needed,
  object,
  parse,
  text,
} from '../validation/schema.js';
import { page, pageText } from './paging.js';

export const MAX_ITEMS: number = 1000;

/** The description of a resource for the endpoints that all resources share. */
export interface Kind<T extends Item> {
  readonly table: Table<T>;
  /** The path: `/assets`. */
  readonly path: string;
  readonly name: string;
  readonly collection: Collection<T>;
  readonly refusals: Refusals;
  /** The text of an item as the API sends it. */
  readonly textOf: (entry: Entry<T>) => string;
}

/** A list answer made of whole items, in this order. */
export function itemsText<T extends Item>(
  kind: Kind<T>,
  items: readonly T[],
  textOf: (entry: Entry<T>) => string = kind.textOf,
): JsonText {
  const texts = items.map((item) => textOf(kind.collection.entryOf(item.id) as Entry<T>));
  return new JsonText(`{"items":[${texts.join(',')}]}`);
}

/** The text of an entry, made once and kept. */
export function plainText<T extends Item>(entry: Entry<T>): string {
  entry.json ??= JSON.stringify(entry.item);
  return entry.json;
}

/** `{ items: [...] }` with the API's limits on their number. */
export function itemsOf<T>(check: Check<T>, max: number = MAX_ITEMS): Check<{ items: T[] }> {
  return object({ items: needed(array(check, { min: 1, max })) });
}

/** POST /{kind}/byids */
export function byIdsRoute<T extends Item>(
  kind: Kind<T>,
  options: { instance?: boolean; max?: number } = {},
): Route {
  const check = object({
    items: needed(array(reference(options), { min: 1, max: options.max ?? MAX_ITEMS })),
    ignoreUnknownIds: boolean,
  });
  return post(`${kind.path}/byids`, (body) => {
    const { items, ignoreUnknownIds } = parse(check, body);
    return itemsText(
      kind,
      resolve(kind.collection, items, kind.refusals, { ignoreUnknown: ignoreUnknownIds }),
    );
  });
}

/** GET /{kind}/{id} */
export function byIdRoute<T extends Item>(kind: Kind<T>): Route {
  return get(`${kind.path}/:id{[0-9]+}`, (call) => {
    const id = Number(call.param('id'));
    const item = find(kind.collection, { id });
    if (item === undefined) throw kind.refusals.missing([{ id }]);
    return new JsonText(kind.textOf(kind.collection.entryOf(id) as Entry<T>));
  });
}

/** POST /{kind}/update, all or nothing. */
export function updateRoute<T extends Item>(
  state: State,
  kind: Kind<T>,
  options: {
    instance?: boolean;
    max?: number;
    /** Refuses or completes the item that a patch leads to. */
    complete?: (after: T, before: T, patch: Record<string, unknown>) => T;
    /** True if a patch that changes nothing leaves lastUpdatedTime as it is. */
    keepsTimeIfUnchanged?: boolean;
    /** Runs inside the transaction, which is rolled back when it refuses. */
    afterwards?: (changed: readonly T[]) => void;
  } = {},
): Route {
  const { instance = false, max = MAX_ITEMS, complete = (after) => after } = options;
  const fields = patchFields(kind.table);
  const target = reference({ instance });
  const shape = object({
    id: anything,
    externalId: anything,
    instanceId: anything,
    update: needed(patchOf(fields)),
  });
  const item: Check<Reference & { update: Record<string, unknown> }> = (value, path, problems) => {
    const { update, ...key } = shape(value, path, problems);
    return { ...target(key, path, problems), update };
  };
  const check = itemsOf(item, max);
  return post(`${kind.path}/update`, (body, call) => {
    const { items } = parse(check, body);
    const now = state.clock.now();
    const found = resolve(kind.collection, items, kind.refusals);
    const changed = found.map((before, index) => {
      const patch = (items[index] as { update: Record<string, unknown> }).update;
      const patched = applyPatch(before, patch, fields);
      checkChangedReferences(kind.table, state, patched, patch);
      const after = complete(patched, before, patch);
      if (options.keepsTimeIfUnchanged === true && JSON.stringify(after) === JSON.stringify(before))
        return before;
      return { ...after, lastUpdatedTime: now };
    });
    checkRenames(kind, found, changed);
    const replaceAll = (): readonly T[] => {
      for (const after of changed) kind.collection.replace(after);
      options.afterwards?.(changed);
      return changed;
    };
    state.write(call.requestId, kind.name, 'update', replaceAll, keysOf);
    return itemsText(kind, changed);
  });
}

/** POST /{kind}/delete, all or nothing. */
export function deleteRoute<T extends Item>(
  state: State,
  kind: Kind<T>,
  options: {
    max?: number;
    /** Adds the items that are deleted with these, or refuses. */
    widen?: (items: readonly T[], body: { recursive: boolean }) => readonly T[];
    recursive?: boolean;
    /** Runs inside the transaction. */
    afterwards?: (deleted: readonly T[]) => void;
    /** Runs when the transaction has held. */
    committed?: (deleted: readonly T[]) => void;
  } = {},
): Route {
  const fields = {
    items: needed(array(reference(), { min: 1, max: options.max ?? MAX_ITEMS })),
    ignoreUnknownIds: boolean,
  };
  const check = object(
    options.recursive === true ? { ...fields, recursive: boolean } : fields,
  ) as Check<{
    items: Reference[];
    ignoreUnknownIds?: boolean;
    recursive?: boolean;
  }>;
  return post(`${kind.path}/delete`, (body, call) => {
    const { items, ignoreUnknownIds, recursive = false } = parse(check, body);
    const found = resolve(kind.collection, items, kind.refusals, {
      ignoreUnknown: ignoreUnknownIds,
    });
    const doomed = options.widen?.(found, { recursive }) ?? found;
    const remove = (): readonly T[] => {
      for (const { id } of doomed) kind.collection.delete(id);
      options.afterwards?.(doomed);
      return doomed;
    };
    state.write(call.requestId, kind.name, 'delete', remove, keysOf);
    options.committed?.(doomed);
    return {};
  });
}

/** POST /{kind}/list, with whatever the resource adds to the common members. */
export function listRoute<T extends Item>(
  state: State,
  kind: Kind<T>,
  options: {
    bodyRequired?: boolean;
    partitionsAboveTen?: 'refuse' | 'ten';
    partitions?: boolean;
    extra?: ListExtra<T>;
  } = {},
): Route {
  const filter = simpleFilter(kind.table, state);
  const common = {
    filter: filter.check,
    limit: limit(1000),
    cursor: text(),
    ...options.extra?.fields,
  };
  const check = object(
    options.partitions === false ? common : { ...common, partition },
  ) as Check<ListBody>;
  return post(`${kind.path}/list`, (body) => {
    if (body === undefined && options.bodyRequired === true)
      throw badRequest('The request must have a body');
    return list(kind, filter, parse(check, body ?? {}), options);
  });
}

interface ListBody {
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly cursor?: string;
  readonly partition?: string;
  readonly [extra: string]: unknown;
}

/** Members that a resource adds to its list request. */
export interface ListExtra<T extends Item> {
  readonly fields: Readonly<Record<string, Check<unknown>>>;
  readonly apply: (body: Readonly<Record<string, unknown>>) => {
    matches?: ((item: T) => boolean) | undefined;
    compare?: ((a: T, b: T) => number) | undefined;
    textOf?: ((entry: Entry<T>) => string) | undefined;
  };
}

/** A page for a list request that was already checked; GET lists come here too. */
export function list<T extends Item>(
  kind: Kind<T>,
  filter: SimpleFilter<T>,
  body: ListBody,
  options: { partitionsAboveTen?: 'refuse' | 'ten'; extra?: ListExtra<T> } = {},
): JsonText {
  const { limit: size = 100, cursor, partition: part, ...rest } = body;
  const extra = options.extra?.apply(body) ?? {};
  const own = body.filter === undefined ? undefined : filter.predicate(body.filter);
  const also = extra.matches;
  const matches =
    own !== undefined && also !== undefined
      ? (item: T): boolean => own(item) && also(item)
      : (own ?? also);
  const found = page(kind.collection, {
    limit: size,
    cursor,
    partition: part,
    matches,
    candidates: body.filter === undefined ? undefined : filter.candidates(body.filter),
    compare: extra.compare,
    fingerprint: rest,
    partitionsAboveTen: options.partitionsAboveTen ?? 'refuse',
  });
  return pageText(found, extra.textOf ?? kind.textOf);
}

/**
 * External ids that an update gives away must be free, counting those that the same update frees.
 */
function checkRenames<T extends Item>(
  kind: Kind<T>,
  before: readonly T[],
  after: readonly T[],
): void {
  const freed = new Set(before.map(({ id }) => id));
  const given = new Map<string, number>();
  for (const { id, externalId } of after) {
    if (externalId === undefined) continue;
    const holder = kind.collection.getByExternalId(externalId);
    const taken = holder !== undefined && holder.id !== id && !freed.has(holder.id);
    if (taken || given.has(externalId)) throw kind.refusals.exists([externalId]);
    given.set(externalId, id);
  }
}
