import type { Delivery } from '../errors.js';

/** What a failed `fetch` tells, as far as the runtime does. */
export interface NetworkFailure {
  /** In words. */
  readonly explanation: string;
  readonly delivery: Delivery;
  /** The runtime's own error. */
  readonly cause: unknown;
}
