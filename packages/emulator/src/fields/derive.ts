import { all } from '../filters/conditions.js';
import type { Properties, Property } from '../filters/properties.js';
import type { LabelReference } from '../model/common.js';
import { type Check, type Needed, object, text } from '../validation/schema.js';
import { checkAssets, checkDataSets, checkLabels } from './links.js';
import type { Lookup } from './lookup.js';
import { memberOf } from './parts.js';
import type { PatchFields } from './patch.js';
import type { Field, FilterPart, QueryParameter, Table } from './table.js';

/** Values derived from the table of a resource. */

type Filter = Readonly<Record<string, unknown>>;

/**
 * The `filter` part of a list, search or aggregate request: its form and the condition it stands
 * for.
 */
export interface SimpleFilter<T> {
  readonly check: Check<Filter>;
  readonly parameters: Readonly<Record<string, QueryParameter>>;
  readonly predicate: (filter: Filter) => (item: T) => boolean;
  /** Ids among which are all that the filter lets through, where an index knows them. */
  readonly candidates: (filter: Filter) => Iterable<number> | undefined;
}

/** The form of one item of a create request. */
export function createCheck<C>(
  { fields }: Table<never>,
  more: Readonly<Record<string, Check<unknown> | Needed<unknown>>> = {},
): Check<C> {
  return object({ ...pick(fields, ({ create }) => create), ...more }) as Check<unknown> as Check<C>;
}

export function patchFields({ fields }: Table<never>): PatchFields {
  return pick(fields, ({ patch }) => patch);
}

/** Makes the item that a create request leads to, without its identifiers. */
export function itemMaker<C extends object>({ fields }: Table<never>): (given: C) => C {
  const initial = pick(fields, (field) => field.initial);
  const ignored = Object.keys(pick(fields, (field) => field.ignored));
  const dropping = Object.keys(
    pick(fields, ({ dropsEmpty }) => (dropsEmpty === true ? true : undefined)),
  );
  return (given) => {
    const item: Record<string, unknown> = { ...initial, ...given };
    for (const name of ignored) if (Object.hasOwn(item, name)) delete item[name];
    for (const name of dropping) {
      const value = item[name];
      if (Array.isArray(value) && value.length === 0) delete item[name];
    }
    return item as C;
  };
}

/** The simple filter of a resource. */
export function simpleFilter<T>(table: Table<T>, lookup: Lookup): SimpleFilter<T> {
  const parts: readonly FilterPart<T>[] = Object.values(pick(table.fields, ({ filter }) => filter));
  return {
    check: object(Object.assign({}, ...parts.map(({ members }) => members))) as Check<Filter>,
    parameters: Object.assign({}, ...parts.map(({ parameters }) => parameters)),
    predicate: (filter) => all(parts.map(({ condition }) => condition(filter, lookup))),
    candidates: (filter) => {
      for (const { candidates } of parts) {
        const found = candidates?.(filter, lookup);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** The properties of a resource for advanced filters, sorting and aggregates. */
export function propertiesOf<T extends object>(table: Table<T>, lookup: Lookup): Properties<T> {
  const properties = pick(table.fields, ({ property }) => property);
  const known: Record<string, Property<T>> = {};
  for (const [name, { kind, maxLength, of }] of Object.entries(properties)) {
    const read =
      of === undefined ? memberOf<unknown>(name) : (item: T): unknown => of(item, lookup);
    known[name] = { kind, ...(maxLength === undefined ? {} : { maxLength }), of: read };
  }
  const namesOf = (flag: 'sorts' | 'aggregates' | 'searches'): string[] =>
    Object.keys(properties).filter((name) => properties[name]?.[flag] === true);
  const { nameLength, metadataLength, metadataIgnoresCase = false, query } = table;
  return {
    nameLength,
    metadataLength,
    metadataIgnoresCase,
    known,
    sortable: namesOf('sorts'),
    aggregatable: namesOf('aggregates'),
    searchable: [...namesOf('searches'), ...(query?.leaf === true ? ['query'] : [])],
  };
}

/** The members of a search, and the fields in which each looks. */
export function searchMembers({ fields, query }: Table<never>): {
  readonly check: Check<Readonly<Record<string, string | undefined>>>;
  readonly of: Readonly<Record<string, readonly string[]>>;
} {
  const own = pick(fields, ({ search }) => search);
  const limits = query === undefined ? own : { ...own, query };
  const checks = Object.entries(limits).map(
    ([name, { min = 0, max }]) => [name, text({ min, max })] as const,
  );
  const of = Object.keys(own).map((name) => [name, [name]] as const);
  return {
    check: object(Object.fromEntries(checks)) as Check<
      Readonly<Record<string, string | undefined>>
    >,
    of: { ...Object.fromEntries(of), ...(query === undefined ? {} : { query: query.of }) },
  };
}

/** The names that the older `fields` of aggregates may have. */
export function olderAggregates({ fields }: Table<never>): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name]?.isOlderAggregate === true);
}

/** Refuses new items with unknown references. */
export function checkReferences(
  table: Table<never>,
  lookup: Lookup,
  items: readonly object[],
): void {
  const values = (to: Field<never>['refersTo']): unknown[] =>
    namesThat(table, to).flatMap((name) =>
      items.flatMap((item) => memberOf<unknown>(name)(item) ?? []),
    );
  checkDataSets(lookup, values('dataSet') as number[]);
  checkAssets(lookup, values('asset') as number[]);
  checkLabels(lookup, values('label') as LabelReference[]);
}

/**
 * Refuses a changed item with unknown references; labels that are no longer defined may stay, but
 * not be added.
 */
export function checkChangedReferences(
  table: Table<never>,
  lookup: Lookup,
  after: object,
  patch: object,
): void {
  const values = (to: Field<never>['refersTo'], of: object): unknown[] =>
    namesThat(table, to).flatMap((name) => memberOf<unknown>(name)(of) ?? []);
  checkDataSets(lookup, values('dataSet', after) as number[]);
  checkAssets(lookup, values('asset', after) as number[]);
  const patches = values('label', patch) as {
    readonly set?: LabelReference[];
    readonly add?: LabelReference[];
  }[];
  checkLabels(
    lookup,
    patches.flatMap(({ set = [], add = [] }) => [...set, ...add]),
  );
}

function namesThat({ fields }: Table<never>, refersTo: Field<never>['refersTo']): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.refersTo === refersTo);
}

/** The fields that have `of`, with its value. */
function pick<T, V>(
  fields: Readonly<Record<string, Field<T>>>,
  of: (field: Field<T>) => V | undefined,
): Readonly<Record<string, V>> {
  const found: Record<string, V> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = of(field);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
