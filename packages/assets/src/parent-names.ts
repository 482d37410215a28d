import { type CallOptions, ConfigError, type Identifier, type Transport } from '@cdf/core';
import { evenChunks, quoted, readPage } from '@cdf/core/resource';
import type { AssetCreate, AssetData } from './asset-types.js';

/** Identifiers that one request may carry. */
const MAX_ITEMS = 1000;

/**
 * Assets that were read have both names of their parent, of which a write takes one. That both name the same asset only CDF knows: one
 * that was changed would be lost without a word. A request per 1,000 parents, none where no asset has both.
 *
 * @throws {ConfigError} when `parentId` and `parentExternalId` of an asset are those of two assets.
 */
export async function checkParentNames(
  transport: Transport,
  items: readonly object[],
  options?: CallOptions,
): Promise<void> {
  const both = (items as readonly AssetCreate[]).filter(
    (item) => !('update' in item) && isGiven(item.parentId) && isGiven(item.parentExternalId),
  );
  const parents: Identifier[] = [...new Set(both.map(({ parentId }) => parentId as number))].map((id) => ({ id }));
  const pages = await Promise.all(
    evenChunks(parents.length, MAX_ITEMS).map(async (indexes) => {
      const body = { items: indexes.map((index) => parents[index]), ignoreUnknownIds: true };
      const request = { method: 'POST', path: '/assets/byids', body, idempotent: true, lane: 'read' } as const;
      return readPage<AssetData>(await transport.request(request, options), 'POST /assets/byids').items;
    }),
  );
  const found = new Map(pages.flat().map(({ id, externalId }) => [id, externalId]));
  for (const { parentId, parentExternalId } of both) {
    const actual = found.get(parentId as number);
    // One that cannot be read is left to the write.
    if (!found.has(parentId as number) || actual === parentExternalId) continue;
    const is = actual === undefined ? 'no externalId' : `the externalId ${quoted(actual)}`;
    throw new ConfigError(
      `assets: parentId ${parentId} has ${is}, and parentExternalId is ${quoted(String(parentExternalId))}; leave out the one that does not hold`,
    );
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
