import type { Transport } from '@cdf/core';

/** The limiters of data modeling. */
export type Lane = 'query' | 'apply' | 'delete' | 'schema';

/** The requests of one client. */
export interface Lanes {
  /** Most at the same time: CDF's documented limits, until the project says otherwise. */
  readonly limits: Record<Lane, number>;
  /** On their way, or waiting for their turn. */
  readonly running: Record<Lane, number>;
  /** Settles when the project's own limits are known, or cannot be. */
  learned?: Promise<void> | undefined;
}

const known = /* @__PURE__ */ new WeakMap<Transport, Lanes>();

export function lanesOf(transport: Transport): Lanes {
  const lanes = known.get(transport) ?? {
    limits: { query: 8, apply: 4, delete: 2, schema: 1 },
    running: { query: 0, apply: 0, delete: 0, schema: 0 },
  };
  known.set(transport, lanes);
  return lanes;
}
