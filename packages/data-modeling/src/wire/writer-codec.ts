import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type {
  AnyView,
  NodeReference,
  PropertyDefinition,
  PropertyKind,
} from '../view/definition.js';
import { propertiesOf, toSource } from '../view/properties.js';
import { describe } from './describe.js';
import { quote, stringifyExact } from './exact-text.js';
import type { JsonBytes } from './json-bytes.js';
import { isReadAlong } from './read-along.js';
import { type RightValue, rightValueOf } from './right-values.js';
import { isReference, toReference, toWireValue } from './values.js';

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

/** @throws {ConfigError} for a name that is neither a property nor another member */
function refuseName({ properties, what }: ItemFormat, name: string): void {
  refuseUnknown([name], { ...Object.fromEntries(properties), ...NAMES }, what());
}

/** @throws {ConfigError} when a property is not there that has to be */
function checkWhole({ properties, isWhole, what }: ItemFormat, item: Item): void {
  if (!isWhole) return;
  for (const [name, definition] of properties)
    if (isRequired(definition) && !(Object.keys(item).includes(name) && item[name] !== undefined))
      throw new ConfigError(`${what()}: missing ${quoted(name)}`);
}

/** Tells whether a new node needs a value of the property. */
export function isRequired(definition: PropertyDefinition): boolean {
  const { reading, nullable, default: preset, autoIncrement } = definition;
  return reading !== null && !nullable && preset === undefined && autoIncrement !== true;
}

/** The place where a relation is written that is not held by the node. */
function whereHeld({ kind, edgeView }: PropertyDefinition): string {
  if (kind !== 'edges') return 'is a relation that others hold; write it on the other side';
  const { externalId } = Object(edgeView?.()) as Partial<AnyView>;
  return externalId === undefined
    ? 'is made of edges; write them: client.dataModeling.instances.apply({ items })'
    : `is made of edges; write them: edges(client, ${externalId}).create({ type, startNode, endNode, … })`;
}

