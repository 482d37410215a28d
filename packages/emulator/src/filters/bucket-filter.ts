import { badRequest } from '../errors.js';
import { isObject } from '../validation/schema.js';

/** The limits of one service on filters of buckets. */
export interface BucketFilterLimits {
  /** The most filters below one `and` or `or`. */
  readonly children: number;
  /** The longest text that buckets are compared with. */
  readonly text: number;
}

type Accepts = (value: unknown) => boolean;

const MAX_DEPTH = 10;
const MAX_VALUES = 100;
const BOUNDS = ['gt', 'gte', 'lt', 'lte'] as const;

/**
 * Compiles `{ and | or | not | in | prefix | range }` on the buckets of an aggregate; text is
 * compared without regard to case.
 */
export function bucketFilter(filter: unknown, limits: BucketFilterLimits, depth = 1): Accepts {
  const entries = isObject(filter) ? Object.entries(filter) : [];
  if (entries.length !== 1)
    throw badRequest('aggregateFilter must be an object with exactly one operator');
  if (depth > MAX_DEPTH)
    throw badRequest(`An aggregateFilter can be nested at most ${MAX_DEPTH} deep`);
  const [operator, operand] = entries[0] as [string, unknown];
  switch (operator) {
    case 'and':
    case 'or': {
      const parts = elements(operator, operand, limits.children).map((part) =>
        bucketFilter(part, limits, depth + 1),
      );
      return (value) =>
        operator === 'and' ? parts.every((part) => part(value)) : parts.some((part) => part(value));
    }
    case 'not': {
      const part = bucketFilter(operand, limits, depth + 1);
      return (value) => !part(value);
    }
    case 'in': {
      const { values } = members(operator, operand, ['values']);
      const wanted = new Set(
        elements('values', values, MAX_VALUES).map((value) => comparable(value, limits)),
      );
      return (value) => wanted.has(folded(value) as string);
    }
    case 'prefix': {
      const wanted = comparable(members(operator, operand, ['value']).value, limits);
      if (typeof wanted !== 'string') throw badRequest('prefix is only for text');
      return (value) => String(folded(value)).startsWith(wanted);
    }
    case 'range':
      return inRange(members(operator, operand, BOUNDS), limits);
    default:
      throw badRequest(`Unknown aggregateFilter: ${operator}`);
  }
}

function inRange(bounds: Readonly<Record<string, unknown>>, limits: BucketFilterLimits): Accepts {
  const [gt, gte, lt, lte] = BOUNDS.map((name) =>
    bounds[name] === undefined ? undefined : comparable(bounds[name], limits),
  );
  if ((gt !== undefined && gte !== undefined) || (lt !== undefined && lte !== undefined)) {
    throw badRequest('range can have only one of gt, gte and one of lt, lte');
  }
  return (given) => {
    const value = folded(given) as string | number;
    return (
      (gt === undefined || value > gt) &&
      (gte === undefined || value >= gte) &&
      (lt === undefined || value < lt) &&
      (lte === undefined || value <= lte)
    );
  };
}

function elements(name: string, value: unknown, most: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= 1 && value.length <= most) return value;
  throw badRequest(`${name} must have between 1 and ${most} elements`);
}

function members(
  operator: string,
  operand: unknown,
  allowed: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!isObject(operand)) throw badRequest(`${operator} must be an object`);
  const unknown = Object.keys(operand).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw badRequest(`${operator} cannot have ${unknown}`);
  return operand;
}

function comparable(value: unknown, { text }: BucketFilterLimits): string | number | boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw badRequest('Buckets are compared with text, numbers, true and false');
  }
  if (typeof value === 'string' && value.length > text)
    throw badRequest(`Buckets are compared with at most ${text} characters`);
  return folded(value) as string | number | boolean;
}

function folded(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
