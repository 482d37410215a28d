import { ItemList, type Table } from '@cdf/core';
import { toTable, withPrototype } from '@cdf/core/resource';

/** A list of nodes or edges. `filter` and other selections give such a list again. */
export class InstanceList<T extends object> extends ItemList<T> {
  /** One row per item, one column per member that any of them has. */
  toTable(): Table {
    return toTable(this);
  }
}

/** Some instances, in an array that is a table too. */
export function toList<T extends object>(items: T[]): InstanceList<T> {
  return withPrototype(items, InstanceList.prototype);
}
