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

/** A search for an instance that a change would leave without a value, and what is said of it. */
interface Search {
  readonly filter: object;
  readonly told: string;
}

/**
 * Refuses that a property is required which a node or edge has no value of: the API takes it, reads
 * would fail, and there is no way back. A new property that is required with a default is one of
 * them where nodes have data: it is not known whether the API writes the default to these. A
 * container that loses its data is not searched.
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
    const found = kind === 'container' && !lost.has(name) ? existing.get(name) : undefined;
    const after = ownOf(wanted.get(name)?.properties, property);
    const search = found && after && searchOf(change, after, found);
    const empty = search && (await emptyOne(transport, found, property, search, options));
    checked.push(
      empty === undefined
        ? change
        : { ...change, change: 'refused', reason: `${describeNames([empty])} ${search?.told}` },
    );
  }
  return checked;
}

/** The search that a change of a property needs, if it needs one. */
function searchOf(
  { change, property = '' }: SchemaChange,
  after: ContainerProperty,
  { space, externalId, properties }: Container,
): Search | undefined {
  if (after.nullable !== false) return undefined;
  const hasData = { hasData: [{ type: 'container', space, externalId }] };
  const before = ownOf(properties, property);
  if (change === 'added' && before === undefined)
    return {
      filter: hasData,
      told: 'has data there, and may be left without the default; push the property as optional, with the default, write a value to every node, then push it as required',
    };
  if (change !== 'changed' || before === undefined || before.nullable === false) return undefined;
  return {
    filter: { and: [hasData, { not: { exists: { property: [space, externalId, property] } } }] },
    told: 'has no value; write one to every node, then push again',
  };
}

/**
 * A node or edge that the search finds.
 *
 * @param container of the project: a view of nodes may be stored in one that edges have data in
 */
async function emptyOne(
  transport: Transport,
  container: Container,
  property: string,
  { filter }: Search,
  options?: CallOptions,
): Promise<NodeReference | undefined> {
  const { usedFor = 'node' } = container;
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
