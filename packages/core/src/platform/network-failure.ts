import type { Delivery } from '../errors.js';

/** The explanation of a failed `fetch`, as far as the runtime gives one. */
export interface NetworkFailure {
  /** In words. */
  readonly explanation: string;
  readonly delivery: Delivery;
  /** The runtime's own error. */
  readonly cause: unknown;
}
