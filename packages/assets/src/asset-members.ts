import {
  type AssetScope,
  type CallOptions,
  ConfigError,
  type Identifier,
  Listing,
  ResourceList,
} from '@cdf/core';
import { bindPrototype, hasMembers, printedItem, shown } from '@cdf/core/resource';
import { ASSETS } from './asset-definition.js';
import { AssetTree } from './asset-tree.js';
import type { AssetData, ChildQuery, SubtreeOptions } from './asset-types.js';

/** The members of an API object that the methods of its assets need. */
export interface AssetReader {
  retrieve(identifier: Identifier, options?: CallOptions): Promise<unknown>;
  /** The parents of these, each once. */
  parents(assets: readonly AssetData[], options?: CallOptions): Promise<unknown>;
  children(scope: AssetScope, query?: ChildQuery, options?: CallOptions): unknown;
  select(scope: AssetScope, options?: CallOptions): PromiseLike<readonly AssetData[]>;
}

/** The prototypes of the assets, lists and selections of one API object. */
export interface AssetPrototypes {
  readonly one: object;
  readonly list: object;
  readonly selection: object;
}

/** Names that data has, or may well get: a relation of such a name would be hidden by it. */
const RESERVED = [
  'id',
  'instanceId',
  'createdTime',
  'lastUpdatedTime',
  'reach',
  'assets',
  'depth',
  'walk',
];

/**
 * The prototypes of one API object: the methods that every asset has, and the relations.
 *
 * @throws {ConfigError} when a relation is named like a member or a field that is already there
 */
export function assetPrototypes(reader: AssetReader, relations: object): AssetPrototypes {
  const { fields, readOnly = [] } = ASSETS;
  const taken = [...Object.keys(fields), ...readOnly, ...RESERVED].find(
    (name) => name in relations,
  );
  if (taken !== undefined)
    throw new ConfigError(`relation "${taken}" has the name of an existing field`);

  class Asset {
    async parent(this: AssetData, options?: CallOptions): Promise<unknown> {
      return this.parentId === undefined
        ? undefined
        : reader.retrieve({ id: this.parentId }, options);
    }
    children(this: AssetData, query?: ChildQuery, options?: CallOptions): unknown {
      return reader.children(scopeOf([this]), query, options);
    }
    subtree(this: AssetData, options?: SubtreeOptions): unknown {
      return reader.select(below(scopeOf([this]), options));
    }
    async tree(this: AssetData, query?: SubtreeOptions, options?: CallOptions): Promise<unknown> {
      return new AssetTree(await reader.select(below(scopeOf([this]), query), options));
    }
  }

  class AssetList extends ResourceList<AssetData> {
    parent(options?: CallOptions): Promise<unknown> {
      return reader.parents(this, options);
    }
    children(query?: ChildQuery, options?: CallOptions): unknown {
      return reader.children(scopeOf(this), query, options);
    }
    subtree(options?: SubtreeOptions): unknown {
      return reader.select(below(scopeOf(this), options));
    }
    tree(): unknown {
      return new AssetTree(this);
    }
  }

  class AssetSelection extends Listing<AssetData> {
    async parent(this: AssetSelection & AssetScope, options?: CallOptions): Promise<unknown> {
      return reader.parents(await reader.select(this, options), options);
    }
    children(
      this: AssetSelection & AssetScope,
      query?: ChildQuery,
      options?: CallOptions,
    ): unknown {
      return reader.children(this, query, options);
    }
    subtree(this: AssetSelection & AssetScope, options?: SubtreeOptions): unknown {
      return reader.select(below(this, options));
    }
    async tree(this: AssetSelection & AssetScope, options?: CallOptions): Promise<unknown> {
      return new AssetTree(await reader.select(this, options));
    }
  }

  printedItem(Asset.prototype);
  return {
    one: bindPrototype(Asset.prototype, relations, (asset: AssetData) => scopeOf([asset])),
    list: bindPrototype(AssetList.prototype, relations, (list: readonly AssetData[]) =>
      scopeOf(list),
    ),
    selection: bindPrototype(
      AssetSelection.prototype,
      relations,
      (selection: AssetScope) => selection,
    ),
  };
}

function scopeOf(assets: readonly AssetData[]): AssetScope {
  return { reach: 'self', assets: assets.map(({ id }) => ({ id })) };
}

/** A scope extended downwards. A scope without an end keeps having no end. */
function below({ reach, assets, depth }: AssetScope, options: SubtreeOptions = {}): AssetScope {
  if (!hasMembers(options) || Object.keys(options).some((name) => name !== 'depth'))
    throw new ConfigError(`subtree: expected { depth }, got ${shown(options)}`);
  const more = options.depth;
  if (more !== undefined && more !== Infinity && (!Number.isInteger(more) || more < 0))
    throw new ConfigError(
      `subtree: depth must be a whole number of at least 0, got ${shown(more)}`,
    );
  const present = reach === 'self' ? 0 : (depth ?? Infinity);
  const total = present + (more ?? Infinity);
  return { reach: 'subtree', assets, ...(total === Infinity ? {} : { depth: total }) };
}
