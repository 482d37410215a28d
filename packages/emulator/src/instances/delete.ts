import { badRequest } from '../errors.js';
import { instanceKey } from '../schema/keys.js';
import type { Schema } from '../schema/schema.js';
import { isConflict, versionConflict } from './conflict.js';
import type { Entry } from './entry.js';
import type { InstanceStore } from './instance-store.js';
import type { InstanceDelete } from './write-body.js';

export interface Deleted {
  /** The instances that the request names, in its order. */
  readonly named: readonly Entry[];
  /** The named instances and the edges that went along. */
  readonly all: readonly Entry[];
}

/**
 * Deletes instances, and the edges at deleted nodes. Unknown ones are left out. Runs inside a
 * transaction.
 */
export function deleteInstances(
  { instances }: { readonly schema: Schema; readonly instances: InstanceStore },
  items: readonly InstanceDelete[],
  now: number,
  options: { readonly skipOnVersionConflict?: boolean } = {},
): Deleted {
  if (items.length === 0) return { named: [], all: [] };
  const named = new Set<Entry>();
  for (const item of items) {
    const entry = instances.get(instanceKey(item));
    if (entry === undefined || entry.instanceType !== item.instanceType) continue;
    if (isConflict(entry, item)) {
      if (options.skipOnVersionConflict === true) continue;
      throw versionConflict();
    }
    named.add(entry);
  }
  const all = new Set(named);
  for (const { instanceType, key } of named) {
    if (instanceType === 'edge') continue;
    for (const end of ['start', 'end'] as const)
      for (const edge of instances.indexes.byEnd(end).get(key)) all.add(edge);
  }
  for (const { key } of named) {
    for (const user of instances.indexes.byType().get(key))
      if (!all.has(user))
        throw badRequest(
          `The node '${key}' cannot be deleted: it is the type of '${user.key}' and maybe of others.`,
        );
  }
  for (const entry of all) instances.delete(entry, now);
  return { named: [...named], all: [...all] };
}
