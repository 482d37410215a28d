import { ApiError, badRequest } from '../errors.js';
import type { Item, Reference } from '../model/common.js';
import type { Collection } from './collection.js';

/** How one service words its refusals; the statuses differ from service to service. */
export interface Refusals {
  missing(references: readonly Reference[]): ApiError;
  /** One request names the same row twice. */
  duplicated(references: readonly Reference[]): ApiError;
  /**
   * One request names the same row by different keys. `duplicated` where the service makes no
   * difference.
   */
  conflicting?(references: readonly Reference[]): ApiError;
  /** An external id that is taken, or given twice by one create request. */
  exists(externalIds: readonly string[]): ApiError;
}

/** Assets and events share their wording. */
export function wordedRefusals(noun: string): Refusals {
  return {
    missing: (missing) => badRequest(`${noun} id not found`, { missing }),
    duplicated: (duplicated) => new ApiError(409, `${noun} id duplicated`, { duplicated }),
    exists: (externalIds) =>
      new ApiError(409, `${noun} id duplicated`, {
        duplicated: externalIds.map((externalId) => ({ externalId })),
      }),
  };
}

/** Finds one row by whichever key the reference has. */
export function find<T extends Item>(
  collection: Collection<T>,
  reference: Reference,
): T | undefined {
  if (reference.id !== undefined) return collection.get(reference.id);
  if (reference.externalId !== undefined) return collection.getByExternalId(reference.externalId);
  return reference.instanceId === undefined
    ? undefined
    : collection.getByInstance(reference.instanceId);
}

/**
 * Finds all rows in the order asked; refuses unknown ones first (unless ignored), then repeated
 * ones.
 */
export function resolve<T extends Item>(
  collection: Collection<T>,
  references: readonly Reference[],
  refusals: Refusals,
  options: { ignoreUnknown?: boolean | undefined; allowRepeated?: boolean | undefined } = {},
): T[] {
  const found: T[] = [];
  const missing: Reference[] = [];
  const repeated: Reference[] = [];
  const conflicting: Reference[] = [];
  const seen = new Map<number, Reference>();
  for (const reference of references) {
    const item = find(collection, reference);
    if (item === undefined) {
      missing.push(keyOf(reference));
      continue;
    }
    const earlier = seen.get(item.id);
    if (earlier === undefined) seen.set(item.id, reference);
    else if (earlier.id === reference.id && earlier.externalId === reference.externalId)
      repeated.push(keyOf(reference));
    else conflicting.push({ id: item.id, externalId: item.externalId });
    found.push(item);
  }
  if (missing.length > 0 && options.ignoreUnknown !== true) throw refusals.missing(missing);
  if (options.allowRepeated === true) return found;
  if (repeated.length > 0) throw refusals.duplicated(repeated);
  if (conflicting.length > 0) throw (refusals.conflicting ?? refusals.duplicated)(conflicting);
  return found;
}

/** Only the key of a reference, without members that an endpoint adds. */
export function keyOf(reference: Reference): Reference {
  if (reference.id !== undefined) return { id: reference.id };
  if (reference.externalId !== undefined) return { externalId: reference.externalId };
  return { instanceId: reference.instanceId };
}

/** Refuses external ids that are given twice or already taken. */
export function checkNewExternalIds<T extends Item>(
  collection: Collection<T>,
  items: readonly { readonly externalId?: string | undefined }[],
  refusals: Refusals,
): void {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { externalId } of items) {
    if (externalId === undefined) continue;
    if (seen.has(externalId)) repeated.add(externalId);
    seen.add(externalId);
  }
  if (repeated.size > 0)
    throw refusals.duplicated([...repeated].map((externalId) => ({ externalId })));
  const taken = [...seen].filter(
    (externalId) => collection.getByExternalId(externalId) !== undefined,
  );
  if (taken.length > 0) throw refusals.exists(taken);
}

/**
 * How the time series service refuses: unlike the others it answers 422 to references that repeat.
 */
export const timeSeriesRefusals: Refusals = {
  missing: (missing) => badRequest('Time series not found', { missing }),
  duplicated: (duplicated) => new ApiError(422, 'Duplicate time series references', { duplicated }),
  conflicting: (duplicated) =>
    new ApiError(409, 'Conflicting time series references', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Time series already exist', {
      duplicated: externalIds.map((externalId) => ({ externalId })),
    }),
};
