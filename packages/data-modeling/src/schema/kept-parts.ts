import type {
  Container,
  ContainerProperty,
  ContainerPropertyType,
  ContainerWrite,
  ViewDefinition,
  ViewWrite,
} from '../api/schema-types.js';
import { ownOf } from './canonical.js';
import { type SIZES, sizeOf } from './sizes.js';

// An upsert states the whole of a container's or view's own members and of each property that it
// has: the parts that a view does not say are sent as they are in the project.

/** Members that answers add to a property, a constraint or an index. */
const ANSWERED: readonly string[] = ['constraintState', 'state'];

/** A container to change, with what is not defined here of it and of its properties. */
export function withKept(wanted: ContainerWrite, found: Container): ContainerWrite {
  const { name, description, usedFor } = found;
  return {
    ...defined({ name, description }),
    ...wanted,
    ...(usedFor === 'all' && { usedFor }),
    properties: Object.fromEntries(
      Object.entries(wanted.properties).map(([property, definition]) => [
        property,
        withDetails(definition, ownOf(found.properties, property)),
      ]),
    ),
  };
}

/** A container that is made anew, with all that it had and that is not defined here. */
export function remade(wanted: ContainerWrite, found: Container): ContainerWrite {
  const { constraints, indexes, properties } = found;
  const kept = withKept(wanted, found);
  return {
    ...kept,
    constraints: parts(constraints ?? {}),
    indexes: parts(indexes ?? {}),
    properties: { ...parts(properties), ...kept.properties },
  };
}

/** A container as a request writes it. */
export function asItWas(found: Container): ContainerWrite {
  const { space, externalId, usedFor } = found;
  return remade({ space, externalId, ...defined({ usedFor }), properties: {} }, found);
}

/** A view to change, with what is not defined here of it and of its properties. */
export function viewWithKept(wanted: ViewWrite, found: ViewDefinition | undefined): ViewWrite {
  if (found === undefined) return wanted;
  const { name, description, filter } = found;
  const properties = Object.entries(wanted.properties ?? {}).map(([property, definition]) => {
    const known = ownOf(found.properties, property);
    const texts = defined({ name: known?.name, description: known?.description });
    return [property, { ...texts, ...definition }] as const;
  });
  return {
    ...defined({ name, description, filter }),
    ...wanted,
    properties: Object.fromEntries(properties),
  };
}

/** What a view does not say of a property stays as it is where the type does. */
function withDetails(
  wanted: ContainerProperty,
  found: ContainerProperty | undefined,
): ContainerProperty {
  if (found === undefined || found.type.type !== wanted.type.type) return wanted;
  const { name, description, autoIncrement, defaultValue, immutable } = found;
  const isSameForm = (found.type.list ?? false) === (wanted.type.list ?? false);
  return {
    ...defined({ name }),
    ...(immutable === true && { immutable }),
    // A list has other rules for these.
    ...(isSameForm && defined({ autoIncrement, defaultValue })),
    ...wanted,
    // Views have descriptions of their own; that of the container is for all of them.
    ...defined({ description }),
    type: typeWithDetails(wanted.type, found.type, isSameForm),
  };
}

function typeWithDetails(
  wanted: ContainerPropertyType,
  found: ContainerPropertyType,
  isSameForm: boolean,
): ContainerPropertyType {
  // The form is that of the view.
  const { list: _list, maxListSize: _size, ...rest } = found;
  const { maxListSize, maxTextSize, ...own } = wanted;
  const unit =
    wanted.unit === undefined || wanted.unit.externalId === found.unit?.externalId
      ? found.unit
      : wanted.unit;
  const values = found.values && { ...wanted.values, ...found.values };
  return {
    ...rest,
    ...own,
    ...defined({ unit, values }),
    ...defined({ maxTextSize: largest(maxTextSize, found, 'maxTextSize') }),
    ...defined({
      maxListSize: isSameForm ? largest(maxListSize, found, 'maxListSize') : maxListSize,
    }),
  };
}

/** Sizes can only be raised. */
function largest(
  wanted: number | undefined,
  found: ContainerPropertyType,
  size: (typeof SIZES)[number],
): number | undefined {
  return wanted !== undefined && wanted > sizeOf(found, size) ? wanted : found[size];
}

export function defined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

function parts<T extends object>(found: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(found).map(([name, part]) => [name, written(part)]));
}

/** As requests write it. */
function written<T extends object>(part: T): T {
  return Object.fromEntries(
    Object.entries(part).filter(([member]) => !ANSWERED.includes(member)),
  ) as T;
}
