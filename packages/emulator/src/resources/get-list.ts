import { badRequest } from '../errors.js';
import { get, type Route } from '../http/route.js';
import type { Entry, Item } from '../storage/collection.js';
import { partition } from '../validation/common.js';
import { type Check, parse } from '../validation/schema.js';
import { type FilterOf, type Kind, type ListExtra, list } from './crud.js';

/** Where a query parameter goes in the filter of the equivalent list request, and how its text is read. */
export type QueryParameter =
  | { readonly as: 'text' | 'number' | 'boolean' | 'json'; readonly to: string }
  | { readonly as: 'ids' | 'externalIds'; readonly to: string };

/** `minX` and `maxX` parameters of a time range. */
export function rangeParameters(...names: readonly string[]): Record<string, QueryParameter> {
  const entries = names.flatMap((name) => {
    const capital = `${(name[0] as string).toUpperCase()}${name.slice(1)}`;
    return [
      [`min${capital}`, { as: 'number', to: `${name}.min` }],
      [`max${capital}`, { as: 'number', to: `${name}.max` }],
    ] as const;
  });
  return Object.fromEntries(entries);
}

const COMMON = new Set(['limit', 'cursor', 'partition', 'includeMetadata', 'aggregatedProperties', 'sort']);

/** GET /{kind}: the list request with its filter spread over query parameters. */
export function getListRoute<T extends Item, F>(
  kind: Kind<T>,
  filter: FilterOf<T, F>,
  parameters: Readonly<Record<string, QueryParameter>>,
  options: { defaultLimit?: number; partitionsAboveTen?: 'refuse' | 'ten'; extra?: ListExtra<T> } = {},
): Route {
  return get(kind.path, (call) => {
    const { query } = call;
    const given: Record<string, unknown> = {};
    for (const [name, value] of query) {
      const parameter = parameters[name];
      if (parameter !== undefined) put(given, name, parameter, value);
      else if (!COMMON.has(name)) throw badRequest(`Unknown query parameter: ${name}`);
    }
    const limit = readNumber('limit', query.get('limit') ?? String(options.defaultLimit ?? 100));
    if (!Number.isInteger(limit) || limit < 1) throw badRequest('limit must be at least 1');
    const withMetadata = readValue('includeMetadata', 'boolean', query.get('includeMetadata') ?? 'true') === true;
    const part = query.get('partition') ?? undefined;
    const body: Record<string, unknown> = {
      filter: parse(filter.check as Check<unknown>, given),
      // GET requests above the maximum are answered with the maximum.
      limit: Math.min(limit, 1000),
      ...optional('cursor', query.get('cursor') ?? undefined),
      ...optional('partition', part === undefined ? part : parse(partition, part)),
    };
    for (const [name, check] of Object.entries(options.extra?.fields ?? {})) {
      const value = query.get(name);
      if (value !== null) body[name] = parse(check, readJson(name, value));
    }
    return list(withMetadata ? kind : { ...kind, textOf: withoutMetadata(kind) }, filter, body, options);
  });
}

function withoutMetadata<T extends Item>(kind: Kind<T>): (entry: Entry<T>) => string {
  return (entry) => {
    const { metadata: _left, ...rest } = JSON.parse(kind.textOf(entry)) as Record<string, unknown>;
    return JSON.stringify(rest);
  };
}

function put(target: Record<string, unknown>, name: string, parameter: QueryParameter, value: string): void {
  const [member = '', part] = parameter.to.split('.');
  const read = readValue(name, parameter.as, value);
  if (part !== undefined) {
    target[member] = { ...(target[member] as object | undefined), [part]: read };
  } else if (parameter.as === 'ids' || parameter.as === 'externalIds') {
    target[member] = [...((target[member] as unknown[] | undefined) ?? []), ...(read as unknown[])];
  } else {
    target[member] = read;
  }
}

function readValue(name: string, as: QueryParameter['as'], value: string): unknown {
  switch (as) {
    case 'text':
      return value;
    case 'number':
      return readNumber(name, value);
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw badRequest(`${name} must be true or false`);
      return value === 'true';
    case 'json':
      return readJson(name, value);
    default: {
      const key = as === 'ids' ? 'id' : 'externalId';
      const keys = readJson(name, value);
      if (!Array.isArray(keys)) throw badRequest(`${name} must be a JSON array`);
      return keys.map((each: unknown) => (typeof each === 'object' ? each : { [key]: each }));
    }
  }
}

function readNumber(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) throw badRequest(`${name} must be a number`);
  return number;
}

function readJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // A single number or word may stand for an array of one.
    if (/^[\w,.:-]+$/.test(value)) return value.split(',');
    throw badRequest(`${name} must be JSON`);
  }
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
