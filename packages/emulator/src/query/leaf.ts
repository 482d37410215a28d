import { badRequest } from '../errors.js';
import type { Entry } from '../instances/entry.js';
import type { IndexKey } from '../instances/entry-index.js';
import { UNIT_SPACE, unitNodes } from '../instances/unit-nodes.js';
import { InvalidValue, isSame, type Value } from '../schema/values.js';
import { isObject } from '../validation/schema.js';
import { type Compare, compareOf } from './compare.js';
import { type Candidates, type Condition, together } from './condition.js';
import { type FilterContext, type PropertyAccess, propertyAccess } from './property-reference.js';

const MAX_VALUES = 1000;

/** A value of a filter: fixed, or read from the same instance. */
type Operand<T> = (entry: Entry) => T | undefined;

type Leaf = (body: Readonly<Record<string, unknown>>, context: FilterContext) => Condition;

const LEAVES: Readonly<
  Record<string, { readonly members: readonly string[]; readonly compile: Leaf }>
> = {
  equals: { members: ['property', 'value'], compile: equals },
  in: { members: ['property', 'values'], compile: isIn },
  range: { members: ['property', 'gt', 'gte', 'lt', 'lte'], compile: range },
  prefix: { members: ['property', 'value'], compile: prefix },
  exists: { members: ['property'], compile: exists },
  containsAny: {
    members: ['property', 'values'],
    compile: (body, context) => contains(body, context, 'containsAny'),
  },
  containsAll: {
    members: ['property', 'values'],
    compile: (body, context) => contains(body, context, 'containsAll'),
  },
  overlaps: {
    members: ['startProperty', 'endProperty', 'gt', 'gte', 'lt', 'lte'],
    compile: overlaps,
  },
};

/** Compiles a filter that looks at properties. */
export function leafCondition(name: string, body: unknown, context: FilterContext): Condition {
  const leaf = Object.hasOwn(LEAVES, name) ? LEAVES[name] : undefined;
  if (leaf === undefined) throw badRequest(`Unknown filter '${name}'.`);
  if (!isObject(body)) throw badRequest(`${name} must be an object.`);
  for (const member of Object.keys(body))
    if (!leaf.members.includes(member)) throw badRequest(`Unexpected field - ${name}.${member}`);
  return leaf.compile(body, context);
}

function equals(body: Readonly<Record<string, unknown>>, context: FilterContext): Condition {
  const property = propertyAccess(body.property, context);
  const { fixed, of } = operand(body.value, property, context, property.read, 'value');
  const test = (entry: Entry): boolean => {
    const value = property.get(entry);
    return value !== undefined && isSame(value, of(entry));
  };
  const isScalar = property.type.list !== true && typeof fixed !== 'object' && fixed !== undefined;
  return { test, candidates: isScalar ? found(property, fixed as IndexKey, context) : undefined };
}

function isIn(body: Readonly<Record<string, unknown>>, context: FilterContext): Condition {
  const property = propertyAccess(body.property, context);
  const { fixed, of } = listOperand(body.values, property, context);
  const contains = fixed === undefined ? undefined : membership(fixed);
  const test = (entry: Entry): boolean => {
    const value = property.get(entry);
    if (value === undefined) return false;
    const has = contains ?? membership(of(entry) ?? []);
    return Array.isArray(value) ? value.some(has) : has(value);
  };
  return {
    test,
    candidates: fixed && together(fixed.map((each) => found(property, each as IndexKey, context))),
  };
}

function contains(
  body: Readonly<Record<string, unknown>>,
  context: FilterContext,
  name: 'containsAny' | 'containsAll',
): Condition {
  const property = propertyAccess(body.property, context);
  if (property.type.list !== true)
    throw badRequest(`${name} is only for lists, and '${property.name}' is not a list.`);
  const { fixed, of } = listOperand(body.values, property, context);
  const test = (entry: Entry): boolean => {
    const value = property.get(entry) as readonly Value[] | undefined;
    const values = value === undefined ? undefined : of(entry);
    if (value === undefined || values === undefined) return false;
    const has = membership(value);
    return name === 'containsAny' ? values.some(has) : values.every(has);
  };
  if (fixed === undefined || fixed.length === 0) return { test };
  const known = fixed.map((each) => found(property, each as IndexKey, context));
  return { test, candidates: name === 'containsAny' ? together(known) : known[0] };
}

