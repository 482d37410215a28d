import { ConfigError } from '@cdf/core';
import { quoted, toEpoch } from '@cdf/core/resource';
import type { NodeReference, PropertyDefinition } from '../view/definition.js';
import { toJsonData } from './data.js';
import { describe } from './describe.js';
import { toIsoTime } from './iso-time.js';

const INT32 = { from: -(2 ** 31), to: 2 ** 31 - 1 };
const INT64 = { from: -(2n ** 63n), to: 2n ** 63n - 1n };
/** The years 1 to 9999. @unit epoch milliseconds */
const YEARS = { from: -62_135_596_800_000, to: 253_402_300_800_000 };
const FLOAT32 = 3.402_823_466_385_288_6e38;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Names a value in messages; a function where most values are right, so that no string is made for
 * them.
 */
export type Label = string | (() => string);

function labelText(label: Label): string {
  return typeof label === 'string' ? label : label();
}

/**
 * One element of a property as the API takes it.
 *
 * @throws {ConfigError} when the property cannot hold it, naming `what`.
 */
export function toWireValue(definition: PropertyDefinition, value: unknown, what: Label): unknown {
  switch (definition.kind) {
    case 'text':
    case 'classic':
      return checked(typeof value === 'string', value, what, 'a string');
    case 'enum':
      return checked(
        definition.values?.includes(value as string) === true,
        value,
        what,
        () => `one of ${definition.values?.map((each) => quoted(each)).join(', ')}`,
      );
    case 'bool':
      return checked(typeof value === 'boolean', value, what, 'a boolean');
    case 'int':
      return checked(
        Number.isInteger(value) && (value as number) >= INT32.from && (value as number) <= INT32.to,
        value,
        what,
        'a whole number of 32 bits',
      );
    case 'bigint':
      return toInt64(value, what);
    case 'float': {
      const most = definition.bits === 32 ? FLOAT32 : Number.MAX_VALUE;
      return checked(
        typeof value === 'number' && Math.abs(value) <= most,
        value,
        what,
        () => `a finite number${definition.bits === 32 ? ' of 32 bits' : ''}`,
      );
    }
    case 'timestamp':
      return toTimestamp(value, what);
    case 'date':
      return checked(
        typeof value === 'string' && isDay(value),
        value,
        what,
        "a day such as '2024-07-01'",
      );
    case 'json':
      return toJson(definition, value, what);
    default:
      return toReference(value, what);
  }
}

function checked<T>(isRight: boolean, value: T, what: Label, expected: Label): T {
  if (!isRight)
    throw new ConfigError(
      `${labelText(what)}: expected ${labelText(expected)}, got ${describe(value)}`,
    );
  return value;
}

/**
 * The value as it is given: a schema may make something else of it, which it would not take again.
 */
function toJson(definition: PropertyDefinition, value: unknown, what: Label): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  checked(isObject, value, what, 'an object');
  const parsed = definition.reading?.parse?.(definition, value) ?? { value };
  if ('problem' in parsed) throw new ConfigError(`${labelText(what)}: ${parsed.problem}`);
  return toJsonData(value, labelText(what), definition.schema !== undefined);
}

/** Numbers are as exact as they are; a string is not taken. */
function toInt64(value: unknown, what: Label): bigint | number {
  const exact =
    typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as bigint) : undefined;
  if (exact === undefined || exact < INT64.from || exact > INT64.to)
    throw new ConfigError(
      `${labelText(what)}: expected a bigint of 64 bits, got ${describe(value)}`,
    );
  return exact;
}

function toTimestamp(value: unknown, what: Label): string {
  if (value instanceof Date && Number.isNaN(value.getTime()))
    throw new ConfigError(`${labelText(what)}: expected a time, got an invalid Date`);
  const given =
    value instanceof Date ? value.getTime() : toEpoch(value as number, Date.now(), labelText(what));
  // A subclass may have parts of a millisecond.
  const epoch = Math.trunc(given);
  if (!isWritableTime(epoch))
    throw new ConfigError(
      `${labelText(what)}: expected a time of the years 1 to 9999, got ${epoch}`,
    );
  return toIsoTime(epoch);
}

/** Tells whether the API takes a time. @unit epoch milliseconds */
export function isWritableTime(epoch: number): boolean {
  return Number.isInteger(epoch) && epoch >= YEARS.from && epoch < YEARS.to;
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return text >= '0001' && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** The name of a node, from anything that has one: a node that was read is one. */
export function toReference(value: unknown, what: Label): NodeReference {
  const { space, externalId } = Object(value) as NodeReference;
  if (!isReference({ space, externalId }))
    throw new ConfigError(
      `${labelText(what)}: expected { space, externalId }, got ${describe(value)}`,
    );
  return { space, externalId };
}

/** Tells whether both parts of a name are there. */
export function isReference({ space, externalId }: Partial<NodeReference>): boolean {
  return (
    typeof space === 'string' && space !== '' && typeof externalId === 'string' && externalId !== ''
  );
}
