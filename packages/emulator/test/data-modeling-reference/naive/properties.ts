import type { Json } from '../../helpers.js';
import { RESERVED_PROPERTIES, reservedProperty } from './body.js';
import {
  type Instance,
  isObject,
  keyOf,
  needContainer,
  needView,
  refuse,
  type State,
} from './state.js';
import { containerProperty, effectiveProperties } from './views.js';

/** The state, and the kind of instances, of a filter, a sort or an aggregate. */
export interface Context {
  readonly state: State;
  /** Which base properties there are; a view's filter does not say. */
  readonly instanceType?: 'node' | 'edge' | undefined;
  /**
   * The view of search and aggregates: its properties may be named alone, and lists are matched
   * otherwise.
   */
  readonly view?: Json;
}

/** A property that a path names: of the instance itself, or of a container row. */
export interface Property {
  readonly name: string;
  readonly type: Json;
  readonly containerKey?: string;
}

const BASE: Readonly<Record<string, Json>> = {
  space: { type: 'text' },
  externalId: { type: 'text' },
  type: { type: 'direct' },
  createdTime: { type: 'int64' },
  lastUpdatedTime: { type: 'int64' },
};
const EDGE: Readonly<Record<string, Json>> = {
  ...BASE,
  startNode: { type: 'direct' },
  endNode: { type: 'direct' },
};

export function resolve(context: Context, path: Json): Property {
  if (!Array.isArray(path) || path.length < 1 || path.some((part) => typeof part !== 'string'))
    refuse('A property is a list of strings');
  if (path.length === 1 && context.view !== undefined) {
    const base = (context.instanceType === 'edge' ? EDGE : BASE)[path[0]];
    const own = ofView(context.state, context.view, path[0]);
    if (own === undefined && base !== undefined) return { name: path[0], type: base };
    return own ?? unknown(path);
  }
  if (path.length === 2 && (path[0] === 'node' || path[0] === 'edge')) {
    if (context.instanceType !== undefined && path[0] !== context.instanceType) unknown(path);
    const type = (path[0] === 'edge' ? EDGE : BASE)[path[1]];
    return type === undefined ? unknown(path) : { name: path[1], type };
  }
  if (path.length !== 3) unknown(path);
  const [space, source, name] = path;
  if (RESERVED_PROPERTIES.has(name)) reservedProperty();
  return sourceProperty(context.state, sourceReference(space, source), name) ?? unknown(path);
}

function unknown(path: readonly string[]): never {
  refuse(`Unknown property: ${JSON.stringify(path)}`);
}

function sourceReference(space: string, source: string): Json {
  const slash = source.indexOf('/');
  return slash < 0
    ? { type: 'container', space, externalId: source }
    : { type: 'view', space, externalId: source.slice(0, slash), version: source.slice(slash + 1) };
}

/** A property of a view or a container, by its reference. */
export function sourceProperty(state: State, source: Json, name: string): Property | undefined {
  if (source.type === 'view') return ofView(state, needView(state, source), name);
  const property = needContainer(state, source).properties[name];
  return property === undefined
    ? undefined
    : { name, type: property.type, containerKey: keyOf(source) };
}

function ofView(state: State, view: Json, name: string): Property | undefined {
  const properties = effectiveProperties(state, view);
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (property?.container === undefined) return undefined;
  const { type } = containerProperty(state, property) as Json;
  return {
    name: property.containerPropertyIdentifier,
    type,
    containerKey: keyOf(property.container),
  };
}

/** The value of a property, undefined if missing. */
export function storedOf(instance: Instance, property: Property): Json {
  if (property.containerKey === undefined) return (instance as Json)[property.name];
  return instance.rows.get(property.containerKey)?.get(property.name);
}

export const isPropertyValue = (value: unknown): value is { property: string[] } =>
  isObject(value) && Array.isArray(value.property) && Object.keys(value).length === 1;
