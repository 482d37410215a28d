import type { CallOptions, Transport } from '@cdf/core';
import { bindMethods, loadPart, ownCopy } from '@cdf/core/resource';
import type { Expression } from './expression.js';
import type { SyntheticDatapoints, SyntheticQuery, SyntheticRange } from './synthetic-types.js';

/** Formulas over time series, computed by CDF. */
export class SyntheticApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
    bindMethods(this);
  }

  /**
   * Every point of a formula, or of several in their order. `'now'` is the same time for all of
   * them. One request per 10 expressions and 10,000 points of each.
   *
   * @example synthetic.query({ expression: ts('a').mul(10).add(100), start: '1d-ago' })
   * @throws {ApiError} when a series does not exist or an expression cannot be read.
   * @see
   * https://api-docs.cognite.com/20230101/tag/Synthetic-Time-Series/operation/querySyntheticTimeseries
   */
  query(
    query: SyntheticRange & { readonly expressions: readonly (Expression | string)[] },
    options?: CallOptions,
  ): Promise<SyntheticDatapoints[]>;
  /**
   * Every point of one formula.
   *
   * @throws {ApiError} when a series does not exist or the formula cannot be read.
   */
  query(
    query: SyntheticRange & { readonly expression: Expression | string },
    options?: CallOptions,
  ): Promise<SyntheticDatapoints>;
  async query(
    query: SyntheticQuery,
    options: CallOptions = {},
  ): Promise<SyntheticDatapoints | SyntheticDatapoints[]> {
    const own = ownCopy([query, options] as const);
    const { querySynthetic } = await loadPart(import('./query-synthetic.js'));
    return querySynthetic(this.#transport, ...own);
  }
}
