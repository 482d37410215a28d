import type { Json } from '../../helpers.js';
import { checkIdentity, itemsOf } from './body.js';
import {
  type Answer,
  type Instance,
  keyOf,
  needSpaces,
  needWritable,
  refuse,
  type State,
  same,
} from './state.js';

export function deleteInstances(state: State, body: Json): Answer {
  const items = itemsOf(body, 1000);
  for (const item of items) checkIdentity(item);
  const spaces = items.map(({ space }) => space);
  needSpaces(state, spaces);
  needWritable(state, spaces);
  return { status: 200, body: { items: removeInstances(state, items) } };
}

/**
 * Removes instances and the edges that hang on removed nodes; answers with those that were named
 * and existed.
 */
export function removeInstances(state: State, items: readonly Json[]): Json[] {
  const removed: Instance[] = [];
  const remove = (instance: Instance): void => {
    state.instances.delete(keyOf(instance));
    instance.version += 1;
    instance.deletedTime = state.time;
    instance.lastUpdatedTime = state.time;
    instance.change = state.next++;
    state.deleted.push(instance);
    removed.push(instance);
    if (instance.instanceType === 'edge') return;
    for (const edge of [...state.instances.values()])
      if (same(edge.startNode ?? null, end(instance)) || same(edge.endNode ?? null, end(instance)))
        remove(edge);
  };
  // An edge may go with a node before its own turn: it was there, and is named.
  const found = items.filter(
    (item) => state.instances.get(keyOf(item as Instance))?.instanceType === item.instanceType,
  );
  for (const item of found) {
    const instance = state.instances.get(keyOf(item as Instance));
    if (instance !== undefined) remove(instance);
  }
  for (const { type } of state.instances.values())
    if (type !== undefined && removed.some((instance) => same(end(instance), type)))
      refuse(`The node ${keyOf(type)} is the type of other instances and cannot be deleted`);
  return found.map(({ instanceType, space, externalId }) => ({ instanceType, externalId, space }));
}

const end = ({ space, externalId }: Instance): Json => ({ space, externalId });
