import type { Json } from '../../helpers.js';
import { type Context, isPropertyValue, type Property, resolve } from './properties.js';
import { isObject, needContainer, needView, refuse, violation } from './state.js';
import { storedElement } from './values.js';

const RANGES = new Set('text int32 int64 float32 float64 timestamp date'.split(' '));

/** Refuses a filter that is not in the grammar, or that does not fit the properties it names. */
export function checkFilter(context: Context, filter: Json): void {
  if (!isObject(filter) || Object.keys(filter).length !== 1)
    violation('filter must have exactly one operator');
  const [[operator, body]] = Object.entries(filter) as [[string, Json]];
  const check = CHECKS[operator];
  if (check === undefined) violation(`unknown filter ${operator}`);
  check(context, body);
}

const CHECKS: Readonly<Record<string, (context: Context, body: Json) => void>> = {
  and: checkAll,
  or: checkAll,
  not: checkFilter,
  matchAll: (_, body) => {
    if (!isObject(body) || Object.keys(body).length > 0) violation('matchAll must be empty');
  },
  exists: (context, body) => void propertyOf(context, body),
  equals(context, body) {
    const property = propertyOf(context, body);
    checkWhole(context, property, body.value);
  },
  in(context, body) {
    checkElements(context, propertyOf(context, body), body.values);
  },
  containsAny: checkContains,
  containsAll: checkContains,
  prefix(context, body) {
    const property = propertyOf(context, body);
    if (context.view !== undefined && property.type.list)
      checkElement(context, property, body.value);
    else if (property.type.list) checkWhole(context, property, body.value);
    else if (property.type.type !== 'text')
      refuse(`prefix needs a text property, but '${property.name}' is not one`);
    else checkElement(context, property, body.value);
  },
  range(context, body) {
    checkBounds(context, propertyOf(context, body), body);
  },
  overlaps(context, body) {
    if (context.view !== undefined) refuse('overlaps is not available here');
    if (!isObject(body)) violation('overlaps must be an object');
    const start = resolve(context, body.startProperty);
    const end = resolve(context, body.endProperty);
    if (start.type.type !== end.type.type) refuse('overlaps needs two properties of one type');
    checkBounds(context, start, body);
    checkBounds(context, end, body);
  },
  nested(context, body) {
    if (!isObject(body)) violation('nested must be an object');
    const scope = resolve(context, body.scope);
    if (scope.type.type !== 'direct')
      refuse(`nested needs a direct relation, but '${scope.name}' is not one`);
    checkFilter({ state: context.state, instanceType: 'node' }, body.filter);
  },
  hasData({ state }, body) {
    if (!Array.isArray(body)) violation('hasData must be an array');
    for (const source of body) {
      if (source?.type === 'container') needContainer(state, source);
      else if (source?.type !== 'view') violation('type must be view or container');
      else if (source.version !== undefined) needView(state, source);
    }
  },
  instanceReferences(_, body) {
    if (!Array.isArray(body)) violation('instanceReferences must be an array');
    for (const item of body)
      if (typeof item?.space !== 'string' || typeof item.externalId !== 'string')
        violation('space must not be null');
  },
};

function checkAll(context: Context, body: Json): void {
  if (!Array.isArray(body) || body.length === 0) violation('and, or need at least one filter');
  for (const part of body) checkFilter(context, part);
}

function propertyOf(context: Context, body: Json): Property {
  if (!isObject(body) || body.property === undefined) violation('property must not be null');
  return resolve(context, body.property);
}

function checkContains(context: Context, body: Json): void {
  const property = propertyOf(context, body);
  if (!property.type.list)
    refuse(`containsAny and containsAll need a list property, but '${property.name}' is not one`);
  checkElements(context, property, body.values);
}

/** A value of the property's type: for a list the whole list. */
function checkWhole(context: Context, property: Property, value: Json): void {
  if (isPropertyValue(value)) checkOther(context, property, value);
  else if (!property.type.list) checkElement(context, property, value);
  else if (!Array.isArray(value)) refuse(`Invalid value for list property '${property.name}'.`);
  else for (const element of value) checkElement(context, property, element);
}

function checkElement(context: Context, property: Property, value: Json): void {
  if (isPropertyValue(value)) checkOther(context, property, value);
  else if (value === undefined || value === null) violation('value must not be null');
  // How long a stored text may be says nothing of a text to compare with.
  else
    storedElement({ ...property.type, list: false, maxTextSize: undefined }, property.name, value);
}

function checkElements(context: Context, property: Property, values: Json): void {
  if (isPropertyValue(values)) {
    checkOther(context, property, values);
    return;
  }
  if (!Array.isArray(values)) violation('values must be an array');
  if (values.length > 1000) violation('values size must be between 0 and 1000');
  for (const value of values) checkElement(context, property, value);
}

function checkOther(context: Context, property: Property, value: { property: string[] }): void {
  const other = resolve(context, value.property);
  if (other.type.type !== property.type.type)
    refuse(`The types of two properties in a filter differ`);
}

function checkBounds(context: Context, property: Property, body: Json): void {
  if (body.gt !== undefined && body.gte !== undefined) refuse('A range has either gt or gte');
  if (body.lt !== undefined && body.lte !== undefined) refuse('A range has either lt or lte');
  const bounds = [body.gt, body.gte, body.lt, body.lte].filter((bound) => bound !== undefined);
  if (bounds.length === 0) refuse('A range needs a bound');
  if (property.type.list || !RANGES.has(property.type.type))
    refuse(`'${property.name}' has no ranges`);
  for (const bound of bounds) checkElement(context, property, bound);
}

/** Puts the values of parameters in their places. */
export function withParameters(value: Json, parameters: Json): Json {
  if (Array.isArray(value)) return value.map((part) => withParameters(part, parameters));
  if (!isObject(value)) return value;
  if (typeof value.parameter === 'string' && Object.keys(value).length === 1) {
    if (!isObject(parameters) || !Object.hasOwn(parameters, value.parameter))
      refuse(`The parameter '${value.parameter}' has no value`);
    return parameters[value.parameter];
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withParameters(part, parameters)]),
  );
}
