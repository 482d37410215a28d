import { evenChunks, MAX_ITEMS } from '../async/chunks.js';
import { ConfigError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import { describeIdentifier } from '../values/describe-identifier.js';
import type { Identified } from '../values/identifiers.js';
import { readPage } from './answers.js';

/** The names of the parent that an item may have. */
interface Child {
  readonly parentId?: number | null | undefined;
  readonly parentExternalId?: string | null | undefined;
}

/**
 * Items that were read have both names of their parent, but a write takes only one: the id. If both
 * name the same item, only CDF knows: a parent that was changed by one of them would be lost
 * without a word. A request per 1,000 parents; no request where no item has both.
 *
 * @throws {ConfigError} when `parentId` and `parentExternalId` of an item are those of two.
 */
export async function checkParentNames(
  transport: Transport,
  path: string,
  items: readonly object[],
  options?: CallOptions,
): Promise<void> {
  const both = items.filter(hasBoth);
  const ids = [...new Set(both.map(({ parentId }) => parentId))];
  const pages = await Promise.all(
    evenChunks(ids.length, MAX_ITEMS).map(async (indexes) => {
      const body = { items: indexes.map((index) => ({ id: ids[index] })), ignoreUnknownIds: true };
      const request = {
        method: 'POST',
        path: `${path}/byids`,
        body,
        idempotent: true,
        lane: 'read',
      } as const;
      return readPage<Identified>(await transport.request(request, options), `POST ${path}/byids`)
        .items;
    }),
  );
  const found = new Map(pages.flat().map((parent) => [parent.id, parent]));
  for (const { parentId, parentExternalId } of both) {
    const parent = found.get(parentId);
    // One that cannot be read is left to the write.
    if (parent === undefined || parent.externalId === parentExternalId) continue;
    const { externalId } = parent;
    const has =
      externalId === undefined ? 'no externalId' : `the ${describeIdentifier({ externalId })}`;
    throw new ConfigError(
      `parentId ${parentId} has ${has}, but parentExternalId names another, ${describeIdentifier({ externalId: parentExternalId })}; omit one of them`,
    );
  }
}

/** The item as a write takes it. */
export function withOneParent<I extends object>(item: I): I {
  if (!hasBoth(item)) return item;
  const { parentExternalId: _, ...rest } = item;
  return rest as I;
}

function hasBoth(item: object): item is { parentId: number; parentExternalId: string } {
  const { parentId, parentExternalId } = item as Child;
  return (parentId ?? undefined) !== undefined && (parentExternalId ?? undefined) !== undefined;
}
