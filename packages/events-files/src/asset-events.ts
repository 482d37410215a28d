import type { AssetScope, CallOptions, Listing } from '@cdf/core';
import type { AssetEventQuery, CdfEvent, EventList } from './event-types.js';
import type { EventsApi } from './events-api.js';

/**
 * The relation from assets to their events, for `AssetsApi`.
 *
 * @example
 * const assets = new AssetsApi(transport, { events: assetEvents(new EventsApi(transport)) });
 * const events = await assets.select({ externalId: 'pump' }).subtree().events();
 */
export const assetEvents =
  (
    events: EventsApi,
  ): ((
    scope: AssetScope,
  ) => (query?: AssetEventQuery, options?: CallOptions) => Listing<CdfEvent, EventList>) =>
  (scope) =>
  (query, options) =>
    events.listByAssets(scope, query, options);
