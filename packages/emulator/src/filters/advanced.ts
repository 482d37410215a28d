import { badRequest } from '../errors.js';
import { isObject } from '../validation/schema.js';
import { isMetadata, type Properties, type Property, propertyAt } from './properties.js';
import { matchesText } from './search.js';

const MAX_DEPTH = 10;
const MAX_CLAUSES = 100;
const MAX_VALUES = 100;
const MAX_SEARCHES = 2;
const MAX_SEARCH_LENGTH = 128;

/**
 * A compiled filter. It tells whether an item passes, and how many of its leaves hold, by which
 * `_score_` sorts.
 */
export interface CompiledFilter<T> {
  readonly matches: (item: T) => boolean;
  readonly score: (item: T) => number;
  /**
   * True if it has a `search` leaf outside a `not`: then relevance is the order unless another one
   * is requested.
   */
  readonly ranks: boolean;
}

/** How a filter may be made. */
export interface FilterRules {
  /** Subscriptions do not search. */
  readonly allowsSearch?: boolean;
}

interface Node<T> {
  readonly matches: (item: T) => boolean;
  readonly score: (item: T) => number;
}

interface Progress {
  clauses: number;
  searches: number;
  ranks: boolean;
}

/**
 * Compiles
 * `{ and | or | not | equals | in | range | prefix | exists | containsAny | containsAll | search }`.
 */
export function compileFilter<T>(
  filter: unknown,
  properties: Properties<T>,
  rules: FilterRules = {},
): CompiledFilter<T> {
  const progress: Progress = { clauses: 0, searches: 0, ranks: false };
  const node = compile(filter, properties, rules, progress, 1, false);
  return { ...node, ranks: progress.ranks };
}

function compile<T>(
  filter: unknown,
  properties: Properties<T>,
  rules: FilterRules,
  progress: Progress,
  depth: number,
  negated: boolean,
): Node<T> {
  const [operator, operand] = onlyMember(filter);
  progress.clauses += 1;
  if (depth > MAX_DEPTH) throw badRequest(`A filter can be nested at most ${MAX_DEPTH} deep`);
  if (progress.clauses > MAX_CLAUSES)
    throw badRequest(`A filter can have at most ${MAX_CLAUSES} clauses`);
  const inner = (part: unknown, not: boolean): Node<T> =>
    compile(part, properties, rules, progress, depth + 1, not);
  if (operator === 'and' || operator === 'or') {
    if (!Array.isArray(operand) || operand.length < 1 || operand.length > MAX_CLAUSES - 1) {
      throw badRequest(`${operator} must have between 1 and ${MAX_CLAUSES - 1} filters`);
    }
    const parts = operand.map((part) => inner(part, negated));
    const matches = (item: T): boolean =>
      operator === 'and'
        ? parts.every((part) => part.matches(item))
        : parts.some((part) => part.matches(item));
    return { matches, score: (item) => parts.reduce((sum, part) => sum + part.score(item), 0) };
  }
  if (operator === 'not') {
    const part = inner(operand, true);
    return { matches: (item) => !part.matches(item), score: () => 0 };
  }
  if (operator === 'search') countSearch(rules, progress, negated);
  const matches = leaf(operator, operand, properties);
  return { matches, score: (item) => (matches(item) ? 1 : 0) };
}

function countSearch(rules: FilterRules, progress: Progress, negated: boolean): void {
  if (rules.allowsSearch === false) throw badRequest('search is not allowed here');
  progress.searches += 1;
  progress.ranks ||= !negated;
  if (progress.searches > MAX_SEARCHES)
    throw badRequest(`A filter can have at most ${MAX_SEARCHES} search clauses`);
}

function onlyMember(filter: unknown): [string, unknown] {
  const entries = isObject(filter) ? Object.entries(filter) : [];
  if (entries.length !== 1)
    throw badRequest('A filter must be an object with exactly one operator');
  return entries[0] as [string, unknown];
}

function leaf<T>(
  operator: string,
  operand: unknown,
  properties: Properties<T>,
): (item: T) => boolean {
  switch (operator) {
    case 'equals':
      return equalsLeaf(members(operator, operand, ['property', 'value']), properties);
    case 'in':
      return inLeaf(members(operator, operand, ['property', 'values']), properties);
    case 'range':
      return rangeLeaf(
        members(operator, operand, ['property', 'gt', 'gte', 'lt', 'lte']),
        properties,
      );
    case 'prefix':
      return prefixLeaf(members(operator, operand, ['property', 'value']), properties);
    case 'exists':
      return existsLeaf(members(operator, operand, ['property']), properties);
    case 'containsAny':
    case 'containsAll':
      return containsLeaf(operator, members(operator, operand, ['property', 'values']), properties);
    case 'search':
      return searchLeaf(members(operator, operand, ['property', 'value']), properties);
    default:
      throw badRequest(`Unknown filter operator: ${operator}`);
  }
}

type Members = Readonly<Record<string, unknown>>;

function members(operator: string, operand: unknown, allowed: readonly string[]): Members {
  if (!isObject(operand)) throw badRequest(`${operator} must be an object`);
  for (const name of Object.keys(operand))
    if (!allowed.includes(name)) throw badRequest(`${operator} cannot have ${name}`);
  return operand;
}

