import { DecodeError } from '@cdf/core';
import { quoted, withPrototype } from '@cdf/core/resource';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import type { Times } from '../view/types.js';
import { parseJson } from './json-schema.js';

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
  readonly properties?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

type Decode = (value: unknown) => unknown;
/** The result of decoding a wrong value. */
const WRONG = Symbol('wrong');

/** The problem that the schema of a property has with a value. */
class Problem {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

interface Field {
  readonly name: string;
  readonly definition: PropertyDefinition;
  readonly decode: Decode;
}

/** Reads instances through a view. Made once for a query. */
export class InstanceReader {
  readonly #view: AnyView;
  readonly #key: string;
  readonly #instance: 'node' | 'edge';
  readonly #fields: readonly Field[];
  readonly #prototype: object;

  /**
   * @param only properties that were asked for. @default those that nodes of the view hold themselves
   * @param prototype has the methods of what is read
   */
  constructor(
    view: AnyView,
    times: Times,
    instance: 'node' | 'edge' = 'node',
    only?: readonly string[],
    prototype: object = Object.prototype,
  ) {
    this.#prototype = prototype;
    this.#view = view;
    this.#key = `${view.externalId}/${view.version}`;
    this.#instance = instance;
    this.#fields = [...propertiesOf(view)]
      .filter(([name, { kind }]) => isStored(kind) && (only === undefined || only.includes(name)))
      .map(([name, definition]) => ({ name, definition, decode: decoderOf(definition, times) }));
  }

  /**
   * A node or edge as users see it.
   *
   * @throws {DecodeError} when the answer cannot be one of the view, naming the property
   */
  read(instance: object, label: string): object {
    const item = readName(instance, label);
    if (item.instanceType !== this.#instance)
      throw wrong(label, item, `it is ${quoted(String(item.instanceType))}, expected ${this.#instance}`);
    const { space, externalId, version, createdTime, lastUpdatedTime } = item;
    if (!Number.isSafeInteger(version) || !Number.isFinite(lastUpdatedTime) || !Number.isFinite(createdTime))
      throw wrong(label, item, 'its version or times are missing');
    const read: Record<string, unknown> = { space, externalId, version, createdTime, lastUpdatedTime };
    if (this.#instance === 'edge') this.#readEnds(item, read, label);
    const values = item.properties?.[this.#view.space]?.[this.#key] ?? {};
    for (const { name, definition, decode } of this.#fields) {
      const value = values[name];
      if (value === undefined || value === null) {
        if (!definition.nullable)
          throw wrong(
            label,
            item,
            `property ${quoted(name)} of ${viewKey(this.#view)} has no value; declare it optional()`,
          );
        // A property of that name hides the node's own member, also where it has no value.
        if (Object.hasOwn(read, name)) delete read[name];
        continue;
      }
      const decoded = decode(value);
      if (decoded === WRONG || decoded instanceof Problem)
        throw wrong(
          label,
          item,
          `property ${quoted(name)} of ${viewKey(this.#view)}${decoded === WRONG ? ` is ${typeName(value)}, expected ${definition.list ? 'a list of ' : ''}${definition.kind}` : `: ${decoded.text}`}`,
        );
      read[name] = decoded;
    }
    // At the end: an object whose prototype was changed is slow to add members to, and twice as large.
    return withPrototype(read, this.#prototype);
  }

  #readEnds(item: WireInstance, read: Record<string, unknown>, label: string): void {
    for (const name of ['type', 'startNode', 'endNode'] as const) {
      const end = toName(item[name]);
      if (end === WRONG) throw wrong(label, item, `${name} of the edge is ${typeName(item[name])}`);
      read[name] = end;
    }
  }
}

/** Tells whether a node of the view holds values of that kind itself. */
export function isStored(kind: PropertyDefinition['kind']): boolean {
  return kind !== 'reverse' && kind !== 'edges';
}

/** @throws {DecodeError} when an instance does not say which one it is */
export function readName(instance: object, label: string): WireInstance {
  const item = instance as WireInstance;
  if (typeof item.space === 'string' && typeof item.externalId === 'string') return item;
  throw new DecodeError(`${label}: unexpected answer: an item has no space and externalId`, { delivery: 'unknown' });
}

function wrong(label: string, { space, externalId }: NodeReference, what: string): DecodeError {
  return new DecodeError(`${label}: unexpected answer: ${quoted(`${space}/${externalId}`)}: ${what}`, {
    delivery: 'unknown',
  });
}

function decoderOf(definition: PropertyDefinition, times: Times): Decode {
  const decode = elementDecoder(definition, times);
  if (!definition.list) return decode;
  return (value) => {
    if (!Array.isArray(value)) return WRONG;
    const list = value.map(decode);
    return list.find((each) => each === WRONG || each instanceof Problem) ?? list;
  };
}

function elementDecoder(definition: PropertyDefinition, times: Times): Decode {
  switch (definition.kind) {
    case 'text':
    case 'enum':
    case 'classic':
    case 'date':
      return (value) => (typeof value === 'string' ? value : WRONG);
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : WRONG);
    case 'int':
      return (value) => (Number.isSafeInteger(value) ? value : WRONG);
    case 'bigint':
      return (value) =>
        typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value as number) : WRONG;
    case 'float':
      return (value) => (typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : WRONG);
    case 'timestamp':
      return (value) => toTime(value, times);
    case 'json':
      return (value) => {
        if (typeof value !== 'object' || !isExact(value)) return WRONG;
        const parsed = parseJson(definition, value);
        return 'problem' in parsed ? new Problem(parsed.problem) : parsed.value;
      };
    default:
      return toName;
  }
}

/** `2024-07-01T00:00:00.5+00:00`: up to three digits of a fraction, and an offset in one of three forms. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?(?:Z|([+-]\d\d)(?::?(\d\d))?)?$/;

function toTime(value: unknown, times: Times): unknown {
  const match = typeof value === 'string' ? TIMESTAMP.exec(value) : null;
  if (match === null) return WRONG;
  const [, time, fraction = '0', hours = '+00', minutes = '00'] = match;
  const epoch = Date.parse(`${time}.${fraction.padEnd(3, '0')}${hours}:${minutes}`);
  if (Number.isNaN(epoch)) return WRONG;
  return times === 'epoch' ? epoch : new Date(epoch);
}

function toName(value: unknown): NodeReference | typeof WRONG {
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  return typeof space === 'string' && typeof externalId === 'string' ? { space, externalId } : WRONG;
}

/** Tells whether JSON holds no integer that a number cannot hold. */
function isExact(value: unknown): boolean {
  if (typeof value === 'bigint') return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
