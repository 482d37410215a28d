import type { Json } from '../../helpers.js';
import { stringifyExact } from '../exact-json.js';
import { isObject, refuse } from './state.js';

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,3})?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const INT64 = 2n ** 63n;

/** The value as it is stored and read, or a refusal that names the property. */
export function storedValue(type: Json, name: string, value: Json): Json {
  if (type.list === true) {
    if (!Array.isArray(value)) refuse(`The property '${name}' has lists of ${type.type}.`);
    const most = type.maxListSize ?? (type.type === 'direct' ? 100 : 1000);
    if (value.length > most) refuse(`The property '${name}' has at most ${most} elements.`);
    const elements = value.map((element) => storedElement(type, name, element));
    if (type.type === 'json' && bytes(elements) > 40_960) invalid(type, name);
    return elements;
  }
  return storedElement(type, name, value);
}

function invalid(type: Json, name: string): never {
  if (type.type === 'direct')
    refuse(
      `Invalid value for direct relation property '${name}'. ` +
        'The value must be a json object with space and externalId fields.',
    );
  refuse(`Invalid value for ${type.type} property '${name}'.`);
}

/** One value, or one element of a list. */
export function storedElement(type: Json, name: string, value: Json): Json {
  const stored = convert(type, value);
  if (stored === undefined) invalid(type, name);
  return stored;
}

function convert(type: Json, value: Json): Json {
  switch (type.type) {
    case 'text':
      return isText(value, type.maxTextSize ?? 128_000) ? value : undefined;
    case 'timeseries':
    case 'file':
    case 'sequence':
      return isText(value, 128_000) && value.length <= 255 ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'int32':
      return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined;
    case 'int64':
      if (typeof value === 'bigint') return value >= -INT64 && value < INT64 ? value : undefined;
      return Number.isSafeInteger(value) ? value : undefined;
    case 'float32':
      return toFloat32(value);
    case 'float64':
      return Number.isFinite(Number(value)) && /number|bigint/.test(typeof value)
        ? Number(value)
        : undefined;
    case 'timestamp':
      return typeof value === 'string' ? timestampText(value) : undefined;
    case 'date':
      return typeof value === 'string' && dateOf(DATE.exec(value)) !== undefined
        ? value
        : undefined;
    case 'json':
      return isJson(value) ? value : undefined;
    case 'direct':
      return isRelation(value) ? value : undefined;
    case 'enum':
      return typeof value === 'string' &&
        Object.hasOwn(type.values, value) &&
        value !== type.unknownValue
        ? value
        : undefined;
    default:
      return undefined;
  }
}

function isText(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && !value.includes('\0') && Buffer.byteLength(value) <= bytes;
}

/** The shortest decimal number that rounds to the same 32 bits. */
function toFloat32(value: Json): number | undefined {
  if (typeof value !== 'number') return undefined;
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) return undefined;
  for (let digits = 1; digits < 10; digits += 1) {
    const short = Number(rounded.toPrecision(digits));
    if (Math.fround(short) === rounded) return short;
  }
  return rounded;
}

function isJson(value: unknown): boolean {
  if (!isObject(value) || bytes(value) > 40_960) return false;
  const entries = entriesOf(value);
  const isShort = ([key, part]: readonly [string, Json]): boolean =>
    key.length <= 128 && (isObject(part) || Array.isArray(part) || bytes(part) <= 10_240);
  return entries.length <= 256 && entries.every(isShort);
}

const bytes = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : stringifyExact(value));

/** All keys in a JSON value, however deep. */
function entriesOf(value: unknown): (readonly [string, Json])[] {
  if (Array.isArray(value)) return value.flatMap(entriesOf);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap((entry) => [entry, ...entriesOf(entry[1])]);
}

function isRelation(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.keys(value).length === 2 &&
    typeof value.space === 'string' &&
    typeof value.externalId === 'string' &&
    value.space !== '' &&
    value.externalId !== ''
  );
}

function dateOf(parts: RegExpExecArray | null): number | undefined {
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.getTime()
    : undefined;
}

/** The instant in ms, or undefined for a string that is not a timestamp. */
function instant(text: string): number | undefined {
  const parts = TIMESTAMP.exec(text);
  const day = dateOf(parts);
  if (parts === null || day === undefined) return undefined;
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5]), Number(parts[6])];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = parts[8] ?? 'Z';
  const sign = zone.startsWith('-') ? -1 : 1;
  const offset =
    zone === 'Z'
      ? 0
      : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '')));
  const fraction = Math.round(Number(`0${parts[7] ?? ''}`) * 1000);
  return day + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction;
}

function timestampText(text: string): string | undefined {
  const time = instant(text);
  if (time === undefined) return undefined;
  const [seconds, fraction = ''] = new Date(time).toISOString().slice(0, -1).split('.');
  const rest = fraction.replace(/0+$/, '');
  return `${seconds}${rest === '' ? '' : `.${rest}`}+00:00`;
}

/** The order of two values of a type; text goes by code points, timestamps by instant. */
export function compareValues(type: Json, left: Json, right: Json): number {
  if (type.type === 'timestamp') return (instant(left) ?? 0) - (instant(right) ?? 0);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left === right) return 0;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareText(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (const [index, letter] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const difference = (letter.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
