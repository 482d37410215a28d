import { type CallOptions, ConfigError, type Transport } from '@cdf/core';
import { loadPart } from '@cdf/core/resource';
import { type Lane, lanesOf } from './lanes.js';

/** Where requests go: a transport, or a client that has one. */
export type Connection = Transport | { readonly transport: Transport };

/** A request of data modeling. */
export interface ModelRequest {
  /** Below `/models`. */
  readonly path: string;
  /** An object, unless `contentType` is there. */
  readonly body: unknown;
  readonly contentType?: 'application/json' | undefined;
  readonly lane: Lane;
  readonly idempotent: boolean;
  /** The body or the answer holds 64-bit integers, which `JSON` rounds. */
  readonly isExact?: boolean | undefined;
  readonly onAttempt?: (() => void) | undefined;
}

/** @throws {ConfigError} when it is neither a transport nor a client. */
export function transportOf(connection: Connection): Transport {
  const transport =
    'request' in Object(connection)
      ? connection
      : (connection as { transport?: unknown })?.transport;
  if (typeof (transport as Transport | undefined)?.request !== 'function')
    throw new ConfigError('expected a client or a transport');
  return transport as Transport;
}

/** Sends a request, and gives the parsed answer. */
export async function send(
  transport: Transport,
  { path, body, contentType, lane, idempotent, isExact = false, onAttempt }: ModelRequest,
  options?: CallOptions,
): Promise<unknown> {
  const lanes = lanesOf(transport);
  const laneLimit = lanes.limits[lane];
  const spec = {
    method: 'POST',
    path: `/models${path}`,
    body,
    contentType,
    lane,
    laneLimit,
    idempotent,
    onAttempt,
  } as const;
  // A lane that is full for the first time is worth a look at what the project allows.
  if (++lanes.running[lane] === laneLimit && lanes.learned === undefined && lane !== 'schema')
    void loadPart(import('./project-limits.js')).then(
      (part) => part.learnLimits(transport),
      ignore,
    );
  try {
    if (!isExact) return await transport.request(spec, options);
    const { sendExact } = await loadPart(import('./exact-json.js'));
    return await sendExact(transport, spec, options);
  } finally {
    lanes.running[lane]--;
  }
}

function ignore(): void {}