function range(body: Readonly<Record<string, unknown>>, context: FilterContext): Condition {
  const property = propertyAccess(body.property, context);
  checkOrdered(property, 'range');
  const within = bounds(body, property, context);
  return {
    test: (entry) => {
      const value = property.get(entry);
      return value !== undefined && within.above(value, entry) && within.below(value, entry);
    },
  };
}

function overlaps(body: Readonly<Record<string, unknown>>, context: FilterContext): Condition {
  if (context.isSearch === true)
    throw badRequest('overlaps is not available in search and aggregate.');
  const start = propertyAccess(body.startProperty, context);
  const end = propertyAccess(body.endProperty, context);
  for (const property of [start, end]) checkOrdered(property, 'overlaps');
  if (start.type.type !== end.type.type)
    throw badRequest('startProperty and endProperty must be of one type.');
  const within = bounds(body, start, context);
  return {
    test: (entry) => {
      const [from, to] = [start.get(entry), end.get(entry)];
      // An interval without an end goes on for ever.
      return (
        from !== undefined &&
        within.below(from, entry) &&
        (to === undefined || within.above(to, entry))
      );
    },
  };
}

function prefix(body: Readonly<Record<string, unknown>>, context: FilterContext): Condition {
  const property = propertyAccess(body.property, context);
  const isList = property.type.list === true;
  if (!isList && property.type.type !== 'text')
    throw badRequest(`prefix is only for text and lists, and '${property.name}' is neither.`);
  if (isList && context.isSearch === true) {
    const { of } = operand(
      body.value,
      property,
      context,
      (value) => elementOr(property, value),
      'value',
    );
    return {
      test: (entry) => {
        const [list, start] = [property.get(entry) as readonly Value[] | undefined, of(entry)];
        return (
          list?.some((each) => typeof each === 'string' && each.startsWith(String(start))) ?? false
        );
      },
    };
  }
  const { fixed, of } = operand(body.value, property, context, property.read, 'value');
  const test = (entry: Entry): boolean => {
    const [value, start] = [property.get(entry), of(entry)];
    if (value === undefined || start === undefined) return false;
    if (!isList) return (value as string).startsWith(start as string);
    const [list, first] = [value as readonly Value[], start as readonly Value[]];
    return first.length <= list.length && first.every((each, index) => isSame(each, list[index]));
  };
  const last = Array.isArray(fixed) ? (fixed as readonly Value[]).at(-1) : undefined;
  return {
    test,
    candidates: last === undefined ? undefined : found(property, last as IndexKey, context),
  };
}

function exists(body: Readonly<Record<string, unknown>>, context: FilterContext): Condition {
  const { get } = propertyAccess(body.property, context);
  if (context.isSearch !== true) return { test: (entry) => get(entry) !== undefined };
  return {
    test: (entry) => {
      const value = get(entry);
      return value !== undefined && !(Array.isArray(value) && value.length === 0);
    },
  };
}

/** Instances with this value, where an index has them. */
function found(
  property: PropertyAccess,
  value: IndexKey,
  context: FilterContext,
): Candidates | undefined {
  const { instances, schema } = context;
  const { indexes } = instances;
  if (property.at?.isIndexed === true) {
    if (typeof value === 'object') return undefined;
    const index = indexes.byValue(property.at.code, property.at.identifier);
    return { size: index.count(value), entries: () => index.get(value) };
  }
  switch (property.base) {
    case 'space':
      return value === UNIT_SPACE
        ? { size: unitNodes().size, entries: () => unitNodes().values(), isGlobal: true }
        : undefined;
    case 'externalId':
      return {
        size: 1,
        *entries() {
          for (const { body } of schema.spaces.all()) {
            const entry = instances.get(`${body.space}:${String(value)}`);
            if (entry !== undefined) yield entry;
          }
        },
      };
    case 'startNode':
    case 'endNode': {
      const index = indexes.byEnd(property.base === 'startNode' ? 'start' : 'end');
      return { size: index.count(value), entries: () => index.get(value) };
    }
    case 'type': {
      const index = indexes.byType();
      return { size: index.count(value), entries: () => index.get(value) };
    }
    default:
      return undefined;
  }
}

function operand<T extends Value>(
  given: unknown,
  property: PropertyAccess,
  context: FilterContext,
  read: (value: unknown) => Value | InvalidValue,
  name: string,
): { readonly fixed?: T; readonly of: Operand<T> } {
  const value = parameterValue(given, context);
  if (value === undefined || value === null) throw badRequest(`${name} must not be null`);
  const other = referenced(value, context);
  if (other !== undefined) return { of: other.get as Operand<T> };
  const found = read(value);
  if (found instanceof InvalidValue) throw badRequest(found.problem.replace('%', property.name));
  return { fixed: found as T, of: () => found as T };
}

