import { containerKey, rowName } from '../schema/keys.js';
import type { Constraint, Container, ContainerProperty, Stored } from '../schema/model.js';
import type { Schema } from '../schema/schema.js';
import { type Entry, rowOf } from './entry.js';
import { valuesKey } from './entry-index.js';
import type { InstanceStore } from './instance-store.js';

/**
 * A container whose constraints say which of them the stored instances break. These stay as they
 * are; only new writes must obey.
 */
export function withStates(
  body: Container,
  code: string,
  { schema, instances }: { readonly schema: Schema; readonly instances: InstanceStore },
): Container {
  const rows = [...instances.indexes.byContainer().get(code)];
  const properties = Object.entries(body.properties).map(
    ([name, property]): [string, ContainerProperty] => {
      const { isBroken: _before, ...rest } = property;
      const isBroken =
        !property.nullable &&
        rows.some((entry) => rowOf(entry, code)?.[rowName(name)] === undefined);
      return [name, isBroken ? { ...rest, isBroken } : rest];
    },
  );
  const constraints = Object.entries(body.constraints).map(
    ([name, constraint]): [string, Constraint] => {
      const { state: _before, ...rest } = constraint;
      return [name, isBroken(rest, code, rows, schema) ? { ...rest, state: 'failed' } : rest];
    },
  );
  return {
    ...body,
    properties: Object.fromEntries(properties),
    constraints: Object.fromEntries(constraints),
  };
}

function isBroken(
  constraint: Constraint,
  code: string,
  rows: readonly Entry[],
  schema: Schema,
): boolean {
  if (constraint.constraintType === 'requires') {
    const required: Stored<Container> | undefined = schema.containers.get(
      containerKey(constraint.require),
    );
    return (
      required !== undefined &&
      rows.some((entry) => rowOf(entry, required.code as string) === undefined)
    );
  }
  const identifiers = constraint.properties.map(rowName);
  const seen = new Set<string>();
  return rows.some((entry) => {
    const key = valuesKey(entry, code, identifiers, constraint.bySpace);
    if (key === undefined) return false;
    const isTwice = seen.has(key);
    seen.add(key);
    return isTwice;
  });
}
