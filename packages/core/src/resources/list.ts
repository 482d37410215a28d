import { type Identified, type Identifier, identifierKey } from '../values/identifiers.js';
import { type Table, toTable } from '../values/table.js';
import { ItemList } from './item-list.js';

/**
 * A list of resources. Methods that give some of its items, such as `filter`, give a list again.
 */
export class ResourceList<T extends Identified> extends ItemList<T> {
  /**
   * The item of that identifier, or `undefined`. The first call over 16 items or more builds an
   * index.
   */
  get(identifier: Identifier): T | undefined {
    let known = indexes.get(this);
    if (known?.length !== this.length) {
      known = { length: this.length, index: new Map() };
      indexes.set(this, known);
      // The first of equal ones stays.
      for (const item of [...this].reverse())
        for (const name of ['id', 'externalId', 'instanceId'] as const)
          if (item[name] !== undefined)
            known.index.set(identifierKey({ [name]: item[name] } as never), item);
    }
    return known.index.get(identifierKey(identifier)) as T | undefined;
  }

  /**
   * One row per item, one column per property that any of them has; metadata as `metadata.key`
   * columns.
   */
  toTable(): Table {
    return toTable(this);
  }
}

/**
 * Outside of the array, so that neither JSON nor a spread sees it. Rebuilt when the length has
 * changed.
 */
const indexes = /* @__PURE__ */ new WeakMap<
  object,
  { length: number; index: Map<string, unknown> }
>();