function listOperand(
  given: unknown,
  property: PropertyAccess,
  context: FilterContext,
): { readonly fixed?: readonly Value[]; readonly of: Operand<readonly Value[]> } {
  const read = (value: unknown): Value | InvalidValue => {
    if (!Array.isArray(value))
      return new InvalidValue(`The values for property '%' must be an array.`);
    if (value.length > MAX_VALUES)
      return new InvalidValue(`More than ${MAX_VALUES} values for property '%'.`);
    const elements: Value[] = [];
    for (const each of value as readonly unknown[]) {
      const element = elementOr(property, parameterValue(each, context));
      if (element instanceof InvalidValue) return element;
      elements.push(element);
    }
    return elements;
  };
  const { fixed, of } = operand<readonly Value[]>(given, property, context, read, 'values');
  // A single value of another property stands for a list of one.
  const listOf: Operand<readonly Value[]> = (entry) => {
    const value: Value | undefined = of(entry);
    return value === undefined || Array.isArray(value) ? value : [value];
  };
  return fixed === undefined ? { of: listOf } : { fixed, of: listOf };
}

function elementOr(property: PropertyAccess, value: unknown): Value | InvalidValue {
  return (
    property.readElement(value) ??
    new InvalidValue(`Invalid value for ${property.type.type} property '%'.`)
  );
}

function parameterValue(value: unknown, { parameters }: FilterContext): unknown {
  if (!isObject(value) || Object.keys(value).length !== 1 || typeof value.parameter !== 'string')
    return value;
  if (parameters === undefined || !Object.hasOwn(parameters, value.parameter))
    throw badRequest(`The parameter '${value.parameter}' was not given.`);
  return parameters[value.parameter];
}

/** The property of the same instance that stands where a value would. */
function referenced(value: unknown, context: FilterContext): PropertyAccess | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1 || !Array.isArray(value.property))
    return undefined;
  return propertyAccess(value.property, context);
}

function membership(values: readonly Value[]): (value: Value) => boolean {
  if (values.some((each) => typeof each === 'object'))
    return (value) => values.some((each) => isSame(each, value));
  const set = new Set(values);
  return (value) => set.has(value);
}

function checkOrdered({ name, type }: PropertyAccess, filter: string): void {
  if (type.list === true || type.type === 'json' || type.type === 'direct')
    throw badRequest(
      `${filter} is only for single values that have an order, and '${name}' has none.`,
    );
}

interface Bounds {
  readonly above: (value: Value, entry: Entry) => boolean;
  readonly below: (value: Value, entry: Entry) => boolean;
}

function bounds(
  body: Readonly<Record<string, unknown>>,
  property: PropertyAccess,
  context: FilterContext,
): Bounds {
  const given = (name: string): boolean => body[name] !== undefined && body[name] !== null;
  if (given('gt') && given('gte')) throw badRequest('A range has either gt or gte, not both.');
  if (given('lt') && given('lte')) throw badRequest('A range has either lt or lte, not both.');
  if (!['gt', 'gte', 'lt', 'lte'].some(given))
    throw badRequest('A range needs one of gt, gte, lt, lte.');
  const compare = compareOf(property.type);
  const bound = (
    name: string,
    holds: (order: number) => boolean,
  ): ((value: Value, entry: Entry) => boolean) => {
    if (!given(name)) return () => true;
    const { of } = operand(body[name], property, context, property.read, name);
    return (value, entry) => {
      const limit = of(entry);
      return limit !== undefined && holds(comparing(compare, value, limit));
    };
  };
  const [gt, gte] = [bound('gt', (order) => order > 0), bound('gte', (order) => order >= 0)];
  const [lt, lte] = [bound('lt', (order) => order < 0), bound('lte', (order) => order <= 0)];
  return {
    above: (value, entry) => gt(value, entry) && gte(value, entry),
    below: (value, entry) => lt(value, entry) && lte(value, entry),
  };
}

/** Values of different kinds, as of another property, have no order. */
function comparing(compare: Compare, left: Value, right: Value): number {
  const isNumber = (value: Value): boolean =>
    typeof value === 'number' || typeof value === 'bigint';
  if (typeof left === typeof right || (isNumber(left) && isNumber(right)))
    return compare(left, right);
  return Number.NaN;
}
