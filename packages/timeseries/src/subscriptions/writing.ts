// Code for single requests of subscriptions, in one file that is loaded with the first of them.
import { ConfigError, type RetrieveMultipleOptions } from '@cdf/core';
import { checkMethodOptions } from '@cdf/core/resource';
import type { SubscriptionListQuery, SubscriptionName } from './subscription-types.js';

export { readNothing, readRetrieved, readWritten } from '@cdf/core/resource';
export { splitCreation, splitPatch } from './member-chunks.js';

/** @throws {ConfigError} for an invalid option, or what is no list of subscriptions. */
export function deletionOf(
  named: (subscription: SubscriptionName) => SubscriptionName,
  subscriptions: readonly SubscriptionName[],
  query: RetrieveMultipleOptions,
): { readonly items: SubscriptionName[]; readonly ignoreUnknownIds: boolean } {
  checkMethodOptions(query, { ignoreUnknownIds: 'switch' }, 'delete subscriptions');
  if (typeof subscriptions !== 'object' || !subscriptions?.[Symbol.iterator])
    throw new ConfigError('delete subscriptions: expected an array of { externalId }');
  const { ignoreUnknownIds = false } = query;
  return { items: [...subscriptions].map(named), ignoreUnknownIds };
}

/** @throws {ConfigError} for an invalid option of a list. */
export function checkList(query: SubscriptionListQuery): void {
  checkMethodOptions(query, { limit: 'other' }, 'list subscriptions');
}
