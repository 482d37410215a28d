import { badRequest } from '../errors.js';
import type { Entry, InstanceType } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { CompiledView } from '../schema/compiled-view.js';
import { containerKey, rowName, versionedKey } from '../schema/keys.js';
import type { PropertyType } from '../schema/model.js';
import { RESERVED_PROPERTIES } from '../schema/names.js';
import type { Schema } from '../schema/schema.js';
import { readTimestamp } from '../schema/timestamps.js';
import {
  elementReader,
  InvalidValue,
  type Reader,
  type Value,
  valueReader,
} from '../schema/values.js';
import type { Condition } from './condition.js';

/** The properties that filters and sorts can see. */
export interface FilterContext {
  readonly schema: Schema;
  readonly instances: InstanceStore;
  readonly instanceType: InstanceType;
  /** The view whose properties may be named alone, in search and aggregate. */
  readonly view?: CompiledView | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Search has rules of its own on lists. */
  readonly isSearch?: boolean | undefined;
  /** The views whose filters are being compiled, against circles. */
  readonly open?: readonly string[] | undefined;
  /**
   * The conditions of views that the request has compiled: one that many refer to is compiled once.
   */
  readonly compiled?: Map<string, Condition> | undefined;
}

/** A property that a filter or a sort names. */
export interface PropertyAccess {
  readonly name: string;
  readonly type: Pick<PropertyType, 'type' | 'list' | 'collation'>;
  readonly get: (entry: Entry) => Value | undefined;
  readonly read: (value: unknown) => Value | InvalidValue;
  readonly readElement: Reader;
  /** A property of a container, where the index of it may help. */
  readonly at?:
    | { readonly code: string; readonly identifier: string; readonly isIndexed: boolean }
    | undefined;
  /** A property that every instance has, where an index may help. */
  readonly base?: string | undefined;
}

const TEXT = { type: 'text' } as const;
const RELATION = { type: 'direct' } as const;
const TIME = { type: 'int64' } as const;

const BASE: Readonly<Record<string, { type: PropertyAccess['type']; get: PropertyAccess['get'] }>> =
  {
    space: { type: TEXT, get: ({ space }) => space },
    externalId: { type: TEXT, get: ({ externalId }) => externalId },
    type: { type: RELATION, get: ({ type }) => type },
    createdTime: { type: TIME, get: ({ createdTime }) => createdTime },
    lastUpdatedTime: { type: TIME, get: ({ lastUpdatedTime }) => lastUpdatedTime },
    deletedTime: { type: TIME, get: ({ deletedTime }) => deletedTime },
    version: { type: TIME, get: ({ version }) => version },
  };
const EDGE_BASE: typeof BASE = {
  ...BASE,
  startNode: { type: RELATION, get: ({ start }) => start },
  endNode: { type: RELATION, get: ({ end }) => end },
};

/** The property that a path names; refuses unknown ones. */
export function propertyAccess(path: unknown, context: FilterContext): PropertyAccess {
  if (!Array.isArray(path) || path.length === 0 || path.some((part) => typeof part !== 'string'))
    throw badRequest('property must be an array of strings');
  const parts = path as readonly string[];
  if (parts.length === 1 && context.view !== undefined)
    return shortAccess(parts[0] as string, context, context.view);
  if (parts.length === 2)
    return baseAccess(parts[0] as string, parts[1] as string, context.instanceType);
  const [space = '', source = '', name = ''] = parts;
  if (parts.length !== 3) throw badRequest(`Unknown property ${JSON.stringify(parts)}.`);
  const slash = source.indexOf('/');
  const isView = slash >= 0;
  const reference = isView
    ? {
        type: 'view' as const,
        space,
        externalId: source.slice(0, slash),
        version: source.slice(slash + 1),
      }
    : { type: 'container' as const, space, externalId: source };
  const compiled = context.schema.source(reference);
  if (compiled === undefined)
    throw badRequest(
      reference.type === 'view'
        ? `One or more views do not exist: '${versionedKey(reference)}'`
        : `One or more containers do not exist: '${containerKey(reference)}'`,
    );
  const property = compiled.properties.get(name);
  if (property !== undefined) return valueAccess(property);
  if (RESERVED_PROPERTIES.includes(name))
    throw badRequest(
      `Property identifier cannot be one of the reserved values: [${RESERVED_PROPERTIES.join(', ')}].`,
    );
  throw badRequest(`Unknown property '${name}' in ${reference.type} '${space}:${source}'.`);
}

function shortAccess(name: string, context: FilterContext, view: CompiledView): PropertyAccess {
  const property = view.properties.get(name);
  if (property !== undefined) return valueAccess(property);
  if (Object.hasOwn(context.instanceType === 'edge' ? EDGE_BASE : BASE, name))
    return baseAccess(context.instanceType, name, context.instanceType);
  throw badRequest(`Unknown property '${name}' in view '${versionedKey(view.reference)}'.`);
}

function baseAccess(kind: string, name: string, instanceType: InstanceType): PropertyAccess {
  if (kind !== 'node' && kind !== 'edge')
    throw badRequest(`Unknown property ["${kind}","${name}"].`);
  if (kind !== instanceType)
    throw badRequest(`The property ["${kind}","${name}"] cannot be used for ${instanceType}s.`);
  const base = kind === 'edge' ? EDGE_BASE : BASE;
  const found = Object.hasOwn(base, name) ? base[name] : undefined;
  if (found === undefined) throw badRequest(`Unknown property ["${kind}","${name}"].`);
  const readElement = found.type === TIME ? readTime : elementReader(found.type as PropertyType);
  const wrong = new InvalidValue(`Invalid value for property '%'.`);
  return { name, ...found, readElement, read: (value) => readElement(value) ?? wrong, base: name };
}

/** Times of instances compare with milliseconds, or with timestamps. */
function readTime(value: unknown): Value | undefined {
  if (typeof value === 'string') return readTimestamp(value);
  return typeof value === 'bigint' || Number.isFinite(value) ? (value as Value) : undefined;
}

type Compiled = CompiledView['properties'] extends ReadonlyMap<string, infer P> ? P : never;

const accesses = new WeakMap<Compiled, PropertyAccess>();

function valueAccess(property: Compiled): PropertyAccess {
  let access = accesses.get(property);
  if (access === undefined) {
    const { name, code, identifier, container } = property;
    const { type } = property.property;
    const isDeclared = Object.values(container.body.indexes).some(
      ({ properties }) => rowName(properties[0] ?? '') === identifier,
    );
    access = {
      name,
      type,
      get: ({ data }) => data[code]?.[identifier],
      read: valueReader(type),
      readElement: elementReader(type),
      at: { code, identifier, isIndexed: isDeclared || type.type === 'direct' },
    };
    accesses.set(property, access);
  }
  return access;
}
