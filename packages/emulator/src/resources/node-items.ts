import { ApiError, badRequest } from '../errors.js';
import { post, type Route } from '../http/route.js';
import type { InstanceId, Item, Reference } from '../model/common.js';
import { keysOf, type State } from '../state.js';
import { resolve } from '../storage/references.js';
import { externalIdText, idNumber, instanceId } from '../validation/common.js';
import { array, type Check, needed, object, parse, where } from '../validation/schema.js';
import { itemsText, type Kind, MAX_ITEMS } from './crud.js';

type NodeItem = Item & {
  readonly instanceId?: InstanceId | undefined;
  readonly pendingInstanceId?: InstanceId | undefined;
};

interface Pending extends Reference {
  readonly pendingInstanceId: InstanceId;
}

/** Refuses changes of fields that come from the node of an item. */
export function checkOwner(
  item: NodeItem,
  patch: Readonly<Record<string, unknown>>,
  owned: readonly string[],
): void {
  const name =
    item.instanceId === undefined ? undefined : owned.find((each) => patch[each] !== undefined);
  if (name !== undefined)
    throw badRequest(
      `${name} cannot be updated: it belongs to the node '${textOf(item.instanceId)}'; update the node.`,
    );
}

/** Refuses to delete items that are nodes. */
export function withoutNodes<T extends NodeItem>(items: readonly T[]): readonly T[] {
  const node = items.find((item) => item.instanceId !== undefined);
  if (node !== undefined)
    throw badRequest(
      `Cannot delete what belongs to the node '${textOf(node.instanceId)}'; delete the node.`,
    );
  return items;
}

const pendingCheck: Check<{ items: Pending[] }> = object({
  items: needed(
    array(
      where(
        object({
          id: idNumber,
          externalId: externalIdText,
          pendingInstanceId: needed(instanceId),
        }) as Check<Pending>,
        ({ id, externalId }) =>
          (id === undefined) === (externalId === undefined)
            ? 'must have exactly one identifier'
            : undefined,
      ),
      { min: 1, max: MAX_ITEMS },
    ),
  ),
});

/** POST /{kind}/set-pending-instance-ids: nodes that are made later take these items over. */
export function pendingRoute<T extends NodeItem>(state: State, kind: Kind<T>): Route {
  return post(`${kind.path}/set-pending-instance-ids`, (body, call) => {
    const { items } = parse(pendingCheck, body);
    const found = resolve(kind.collection, items, kind.refusals);
    const taken = found.find((item) => item.instanceId !== undefined);
    if (taken !== undefined)
      throw new ApiError(
        409,
        `The item ${taken.id} belongs to the node '${textOf(taken.instanceId)}'.`,
      );
    const now = state.clock.now();
    const replaceAll = (): readonly T[] =>
      found.map((item, index) => {
        const after = {
          ...item,
          pendingInstanceId: items[index]?.pendingInstanceId,
          lastUpdatedTime: now,
        };
        kind.collection.replace(after);
        return after;
      });
    const changed = state.write(call.requestId, kind.name, 'update', replaceAll, keysOf);
    return itemsText(kind, changed);
  });
}

function textOf(instance: InstanceId | undefined): string {
  return `${instance?.space}:${instance?.externalId}`;
}
