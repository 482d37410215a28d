import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, toSource } from '../view/properties.js';
import { describe } from './describe.js';
import { quote, stringifyExact } from './exact-text.js';
import { toIsoTime } from './iso-time.js';
import type { JsonBytes } from './json-bytes.js';
import { ownMembers } from './own-members.js';
import { isReference, isWritableTime, toReference, toWireValue } from './values.js';

/** The name of an item that is to be written. */
export interface WriteName extends NodeReference {
  readonly existingVersion?: number | undefined;
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
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  readonly instance: 'node' | 'edge';
  /** Every property without a default has to be there. */
  readonly isWhole: boolean;
  /** Names the item that is read now, in messages: most of them need no name. */
  readonly what: () => string;
}

type Item = Readonly<Record<string, unknown>>;

/** The property of a name. Undefined for other members. @throws {ConfigError} for unknown ones */
function propertyOf(
  { properties, instance, what }: ItemFormat,
  name: string,
): PropertyDefinition | undefined {
  const definition = properties.get(name);
  if (definition === undefined && !Object.hasOwn(MEMBERS[instance], name))
    refuseUnknown([name], { ...Object.fromEntries(properties), ...NAMES }, what());
  return definition;
}

/** @throws {ConfigError} when a property is not there that has to be */
function checkWhole({ properties, isWhole, what }: ItemFormat, item: Item): void {
  if (!isWhole) return;
  for (const [name, definition] of properties)
    if (isRequired(definition) && !(Object.keys(item).includes(name) && item[name] !== undefined))
      throw new ConfigError(`${what()}: missing ${quoted(name)}`);
}

/** Tells of most right values that are sent as they are. No label is made for them. */
function isAsItIs({ kind, list, bits, values }: PropertyDefinition, value: unknown): boolean {
  if (list) return false;
  if (kind === 'text') return isText(value);
  if (kind === 'enum') return values?.includes(value as string) === true;
  if (kind === 'bool') return typeof value === 'boolean';
  return kind === 'float' && bits !== 32 && Number.isFinite(value);
}

/** Tells of most right values that they are: nothing is made of them to see it. */
function isRight(definition: PropertyDefinition, value: unknown): boolean {
  const { kind, list } = definition;
  if (list) return Array.isArray(value) && isRightList(definition, value);
  if (kind === 'timestamp') return value instanceof Date && isWritableTime(value.getTime());
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  return (
    kind === 'ref' && isText(space) && isText(externalId) && isReference({ space, externalId })
  );
}

function isRightList(
  { kind, maxListSize = Infinity }: PropertyDefinition,
  values: readonly unknown[],
): boolean {
  return kind === 'text' && values.length <= maxListSize && values.findIndex(isNoText) === -1;
}

/** Holes are found too. */
function isNoText(value: unknown): boolean {
  return !isText(value);
}

