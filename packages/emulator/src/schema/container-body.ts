import {
  array,
  boolean,
  type Check,
  integer,
  isGiven,
  isObject,
  needed,
  object,
  oneOf,
  text,
  where,
} from '../validation/schema.js';
import { defaultValueProblem } from './default-value.js';
import { member } from './keys.js';
import type {
  Constraint,
  Container,
  ContainerProperty,
  Index,
  PropertyType,
  ScalarKind,
} from './model.js';
import {
  containerReferenceCheck,
  description,
  displayName,
  enumValueProblem,
  instanceExternalId,
  newSchemaExternalId,
  propertyNameProblem,
  spaceName,
} from './names.js';

const MAX_PROPERTIES = 100;
const MAX_INDEXES = 10;
const MAX_CONSTRAINTS = 35;
const MAX_ENUM_VALUES = 32;
const MAX_TEXT_BYTES = 128_000;
const MAX_LIST_SIZE = 2000;
const MAX_INDEXED_TEXT = 2400;

/** A container as a request writes it: omitted members are undefined. */
export type ContainerCreate = Omit<Container, 'usedFor' | 'constraints' | 'indexes'> & {
  readonly usedFor?: Container['usedFor'] | undefined;
  readonly constraints?: Container['constraints'] | undefined;
  readonly indexes?: Container['indexes'] | undefined;
};

const list = { list: boolean, maxListSize: integer({ min: 1, max: MAX_LIST_SIZE }) };
const numeric = {
  ...list,
  unit: object({ externalId: needed(instanceExternalId), sourceUnit: text() }),
};
const enumValues = named(
  object({ name: displayName, description }) as Check<object>,
  enumValueProblem,
  {
    min: 1,
    max: MAX_ENUM_VALUES,
  },
);

