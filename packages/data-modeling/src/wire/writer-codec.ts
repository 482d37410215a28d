import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, toSource } from '../view/properties.js';
import { describe } from './describe.js';
import { isReference, isWritableTime, toReference, toWireValue } from './values.js';

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

/** How the items of one write are read. */
export interface ItemFormat {
  readonly view: AnyView;
  readonly instance: 'node' | 'edge';
  /** Every property without a default has to be there. */
  readonly isWhole: boolean;
  /** Names the item that is read now, in messages: most of them need no name. */
  readonly what: () => string;
}

type Item = Readonly<Record<string, unknown>>;

/** The property of a name. Undefined for other members. @throws {ConfigError} for unknown ones */
function propertyOf(
  { view, instance, what }: ItemFormat,
  name: string,
): PropertyDefinition | undefined {
  const properties = propertiesOf(view);
  const definition = properties.get(name);
  if (definition === undefined && !Object.hasOwn(MEMBERS[instance], name))
    refuseUnknown([name], { ...Object.fromEntries(properties), ...NAMES }, what());
  return definition;
}

/** @throws {ConfigError} when a property is not there that has to be */
function checkWhole({ view, isWhole, what }: ItemFormat, item: Item): void {
  if (!isWhole) return;
  for (const [name, definition] of propertiesOf(view))
    if (isRequired(definition) && !(Object.keys(item).includes(name) && item[name] !== undefined))
      throw new ConfigError(`${what()}: missing ${quoted(name)}`);
}

/** Tells of most right values that are sent as they are. No label is made for them. */
function isAsItIs({ kind, list, bits, values }: PropertyDefinition, value: unknown): boolean {
  if (list) return false;
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'enum') return values?.includes(value as string) === true;
  if (kind === 'bool') return typeof value === 'boolean';
  return kind === 'float' && bits !== 32 && Number.isFinite(value);
}

/** Tells of most right values that they are: nothing is made of them to see it. */
function isRight(definition: PropertyDefinition, value: unknown): boolean {
  const { kind, list } = definition;
  if (list) return Array.isArray(value) && isRightList(definition, value);
  if (kind === 'timestamp') return value instanceof Date && isWritableTime(value.getTime());
  return kind === 'ref' && isReference(Object(value) as Partial<NodeReference>);
}

function isRightList({ kind, maxListSize = Infinity }: PropertyDefinition, values: unknown[]) {
  return kind === 'text' && values.length <= maxListSize && values.findIndex(isNoText) === -1;
}

/** Holes are found too. */
function isNoText(value: unknown): boolean {
  return typeof value !== 'string';
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
  if (isRightList(definition, value)) return value.slice();
  // The copy has no holes, which JSON would write as null.
  return [...value].map((each, index) =>
    toWireValue(definition, each, () => `${what()}[${index}]`),
  );
}

/**
 * Checks the properties of an item, and its ends, as `toWireWrite` does, in half the time: nothing
 * is made of them.
 *
 * @param known the edge as it is, where it is to be changed: its type and ends stay
 * @throws {ConfigError} for a property or value that cannot be, naming it
 */
export function checkWrite(format: ItemFormat, item: Item, known?: Partial<EdgeEnds>): void {
  for (const name of Object.keys(item)) {
    const definition = propertyOf(format, name);
    const value = item[name];
    if (definition === undefined || value === undefined) continue;
    if (isAsItIs(definition, value) || isRight(definition, value)) continue;
    toWireProperty(definition, value, () => `${format.what()}: ${quoted(name)}`);
  }
  checkWhole(format, item);
  if (format.instance === 'edge') toWireEnds(format, item, known);
}

/**
 * A whole node or edge as the API takes it.
 *
 * @param known the edge as it is, where it is to be changed: its type and ends stay
 * @throws {ConfigError} for a property or value that cannot be, naming it
 */
export function toWireWrite(
  format: ItemFormat,
  { space, externalId }: NodeReference,
  item: Item,
  known?: Partial<EdgeEnds>,
): WireWrite {
  const properties: Record<string, unknown> = {};
  for (const name of Object.keys(item)) {
    const definition = propertyOf(format, name);
    const value = item[name];
    if (definition === undefined || value === undefined) continue;
    properties[name] = isAsItIs(definition, value)
      ? value
      : toWireProperty(definition, value, () => `${format.what()}: ${quoted(name)}`);
  }
  checkWhole(format, item);
  const { view, instance } = format;
  const sources = [{ source: sourceOf(view), properties }] as const;
  if (instance === 'node') return { instanceType: instance, space, externalId, sources };
  return { instanceType: instance, space, externalId, ...toWireEnds(format, item, known), sources };
}

/** The type and the ends of an edge. */
export type EdgeEnds = Readonly<Record<(typeof ENDS)[number], NodeReference>>;
const ENDS = ['type', 'startNode', 'endNode'] as const;

function toWireEnds(
  { view, what }: ItemFormat,
  item: Item,
  known: Partial<EdgeEnds> | undefined,
): EdgeEnds {
  const properties = propertiesOf(view);
  const end = (name: (typeof ENDS)[number]): NodeReference => {
    const label = `${what()}: ${name}`;
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
