import { exactJsonText } from '../http/exact-json.js';
import { isObject } from '../validation/schema.js';
import { instanceKey, instanceOf } from './keys.js';
import type { PropertyType } from './model.js';
import { isDate, readTimestamp, timestampText } from './timestamps.js';

/**
 * A value as it is stored: timestamps are milliseconds since 1970, direct relations are keys of
 * instances, whole numbers are `bigint` where JavaScript's numbers would lose digits, everything
 * else is as on the wire.
 */
export type Value = string | number | bigint | boolean | object | readonly Value[];

/** A value that does not fit its type; the message has the place of the name open. */
export class InvalidValue {
  readonly problem: string;
  constructor(problem: string) {
    this.problem = problem;
  }
}

const MAX_TEXT_BYTES = 128_000;
const MAX_LIST = 1000;
const MAX_RELATIONS = 100;
const MAX_JSON = { total: 40_960, key: 128, value: 10_240, keys: 256, depth: 500 };
const INT32 = 2_147_483_648;
const INT64 = 2n ** 63n;
const SPACE = /^[a-zA-Z][a-zA-Z0-9_-]{0,42}$/;
const MAX_RELATION_ID = 256;

/** Reads a value from the wire; `undefined` when it does not fit. */
export type Reader = (value: unknown) => Value | undefined;

const KINDS: Readonly<Record<PropertyType['type'], (type: PropertyType) => Reader>> = {
  text:
    ({ maxTextSize = MAX_TEXT_BYTES }) =>
    (value) =>
      typeof value === 'string' &&
      !value.includes('\0') &&
      (value.length * 3 <= maxTextSize || Buffer.byteLength(value) <= maxTextSize)
        ? value
        : undefined,
  boolean: () => (value) => (typeof value === 'boolean' ? value : undefined),
  int32: () => (value) =>
    Number.isInteger(value) && (value as number) >= -INT32 && (value as number) < INT32
      ? plusZero(value)
      : undefined,
  int64: () => readInt64,
  float32: () => (value) => {
    const number = numberOf(value);
    const rounded = number === undefined ? Number.NaN : Math.fround(number);
    return Number.isFinite(rounded) ? shortestFloat32(rounded) : undefined;
  },
  float64: () => numberOf,
  timestamp: () => (value) => (typeof value === 'string' ? readTimestamp(value) : undefined),
  date: () => (value) => (typeof value === 'string' && isDate(value) ? value : undefined),
  json: () => (value) => (isObject(value) && isWithinLimits(value) ? value : undefined),
  timeseries: () => shortText,
  file: () => shortText,
  sequence: () => shortText,
  direct: () => readRelation,
  enum:
    ({ values = {}, unknownValue }) =>
    (value) =>
      typeof value === 'string' && value !== unknownValue && Object.hasOwn(values, value)
        ? value
        : undefined,
};

/** Reads one element of a type, be it a list or not. */
export function elementReader(type: PropertyType): Reader {
  return KINDS[type.type](type);
}

/** Reads the values of a type; the result has the problems of those that do not fit. */
export function valueReader(type: PropertyType): (value: unknown) => Value | InvalidValue {
  const read = elementReader(type);
  const wrong = new InvalidValue(
    type.type === 'direct'
      ? `Invalid value for direct relation property '%'. The value must be a json object with space and externalId fields.`
      : `Invalid value for ${type.type} property '%'.`,
  );
  if (type.list !== true) return (value) => read(value) ?? wrong;
  const max = type.maxListSize ?? (type.type === 'direct' ? MAX_RELATIONS : MAX_LIST);
  const notList = new InvalidValue(
    `Invalid value for list property '%'. The value must be an array.`,
  );
  const tooLong = new InvalidValue(
    `Invalid value for list property '%'. It has more than ${max} elements.`,
  );
  const tooLarge = new InvalidValue(
    `Invalid value for json property '%'. It has more than ${MAX_JSON.total} bytes.`,
  );
  return (value) => {
    if (!Array.isArray(value)) return notList;
    if (value.length > max) return tooLong;
    const elements: Value[] = [];
    for (const each of value as readonly unknown[]) {
      const element = read(each);
      if (element === undefined) return wrong;
      elements.push(element);
    }
    if (type.type === 'json' && Buffer.byteLength(exactJsonText(value)) > MAX_JSON.total)
      return tooLarge;
    return elements;
  };
}

