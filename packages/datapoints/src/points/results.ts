import { bindPrototype, define, withPrototype } from '@cdf/core/resource';
import type { AnyDatapoints, TableOptions } from '../datapoints-types.js';
import type { Retrieved } from '../read/retrieve.js';
import { DatapointsTable } from '../table/datapoints-table.js';
import { seriesOfTable } from '../table/series-of-table.js';
import { DatapointsArray, DatapointsView } from './datapoints-view.js';
import { makeDatapoints } from './make-datapoints.js';

/** Turns columns into what users get, with the relations of their client. */
export class Results {
  readonly #one: object;
  readonly #list: object;

  /** @throws {ConfigError} when a relation is named like a member of `Datapoints`. */
  constructor(relations: object) {
    this.#one = bindPrototype(DatapointsView.prototype, relations, (self: AnyDatapoints) => [self]);
    this.#list = bindPrototype(
      DatapointsArray.prototype,
      relations,
      (self: readonly AnyDatapoints[]) => self,
    );
    const table = DatapointsTable.prototype;
    const free = Object.fromEntries(Object.entries(relations).filter(([name]) => !(name in table)));
    const related = bindPrototype(table, free, seriesOfTable);
    for (const prototype of [this.#one, this.#list]) {
      const { toTable } = prototype as DatapointsView;
      define(prototype, 'toTable', function (this: DatapointsView, options?: TableOptions) {
        return withPrototype(toTable.call(this, options), related);
      });
    }
  }

  one({
    info,
    request,
    columns,
  }: Pick<Retrieved, 'info' | 'columns'> & Partial<Retrieved>): object {
    const timeZone = request?.wire.timeZone as string | undefined;
    return makeDatapoints(info, request?.granularity?.text, timeZone, columns, this.#one);
  }

  list(found: object[]): object {
    return withPrototype(DatapointsArray.from(found as AnyDatapoints[]), this.#list);
  }
}
