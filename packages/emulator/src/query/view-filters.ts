import type { InstanceStore } from '../instances/instance-store.js';
import type { Stored, View } from '../schema/model.js';
import type { Schema } from '../schema/schema.js';
import { viewCondition } from './filter.js';

/** Refuses views whose filters are invalid, name something unknown, or lead back to themselves. */
export function checkViewFilters(
  schema: Schema,
  instances: InstanceStore,
  views: readonly Stored<View>[],
): void {
  for (const { body } of views) {
    const view = schema.view(body);
    if (view === undefined || body.filter === undefined) continue;
    viewCondition(view, {
      schema,
      instances,
      instanceType: view.usedFor === 'edge' ? 'edge' : 'node',
    });
  }
}
