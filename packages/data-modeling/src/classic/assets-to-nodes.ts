import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import { checkSwitches } from '../nodes/check-options.js';
import type { NodeReference } from '../view/definition.js';
import { describe } from '../wire/describe.js';
import { checkAssets, refuseLoops } from './check-assets.js';
import type { ClassicAsset } from './classic-asset.js';

/**
 * A node of `CogniteAsset` to be written. What the asset does not have is left out, or with `clear`
 * `null` and empty.
 */
export interface AssetNode extends NodeReference {
  readonly name: string;
  readonly description?: string | null;
  readonly parent?: NodeReference | null;
  readonly tags?: readonly string[];
}

/** How assets become nodes. */
export interface AssetNodesOptions {
  /** The space of the nodes. */
  readonly space: string;
  /**
   * The external id of an asset's node. A parent outside the input has `id` and `externalId` only,
   * as far as its children name it: a name from an `id` that is missing is rejected.
   * @default that of the asset, which must have one
   */
  readonly externalId?:
    | ((asset: Pick<ClassicAsset, 'id' | 'externalId'> & Partial<ClassicAsset>) => string)
    | undefined;
  /**
   * How an asset is treated whose parent is not in the input: `refuse` throws, `root` makes it one
   * without a parent, also where its copy has one, `refer` names the parent's node, which must exist
   * when the nodes are written.
   * @default 'refuse'
   */
  readonly outside?: 'refuse' | 'root' | 'refer' | undefined;
  /**
   * Clears what an asset does not have in its copy: the copies are equal to the assets after each
   * run, without what an asset has lost, and without what people have added to the copies.
   * @default false: a copy keeps its description, parent and tags where the asset has none
   */
  readonly clear?: boolean | undefined;
}

const WHAT = 'assetsToNodes';
const EXAMPLES = 3;

/**
 * Assets of the classic API as nodes of `CogniteAsset`, in their order. Sends nothing: `upsert`
 * with `dependencies: 'order'` writes them, parents first, and accounts for each.
 *
 * Name, description, parent and labels (as `tags`) are kept. One that an asset does not have is left
 * out, and another run keeps what a copy has there: it may be of an asset that has lost it since, or
 * added by hand, and only the first can be had again. `clear` removes both. One that an asset has
 * replaces that of the copy, all tags included. The core model has no place for metadata, data set,
 * source and location: add what you need in a view that implements `CogniteAsset`.
 *
 * @throws {ConfigError} for an asset without an external id, for two of the same id or external id,
 * for parents that form a loop, and for parents that are not in the input, unless `outside` says
 * what becomes of these
 *
 * @example
 * const copies = assetsToNodes(await client.assets.list({ limit: Infinity }), { space: 'plant' });
 * await nodes(client, CogniteAsset).upsert(copies, { dependencies: 'order' });
 */
export function assetsToNodes(
  assets: readonly ClassicAsset[],
  options: AssetNodesOptions,
): AssetNode[] {
  if (!Array.isArray(assets as unknown))
    throw new ConfigError(`${WHAT}: expected an array of assets, got ${describe(assets)}`);
  refuseUnknown(
    Object.keys(Object(options)),
    { space: true, externalId: true, outside: true, clear: true },
    WHAT,
  );
  checkSwitches(Object(options), ['clear'], WHAT);
  const {
    space,
    externalId: nameOf = ownExternalId,
    outside = 'refuse',
    clear = false,
  } = Object(options) as AssetNodesOptions;
  if (typeof space !== 'string' || space === '')
    throw new ConfigError(`${WHAT}: space must be a non-empty string, got ${describe(space)}`);
  if (!['refuse', 'root', 'refer'].includes(outside))
    throw new ConfigError(
      `${WHAT}: outside must be 'refuse', 'root' or 'refer', got ${describe(outside)}`,
    );
  const given = checkAssets(assets, WHAT);
  const byId = new Map<number, string>();
  const byExternalId = new Map<string, string>();
  const taken = new Map<string, number>();
  const names = given.map((asset) => {
    const name = checkName(nameOf(asset), asset.id);
    if (taken.has(name))
      throw new ConfigError(`${WHAT}: external id ${quoted(name)} appears twice`);
    taken.set(name, asset.id);
    byId.set(asset.id, name);
    if (asset.externalId !== undefined) byExternalId.set(asset.externalId, name);
    return name;
  });
  const orphans: string[] = [];
  const parents = new Map<string, string>();
  const nodes = given.map((asset, index): AssetNode => {
    const { id, name, description, parentId, parentExternalId, labels = [] } = asset;
    const externalId = names[index] as string;
    let parent = byId.get(parentId as number) ?? byExternalId.get(parentExternalId as string);
    if (parent === undefined && (parentId ?? parentExternalId) !== undefined) {
      if (outside === 'refuse') orphans.push(externalId);
      if (outside === 'refer') {
        parent = outsideName(nameOf, { id: parentId, externalId: parentExternalId }, id);
        if (taken.has(parent))
          throw new ConfigError(
            `${WHAT}: externalId gives ${quoted(parent)} for the parent of asset ${id}, which is the node of asset ${taken.get(parent)}`,
          );
      }
    }
    if (parent !== undefined) parents.set(externalId, parent);
    const isCut = parent === undefined && (parentId ?? parentExternalId) !== undefined;
    return {
      ...{ space, externalId, name },
      ...((clear || description !== undefined) && { description: description ?? null }),
      ...((clear || isCut) && { parent: null }),
      ...(parent !== undefined && { parent: { space, externalId: parent } }),
      ...((clear || labels.length > 0) && { tags: labels.map((label) => label.externalId) }),
    };
  });
  if (orphans.length > 0) {
    const examples = orphans.slice(0, EXAMPLES).map(quoted).join(', ');
    throw new ConfigError(
      `${WHAT}: the parents of ${orphans.length} assets are not in the input (${examples}); pass outside: 'root' or 'refer'`,
    );
  }
  refuseLoops(parents, WHAT);
  return nodes;
}

function ownExternalId({ externalId }: Pick<ClassicAsset, 'externalId'>): string {
  return externalId as string;
}

/** The name of the node of a parent that is not in the input. */
function outsideName(
  nameOf: NonNullable<AssetNodesOptions['externalId']>,
  {
    id,
    externalId,
  }: { readonly id?: number | undefined; readonly externalId?: string | undefined },
  child: number,
): string {
  const name = checkName(nameOf({ id: id as number, externalId }), `${child}'s parent`);
  // The function has put the missing id into a string.
  if (id === undefined && name.replace(String(externalId), '').includes('undefined'))
    throw new ConfigError(
      `${WHAT}: asset ${child} names its parent ${quoted(String(externalId))} without an id, and externalId makes ${quoted(name)} of that; use the externalId where there is no id, or add the parent to the input`,
    );
  return name;
}

function checkName(name: unknown, asset: number | string): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new ConfigError(
    `${WHAT}: asset ${asset} has no externalId; pass externalId: ({ id }) => String(id), or another function`,
  );
}
