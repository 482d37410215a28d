import { badRequest } from '../errors.js';
import { simpleFilter } from '../fields/derive.js';
import type { QueryParameter } from '../fields/table.js';
import { get, type Route } from '../http/route.js';
import type { Item } from '../model/common.js';
import type { State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import { partition } from '../validation/common.js';
import { parse } from '../validation/schema.js';
import { type Kind, type ListExtra, list } from './crud.js';

const COMMON = new Set([
  'limit',
  'cursor',
  'partition',
  'includeMetadata',
  'aggregatedProperties',
  'sort',
]);

/** GET /{kind}: the list request with its filter spread over query parameters. */
export function getListRoute<T extends Item>(
  state: State,
  kind: Kind<T>,
  options: {
    defaultLimit?: number;
    partitionsAboveTen?: 'refuse' | 'ten';
    extra?: ListExtra<T>;
  } = {},
): Route {
  const filter = simpleFilter(kind.table, state);
  const { parameters } = filter;
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
    const withMetadata =
      readValue('includeMetadata', 'boolean', query.get('includeMetadata') ?? 'true') === true;
    const part = query.get('partition') ?? undefined;
    const body: Parameters<typeof list>[2] & Record<string, unknown> = {
      filter: parse(filter.check, given),
      // GET requests above the maximum are answered with the maximum.
      limit: Math.min(limit, 1000),
      ...optional('cursor', query.get('cursor') ?? undefined),
      ...optional('partition', part === undefined ? part : parse(partition, part)),
    };
    for (const [name, check] of Object.entries(options.extra?.fields ?? {})) {
      const value = query.get(name);
      if (value !== null) body[name] = parse(check, readJson(name, value));
    }
    return list(
      withMetadata ? kind : { ...kind, textOf: withoutMetadata(kind) },
      filter,
      body,
      options,
    );
  });
}

function withoutMetadata<T extends Item>(kind: Kind<T>): (entry: Entry<T>) => string {
  return (entry) => {
    const { metadata: _left, ...rest } = JSON.parse(kind.textOf(entry)) as Record<string, unknown>;
    return JSON.stringify(rest);
  };
}

function put(
  target: Record<string, unknown>,
  name: string,
  parameter: QueryParameter,
  value: string,
): void {
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
