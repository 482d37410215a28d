import type { Json } from '../../helpers.js';
import { type Context, isPropertyValue, type Property, resolve, storedOf } from './properties.js';
import { type Instance, keyOf, type State, same, viewKey } from './state.js';
import { compareValues, storedElement } from './values.js';
import { mappedContainers } from './views.js';

/** True if an instance satisfies a filter that was checked. Two-valued: `not` of false is true. */
export function matches(context: Context, filter: Json, instance: Instance): boolean {
  const [[operator, body]] = Object.entries(filter) as [[string, Json]];
  const { state } = context;
  const value = (property: Property): Json => storedOf(instance, property);
  const operand = (property: Property, given: Json): Json =>
    isPropertyValue(given) ? value(resolve(context, given.property)) : stored(property, given);
  const property = (): Property => resolve(context, body.property);
  switch (operator) {
    case 'and':
      return body.every((part: Json) => matches(context, part, instance));
    case 'or':
      return body.some((part: Json) => matches(context, part, instance));
    case 'not':
      return !matches(context, body, instance);
    case 'matchAll':
      return true;
    case 'exists': {
      const found = value(property());
      return (
        found !== undefined &&
        !(context.view !== undefined && Array.isArray(found) && found.length === 0)
      );
    }
    case 'equals': {
      const [found, other] = [value(property()), operand(property(), body.value)];
      return found !== undefined && other !== undefined && same(found, other);
    }
    case 'in':
      return elements(value(property())).some((one) =>
        isOneOf(one, elements(operand(property(), body.values))),
      );
    case 'containsAny':
      return elements(value(property())).some((one) =>
        isOneOf(one, elements(operand(property(), body.values))),
      );
    case 'containsAll': {
      const found = value(property());
      return (
        found !== undefined &&
        elements(operand(property(), body.values)).every((one) => isOneOf(one, found))
      );
    }
    case 'prefix':
      return isPrefix(value(property()), operand(property(), body.value));
    case 'range': {
      const found = value(property());
      return (
        found !== undefined && within(property(), found, body, operand, ['gt', 'gte', 'lt', 'lte'])
      );
    }
    case 'overlaps': {
      const [start, end] = [
        resolve(context, body.startProperty),
        resolve(context, body.endProperty),
      ];
      const [from, to] = [value(start), value(end)];
      if (from === undefined || !within(start, from, body, operand, ['lt', 'lte'])) return false;
      return to === undefined || within(end, to, body, operand, ['gt', 'gte']);
    }
    case 'nested':
      return elements(value(resolve(context, body.scope))).some((target) => {
        const node = state.instances.get(keyOf(target));
        return (
          node?.instanceType === 'node' &&
          matches({ state, instanceType: 'node' }, body.filter, node)
        );
      });
    case 'hasData':
      return body.every((source: Json) => hasData(state, source, instance));
    case 'instanceReferences':
      return body.some((item: Json) => keyOf(item) === keyOf(instance));
    default:
      throw new Error(`the filter ${operator} was not checked`);
  }
}

/** A container: the row exists. A view: its filter, or rows in all that it maps. */
export function hasData(state: State, source: Json, instance: Instance): boolean {
  if (source.type === 'container') return instance.rows.has(keyOf(source));
  const view = state.views.get(viewKey(source));
  if (view === undefined) return false;
  if (view.filter !== undefined) return matches({ state }, view.filter, instance);
  return mappedContainers(state, view).every((key) => instance.rows.has(key));
}

/** The given value in the form in which values are stored. */
function stored({ type, name }: Property, given: Json): Json {
  const single = { ...type, list: false, maxTextSize: undefined };
  if (Array.isArray(given)) return given.map((element) => storedElement(single, name, element));
  return storedElement(single, name, given);
}

function elements(value: Json): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

const isOneOf = (value: Json, values: readonly Json[]): boolean =>
  values.some((other) => same(value, other));

/** Text begins with text; a list with a list; in a search, an element with text. */
function isPrefix(value: Json, start: Json): boolean {
  if (value === undefined || start === undefined) return false;
  if (!Array.isArray(value)) return value.startsWith(start);
  if (!Array.isArray(start)) return value.some((element) => element.startsWith(start));
  return start.every((element, index) => index < value.length && same(element, value[index]));
}

function within(
  property: Property,
  value: Json,
  bounds: Json,
  operand: (property: Property, given: Json) => Json,
  names: readonly ('gt' | 'gte' | 'lt' | 'lte')[],
): boolean {
  const holds = { gt: [1], gte: [0, 1], lt: [-1], lte: [-1, 0] };
  return names.every((name) => {
    if (bounds[name] === undefined) return true;
    const bound = operand(property, bounds[name]);
    return (
      bound !== undefined &&
      holds[name].includes(Math.sign(compareValues(property.type, value, bound)))
    );
  });
}