/** Tells whether a value is a string that JSON can carry: without half of a surrogate pair. */
export function isText(value: unknown): value is string {
  // Engines that have the function need no search in strings of one byte a character.
  if (typeof value !== 'string') return false;
  const { isWellFormed } = value as { readonly isWellFormed?: () => boolean };
  return isWellFormed?.call(value) ?? !/\p{Cs}/u.test(value);
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
 * Checks the properties of an item, and its ends, as `writeItem` does, in half the time: nothing is
 * made of them.
 *
 * @param known the edge as it is, where it is to be changed: its type and ends stay
 * @throws {ConfigError} for a property or value that cannot be, naming it
 */
export function checkItem(format: ItemFormat, item: Item, known?: Partial<EdgeEnds>): void {
  for (const name of Object.keys(item)) {
    const definition = propertyOf(format, name);
    const value = item[name];
    if (definition === undefined || value === undefined) continue;
    if (isAsItIs(definition, value) || isRight(definition, value)) continue;
    rareText(format, name, definition, value);
  }
  checkWhole(format, item);
  if (format.instance === 'edge') stringifyExact(toWireEnds(format, item, known));
}

/**
 * Adds a whole node or edge as the API takes it.
 *
 * @param known the edge as it is, where it is to be changed: its type and ends stay
 * @throws {ConfigError} for a property or value that cannot be, naming it
 */
export function writeItem(
  out: JsonBytes,
  format: ItemFormat,
  { space, externalId, existingVersion }: WriteName,
  item: Item,
  known?: Partial<EdgeEnds>,
): void {
  const { view, instance } = format;
  const { source, members, [instance]: start } = partsOf(view);
  out.bytes(start);
  out.string(space);
  out.json(',"externalId":');
  out.string(externalId);
  if (existingVersion !== undefined) out.json(`,"existingVersion":${existingVersion}`);
  if (instance === 'edge')
    out.json(`,${stringifyExact(toWireEnds(format, item, known)).slice(1, -1)}`);
  out.bytes(source);
  let isFirst = true;
  for (const name of Object.keys(item)) {
    const definition = propertyOf(format, name);
    const value = item[name];
    if (definition === undefined || value === undefined) continue;
    const member = members.get(name) as string;
    out.json(isFirst ? member.slice(1) : member);
    isFirst = false;
    writeValue(out, format, name, definition, value);
  }
  checkWhole(format, item);
  out.json('}}]}');
}

function writeValue(
  out: JsonBytes,
  format: ItemFormat,
  name: string,
  definition: PropertyDefinition,
  value: unknown,
): void {
  if (isAsItIs(definition, value)) {
    if (typeof value === 'string') out.string(value);
    else out.json(String(value));
  } else if (!isRight(definition, value)) out.json(rareText(format, name, definition, value));
  else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      out.json(index === 0 ? '[' : ',');
      out.string(value[index]);
    }
    out.json(value.length === 0 ? '[]' : ']');
  } else if (value instanceof Date) out.json(`"${toIsoTime(value.getTime())}"`);
  else {
    const { space, externalId } = value as NodeReference;
    out.json('{"space":');
    out.string(space);
    out.json(',"externalId":');
    out.string(externalId);
    out.json('}');
  }
}

/** The JSON of a value. @throws {ConfigError} for one that cannot be, naming the property */
function rareText(
  { what }: ItemFormat,
  name: string,
  definition: PropertyDefinition,
  value: unknown,
): string {
  const label = (): string => `${what()}: ${quoted(name)}`;
  const wire = toWireProperty(definition, value, label);
  try {
    return stringifyExact(wire);
  } catch (error) {
    throw new ConfigError(`${label()}: ${(error as Error).message}`, { cause: error });
  }
}

/** The type and the ends of an edge. */
export type EdgeEnds = Readonly<Record<(typeof ENDS)[number], NodeReference>>;
const ENDS = ['type', 'startNode', 'endNode'] as const;

function toWireEnds(
  { properties, what }: ItemFormat,
  item: Item,
  known: Partial<EdgeEnds> | undefined,
): EdgeEnds {
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

/** The nodes that the relations and ends of an item name. */
export function referencesOf(
  { view, properties, instance }: ItemFormat,
  given: Item,
): NodeReference[] {
  const item = ownMembers(view, given, MEMBERS[instance]);
  const relations = [...properties].flatMap(([name, { kind, reading }]) =>
    kind === 'json' || reading === null ? [] : item[name],
  );
  return [item.type, item.startNode, item.endNode, ...relations]
    .map((value) => Object(value) as NodeReference)
    .filter(isReference);
}

const parts = /* @__PURE__ */ new WeakMap<AnyView, ReturnType<typeof makeParts>>();

/** What is the same for all items of a view. */
function partsOf(view: AnyView): ReturnType<typeof makeParts> {
  const known = parts.get(view) ?? makeParts(view);
  parts.set(view, known);
  return known;
}

function makeParts(view: AnyView) {
  const encoder = new TextEncoder();
  const start = (instance: string): Uint8Array =>
    encoder.encode(`{"instanceType":"${instance}","space":`);
  return {
    node: start('node'),
    edge: start('edge'),
    source: encoder.encode(
      `,"sources":[{"source":${JSON.stringify(toSource(view))},"properties":{`,
    ),
    members: new Map([...propertiesOf(view).keys()].map((name) => [name, `,${quote(name)}:`])),
  };
}
