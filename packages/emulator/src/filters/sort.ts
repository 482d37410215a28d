import { badRequest } from '../errors.js';
import { isObject } from '../validation/schema.js';
import { type Properties, propertyAt } from './properties.js';

type Compare<T> = (a: T, b: T) => number;
const MAX_KEYS = 2;
const SCORE = '_score_';

/** The order that a `sort` member asks for; `_score_` sorts by `score`. */
export function compileSort<T>(
  sort: unknown,
  properties: Properties<T>,
  score: (item: T) => number,
): Compare<T> {
  if (!Array.isArray(sort) || sort.length < 1 || sort.length > MAX_KEYS) {
    throw badRequest(`sort must have between 1 and ${MAX_KEYS} elements`);
  }
  const keys = sort.map((key: unknown) => compileKey(key, properties, score));
  return (a, b) => {
    for (const key of keys) {
      const order = key(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Best first. */
export function byScore<T>(score: (item: T) => number): Compare<T> {
  return (a, b) => score(b) - score(a);
}

function compileKey<T>(
  key: unknown,
  properties: Properties<T>,
  score: (item: T) => number,
): Compare<T> {
  const { path, order, nulls } = readKey(key);
  const descending = (order ?? (path[0] === SCORE ? 'desc' : 'asc')) === 'desc';
  if (path.length === 1 && path[0] === SCORE) {
    return descending ? byScore(score) : (a, b) => score(a) - score(b);
  }
  const isMetadataKey = path.length === 2 && path[0] === 'metadata';
  if (!isMetadataKey && !properties.sortable.includes(path.join('.')))
    throw badRequest(`Cannot sort by ${JSON.stringify(path)}`);
  const { of } = propertyAt(properties, path);
  // Without a choice, a missing value is larger than everything else.
  const nullsLast = nulls === 'last' || (nulls !== 'first' && !descending);
  return (a, b) => {
    const [left, right] = [of(a), of(b)] as [
      string | number | undefined,
      string | number | undefined,
    ];
    if (left === undefined || right === undefined) {
      if (left === right) return 0;
      return (left === undefined) === nullsLast ? 1 : -1;
    }
    const direction = left < right ? -1 : left > right ? 1 : 0;
    return descending ? -direction : direction;
  };
}

function readKey(key: unknown): { path: string[]; order: unknown; nulls: unknown } {
  if (typeof key === 'string') {
    const [name = '', order] = key.split(':');
    checkWords(order, undefined);
    return { path: [name], order, nulls: undefined };
  }
  if (!isObject(key)) throw badRequest('A sort element must be an object');
  const { property, order = undefined, nulls = undefined, ...rest } = key;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw badRequest(`${unknown} is not a known property of sort`);
  checkWords(order ?? undefined, nulls ?? undefined);
  const path = typeof property === 'string' ? [property] : property;
  if (
    !Array.isArray(path) ||
    path.length < 1 ||
    path.length > 2 ||
    !path.every((part) => typeof part === 'string')
  ) {
    throw badRequest('sort needs a property of one or two names');
  }
  return { path, order: order ?? undefined, nulls: nulls ?? undefined };
}

function checkWords(order: unknown, nulls: unknown): void {
  if (order !== undefined && order !== 'asc' && order !== 'desc')
    throw badRequest('order must be asc or desc');
  if (nulls !== undefined && nulls !== 'first' && nulls !== 'last' && nulls !== 'auto') {
    throw badRequest('nulls must be first, last or auto');
  }
}
