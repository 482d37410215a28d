import { AuthError, type CallOptions, type Transport } from '@cdf/core';
import { copyOfError, readPage, unexpected } from '@cdf/core/resource';
import type { ContainerWrite } from '../api/schema-types.js';
import type { ViewReference } from '../view/definition.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';
import { isListOfViews } from './check-answers.js';
import { containerName } from './container-name.js';

/** Containers that one request takes. */
const MOST_PER_REQUEST = 10;
const LABEL = 'POST /models/containers/inspect';

/** A container, and the views that show properties of it. */
export interface InspectedContainer {
  readonly container: Pick<ContainerWrite, 'space' | 'externalId'>;
  readonly views: readonly ViewReference[];
  /** Views beyond these, which the credentials cannot read. */
  readonly unavailable: number;
}

interface WireContainer {
  readonly space?: unknown;
  readonly externalId?: unknown;
  readonly inspectionResults?: {
    readonly involvedViews?: unknown;
    readonly involvedViewCount?: unknown;
  };
}

/** The views, of every version, that are stored in some containers. A request for each ten. */
export async function inspectContainers(
  transport: Transport,
  containers: readonly Pick<ContainerWrite, 'space' | 'externalId'>[],
  options?: CallOptions,
): Promise<InspectedContainer[]> {
  const inspected: InspectedContainer[] = [];
  for (let start = 0; start < containers.length; start += MOST_PER_REQUEST) {
    const chunk = containers.slice(start, start + MOST_PER_REQUEST);
    const body = {
      items: chunk.map(({ space, externalId }) => ({ space, externalId })),
      inspectionOperations: {
        involvedViews: { allVersions: true },
        totalInvolvedViewCount: { allVersions: true, includeUnavailableViews: true },
      },
    };
    const request = { path: '/containers/inspect', body, lane: 'query', idempotent: true } as const;
    const answer = await send(transport, request, options).catch((error: unknown) => {
      throw withReason(error, chunk.map(containerName));
    });
    const { items } = readPage<WireContainer>(answer, LABEL);
    for (const container of chunk) {
      const { involvedViews: views, involvedViewCount: count } =
        items.find((item) => referenceKey(item as never) === referenceKey(container))
          ?.inspectionResults ?? {};
      if (!isListOfViews(views))
        throw unexpected(LABEL, `it has no views of ${container.externalId}`);
      const unavailable = typeof count === 'number' ? Math.max(0, count - views.length) : 0;
      inspected.push({ container, views, unavailable });
    }
  }
  return inspected;
}

function withReason(error: unknown, names: readonly string[]): unknown {
  if (!AuthError.isInstance(error) || error.status !== 403) return error;
  const reason = `${names.join(', ')} would lose ${names.length === 1 ? 'its' : 'their'} data, and the views that are stored there have to be known: that needs the right to inspect containers`;
  return copyOfError(error, `${error.message}; ${reason}`, { cause: error });
}
