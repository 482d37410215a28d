import type { CallOptions, Transport } from '@cdf/core';
import { readPage, unexpected } from '@cdf/core/resource';
import type { ContainerWrite } from '../api/schema-types.js';
import type { ViewReference } from '../view/definition.js';
import { inLane } from '../wire/lanes.js';
import { referenceKey } from '../wire/references.js';

/** Containers that one request takes. */
const MOST_PER_REQUEST = 10;
const LABEL = 'POST /models/containers/inspect';

/** A container, and the views that show properties of it. */
export interface InspectedContainer {
  readonly container: Pick<ContainerWrite, 'space' | 'externalId'>;
  readonly views: readonly ViewReference[];
}

interface WireContainer {
  readonly space?: unknown;
  readonly externalId?: unknown;
  readonly inspectionResults?: { readonly involvedViews?: unknown };
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
      inspectionOperations: { involvedViews: { allVersions: true } },
    };
    const answer = await transport.request(
      {
        method: 'POST',
        path: '/models/containers/inspect',
        body,
        idempotent: true,
        ...inLane(transport, 'query'),
      },
      options,
    );
    const { items } = readPage<WireContainer>(answer, LABEL);
    for (const container of chunk) {
      const found = items.find((item) => referenceKey(item as never) === referenceKey(container))
        ?.inspectionResults?.involvedViews;
      if (!Array.isArray(found))
        throw unexpected(LABEL, `it has no views of ${container.externalId}`);
      inspected.push({ container, views: found });
    }
  }
  return inspected;
}
