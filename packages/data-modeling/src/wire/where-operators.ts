import { ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { PropertyDefinition } from '../view/definition.js';
import { isTime } from './data.js';
import { describe } from './describe.js';

const COMPARISONS = { gt: true, gte: true, lt: true, lte: true };
const OPERATORS: Readonly<Record<string, object>> = {
  reference: { exists: true, in: true },
  text: { exists: true, in: true, prefix: true, ...COMPARISONS },
  order: { exists: true, in: true, ...COMPARISONS },
  list: { exists: true, containsAny: true, containsAll: true, prefix: true },
  json: { exists: true },
};
const EQUALS = 'a value by itself means equals';
const NEGATED = 'negate the condition: { not: { … } }';
const WORDS = 'use prefix, or search() for words';
/** Operators that other query builders have. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  equals: EQUALS,
  eq: EQUALS,
  $eq: EQUALS,
  not: NEGATED,
  ne: NEGATED,
  notIn: NEGATED,
  contains: WORDS,
  like: WORDS,
  ilike: WORDS,
  startsWith: 'use prefix',
  has: 'use containsAny',
  hasSome: 'use containsAny',
  hasEvery: 'use containsAll',
  isNull: 'null by itself means missing',
  min: 'use gte',
  max: 'use lte',
  after: 'use gt',
  before: 'use lt',
  between: 'use gte and lte',
};
/**
 * The operators of a condition, by name.
 *
 * @throws {ConfigError} for one that properties of that kind do not have
 */
export function readOperators(
  condition: unknown,
  own: PropertyDefinition,
  what: string,
): Readonly<Record<string, unknown>> {
  if (!isOperators(condition))
    throw new ConfigError(`${what}: expected { exists }, got ${describe(condition)}`);
  const known = OPERATORS[family(own)] as object;
  for (const operator of Object.keys(condition)) {
    if (Object.hasOwn(known, operator) || !Object.hasOwn(ELSEWHERE, operator)) continue;
    throw new ConfigError(`${what}: unknown name ${quoted(operator)}; ${ELSEWHERE[operator]}`);
  }
  refuseUnknown(Object.keys(condition), known, what);
  return condition;
}

function family({ kind, list }: PropertyDefinition): string {
  if (list) return 'list';
  if (kind === 'json') return 'json';
  if (kind === 'text' || kind === 'classic') return 'text';
  return ['int', 'float', 'bigint', 'timestamp', 'date'].includes(kind) ? 'order' : 'reference';
}

/** Tells whether a condition is made of operators: it is no value. */
export function isOperators(condition: unknown): condition is Readonly<Record<string, unknown>> {
  return (
    typeof condition === 'object' &&
    condition !== null &&
    !Array.isArray(condition) &&
    !isTime(condition)
  );
}

/**
 * The name of a node, or a node that was read. Names beside other conditions are conditions too.
 */
export function isName(condition: unknown): boolean {
  if (
    !isOperators(condition) ||
    typeof condition.space !== 'string' ||
    typeof condition.externalId !== 'string'
  )
    return false;
  return Object.keys(condition).length === 2 || typeof condition.createdTime === 'number';
}

/** Tells whether a name was meant of which a part is undefined, or both are. */
export function isHalfName(condition: unknown): boolean {
  const { space, externalId } = Object(condition) as Readonly<Record<string, unknown>>;
  const parts = [space, externalId];
  return (
    Object.keys(Object(condition)).sort().join() === 'externalId,space' &&
    parts.includes(undefined) &&
    parts.every((part) => part === undefined || typeof part === 'string')
  );
}

/** Tells whether conditions were given, and all of them are undefined. */
export function isLeftOut(conditions: unknown): boolean {
  return Object.keys(Object(conditions)).length > 0 && isVoid(conditions);
}

/** Tells whether nothing remains of a condition once undefined ones are left out. */
function isVoid(condition: unknown): boolean {
  if (condition === undefined) return true;
  if (!isOperators(condition)) return false;
  return Object.entries(condition).every(([name, each]) =>
    name === 'and' && Array.isArray(each) && each.length > 0 ? each.every(isVoid) : isVoid(each),
  );
}

/** Conditions on the node that a relation points to, as opposed to the relation itself. */
export function isNested(condition: unknown): boolean {
  if (!isOperators(condition) || isName(condition)) return false;
  return !Object.keys(condition).every((name) =>
    Object.hasOwn(OPERATORS.reference as object, name),
  );
}
