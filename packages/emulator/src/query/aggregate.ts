import { badRequest } from '../errors.js';
import { exactJsonText } from '../http/exact-json.js';
import { JsonText } from '../http/route.js';
import type { Entry } from '../instances/entry.js';
import { conversionsOf, type Selections } from '../instances/selection.js';
import type { CompiledView } from '../schema/compiled-view.js';
import type { State } from '../state.js';
import { limit } from '../validation/common.js';
import {
  array,
  type Check,
  isObject,
  needed,
  number,
  object,
  parse,
  text,
} from '../validation/schema.js';
import { groupsOf } from './groups.js';
import { found, type SearchTerms, searchTerms } from './search.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const MAX_PARTS = 5;

type Name = 'avg' | 'min' | 'max' | 'sum' | 'count' | 'histogram';

interface Aggregate {
  readonly name: Name;
  readonly property?: string | undefined;
  readonly interval?: number | undefined;
}

interface AggregateBody extends SearchTerms {
  readonly aggregates?: readonly Aggregate[] | undefined;
  readonly groupBy?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

const ofProperty = object({ property: needed(text({ min: 1 })) });
const BODIES: Readonly<
  Record<Name, Check<{ property?: string | undefined; interval?: number | undefined }>>
> = {
  avg: ofProperty,
  min: ofProperty,
  max: ofProperty,
  sum: ofProperty,
  count: object({ property: text() }),
  histogram: object({ property: needed(text({ min: 1 })), interval: needed(number()) }),
};

const aggregate: Check<Aggregate> = (value, path, problems) => {
  const names = isObject(value) ? Object.keys(value) : [];
  const name = names[0] as Name;
  if (!isObject(value) || names.length !== 1 || !Object.hasOwn(BODIES, name)) {
    problems.push(`${path} must have exactly one of ${Object.keys(BODIES).join(', ')}`);
    return { name: 'count' };
  }
  return { name, ...BODIES[name](value[name], `${path}.${name}`, problems) };
};

const check: Check<AggregateBody> = object({
  ...searchTerms,
  aggregates: array(aggregate, { max: MAX_PARTS }),
  groupBy: array(text(), { min: 1, max: MAX_PARTS }),
  limit: limit(MAX_LIMIT),
}) as Check<AggregateBody>;

/** POST /models/instances/aggregate */
export function aggregateInstances(state: State, selections: Selections, body: unknown): JsonText {
  const request = parse(check, body);
  const {
    aggregates = [],
    groupBy,
    limit: size = DEFAULT_LIMIT,
    instanceType = 'node',
    includeTyping,
  } = request;
  const { view, entries } = found(state, request);
  const conversions = conversionsOf(view, request.targetUnits ?? []);
  const readers = aggregates.map((each) => reader(view, each, conversions));
  const groups =
    groupBy === undefined ? [{ group: undefined, entries }] : groupsOf(view, groupBy, entries);
  const items = groups.slice(0, size).map(({ group, entries: own }) => ({
    instanceType,
    ...(group === undefined ? {} : { group }),
    aggregates: readers.map((read) => read(own)),
  }));
  const typing =
    includeTyping === true
      ? {
          typing: selections
            .get([{ source: request.view, targetUnits: request.targetUnits }])
            .typing(),
        }
      : {};
  return new JsonText(exactJsonText({ items, ...typing }));
}

type Conversions = ReturnType<typeof conversionsOf>;
type Reader = (entries: readonly Entry[]) => object;

function reader(
  view: CompiledView,
  { name, property, interval }: Aggregate,
  conversions: Conversions,
): Reader {
  if (name === 'count') return countReader(view, property);
  const read = numberReader(view, property ?? '', name, conversions);
  if (name === 'histogram') return histogramReader(read, property ?? '', interval ?? 0);
  return (entries) => {
    const values = entries.flatMap(read);
    if (values.length === 0) return { aggregate: name, property };
    return { aggregate: name, property, value: inRange(combined(name, values), property) };
  };
}

function countReader(view: CompiledView, name: string | undefined): Reader {
  if (name === undefined || name === 'externalId')
    return (entries) => ({
      aggregate: 'count',
      ...(name === undefined ? {} : { property: name }),
      value: entries.length,
    });
  const { code, identifier } = propertyOf(view, name);
  const has = ({ data }: Entry): boolean => data[code]?.[identifier] !== undefined;
  return (entries) => ({ aggregate: 'count', property: name, value: entries.filter(has).length });
}

function histogramReader(
  read: (entry: Entry) => readonly number[],
  property: string,
  interval: number,
): Reader {
  if (!(interval > 0)) throw badRequest('The interval of a histogram must be above 0.');
  return (entries) => {
    const counts = new Map<number, number>();
    for (const value of entries.flatMap(read)) {
      const start = inRange(Math.floor(value / interval) * interval, property);
      counts.set(start, (counts.get(start) ?? 0) + 1);
    }
    const buckets = [...counts]
      .sort(([left], [right]) => left - right)
      .map(([start, count]) => ({ start, count }));
    return { aggregate: 'histogram', property, interval, buckets };
  };
}

/** JSON has no infinite numbers. */
function inRange(value: number, property: string | undefined): number {
  if (!Number.isFinite(value))
    throw badRequest(`An aggregate of property '${property}' is out of range.`);
  return value;
}

function numberReader(
  view: CompiledView,
  name: string,
  aggregateName: Name,
  conversions: Conversions,
): (entry: Entry) => readonly number[] {
  const { code, identifier, property } = propertyOf(view, name);
  if (!/^(int|float)(32|64)$/.test(property.type.type))
    throw badRequest(
      `Property '${name}' of type ${property.type.type} cannot be used in ${aggregateName}: it is not a number.`,
    );
  const conversion = conversions.get(name);
  return ({ data }) => {
    const value = data[code]?.[identifier];
    if (value === undefined) return [];
    const numbers = (Array.isArray(value) ? value : [value]).map(Number);
    return conversion === undefined ? numbers : numbers.map(conversion.value);
  };
}

function propertyOf(
  view: CompiledView,
  name: string,
): NonNullable<ReturnType<CompiledView['properties']['get']>> {
  const property = view.properties.get(name);
  if (property === undefined)
    throw badRequest(`Unknown property '${name}' in the view of the aggregate.`);
  return property;
}

function combined(name: Exclude<Name, 'count' | 'histogram'>, values: readonly number[]): number {
  switch (name) {
    case 'min':
      return values.reduce((least, value) => Math.min(least, value));
    case 'max':
      return values.reduce((most, value) => Math.max(most, value));
    default: {
      const sum = values.reduce((total, value) => total + value, 0);
      return name === 'sum' ? sum : sum / values.length;
    }
  }
}
