import { badRequest } from '../errors.js';
import type { Asset } from '../model/asset.js';
import type { Collection } from './collection.js';

const NONE: ReadonlySet<number> = new Set();

/** Children by parent, kept in line with the assets. */
export class AssetTree {
  readonly #assets: Collection<Asset>;
  readonly #children = new Map<number, Set<number>>();

  constructor(assets: Collection<Asset>) {
    this.#assets = assets;
    assets.onChange((before, after) => {
      if (before?.parentId === after?.parentId && before !== undefined && after !== undefined)
        return;
      if (before?.parentId !== undefined) this.#children.get(before.parentId)?.delete(before.id);
      if (after?.parentId !== undefined) this.#childSet(after.parentId).add(after.id);
    });
  }

  childrenOf(id: number): ReadonlySet<number> {
    return this.#children.get(id) ?? NONE;
  }

  /** The ids from the root down to this asset. */
  pathTo(asset: Asset): number[] {
    const path: number[] = [];
    for (let at: Asset | undefined = asset; at !== undefined; ) {
      if (path.includes(at.id)) throw badRequest('An asset cannot be moved below itself');
      path.unshift(at.id);
      at = at.parentId === undefined ? undefined : this.#assets.get(at.parentId);
    }
    return path;
  }

  /** This asset and everything below it. */
  subtreeOf(id: number): number[] {
    const found = [id];
    for (let index = 0; index < found.length; index += 1)
      found.push(...this.childrenOf(found[index] as number));
    return found;
  }

  #childSet(id: number): Set<number> {
    let children = this.#children.get(id);
    if (children === undefined) {
      children = new Set();
      this.#children.set(id, children);
    }
    return children;
  }
}
