import type { Disambiguation, TimeArgument } from '@cdf/core';
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
   * Where the days and months of aggregates inside of an expression begin, and where `start` and
   * `end` are local times if they are strings without an offset: an IANA name, or `UTC+05:30`.
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * Which instant `start` or `end` is when clocks skip or repeat that local time.
   * @default a skipped time is an error that names its neighbours, and a repeated one is the first
   */
  disambiguation?: Disambiguation | undefined;
}

/** The result of an expression. */
export interface SyntheticDatapoints {
  /** The expression that was sent. */
  readonly expression: string;
  /** Number of points. */
  readonly length: number;
  /** @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** NaN where there is an error. */
  readonly values: Float64Array;
  /** Errors by the index of the point: `BAD_DOMAIN …`, `OVERFLOW …`, `TYPE_ERROR …`. */
  readonly errors: ReadonlyMap<number, string>;
}

/** One expression or several, not both. */
export interface SyntheticQuery extends SyntheticRange {
  readonly expression?: Expression | string;
  readonly expressions?: readonly (Expression | string)[];
}
