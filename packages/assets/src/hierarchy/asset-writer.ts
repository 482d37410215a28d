import type { Transport } from '@cdf/core';
import { evenChunks, readPage, readWritten, toWireUpdate } from '@cdf/core/resource';
import { ASSETS } from '../asset-definition.js';
import type { AssetData } from '../asset-types.js';
import type { AssetWriter } from './batch.js';

/** Identifiers that one request may carry. */
const MAX_ITEMS = 1000;

/** Handling of assets that exist already. */
export type HierarchyUpsertMode = 'patch' | 'replace';

/** The requests of a hierarchy over HTTP. Each call but `read` is one request. */
export function assetWriter<T extends AssetData>(
  transport: Transport,
  mode: HierarchyUpsertMode,
): AssetWriter<T> {
  return {
    async create(items, options, onAttempt) {
      const body = { items };
      const spec = {
        method: 'POST',
        path: '/assets',
        body,
        idempotent: false,
        lane: 'write',
        onAttempt,
      } as const;
      return readWritten<T>(await transport.request(spec, options), 'POST /assets', items);
    },
    async update(assets, options, onAttempt) {
      const body = { items: assets.map((asset) => toWireUpdate(asset, ASSETS.fields, mode)) };
      const spec = {
        method: 'POST',
        path: '/assets/update',
        body,
        idempotent: true,
        lane: 'write',
        onAttempt,
      } as const;
      return readWritten<T>(
        await transport.request(spec, options),
        'POST /assets/update',
        body.items,
      );
    },
    async read(externalIds, options) {
      const pages = await Promise.all(
        evenChunks(externalIds.length, MAX_ITEMS).map(async (indexes) => {
          const items = indexes.map((index) => ({ externalId: externalIds[index] }));
          const body = { items, ignoreUnknownIds: true };
          const spec = { method: 'POST', path: '/assets/byids', body, idempotent: true } as const;
          return readPage<T>(await transport.request(spec, options), 'POST /assets/byids');
        }),
      );
      return pages.flatMap((page) => page.items);
    },
  };
}
