import { badRequest } from '../errors.js';
import { containerKey, rowName } from '../schema/keys.js';
import type { Schema } from '../schema/schema.js';
import type { Entry } from './entry.js';
import { valuesKey } from './entry-index.js';
import type { InstanceStore } from './instance-store.js';
import type { Planned } from './planned.js';

/**
 * Refuses an instance that would have data in a container without having it in one that this
 * requires.
 */
export function checkRequires(schema: Schema, { key, data, touched }: Planned): void {
  for (const code of touched) {
    const container = schema.containerOfCode(code)?.containers[0];
    for (const [name, constraint] of Object.entries(container?.body.constraints ?? {})) {
      if (constraint.constraintType !== 'requires') continue;
      const required = schema.containers.get(containerKey(constraint.require));
      if (required !== undefined && data[required.code as string] === undefined)
        throw badRequest(
          `Constraint '${name}' of container '${container?.externalId}' is violated: instance '${key}' has no data in container '${required.externalId}'.`,
        );
    }
  }
}

/** Refuses values that must be unique and are not, when everything of a request is in place. */
export function checkConstraints(
  { schema, instances }: { readonly schema: Schema; readonly instances: InstanceStore },
  changed: readonly Entry[],
): void {
  for (const entry of changed) {
    for (const code of Object.keys(entry.data)) {
      const container = schema.containerOfCode(code)?.containers[0];
      for (const [name, constraint] of Object.entries(container?.body.constraints ?? {})) {
        if (constraint.constraintType !== 'uniqueness') continue;
        const { bySpace } = constraint;
        const properties = constraint.properties.map(rowName);
        const values = valuesKey(entry, code, properties, bySpace);
        if (values === undefined) continue;
        if (instances.indexes.byValues(code, properties, bySpace).count(values) > 1)
          throw badRequest(
            `Constraint '${name}' of container '${container?.externalId}' is violated: the values of ${properties.join(', ')} of instance '${entry.key}' are not unique.`,
          );
      }
    }
  }
}
