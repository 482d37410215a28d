import type {
  Container,
  ContainerProperty,
  ContainerPropertyType,
  ContainerWrite,
} from '../api/schema-types.js';
import { ownOf } from './canonical.js';

/** Members that answers add to a property, a constraint or an index. */
const ANSWERED: readonly string[] = ['constraintState', 'state'];

/** A container that is made anew, with all that it had and that is not defined here. */
export function remade(wanted: ContainerWrite, found: Container): ContainerWrite {
  const { name, description, constraints = {}, indexes = {} } = found;
  const kept = Object.entries(found.properties)
    .filter(([property]) => !Object.hasOwn(wanted.properties, property))
    .map(([property, definition]) => [property, written(definition)] as const);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    constraints: parts(constraints),
    indexes: parts(indexes),
    ...wanted,
    properties: {
      ...(Object.fromEntries(kept) as Record<string, ContainerProperty>),
      ...Object.fromEntries(
        Object.entries(wanted.properties).map(([property, definition]) => [
          property,
          withDetails(definition, ownOf(found.properties, property)),
        ]),
      ),
    },
  };
}

/** A container as a request writes it. */
export function asItWas(found: Container): ContainerWrite {
  const { space, externalId, usedFor } = found;
  return remade({ space, externalId, ...(usedFor && { usedFor }), properties: {} }, found);
}

/** What a view cannot say of a property stays as it is where the type does. */
function withDetails(
  wanted: ContainerProperty,
  found: ContainerProperty | undefined,
): ContainerProperty {
  if (found === undefined || found.type.type !== wanted.type.type) return wanted;
  const { collation, container } = found.type;
  const type: ContainerPropertyType = {
    ...(collation !== undefined && { collation }),
    ...(container !== undefined && { container }),
    ...wanted.type,
  };
  const { name, autoIncrement } = found;
  return {
    ...(name !== undefined && { name }),
    ...(autoIncrement === true && { autoIncrement }),
    ...wanted,
    type,
  };
}

function parts(
  found: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Record<string, Readonly<Record<string, unknown>>> {
  return Object.fromEntries(Object.entries(found).map(([name, part]) => [name, written(part)]));
}

/** As requests write it. */
function written<T extends object>(part: T): T {
  return Object.fromEntries(
    Object.entries(part).filter(([member]) => !ANSWERED.includes(member)),
  ) as T;
}