/** A value of a property as the API takes it. @throws {ConfigError} for one that cannot be */
export function toWireProperty(
  definition: PropertyDefinition,
  value: unknown,
  what: () => string,
): unknown {
  if (definition.reading === null)
    throw new ConfigError(
      `${what()} ${isReadAlong(value) ? 'is a relation that others hold, and was read along by find; leave it out' : whereHeld(definition)}`,
    );
  if (value === null) {
    if (!definition.nullable) throw new ConfigError(`${what()} cannot be cleared: it is required`);
    return null;
  }
  if (!definition.list) return toWireValue(definition, value, what);
  if (!Array.isArray(value))
    throw new ConfigError(`${what()}: expected an array, got ${describe(value)}`);
  if (isReadAlong(value))
    throw new ConfigError(
      `${what()} was read along by find, and may lack some; leave it out, or write the names`,
    );
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
 * Checks the properties of an item, and its ends, as `writeItem` does, in a third of the time:
 * nothing is made of them.
 *
 * @param known the edge as it is, where it is to be changed: its type and ends stay
 * @throws {ConfigError} for a property or value that cannot be, naming it
 */
export function checkItem(format: ItemFormat, item: Item, known?: Partial<EdgeEnds>): void {
  const { fields } = partsOf(format.view)[format.instance];
  // Engines read members faster so than by a list of their names.
  for (const name in item) {
    const field = fields.get(name);
    if (field === null) continue;
    const value = field && item[name];
    if (field !== undefined && (value === undefined || field.isRight(value))) continue;
    // What a prototype has is not written.
    if (!Object.hasOwn(item, name)) continue;
    if (field === undefined) refuseName(format, name);
    else rareText(format, name, field.definition, value);
  }
  checkWhole(format, item);
  if (format.instance === 'edge') endsText(format, item, known);
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
  const parts = partsOf(view);
  const { start, fields } = parts[instance];
  out.bytes(start);
  out.string(space);
  out.json(',"externalId":');
  out.string(externalId);
  if (existingVersion !== undefined) out.json(`,"existingVersion":${existingVersion}`);
  if (instance === 'edge') out.json(endsText(format, item, known));
  out.bytes(parts.source);
  let isFirst = true;
  for (const name of Object.keys(item)) {
    const field = fields.get(name);
    if (field === undefined) refuseName(format, name);
    if (!field) continue;
    const { member, isRight, definition } = field;
    const value = item[name];
    if (value === undefined) continue;
    out.json(isFirst ? member.slice(1) : member);
    isFirst = false;
    if (!isRight(value, out)) out.json(rareText(format, name, definition, value));
  }
  checkWhole(format, item);
  out.json('}}]}');
}

/** The JSON of a value. @throws {ConfigError} for one that cannot be, naming the property */
function rareText(
  { what }: ItemFormat,
  name: string,
  definition: PropertyDefinition,
  value: unknown,
): string {
  const label = (): string => `${what()}: ${quoted(name)}`;
  return textOf(toWireProperty(definition, value, label), label);
}

function textOf(wire: unknown, label: () => string): string {
  try {
    return stringifyExact(wire);
  } catch (error) {
    throw new ConfigError(`${label()}: ${(error as Error).message}`, { cause: error });
  }
}

/** The type and the ends of an edge. */
export type EdgeEnds = Readonly<Record<(typeof ENDS)[number], NodeReference>>;
const ENDS = ['type', 'startNode', 'endNode'] as const;
/** Kinds of properties that name nodes. */
const RELATIONS: readonly PropertyKind[] = ['node', 'ref', 'timeSeries', 'file'];

/** The type and the ends of an edge as members of its JSON, each behind a comma. */
function endsText(
  { properties, what }: ItemFormat,
  item: Item,
  known: Partial<EdgeEnds> | undefined,
): string {
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
  // Anything that has a name is an end, also a node that was read: its name is sent.
  return ENDS.map((name) => {
    const { space, externalId } = end(name);
    return `,"${name}":${textOf({ space, externalId }, () => `${what()}: ${name}`)}`;
  }).join('');
}

/** Tells whether items may refer to nodes. */
export function hasReferences({ view, instance }: ItemFormat): boolean {
  return partsOf(view)[instance].references.length > 0;
}

/** The nodes that the relations and ends of an item name. */
export function referencesOf({ view, instance }: ItemFormat, item: Item): NodeReference[] {
  const found: NodeReference[] = [];
  const add = (value: unknown): void => {
    if (typeof value === 'object' && value !== null && isReference(value))
      found.push(value as NodeReference);
  };
  for (const name of partsOf(view)[instance].references) {
    // What every object has is no member of an item.
    if (name in Object.prototype && !Object.hasOwn(item, name)) continue;
    const value = item[name];
    if (Array.isArray(value)) value.forEach(add);
    else add(value);
  }
  return found;
}

/** A property of a view, made ready for many items. */
interface Field {
  readonly definition: PropertyDefinition;
  /** Its name in JSON, behind a comma. */
  readonly member: string;
  readonly isRight: RightValue;
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
  const properties = [...propertiesOf(view)].map(([name, definition]): [string, Field] => [
    name,
    { definition, member: `,${quote(name)}:`, isRight: rightValueOf(definition) },
  ]);
  const relations = properties
    .filter(([, { definition }]) => RELATIONS.includes(definition.kind))
    .map(([name]) => name);
  const partsOfInstance = (instance: 'node' | 'edge') => ({
    /** Members that name nodes. */
    references: instance === 'edge' ? [...new Set([...ENDS, ...relations])] : relations,
    start: encoder.encode(`{"instanceType":"${instance}","space":`),
    /** By name; null for members that are not written as properties. */
    fields: new Map<string, Field | null>([
      ...Object.keys(MEMBERS[instance]).map((name): [string, null] => [name, null]),
      ...properties,
    ]),
  });
  return {
    node: partsOfInstance('node'),
    edge: partsOfInstance('edge'),
    source: encoder.encode(
      `,"sources":[{"source":${JSON.stringify(toSource(view))},"properties":{`,
    ),
  };
}
