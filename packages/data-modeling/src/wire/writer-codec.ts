import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, toSource } from '../view/properties.js';
import { describe } from './describe.js';
import { toReference, toWireValue } from './values.js';

/** An instance as the API takes it. */
export interface WireWrite extends NodeReference {
  readonly instanceType: 'node' | 'edge';
  readonly type?: NodeReference | undefined;
  readonly startNode?: NodeReference | undefined;
  readonly endNode?: NodeReference | undefined;
  readonly existingVersion?: number | undefined;
  readonly sources: readonly [
    { readonly source: object; readonly properties: Readonly<Record<string, unknown>> },
  ];
}

type Names = Readonly<Record<string, true>>;
const NAMES: Names = { space: true, externalId: true };
const NODE: Names = { ...NAMES, version: true, createdTime: true, lastUpdatedTime: true };
/** Members other than properties: they are read, but not written back. */
export const MEMBERS: Readonly<Record<'node' | 'edge', Names>> = {
  node: NODE,
  edge: { ...NODE, type: true, startNode: true, endNode: true },
};

/**
 * The properties of a node or edge as the API takes them.
 *
 * @param isWhole whether every property without a default has to be there
 * @throws {ConfigError} for a property or value that cannot be, naming it
 */
function toWireProperties(
  view: AnyView,
  item: Readonly<Record<string, unknown>>,
  instance: 'node' | 'edge',
  isWhole: boolean,
  what: string,
): Readonly<Record<string, unknown>> {
  const properties = propertiesOf(view);
  const wire: Record<string, unknown> = {};
  for (const name of Object.keys(item)) {
    const definition = properties.get(name);
    const value = item[name];
    if (definition === undefined) {
      if (Object.hasOwn(MEMBERS[instance], name)) continue;
      refuseUnknown([name], { ...Object.fromEntries(properties), ...NAMES }, what);
      continue;
    }
    if (value !== undefined)
      wire[name] = isAsItIs(definition, value)
        ? value
        : toWireProperty(definition, value, () => `${what}: ${quoted(name)}`);
  }
  if (isWhole)
    for (const [name, definition] of properties)
      if (isRequired(definition) && !Object.hasOwn(wire, name))
        throw new ConfigError(`${what}: missing ${quoted(name)}`);
  return wire;
}

/** Tells of most right values that they are: no label is made for them. */
function isAsItIs({ kind, list, bits }: PropertyDefinition, value: unknown): boolean {
  if (list) return false;
  if (kind === 'text') return typeof value === 'string';
  return kind === 'float' && bits !== 32 && Number.isFinite(value);
}

/** Tells whether a new node needs a value of the property. */
export function isRequired({ reading, nullable, default: preset }: PropertyDefinition): boolean {
  return reading !== null && !nullable && preset === undefined;
}

/** A value of a property as the API takes it. @throws {ConfigError} for one that cannot be */
export function toWireProperty(
  definition: PropertyDefinition,
  value: unknown,
  what: () => string,
): unknown {
  if (definition.reading === null)
    throw new ConfigError(`${what()} is a relation that others hold; write it on the other side`);
  if (value === null) {
    if (!definition.nullable) throw new ConfigError(`${what()} cannot be cleared: it is required`);
    return null;
  }
  if (!definition.list) return toWireValue(definition, value, what);
  if (!Array.isArray(value))
    throw new ConfigError(`${what()}: expected an array, got ${describe(value)}`);
  const { maxListSize } = definition;
  if (maxListSize !== undefined && value.length > maxListSize)
    throw new ConfigError(
      `${what()}: the list has ${value.length} elements, the property takes ${maxListSize}`,
    );
  // The copy has no holes, which JSON would write as null.
  return [...value].map((each, index) =>
    toWireValue(definition, each, () => `${what()}[${index}]`),
  );
}

/**
 * A whole node or edge as the API takes it.
 *
 * @param known the edge as it is, where it is to be changed: its type and ends stay
 */
export function toWireWrite(
  view: AnyView,
  name: NodeReference,
  item: Readonly<Record<string, unknown>>,
  instance: 'node' | 'edge',
  isWhole: boolean,
  what: string,
  known?: Partial<EdgeEnds>,
): WireWrite {
  const properties = toWireProperties(view, item, instance, isWhole, what);
  const { space, externalId } = name;
  const sources = [{ source: sourceOf(view), properties }] as const;
  if (instance === 'node') return { instanceType: instance, space, externalId, sources };
  const ends = toWireEnds(view, item, what, known);
  return { instanceType: instance, space, externalId, ...ends, sources };
}

/** The type and the ends of an edge. */
type EdgeEnds = Readonly<Record<(typeof ENDS)[number], NodeReference>>;
const ENDS = ['type', 'startNode', 'endNode'] as const;

function toWireEnds(
  view: AnyView,
  item: Readonly<Record<string, unknown>>,
  what: string,
  known: Partial<EdgeEnds> | undefined,
): EdgeEnds {
  const properties = propertiesOf(view);
  const end = (name: (typeof ENDS)[number]): NodeReference => {
    const label = `${what}: ${name}`;
    const isProperty = properties.has(name);
    const before = known?.[name];
    if (before === undefined) {
      if (isProperty)
        throw new ConfigError(
          `${label} is a member of every edge and a property of the view; name the property otherwise: .storedIn({ property: ${quoted(name)} })`,
        );
      return toReference(item[name], label);
    }
    if (isProperty || item[name] === undefined) return before;
    const { space, externalId } = toReference(item[name], label);
    if (space !== before.space || externalId !== before.externalId)
      throw new ConfigError(
        `${label} of an edge cannot be changed, it is ${quoted(`${before.space}/${before.externalId}`)}; delete the edge and create another`,
      );
    return before;
  };
  return { type: end('type'), startNode: end('startNode'), endNode: end('endNode') };
}

const sources = /* @__PURE__ */ new WeakMap<AnyView, object>();

/** One object for all items of a view. */
function sourceOf(view: AnyView): object {
  const source = sources.get(view) ?? toSource(view);
  sources.set(view, source);
  return source;
}
