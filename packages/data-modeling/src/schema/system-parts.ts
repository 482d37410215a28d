import type { SchemaChange } from './schema-change.js';

/**
 * Changes of containers and views that belong to the system: the API takes none. A text or filter
 * of a view that differs stays as it is in the project.
 */
export function ofSystem(changes: readonly SchemaChange[]): SchemaChange[] {
  return changes.map((each): SchemaChange => {
    if (each.change === 'kept') return each;
    if (each.kind === 'view' && each.change === 'changed')
      return { ...each, change: 'kept', reason: `its ${each.reason} is that of the project` };
    const reason = each.change === 'added' ? 'the project does not have it' : each.reason;
    return {
      ...each,
      change: 'refused',
      reason: `${reason}; it belongs to the system, and cannot be changed`,
    };
  });
}
