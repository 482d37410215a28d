import { AuthError, type CallOptions, type Transport } from '@cdf/core';
import { Cursors, copyOfError, readPage } from '@cdf/core/resource';
import type { Container, ContainerProperty, ContainerWrite } from '../api/schema-types.js';
import { describeNames } from '../nodes/describe-names.js';
import type { NodeReference } from '../view/definition.js';
import { readName } from '../wire/reader.js';
import { send } from '../wire/send.js';
import { ownOf } from './canonical.js';
import { containerName } from './container-name.js';
import type { SchemaChange } from './schema-change.js';

const LABEL = 'POST /models/instances/list';

/** Tells whether a property of the project is optional and will be required. */
function becomesRequired(wanted: ContainerProperty, found: ContainerProperty): boolean {
  return wanted.nullable === false && found.nullable !== false;
}

/**
 * Refuses that a property becomes required which a node or edge has no value of: the API takes it,
 * reads would fail, and there is no way back. A container that loses its data is not searched.
 *
 * The search sees the instances of the spaces that the credentials may read, as they are now: one
 * in another space, or one that is written between the search and the push, may be without a value
 * afterwards.
 */
export async function refuseEmpty(
  transport: Transport,
  changes: readonly SchemaChange[],
  containers: readonly ContainerWrite[],
  existing: ReadonlyMap<string, Container>,
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const lost = new Set(
    changes.filter(({ change }) => change === 'losesData').map(({ name }) => name),
  );
  const wanted = new Map(containers.map((each) => [containerName(each), each]));
  const checked: SchemaChange[] = [];
  for (const change of changes) {
    const { kind, name, property = '' } = change;
    const container = kind === 'container' && !lost.has(name) ? wanted.get(name) : undefined;
    const after = ownOf(container?.properties, property);
    const before = ownOf(existing.get(name)?.properties, property);
    const isAsked =
      change.change === 'changed' && after && before && becomesRequired(after, before);
    const found = existing.get(name);
    const empty =
      found && isAsked ? await emptyOne(transport, found, property, options) : undefined;
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

/**
 * A node or edge with data in the container and no value of the property.
 *
 * @param container of the project: a view of nodes may be stored in one that edges have data in
 */
async function emptyOne(
  transport: Transport,
  container: Container,
  property: string,
  options?: CallOptions,
): Promise<NodeReference | undefined> {
  const { space, externalId, usedFor = 'node' } = container;
  const filter = {
    and: [
      { hasData: [{ type: 'container', space, externalId }] },
      { not: { exists: { property: [space, externalId, property] } } },
    ],
  };
  try {
    for (const instanceType of usedFor === 'all' ? ['node', 'edge'] : [usedFor]) {
      const found = await firstOf(transport, { instanceType, filter, limit: 1 }, options);
      if (found !== undefined) return found;
    }
    return undefined;
  } catch (error) {
    if (!AuthError.isInstance(error)) throw error;
    const instances = usedFor === 'all' ? 'nodes and edges' : `${usedFor}s`;
    throw copyOfError(
      error,
      `${error.message}; property ${property} of ${containerName(container)} becomes required, which needs the right to read its ${instances}`,
      { cause: error },
    );
  }
}

/** The first instance of a list. A page may be empty and have a cursor. */
async function firstOf(
  transport: Transport,
  body: object,
  options?: CallOptions,
): Promise<NodeReference | undefined> {
  const cursors = new Cursors(LABEL);
  for (let cursor: string | undefined; ; ) {
    const request = { path: '/instances/list', body: { ...body, cursor }, ...READ } as const;
    const { items, nextCursor } = readPage<object>(await send(transport, request, options), LABEL);
    const [found] = items;
    if (found !== undefined) return readName(found, LABEL);
    if (nextCursor === undefined) return undefined;
    cursor = cursors.next(nextCursor, 0);
  }
}

const READ = { lane: 'query', idempotent: true } as const;
