import type { CallOptions, TimeArgument, Transport } from '@cdf/core';
import { loadPart } from '@cdf/core/resource';
import type { Expression } from './expression.js';

/** Which points of an expression. */
export interface SyntheticRange {
  /**
   * Inclusive.
   * @default 0, which is 1970-01-01
   */
  start?: TimeArgument | undefined;
  /**
   * Exclusive.
   * @default 'now'
   */
  end?: TimeArgument | undefined;
  /**
   * Most points of each expression.
   * @default all of them
   */
  limit?: number | undefined;
  /**
   * Where the days and months of aggregates inside of an expression begin: an IANA name, or `UTC+05:30`.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
}

/** What an expression gives. */
export interface SyntheticDatapoints {
  /** What was sent. */
  readonly expression: string;
  /** Number of points. */
  readonly length: number;
  /** @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** NaN where there is an error. */
  readonly values: Float64Array;
  /** What went wrong, by the index of the point: `BAD_DOMAIN …`, `OVERFLOW …`, `TYPE_ERROR …`. */
  readonly errors: ReadonlyMap<number, string>;
}

/** One expression or several, not both. */
export interface SyntheticQuery extends SyntheticRange {
  readonly expression?: Expression | string;
  readonly expressions?: readonly (Expression | string)[];
}

/** Formulas over time series, computed by CDF. */
export class SyntheticApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Every point of a formula, or of several in their order. `'now'` is the same time for all of them. One request per 10 expressions and
   * 10,000 points of each.
   *
   * @example synthetic.query({ expression: ts('a').mul(10).add(100), start: '1d-ago' })
   * @throws {ApiError} when a series does not exist or an expression cannot be read.
   * @see https://api-docs.cognite.com/20230101/tag/Synthetic-Time-Series/operation/querySyntheticTimeseries
   */
  query(
    query: SyntheticRange & { readonly expressions: readonly (Expression | string)[] },
    options?: CallOptions,
  ): Promise<SyntheticDatapoints[]>;
  /** Every point of one formula. @throws {ApiError} when a series does not exist or the formula cannot be read. */
  query(
    query: SyntheticRange & { readonly expression: Expression | string },
    options?: CallOptions,
  ): Promise<SyntheticDatapoints>;
  async query(query: SyntheticQuery, options: CallOptions = {}): Promise<SyntheticDatapoints | SyntheticDatapoints[]> {
    const { querySynthetic } = await loadPart(import('./query-synthetic.js'));
    return querySynthetic(this.#transport, query, options);
  }
}