const COLLATION = /^(ucs_basic|und|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/;

function isCollation(name: string): boolean {
  if (!COLLATION.test(name)) return false;
  try {
    // The order of strings comes from there.
    return name === 'ucs_basic' || Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}

/** The members of a type besides its name, by its name. */
const TYPES: Readonly<Record<ScalarKind, Parameters<typeof object>[0]>> = {
  text: {
    ...list,
    maxTextSize: integer({ min: 1, max: MAX_TEXT_BYTES }),
    collation: where(text(), (value) =>
      isCollation(value) ? undefined : 'must be a known collation',
    ),
  },
  boolean: list,
  int32: numeric,
  int64: numeric,
  float32: numeric,
  float64: numeric,
  timestamp: list,
  date: list,
  json: list,
  timeseries: list,
  file: list,
  sequence: list,
  direct: { ...list, container: containerReferenceCheck },
  enum: { values: needed(enumValues), unknownValue: text() },
};

const CHECKS = new Map(
  Object.entries(TYPES).map(([name, shape]) => [
    name,
    object({ type: needed(text()), ...shape }) as Check<unknown>,
  ]),
);

const propertyType: Check<PropertyType> = (value, path, problems) => {
  const kind = isObject(value) ? value.type : undefined;
  const check = typeof kind === 'string' ? CHECKS.get(kind) : undefined;
  if (check === undefined) {
    problems.push(
      isObject(value) && kind !== undefined && kind !== null
        ? `${path}.type must be one of ${[...CHECKS.keys()].join(', ')}`
        : `${path}${isObject(value) ? '.type must not be null' : ' must be an object'}`,
    );
    return { type: 'text' };
  }
  const type = check(value, path, problems) as PropertyType;
  if (type.maxListSize !== undefined && type.list !== true)
    problems.push(`${path}.maxListSize needs a list`);
  if (type.unknownValue !== undefined && !Object.hasOwn(type.values ?? {}, type.unknownValue))
    problems.push(`${path}.unknownValue must be one of values`);
  return completeType(type);
};

/** A type with the members that answers always carry. */
function completeType(type: PropertyType): PropertyType {
  const { type: kind, list: isList = false, ...rest } = type;
  return {
    type: kind,
    ...(kind === 'enum' ? {} : { list: isList }),
    ...(kind === 'text' ? { collation: 'ucs_basic' } : {}),
    ...rest,
  };
}

const propertyShape = object({
  type: needed(propertyType),
  nullable: boolean,
  immutable: boolean,
  autoIncrement: boolean,
  defaultValue: ((value) => value) as Check<unknown>,
  name: displayName,
  description,
});

const property: Check<ContainerProperty> = (value, path, problems) => {
  const before = problems.length;
  const given = propertyShape(value, path, problems);
  const { type, nullable = true, immutable = false, autoIncrement = false, ...rest } = given;
  if (problems.length === before) {
    if (autoIncrement && type.type !== 'int32' && type.type !== 'int64')
      problems.push(`${path}.autoIncrement is only allowed for int32 and int64`);
    const problem =
      rest.defaultValue === undefined ? undefined : defaultValueProblem(type, rest.defaultValue);
    if (problem !== undefined) problems.push(`${path}.defaultValue ${problem}`);
  }
  return { type, nullable, immutable, autoIncrement, ...rest };
};

const identifierProblem = (name: string): string | undefined =>
  name.length >= 1 && name.length <= 43
    ? undefined
    : `identifier '${name}' size must be between 1 and 43`;
const someProperties = needed(array(text({ min: 1, max: 255 }), { min: 1, max: 10 }));

const uniqueness = object({
  constraintType: oneOf('uniqueness'),
  properties: someProperties,
  bySpace: boolean,
});
const requires = object({
  constraintType: oneOf('requires'),
  require: needed(containerReferenceCheck),
});
const constraint: Check<Constraint> = (value, path, problems) => {
  if (isObject(value) && (value.constraintType === 'requires' || isGiven(value.require)))
    return { ...requires(value, path, problems), constraintType: 'requires' };
  const { properties, bySpace = false } = uniqueness(value, path, problems);
  return { constraintType: 'uniqueness', properties, bySpace };
};

const btree = object({
  indexType: oneOf('btree'),
  properties: someProperties,
  cursorable: boolean,
  bySpace: boolean,
});
const inverted = object({ indexType: oneOf('inverted'), properties: someProperties });
const index: Check<Index> = (value, path, problems) => {
  if (isObject(value) && value.indexType === 'inverted')
    return { indexType: 'inverted', properties: inverted(value, path, problems).properties };
  const { properties, cursorable = false, bySpace = false } = btree(value, path, problems);
  return { indexType: 'btree', properties, cursorable, bySpace };
};

const shape = {
  space: needed(spaceName),
  externalId: needed(newSchemaExternalId),
  name: displayName,
  description,
  usedFor: oneOf('node', 'edge', 'all', 'record'),
  properties: needed(named(property, propertyNameProblem, { min: 1, max: MAX_PROPERTIES })),
  constraints: named(constraint, identifierProblem, { max: MAX_CONSTRAINTS }),
  indexes: named(index, identifierProblem, { max: MAX_INDEXES }),
};

export const containerCheck: Check<ContainerCreate> = where(
  object(shape) as Check<ContainerCreate>,
  (given) => {
    if (given.usedFor !== 'record') return undefined;
    return given.constraints === undefined && given.indexes === undefined
      ? undefined
      : 'usedFor record allows neither constraints nor indexes';
  },
);

/** Problems of constraints and indexes that concern the properties they name. */
export function indexProblem(container: Container): string | undefined {
  const known = container.properties;
  for (const [name, each] of [
    ...Object.entries(container.constraints),
    ...Object.entries(container.indexes),
  ]) {
    if (!('properties' in each)) continue;
    for (const property of each.properties) {
      if (member(known, property) === undefined)
        return `'${name}' names the unknown property '${property}'`;
    }
    if (!('indexType' in each)) continue;
    for (const property of each.properties) {
      const { type } = known[property] as ContainerProperty;
      const isList = type.list === true;
      if (each.indexType === 'inverted' && !isList && type.type !== 'json')
        return `the inverted index '${name}' needs lists or json, and '${property}' is neither`;
      if (each.indexType === 'btree' && type.type === 'json')
        return `'${property}' cannot be in the btree index '${name}'`;
      if (
        each.indexType === 'btree' &&
        type.type === 'text' &&
        (type.maxTextSize ?? 0) > MAX_INDEXED_TEXT
      )
        return `maxTextSize of '${property}' must be at most ${MAX_INDEXED_TEXT} for the btree index '${name}'`;
    }
  }
  return undefined;
}

/** An object whose members all pass `check`; `problemOf` looks at their names. */
export function named<T>(
  check: Check<T>,
  problemOf: (name: string) => string | undefined,
  size: { min?: number; max: number },
): Check<Record<string, T>> {
  const { min = 0, max } = size;
  return (value, path, problems) => {
    if (!isObject(value)) {
      problems.push(`${path} must be an object`);
      return {};
    }
    const names = Object.keys(value);
    if (names.length < min || names.length > max)
      problems.push(`${path} size must be between ${min} and ${max}`);
    const members = names.map((name): [string, T] => {
      const problem = problemOf(name);
      if (problem !== undefined) problems.push(`${path} ${problem}`);
      return [name, check(value[name], `${path}.${name}`, problems)];
    });
    return Object.fromEntries(members);
  };
}
