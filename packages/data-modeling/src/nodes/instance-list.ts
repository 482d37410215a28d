import type { Table } from '@cdf/core';
import { toTable } from '@cdf/core/resource';

/** A real array of nodes or edges; `map`, `filter`, `slice` give plain arrays. */
export class InstanceList<T extends object> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** One row per item, one column per member that any of them has. */
  toTable(): Table {
    return toTable(this);
  }
}
