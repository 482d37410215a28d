import type { DecodeError } from '@cdf/core';
import { quoted, typeName, unexpected } from '@cdf/core/resource';
import type {
  AnyView,
  NodeReference,
  PropertyDefinition,
  Times,
  ValueReading,
} from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import { type Decode, Problem, WRONG } from '../view/readings.js';

/** An instance as the API writes it. */
export interface WireInstance extends NodeReference {
  readonly instanceType: string;
  readonly version: number;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
  readonly deletedTime?: number;
  readonly type?: NodeReference;
  readonly startNode?: NodeReference;
  readonly endNode?: NodeReference;
  readonly properties?: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
  >;
}

interface Field {
  readonly name: string;
  readonly definition: PropertyDefinition;
  readonly decode: Decode;
  /** Every object has a member of that name. */
  readonly isInherited: boolean;
}

type InstanceConstructor = new (item: WireInstance) => Record<string, unknown>;

/** Adds the ends of an edge to what is read of it. */
export type ReadEnds = (item: WireInstance, read: Record<string, unknown>, label: string) => void;

/** Reads instances through a view. Made once for a query. */
export class InstanceReader {
  readonly #view: AnyView;
  readonly #key: string;
  readonly #readEnds: ReadEnds | undefined;
  readonly #fields: readonly Field[];
  readonly #Instance: InstanceConstructor;

  /**
   * @param readEnds makes it a reader of edges: `readEnds`, which programs without edges do not
   * have
   * @param only the requested properties. @default those that nodes of the view hold
   * themselves
   * @param prototype has the methods of what is read
   */
  constructor(
    view: AnyView,
    times: Times,
    readEnds?: ReadEnds,
    only?: readonly string[],
    prototype?: object,
  ) {
    this.#Instance = only === undefined ? wholeOf(view, prototype) : constructorOf(prototype);
    this.#view = view;
    this.#key = `${view.externalId}/${view.version}`;
    this.#readEnds = readEnds;
    this.#fields = [...propertiesOf(view)]
      .filter(([name, { reading }]) => reading && (only === undefined || only.includes(name)))
      .map(([name, definition]) => ({
        name,
        definition,
        decode: decoderOf(definition, times),
        isInherited: name in Object.prototype,
      }));
  }

  /**
   * A node or edge as users see it.
   *
   * @throws {DecodeError} when the answer cannot be one of the view, naming the property
   */
  read(instance: object, label: string): object {
    const item = readName(instance, label);
    const expected = this.#readEnds === undefined ? 'node' : 'edge';
    if (item.instanceType !== expected)
      throw wrong(label, item, `it is ${quoted(String(item.instanceType))}, expected ${expected}`);
    if (
      !Number.isSafeInteger(item.version) ||
      !Number.isFinite(item.lastUpdatedTime) ||
      !Number.isFinite(item.createdTime)
    )
      throw wrong(label, item, 'its version or times are missing');
    const read = new this.#Instance(item);
    this.#readEnds?.(item, read, label);
    const values = item.properties?.[this.#view.space]?.[this.#key] ?? {};
    for (const { name, definition, decode, isInherited } of this.#fields) {
      const value = isInherited && !Object.hasOwn(values, name) ? undefined : values[name];
      if (value === undefined || value === null) {
        if (!definition.nullable)
          throw wrong(
            label,
            item,
            `property ${quoted(name)} of ${viewKey(this.#view)} has no value; write one, or declare it optional()`,
          );
        // A property of that name hides the node's own member, also where it has no value.
        if (Object.hasOwn(read, name)) delete read[name];
        continue;
      }
      const decoded = decode(value);
      if (decoded instanceof Problem) {
        const said = ` is ${typeName(value)}, expected ${definition.list ? 'a list of ' : ''}${definition.kind}`;
        const text = decoded.text === undefined ? said : `: ${decoded.text}`;
        throw wrong(label, item, `property ${quoted(name)} of ${viewKey(this.#view)}${text}`);
      }
      read[name] = decoded;
    }
    return read;
  }
}

const constructors = /* @__PURE__ */ new WeakMap<object, InstanceConstructor>();

/** The constructor of nodes with all their properties: an engine learns once how large they are. */
function wholeOf(view: AnyView, prototype: object | undefined): InstanceConstructor {
  const key = prototype ?? view;
  const made = constructors.get(key) ?? constructorOf(prototype);
  constructors.set(key, made);
  return made;
}

/**
 * Makes instances with room for more members: engines learn from the first objects of a constructor
 * how large the others will be. Literals grow piece by piece.
 */
function constructorOf(prototype: object = Object.prototype): InstanceConstructor {
  function Instance(this: Record<string, unknown>, item: WireInstance): void {
    this.space = item.space;
    this.externalId = item.externalId;
    this.version = item.version;
    this.createdTime = item.createdTime;
    this.lastUpdatedTime = item.lastUpdatedTime;
  }
  Instance.prototype = prototype;
  return Instance as unknown as InstanceConstructor;
}

/** @throws {DecodeError} when an instance does not say which one it is */
export function readName(instance: object, label: string): WireInstance {
  const item = instance as WireInstance;
  if (typeof item.space === 'string' && typeof item.externalId === 'string') return item;
  throw unexpected(label, 'an item has no space and externalId');
}

/** The error of an instance that is not as the view says. */
export function wrong(
  label: string,
  { space, externalId }: NodeReference,
  what: string,
): DecodeError {
  return unexpected(label, `${quoted(`${space}/${externalId}`)}: ${what}`);
}

function decoderOf(definition: PropertyDefinition, times: Times): Decode {
  const decode = (definition.reading as ValueReading).decoder(definition, times);
  if (!definition.list) return decode;
  return (value) => {
    if (!Array.isArray(value)) return WRONG;
    // Most are as they are sent: no copy is made of them.
    if (value.every((each) => decode(each) === each)) return value;
    const list: unknown[] = value.map((each) => decode(each));
    return list.find((decoded) => decoded instanceof Problem) ?? list;
  };
}
