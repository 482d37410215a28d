import { ItemList, type Table } from '@cdf/core';
import { toTable } from '@cdf/core/resource';

/** A list of nodes or edges. `filter` and other selections give such a list again. */
export class InstanceList<T extends object> extends ItemList<T> {
  /** One row per item, one column per member that any of them has. */
  toTable(): Table {
    return toTable(this);
  }
}
