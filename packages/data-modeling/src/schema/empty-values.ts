import type { CallOptions, Transport } from '@cdf/core';
import { readPage } from '@cdf/core/resource';
import type { ContainerWrite } from '../api/schema-types.js';
import { describeNames } from '../nodes/describe-names.js';
import { readName } from '../wire/reader.js';
import { send } from '../wire/send.js';
import { BECOMES_REQUIRED } from './required.js';
import type { SchemaChange } from './schema-change.js';

const LABEL = 'POST /models/instances/list';

/**
 * Refuses that a property becomes required which a node or edge has no value of: the API takes it,
 * reads would fail, and there is no way back.
 */
export async function refuseEmpty(
  transport: Transport,
  changes: readonly SchemaChange[],
  containers: readonly ContainerWrite[],
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const checked: SchemaChange[] = [];
  for (const change of changes) {
    const container = containers.find(
      ({ space, externalId }) => `${space}:${externalId}` === change.name,
    );
    const isAsked =
      change.kind === 'container' && change.reason === BECOMES_REQUIRED && container !== undefined;
    const empty = isAsked
      ? await emptyOne(transport, container, change.property as string, options)
      : undefined;
    checked.push(
      empty === undefined
        ? change
        : {
            ...change,
            change: 'refused',
            reason: `${describeNames([empty])} has no value; write one to every node, then push again`,
          },
    );
  }
  return checked;
}

/** A node or edge with data in the container and no value of the property. */
async function emptyOne(
  transport: Transport,
  { space, externalId, usedFor = 'node' }: ContainerWrite,
  property: string,
  options?: CallOptions,
): Promise<{ readonly space: string; readonly externalId: string } | undefined> {
  const filter = {
    and: [
      { hasData: [{ type: 'container', space, externalId }] },
      { not: { exists: { property: [space, externalId, property] } } },
    ],
  };
  for (const instanceType of usedFor === 'all' ? ['node', 'edge'] : [usedFor]) {
    const body = { instanceType, filter, limit: 1 };
    const request = { path: '/instances/list', body, lane: 'query', idempotent: true } as const;
    const [found] = readPage<object>(await send(transport, request, options), LABEL).items;
    if (found !== undefined) return readName(found, LABEL);
  }
  return undefined;
}
