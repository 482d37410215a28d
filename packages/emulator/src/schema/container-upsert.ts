import { badRequest } from '../errors.js';
import { isObject } from '../validation/schema.js';
import { type ContainerCreate, indexProblem } from './container-body.js';
import { completeContainer } from './core.js';
import { containerKey, member } from './keys.js';
import type { Constraint, Container, ContainerProperty, Index, PropertyType } from './model.js';
import { RESERVED_IN_CONTAINERS } from './names.js';

/** The most properties of a container. */
const MAX_PROPERTIES = 100;
const MAX_CONSTRAINTS = 35;
const MAX_INDEXES = 10;
const DEFAULT_LISTS = { direct: 100, other: 1000 };
const MAX_TEXT_BYTES = 128_000;

/**
 * The container that a request leads to. Properties, constraints and indexes that it leaves out
 * stay; changes that would break stored data are refused.
 */
export function upsertedContainer(
  given: ContainerCreate,
  before: Container | undefined,
): Container {
  const { space, externalId } = given;
  const refuse = (problem: string): Error =>
    badRequest(`Cannot store container '${containerKey(given)}': ${problem}`);
  const reserved = Object.keys(given.properties).find((name) => RESERVED_IN_CONTAINERS.has(name));
  if (reserved !== undefined) throw refuse(`property identifier '${reserved}' is reserved`);
  if (before === undefined) return checked(completeContainer(given), refuse);
  if (given.usedFor !== undefined && given.usedFor !== before.usedFor)
    throw refuse(`usedFor cannot be changed from ${before.usedFor} to ${given.usedFor}`);
  const merging = new Map(Object.entries(before.properties));
  for (const [name, property] of Object.entries(given.properties)) {
    const old = member(before.properties, name);
    const problem = old === undefined ? undefined : changeProblem(old, property);
    if (problem !== undefined) throw refuse(`property '${name}': ${problem}`);
    merging.set(name, property);
  }
  const properties = Object.fromEntries(merging);
  const after: Container = {
    space,
    externalId,
    ...described(given),
    usedFor: before.usedFor,
    properties,
    constraints: merged(before.constraints, given.constraints, (name) =>
      refuse(`constraint '${name}' cannot be changed`),
    ),
    indexes: merged(before.indexes, given.indexes, (name) =>
      refuse(`index '${name}' cannot be changed`),
    ),
  };
  const sizes = [
    ['properties', MAX_PROPERTIES],
    ['constraints', MAX_CONSTRAINTS],
    ['indexes', MAX_INDEXES],
  ] as const;
  for (const [part, most] of sizes)
    if (Object.keys(after[part]).length > most) throw refuse(`it has more than ${most} ${part}`);
  return checked(after, refuse);
}

/**
 * A name or description that a request leaves out goes away, as an upsert states the whole of them.
 */
export function described(given: {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}): {
  name?: string;
  description?: string;
} {
  return {
    ...(given.name === undefined ? {} : { name: given.name }),
    ...(given.description === undefined ? {} : { description: given.description }),
  };
}

function checked(container: Container, refuse: (problem: string) => Error): Container {
  const problem = indexProblem(container);
  if (problem !== undefined) throw refuse(problem);
  return container;
}

function merged<T extends Constraint | Index>(
  before: Readonly<Record<string, T>>,
  given: Readonly<Record<string, T>> | undefined,
  refusal: (name: string) => Error,
): Record<string, T> {
  const result = new Map(Object.entries(before));
  for (const [name, each] of Object.entries(given ?? {})) {
    const old = member(before, name);
    if (old !== undefined && !isSameDefinition(old, each)) throw refusal(name);
    result.set(name, old ?? each);
  }
  return Object.fromEntries(result);
}

function isSameDefinition(old: Constraint | Index, given: Constraint | Index): boolean {
  const { state: _state, ...rest } = old as { state?: string } & Record<string, unknown>;
  return sortedText(rest) === sortedText(given);
}

/** JSON with the members of objects in order, so that it can be compared. */
export function sortedText(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) => {
      if (typeof member === 'bigint') return `${member}n`;
      return isObject(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member;
    }) ?? ''
  );
}

function changeProblem(old: ContainerProperty, given: ContainerProperty): string | undefined {
  if (given.nullable && !old.nullable) return 'it cannot become nullable again';
  if (given.autoIncrement !== old.autoIncrement) return 'autoIncrement cannot be changed';
  return typeProblem(old.type, given.type);
}

function typeProblem(old: PropertyType, given: PropertyType): string | undefined {
  if (old.type !== given.type)
    return `its type cannot be changed from ${old.type} to ${given.type}`;
  if ((old.list ?? false) !== (given.list ?? false))
    return 'a list cannot become a single value, nor the other way';
  if (old.collation !== given.collation) return 'its collation cannot be changed';
  if (sortedText(old.container) !== sortedText(given.container))
    return 'its target container cannot be changed';
  if (old.unit?.externalId !== given.unit?.externalId) return 'its unit cannot be changed';
  const defaultSize = old.type === 'direct' ? DEFAULT_LISTS.direct : DEFAULT_LISTS.other;
  if ((given.maxListSize ?? defaultSize) < (old.maxListSize ?? defaultSize))
    return 'maxListSize cannot become smaller';
  if ((given.maxTextSize ?? MAX_TEXT_BYTES) < (old.maxTextSize ?? MAX_TEXT_BYTES))
    return 'maxTextSize cannot become smaller';
  const missing = Object.keys(old.values ?? {}).find(
    (name) => !Object.hasOwn(given.values ?? {}, name),
  );
  return missing === undefined ? undefined : `the enum value '${missing}' cannot be removed`;
}
