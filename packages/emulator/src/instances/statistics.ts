import { get, post, type Route } from '../http/route.js';
import { spaceName } from '../schema/names.js';
import type { Parts } from '../schema/schema.js';
import type { State } from '../state.js';
import { array, needed, object, parse } from '../validation/schema.js';
import type { Concurrency } from './concurrency.js';
import { KEPT_DELETED } from './instance-store.js';

const MAX_SPACES = 100;
const LIMITS = {
  spaces: 100,
  containers: 1000,
  views: 2000,
  dataModels: 500,
  containerProperties: 25_000,
  instances: 5_000_000,
  softDeletedInstances: 10_000_000,
};

const PATH = '/models/statistics';
const namesCheck = object({
  items: needed(array(object({ space: needed(spaceName) }), { min: 1, max: MAX_SPACES })),
});

/** Parts of the schema that belong to a space. */
interface InSpaces {
  readonly own: { items(): Iterable<{ readonly body: { readonly space: string } }> };
}

interface Counts {
  nodes: number;
  edges: number;
  softDeletedNodes: number;
  softDeletedEdges: number;
}

/** The endpoints that count. System objects are not counted. */
export function statisticsRoutes(state: State, concurrency: Concurrency): Route[] {
  const { spaces } = state.schema;
  return [
    get(PATH, () => projectStatistics(state, concurrency)),
    get(`${PATH}/spaces`, () =>
      spaceStatistics(
        state,
        spaces.sorted(false).map(({ externalId }) => externalId),
      ),
    ),
    post(`${PATH}/spaces/byids`, (body) => {
      const names = parse(namesCheck, body).items.map(({ space }) => space);
      return spaceStatistics(
        state,
        [...new Set(names)].filter((name) => spaces.get(name) !== undefined),
      );
    }),
  ];
}

function projectStatistics(state: State, concurrency: Concurrency): object {
  const { spaces, containers, views, dataModels } = state.schema;
  const count = (parts: Parts<unknown>, limit: number): object => ({
    count: parts.own.size,
    limit,
  });
  let properties = 0;
  for (const { body } of containers.own.items()) properties += Object.keys(body.properties).length;
  const all = zero();
  for (const own of countsBySpace(state).values())
    for (const name of Object.keys(all) as (keyof Counts)[]) all[name] += own[name];
  const { nodes, edges, softDeletedNodes, softDeletedEdges } = all;
  return {
    spaces: count(spaces as Parts<unknown>, LIMITS.spaces),
    containers: count(containers as Parts<unknown>, LIMITS.containers),
    views: count(views as Parts<unknown>, LIMITS.views),
    dataModels: count(dataModels as Parts<unknown>, LIMITS.dataModels),
    containerProperties: { count: properties, limit: LIMITS.containerProperties },
    instances: {
      edges,
      softDeletedEdges,
      nodes,
      softDeletedNodes,
      instances: nodes + edges,
      instancesLimit: LIMITS.instances,
      softDeletedInstances: softDeletedNodes + softDeletedEdges,
      softDeletedInstancesLimit: LIMITS.softDeletedInstances,
    },
    concurrentReadLimit: concurrency.read,
    concurrentWriteLimit: concurrency.write,
    concurrentDeleteLimit: concurrency.delete,
  };
}

function spaceStatistics(state: State, names: readonly string[]): object {
  const counts = countsBySpace(state);
  const { containers, views, dataModels } = state.schema;
  const inSpace = (parts: InSpaces, space: string): number =>
    [...parts.own.items()].filter(({ body }) => body.space === space).length;
  return {
    items: names.map((space) => ({
      space,
      containers: inSpace(containers, space),
      views: inSpace(views, space),
      dataModels: inSpace(dataModels, space),
      ...(counts.get(space) ?? zero()),
    })),
  };
}

function countsBySpace({ instances, clock }: State): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  const countsOf = (space: string): Counts => {
    const own = counts.get(space) ?? zero();
    counts.set(space, own);
    return own;
  };
  for (const { space, instanceType } of instances.all())
    countsOf(space)[instanceType === 'node' ? 'nodes' : 'edges'] += 1;
  const since = clock.now() - KEPT_DELETED;
  for (const { space, instanceType, deletedTime = 0 } of instances.changes.deleted()) {
    if (deletedTime < since) continue;
    countsOf(space)[instanceType === 'node' ? 'softDeletedNodes' : 'softDeletedEdges'] += 1;
  }
  return counts;
}

function zero(): Counts {
  return { nodes: 0, edges: 0, softDeletedNodes: 0, softDeletedEdges: 0 };
}