/** The values of a property that a leaf looks at; metadata as a whole has several. */
function valuesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function equalsLeaf<T>(
  { property, value }: Members,
  properties: Properties<T>,
): (item: T) => boolean {
  const target = propertyAt(properties, property);
  const wanted = checkedValue(target, value, properties, property);
  if (target.kind.endsWith('List') && !isMetadata(property)) throw notForLists('equals', property);
  return (item) => valuesOf(target.of(item)).includes(wanted);
}

function inLeaf<T>({ property, values }: Members, properties: Properties<T>): (item: T) => boolean {
  const target = propertyAt(properties, property);
  if (target.kind.endsWith('List') && !isMetadata(property)) throw notForLists('in', property);
  const wanted = new Set(
    checkedValues(values).map((value) => checkedValue(target, value, properties, property)),
  );
  return (item) => valuesOf(target.of(item)).some((value) => wanted.has(value));
}

function rangeLeaf<T>(
  { property, gt, gte, lt, lte }: Members,
  properties: Properties<T>,
): (item: T) => boolean {
  const target = propertyAt(properties, property);
  if (gt === undefined && gte === undefined && lt === undefined && lte === undefined)
    throw badRequest('range needs a bound');
  if ((gt !== undefined && gte !== undefined) || (lt !== undefined && lte !== undefined)) {
    throw badRequest('range can have only one of gt, gte and one of lt, lte');
  }
  const oneSided =
    (gt === undefined && gte === undefined) || (lt === undefined && lte === undefined);
  if (oneSided && properties.metadataIgnoresCase === true && target.name.startsWith('metadata')) {
    throw badRequest('range on the metadata of events needs two bounds');
  }
  const bound = (value: unknown): string | number | undefined =>
    value === undefined
      ? undefined
      : (checkedValue(target, value, properties, property) as string | number);
  const [above, from, below, to] = [bound(gt), bound(gte), bound(lt), bound(lte)];
  const inside = (value: string | number): boolean =>
    (above === undefined || value > above) &&
    (from === undefined || value >= from) &&
    (below === undefined || value < below) &&
    (to === undefined || value <= to);
  return (item) => valuesOf(target.of(item)).some((value) => inside(value as string | number));
}

function prefixLeaf<T>(
  { property, value }: Members,
  properties: Properties<T>,
): (item: T) => boolean {
  const target = propertyAt(properties, property);
  const wanted = checkedValue(target, value, properties, property);
  if (typeof wanted !== 'string') throw badRequest('prefix is only for text');
  return (item) =>
    valuesOf(target.of(item)).some((own) => typeof own === 'string' && own.startsWith(wanted));
}

function existsLeaf<T>({ property }: Members, properties: Properties<T>): (item: T) => boolean {
  const target = propertyAt(properties, property);
  return (item) => valuesOf(target.of(item)).length > 0;
}

function containsLeaf<T>(
  operator: string,
  { property, values }: Members,
  properties: Properties<T>,
): (item: T) => boolean {
  const target = propertyAt(properties, property);
  if (!target.kind.endsWith('List') || isMetadata(property))
    throw badRequest(`${operator} is only for lists`);
  const wanted = checkedValues(values).map((value) =>
    checkedValue(target, value, properties, property),
  );
  return (item) => {
    const own = valuesOf(target.of(item));
    return operator === 'containsAll'
      ? wanted.every((value) => own.includes(value))
      : wanted.some((value) => own.includes(value));
  };
}

function searchLeaf<T>(
  { property, value }: Members,
  properties: Properties<T>,
): (item: T) => boolean {
  const name = Array.isArray(property) && property.length === 1 ? String(property[0]) : '';
  if (!properties.searchable.includes(name))
    throw badRequest(`search is only for ${properties.searchable.join(', ')}`);
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_SEARCH_LENGTH) {
    throw badRequest(`search needs a value of 1 to ${MAX_SEARCH_LENGTH} characters`);
  }
  const names =
    name === 'query' ? properties.searchable.filter((other) => other !== 'query') : [name];
  const targets = names.map((other) => propertyAt(properties, [other]));
  return (item) => targets.some((target) => matchesText(target.of(item), value) > 0);
}

function checkedValues(values: unknown): readonly unknown[] {
  if (!Array.isArray(values) || values.length < 1 || values.length > MAX_VALUES) {
    throw badRequest(`values must have between 1 and ${MAX_VALUES} elements`);
  }
  return values;
}

function checkedValue<T>(
  target: Property<T>,
  value: unknown,
  properties: Properties<T>,
  path: unknown,
): unknown {
  const wanted =
    target.kind === 'textList' ? 'text' : target.kind === 'numberList' ? 'number' : target.kind;
  const type = { text: 'string', number: 'number', boolean: 'boolean' }[wanted];
  if (typeof value !== type) throw badRequest(`${JSON.stringify(path)} is compared with a ${type}`);
  if (typeof value === 'string' && value.length > (target.maxLength ?? Number.POSITIVE_INFINITY)) {
    throw badRequest(
      `${JSON.stringify(path)} is compared with at most ${target.maxLength} characters`,
    );
  }
  const folds =
    Array.isArray(path) && path[0] === 'metadata' && properties.metadataIgnoresCase === true;
  return folds && typeof value === 'string' ? value.toLowerCase() : value;
}

function notForLists(operator: string, property: unknown): Error {
  return badRequest(
    `${operator} is not for the list ${JSON.stringify(property)}; use containsAny or containsAll`,
  );
}
