import type { AssetScope, CallOptions, Identifier, None, Relations, Transport } from '@cdf/core';
import {
  loadPart,
  ownCopy,
  ResourceApi,
  type ResourceDefinition,
  type ResourceObjects,
} from '@cdf/core/resource';
import { ASSETS } from './asset-definition.js';
import { type AssetFamily, assetFamily } from './asset-family.js';
import type { AssetOperations } from './asset-operations.js';
import { toReference } from './asset-selection.js';
import type { Asset, AssetCreate, AssetData, AssetList, AssetSelection } from './asset-types.js';
import type { AssetRetrieveOptions, HierarchyOptions } from './call-options.js';
import type { AssetHierarchy } from './hierarchy/asset-hierarchy.js';
import type { HierarchyPlan } from './hierarchy/plan.js';

// `never`: inference does not reach into a generic constructor. The types are compared in a test.
const AssetResource: new <R>(
  transport: Transport,
  definition: ResourceDefinition<AssetData>,
  objects: ResourceObjects<Asset<R>, AssetList<R>>,
) => AssetOperations<R> = ResourceApi as never;

/**
 * Assets: the trees of things that everything else refers to.
 *
 * @typeParam R methods of assets, lists and selections of them, made from relations such as
 * `assetEvents(eventsApi)`
 */
export class AssetsApi<R extends Relations<R, AssetScope> = None> extends AssetResource<R> {
  readonly #family: AssetFamily<R>;

  /**
   * @param relations become methods of every asset, list and selection
   * @throws {ConfigError} when a relation is named like a member or a field that is already there
   */
  constructor(transport: Transport, relations: R = {} as R) {
    const family = assetFamily<R>(transport, relations);
    super(transport, ASSETS, family.objects);
    this.#family = family;
  }

  override async retrieve(
    identifier: Identifier,
    query: AssetRetrieveOptions = {},
    options?: CallOptions,
  ): Promise<Asset<R> | undefined> {
    const named = ownCopy(identifier, 2);
    const own = ownCopy([query, options] as const);
    return (await this.#family.endpoint.operations()).retrieve(named, ...own);
  }

  /**
   * Assets by reference, without a request. Extend the selection with `subtree()`, read what
   * belongs to it, or await it.
   *
   * @example
   * const events = await client.assets.select({ externalId: 'pump' }).subtree().events();
   */
  select(...assets: readonly (Identifier | AssetData)[]): AssetSelection<R> {
    return this.#family.select({
      reach: 'self',
      assets: assets.map((asset) => toReference(asset)),
    });
  }

  /**
   * Creates trees of any size and shape, parents before children, in the fewest requests there can
   * be: one per 1,000. Assets refer to their parents by `parentExternalId`; one that is not among
   * them must exist in CDF. The answer is in input order.
   *
   * A request stores all of its assets, or fails as a whole. When some assets of a request are
   * rejected, the others are sent again without them. Assets below an asset that is not stored are
   * not sent.
   * @throws {AssetHierarchyError} before anything is sent, with every issue of the input
   * @throws {CdfError} whose `successful`, `unknown` and `failed` are together the input: stored by
   * this call, no answer came, and not stored by this call
   *
   * @example
   * await client.assets.createHierarchy([
   *   { externalId: 'plant', name: 'Plant' },
   *   { externalId: 'pump', name: 'Pump', parentExternalId: 'plant' },
   * ]);
   */
  createHierarchy(
    assets: readonly AssetCreate[] | AssetHierarchy,
    query: HierarchyOptions & { readonly dryRun: true },
    options?: CallOptions,
  ): Promise<HierarchyPlan>;
  createHierarchy(
    assets: readonly AssetCreate[] | AssetHierarchy,
    query?: HierarchyOptions & { readonly dryRun?: false | undefined },
    options?: CallOptions,
  ): Promise<AssetList<R>>;
  async createHierarchy(
    input: readonly AssetCreate[] | AssetHierarchy,
    query: HierarchyOptions = {},
    options?: CallOptions,
  ): Promise<AssetList<R> | HierarchyPlan> {
    const assets = ownCopy(input, 1);
    const [own, call] = ownCopy([query, options] as const);
    const { prepareHierarchy } = await loadPart(import('./hierarchy/create-hierarchy.js'));
    const { plan, run } = prepareHierarchy<Asset<R>>(this.#family.endpoint.transport, assets, own);
    if (own.dryRun === true) return plan;
    const { adopt, toList } = this.#family.objects;
    const stored = await run(call);
    for (const asset of stored) adopt(asset);
    return toList(stored);
  }
}
