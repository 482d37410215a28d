import fc from 'fast-check';
import type { Json } from '../helpers.js';

type Arbitrary = fc.Arbitrary<Json>;

/**
 * Properties that filters may name, by section 7 of the contract notes, by kind and with the
 * longest string.
 */
interface Filterable {
  readonly texts: Readonly<Record<string, number>>;
  readonly numbers: readonly string[];
  readonly booleans: readonly string[];
  readonly lists: Readonly<Record<string, Arbitrary>>;
  readonly searchable: readonly string[];
  /** Section 8. */
  readonly sortable: readonly string[];
  /** Section 10. */
  readonly aggregatable: readonly string[];
}

const text = (maxLength: number): Arbitrary =>
  fc.oneof(
    { arbitrary: fc.string({ maxLength: 10 }), weight: 5 },
    { arbitrary: fc.string({ minLength: maxLength, maxLength }), weight: 1 },
  );
const number = fc.integer({ min: 0, max: 2e12 });

const ASSETS: Filterable = {
  texts: { description: 255, externalId: 255, name: 255, source: 128 },
  numbers: ['createdTime', 'dataSetId', 'id', 'lastUpdatedTime', 'parentId', 'rootId'],
  booleans: [],
  lists: { labels: text(255) },
  searchable: ['name', 'description'],
  sortable: [
    'createdTime',
    'dataSetId',
    'description',
    'externalId',
    'lastUpdatedTime',
    'name',
    'source',
    '_score_',
  ],
  aggregatable: [
    'dataSetId',
    'description',
    'labels',
    'name',
    'parentId',
    'rootId',
    'source',
    'metadata',
  ],
};
const EVENTS: Filterable = {
  texts: { description: 255, externalId: 255, source: 128, type: 64, subtype: 64 },
  numbers: ['createdTime', 'dataSetId', 'startTime', 'endTime', 'id', 'lastUpdatedTime'],
  booleans: [],
  lists: { assetIds: number },
  searchable: ['description'],
  sortable: [
    'createdTime',
    'dataSetId',
    'description',
    'externalId',
    'lastUpdatedTime',
    'source',
    'startTime',
    'endTime',
    'type',
    'subtype',
    '_score_',
  ],
  aggregatable: ['assetIds', 'dataSetId', 'description', 'source', 'subtype', 'type', 'metadata'],
};
const TIME_SERIES: Filterable = {
  texts: {
    description: 256,
    externalId: 256,
    name: 256,
    unit: 256,
    unitExternalId: 256,
    unitQuantity: 256,
    type: 256,
  },
  numbers: ['assetId', 'assetRootId', 'createdTime', 'dataSetId', 'id', 'lastUpdatedTime'],
  booleans: ['isStep', 'isString'],
  lists: { securityCategories: number },
  searchable: ['name', 'description', 'query'],
  sortable: [
    'assetId',
    'createdTime',
    'dataSetId',
    'description',
    'externalId',
    'lastUpdatedTime',
    'name',
  ],
  aggregatable: [
    'assetId',
    'dataSetId',
    'description',
    'externalId',
    'isStep',
    'isString',
    'name',
    'unit',
    'metadata',
  ],
};

function filterable(operation: string): Filterable {
  if (operation.includes('/events')) return EVENTS;
  return operation.includes('/timeseries') ? TIME_SERIES : ASSETS;
}

/**
 * Filters of all operators on properties of the kind that each is for, nested; without `search` for
 * subscriptions.
 */
export function advancedFilters(operation: string): Arbitrary {
  const { texts, numbers, booleans, lists, searchable } = filterable(operation);
  const on = (property: string[], value: Arbitrary): Arbitrary =>
    fc.oneof(
      value.map((each) => ({ equals: { property, value: each } })),
      fc
        .array(value, { minLength: 1, maxLength: 4 })
        .map((values) => ({ in: { property, values } })),
    );
  const compared = (property: string[], value: Arbitrary): Arbitrary =>
    fc
      .tuple(fc.constantFrom('gt', 'gte'), fc.constantFrom('lt', 'lte'), value, value)
      .map(([above, below, from, to]) => ({ range: { property, [above]: from, [below]: to } }));
  const leaves: Arbitrary[] = [
    ...Object.entries(texts).flatMap(([name, longest]) => [
      on([name], text(longest)),
      compared([name], text(longest)),
      text(longest).map((value) => ({ prefix: { property: [name], value } })),
      fc.constant({ exists: { property: [name] } }),
    ]),
    ...[['metadata'], ['metadata', 'k']].map((property) => on(property, text(128))),
    ...numbers.flatMap((name) => [on([name], number), compared([name], number)]),
    ...booleans.map((name) => on([name], fc.boolean())),
    ...Object.entries(lists).flatMap(([name, value]) =>
      ['containsAny', 'containsAll'].map((operator) =>
        fc
          .array(value, { minLength: 1, maxLength: 4 })
          .map((values) => ({ [operator]: { property: [name], values } })),
      ),
    ),
  ];
  const leaf = fc.oneof(...leaves);
  const nested = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
      tie('node').map((not) => ({ not })),
    ),
  })).node;
  if (operation.includes('subscriptions')) return nested;
  const search = fc
    .tuple(
      fc.constantFrom(...searchable),
      fc.string({ minLength: 1, maxLength: 128 }).filter((value) => value.trim() !== ''),
    )
    .map(([name, value]) => ({ search: { property: [name], value } }));
  return fc.oneof({ arbitrary: nested, weight: 4 }, { arbitrary: search, weight: 1 });
}

/** One or two keys, each at most once. */
export function sorts(operation: string): Arbitrary {
  const properties = [...filterable(operation).sortable.map((name) => [name]), ['metadata', 'k']];
  const key = fc.record(
    {
      property: fc.constantFrom(...properties),
      order: fc.constantFrom('asc', 'desc'),
      nulls: fc.constantFrom('first', 'last', 'auto'),
    },
    { requiredKeys: ['property'], noNullPrototype: true },
  );
  return fc.uniqueArray(key, {
    minLength: 1,
    maxLength: 2,
    selector: ({ property }) => property.join(),
  });
}

export function aggregateProperties(operation: string): Arbitrary {
  const properties = [
    ...filterable(operation).aggregatable.map((name) => [name]),
    ['metadata', 'k'],
  ];
  return fc.constantFrom(...properties).map((property) => [{ property }]);
}

/** Filters on the buckets of an aggregate. */
export function aggregateFilters(): Arbitrary {
  const leaf = fc.oneof(
    fc.array(text(20), { minLength: 1, maxLength: 3 }).map((values) => ({ in: { values } })),
    text(20).map((value) => ({ prefix: { value } })),
  );
  const range = fc.tuple(text(20), text(20)).map(([gt, lte]) => ({ range: { gt, lte } }));
  return fc.oneof(
    leaf,
    range,
    leaf.map((not) => ({ not })),
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
  );
}
