import { badRequest } from '../errors.js';
import type { Entry } from '../instances/entry.js';
import type { CompiledSource, CompiledView } from '../schema/compiled-view.js';
import { containerKey, instanceKey, versionedKey } from '../schema/keys.js';
import { instanceKeyCheck, sourceReferenceCheck } from '../schema/names.js';
import { isObject, parse } from '../validation/schema.js';
import { allOf, anyOf, type Condition, EVERYTHING, NOTHING, negated } from './condition.js';
import { leafCondition } from './leaf.js';
import { type FilterContext, propertyAccess } from './property-reference.js';

const MAX_DEPTH = 50;
const MAX_REFERENCES = 10_000;
/** How many views may each have a filter that refers to the next one. */
const MAX_CHAIN = 100;

/**
 * Compiles a filter as requests and views write it; absent means everything. Refuses an invalid
 * filter with 400.
 */
export function compileFilter(filter: unknown, context: FilterContext, depth = 0): Condition {
  if (filter === undefined || filter === null) return EVERYTHING;
  if (depth > MAX_DEPTH) throw badRequest('The filter is nested too deeply.');
  if (!isObject(filter)) throw badRequest('A filter must be an object.');
  const names = Object.keys(filter);
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw badRequest(
      `A filter must have exactly one operator, got ${names.length === 0 ? '{}' : names.join(', ')}.`,
    );
  const body = filter[name];
  switch (name) {
    case 'and':
      return allOf(parts(name, body, context, depth));
    case 'or':
      return anyOf(parts(name, body, context, depth));
    case 'not':
      if (!isObject(body)) throw badRequest('not must be a filter.');
      return negated(compileFilter(body, context, depth + 1));
    case 'matchAll':
      if (!isObject(body) || Object.keys(body).length > 0)
        throw badRequest('matchAll must be an empty object.');
      return EVERYTHING;
    case 'hasData':
      return hasData(body, context);
    case 'instanceReferences':
      return instanceReferences(body, context);
    case 'nested':
      return nested(body, context, depth);
    default:
      return leafCondition(name, body, context);
  }
}

/**
 * The condition under which an instance is seen through a view: its own filter, or data in all
 * containers that it maps.
 */
export function viewCondition(view: CompiledView, context: FilterContext): Condition {
  const { filter } = view.stored.body;
  if (filter === undefined) return dataCondition(view, context);
  const key = versionedKey(view.reference);
  const open = context.open ?? [];
  if (open.includes(key)) throw badRequest(`The filter of view '${key}' refers to itself.`);
  if (open.length >= MAX_CHAIN)
    throw badRequest('The filters of views refer to too many others in a row.');
  const { schema, instances, instanceType, compiled = new Map<string, Condition>() } = context;
  const name = `${instanceType} ${key}`;
  let condition = compiled.get(name);
  if (condition === undefined) {
    condition = remembering(
      compileFilter(filter, { schema, instances, instanceType, compiled, open: [...open, key] }),
    );
    compiled.set(name, condition);
  }
  return condition;
}

/** Views that share a view ask it about the same instances: each is tested once in a request. */
function remembering(condition: Condition): Condition {
  const results = new WeakMap<Entry, boolean>();
  const test = (entry: Entry): boolean => {
    let result = results.get(entry);
    if (result === undefined) {
      result = condition.test(entry);
      results.set(entry, result);
    }
    return result;
  };
  return { ...condition, test };
}

/** Data in all containers. */
function dataCondition({ codes }: CompiledSource, { instances }: FilterContext): Condition {
  if (codes.length === 0) return EVERYTHING;
  const sizes = codes.map((code) => ({ code, size: instances.indexes.byContainer().count(code) }));
  const { code: rarest, size } = sizes.sort(
    (left, right) => left.size - right.size,
  )[0] as (typeof sizes)[number];
  const [only] = codes;
  return {
    test:
      codes.length === 1
        ? ({ data }) => data[only as string] !== undefined
        : ({ data }) => codes.every((code) => data[code] !== undefined),
    candidates: { size, entries: () => instances.indexes.byContainer().get(rarest) },
  };
}

function parts(name: string, body: unknown, context: FilterContext, depth: number): Condition[] {
  if (!Array.isArray(body)) throw badRequest(`${name} must be an array of filters.`);
  if (body.length === 0) throw badRequest(`${name} size must be between 1 and 2147483647.`);
  return body.map((each: unknown) => {
    if (!isObject(each)) throw badRequest(`${name} must be an array of filters.`);
    return compileFilter(each, context, depth + 1);
  });
}

function hasData(body: unknown, context: FilterContext): Condition {
  if (!Array.isArray(body)) throw badRequest('hasData must be an array of views and containers.');
  if (body.length > MAX_REFERENCES)
    throw badRequest(`hasData size must be between 0 and ${MAX_REFERENCES}.`);
  const shared = { ...context, compiled: context.compiled ?? new Map<string, Condition>() };
  const conditions = body.map((each: unknown): Condition => {
    // A view without a version matches nothing, and is not refused.
    if (isObject(each) && each.type === 'view' && each.version === undefined) return NOTHING;
    const reference = parse(sourceReferenceCheck, each);
    if (reference.type === 'view') {
      const view = context.schema.view(reference);
      if (view === undefined)
        throw badRequest(`One or more views do not exist: '${versionedKey(reference)}'`);
      return viewCondition(view, shared);
    }
    const container = context.schema.container(reference);
    if (container === undefined)
      throw badRequest(`One or more containers do not exist: '${containerKey(reference)}'`);
    return dataCondition(container, context);
  });
  return allOf(conditions);
}

function instanceReferences(body: unknown, { instances }: FilterContext): Condition {
  if (!Array.isArray(body) || body.length > MAX_REFERENCES)
    throw badRequest('instanceReferences must be an array of { space, externalId }.');
  const keys = new Set(body.map((each: unknown) => instanceKey(parse(instanceKeyCheck, each))));
  return {
    test: ({ key }) => keys.has(key),
    candidates: {
      size: keys.size,
      *entries() {
        for (const key of keys) {
          const entry = instances.get(key);
          if (entry !== undefined) yield entry;
        }
      },
    },
  };
}

/** The node to which a relation points; of a list, one of them. */
function nested(body: unknown, context: FilterContext, depth: number): Condition {
  if (!isObject(body) || !isObject(body.filter))
    throw badRequest('nested must have a scope and a filter.');
  const unexpected = Object.keys(body).find((member) => member !== 'scope' && member !== 'filter');
  if (unexpected !== undefined) throw badRequest(`Unexpected field - nested.${unexpected}`);
  const scope = propertyAccess(body.scope, context);
  if (scope.type.type !== 'direct')
    throw badRequest(`The scope of nested, '${scope.name}', is not a direct relation.`);
  const { view: _view, ...rest } = context;
  const inner = compileFilter(body.filter, { ...rest, instanceType: 'node' }, depth + 1);
  const matches = (key: unknown): boolean => {
    const target = context.instances.get(key as string);
    return target !== undefined && inner.test(target);
  };
  return {
    test: (entry) => {
      const value = scope.get(entry);
      return Array.isArray(value) ? value.some(matches) : value !== undefined && matches(value);
    },
  };
}
