// Code for single requests of subscriptions, in one file that is loaded with the first of them.
import type { RetrieveMultipleOptions } from '@cdf/core';
import { checkMethodOptions } from '@cdf/core/resource';
import type { SubscriptionListQuery } from './subscriptions-api.js';

export { readNothing, readRetrieved, readWritten } from '@cdf/core/resource';
export { splitCreation, splitPatch } from './member-chunks.js';

/** @throws {ConfigError} for an invalid option of a deletion. */
export function checkDeletion(query: RetrieveMultipleOptions): void {
  checkMethodOptions(query, { ignoreUnknownIds: 'switch' }, 'delete subscriptions');
}

/** @throws {ConfigError} for an invalid option of a list. */
export function checkList(query: SubscriptionListQuery): void {
  checkMethodOptions(query, { limit: 'other' }, 'list subscriptions');
}