/** Gives the JSON text of stored values of a type. */
export function valueWriter(type: PropertyType): (value: Value) => string {
  const write = elementWriter(type);
  return type.list === true
    ? (value): string => `[${(value as readonly Value[]).map(write).join(',')}]`
    : write;
}

function elementWriter({ type }: PropertyType): (value: Value) => string {
  switch (type) {
    case 'boolean':
    case 'int32':
    case 'int64':
    case 'float32':
    case 'float64':
      return String;
    case 'timestamp':
      return (value) => `"${timestampText(value as number)}"`;
    case 'direct':
      return (value) => relationText(value as string);
    case 'json':
      return exactJsonText;
    default:
      return JSON.stringify;
  }
}

/** The JSON of a key of an instance. */
export function relationText(key: string): string {
  const colon = key.indexOf(':');
  return `{"space":"${key.slice(0, colon)}","externalId":${JSON.stringify(key.slice(colon + 1))}}`;
}

/** A stored value as plain JSON data; 64-bit integers may come as `bigint`. */
export function plainValue({ type, list }: PropertyType, value: Value): unknown {
  const plain = (each: Value): unknown => {
    if (type === 'timestamp') return timestampText(each as number);
    return type === 'direct' ? instanceOf(each as string) : each;
  };
  return list === true ? (value as readonly Value[]).map(plain) : plain(value);
}

/** True if two stored values are the same. */
export function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((each, index) => isSame(each, right[index]));
  }
  const [one, other] = [left as Record<string, Value>, right as Record<string, Value>];
  if (one === null || other === null) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}

function readInt64(value: unknown): Value | undefined {
  if (typeof value === 'bigint') return value >= -INT64 && value < INT64 ? value : undefined;
  return Number.isSafeInteger(value) ? plusZero(value) : undefined;
}

function readRelation(value: unknown): Value | undefined {
  if (!isObject(value) || Object.keys(value).length !== 2) return undefined;
  const { space, externalId } = value;
  if (typeof space !== 'string' || typeof externalId !== 'string' || !SPACE.test(space))
    return undefined;
  if (externalId.length < 1 || externalId.length > MAX_RELATION_ID || externalId.includes('\0'))
    return undefined;
  return instanceKey({ space, externalId });
}

function shortText(value: unknown): Value | undefined {
  return typeof value === 'string' && value.length <= 255 && !value.includes('\0')
    ? value
    : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return Number.isFinite(number) ? plusZero(number) : undefined;
}

/** JSON has no negative zero that would be read as another number. */
function plusZero(value: unknown): number {
  return (value as number) + 0;
}

/** The decimal with the fewest digits that stands for this 32-bit number. */
function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

function isWithinLimits(value: Record<string, unknown>): boolean {
  if (!isFlat(value, MAX_JSON.depth)) return false;
  if (Buffer.byteLength(exactJsonText(value)) > MAX_JSON.total) return false;
  const names = Object.keys(value);
  if (names.length > MAX_JSON.keys) return false;
  return names.every(
    (name) =>
      Buffer.byteLength(name) <= MAX_JSON.key &&
      Buffer.byteLength(exactJsonText(value[name])) <= MAX_JSON.value,
  );
}

/**
 * True if a value has at most so many levels, as deeper ones would exhaust the stack of whatever
 * walks them later, and only numbers that JSON can write again (unlike 1e400).
 */
function isFlat(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isFlat(each, levels - 1));
}
