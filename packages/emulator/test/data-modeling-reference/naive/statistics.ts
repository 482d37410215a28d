import type { Json } from '../../helpers.js';
import { itemsOf } from './body.js';
import type { Answer, State } from './state.js';

/** Counts and limits of a project; system spaces do not count. */
export function statistics(state: State): Answer {
  const counted = (limit: number, items: Iterable<Json>): Json => ({
    count: own(items).length,
    limit,
  });
  const { nodes, edges, softDeletedNodes, softDeletedEdges } = instances(state, () => true);
  return {
    status: 200,
    body: {
      spaces: counted(100, state.spaces.values()),
      containers: counted(1000, state.containers.values()),
      views: counted(2000, state.views.values()),
      dataModels: counted(500, state.models.values()),
      containerProperties: counted(
        25_000,
        own(state.containers.values()).flatMap(({ properties }) => Object.values<Json>(properties)),
      ),
      instances: {
        ...{ nodes, edges, softDeletedNodes, softDeletedEdges },
        instances: nodes + edges,
        instancesLimit: 5_000_000,
        softDeletedInstances: softDeletedNodes + softDeletedEdges,
        softDeletedInstancesLimit: 10_000_000,
      },
      concurrentReadLimit: 8,
      concurrentWriteLimit: 4,
      concurrentDeleteLimit: 2,
    },
  };
}

const own = (items: Iterable<Json>): Json[] =>
  [...items].filter(({ isGlobal }) => isGlobal !== true);

function instances(state: State, isMember: (instance: Json) => boolean): Json {
  const count = (all: Iterable<Json>, kind: string): number =>
    [...all].filter((instance) => instance.instanceType === kind && isMember(instance)).length;
  return {
    nodes: count(state.instances.values(), 'node'),
    edges: count(state.instances.values(), 'edge'),
    softDeletedNodes: count(state.deleted, 'node'),
    softDeletedEdges: count(state.deleted, 'edge'),
  };
}

function ofSpace(state: State, space: string): Json {
  const count = (items: Iterable<Json>): number =>
    [...items].filter((item) => item.space === space).length;
  return {
    space,
    containers: count(state.containers.values()),
    views: count(state.views.values()),
    dataModels: count(state.models.values()),
    ...instances(state, (instance) => instance.space === space),
  };
}

export function spaceStatistics(state: State): Answer {
  return {
    status: 200,
    body: { items: own(state.spaces.values()).map(({ space }) => ofSpace(state, space)) },
  };
}

export function spaceStatisticsById(state: State, body: Json): Answer {
  const found = itemsOf(body, 100).filter(({ space }) => state.spaces.has(space));
  return { status: 200, body: { items: found.map(({ space }) => ofSpace(state, space)) } };
}
