import fc from 'fast-check';
import type { Json } from '../helpers.js';
import type { Fixture } from './examples.js';
import {
  advancedFilters,
  aggregateFilters,
  aggregateProperties,
  sorts,
} from './filter-requests.js';

/** A rule of the contract notes that the schema of a request does not have. */
export interface Rule {
  /** The members it is about: `items[].dataSetId`. */
  readonly path: RegExp;
  /** Values that can be meant; without it the member is left out. */
  readonly make?: fc.Arbitrary<Json>;
  /** The section of the contract notes, and its rule. */
  readonly why: string;
}

interface RuleFor extends Rule {
  readonly operation?: RegExp;
}

const fresh = fc.uuid().map((uuid) => `new-${uuid}`);
const time = fc.oneof(
  fc.integer({ min: 0, max: 4e12 }),
  fc.constantFrom('now', '3d-ago', '2w-ahead', '5000'),
);
const few = <T>(...values: T[]): fc.Arbitrary<T[]> => fc.subarray(values, { minLength: 1 });

/** A member where it is meant itself, in a request or inside of a patch, not the patch. */
function member(...names: string[]): RegExp {
  const any = `(${names.join('|')})`;
  return new RegExp(`^${any}$|(?<!update)\\.${any}$|\\.${any}\\.(set|add|remove)$`);
}

/** The rules for one operation on one fixture; earlier ones go first. */
export function rulesFor(operation: string, made: Fixture): readonly Rule[] {
  return all(operation, made).filter((rule) => rule.operation?.test(operation) ?? true);
}

function all(operation: string, { ids, uploadId }: Fixture): RuleFor[] {
  const { asset, child, dataSet } = ids;
  const either = (id: number, externalId: string): fc.Arbitrary<Json> =>
    fc.constantFrom({ id }, { externalId });
  const exists = 'section 4: what is referred to must exist';
  const row = (
    operation: RegExp,
    names: readonly string[],
    numbers: readonly number[],
  ): RuleFor[] => [
    ...(numbers.length === 0
      ? []
      : [
          { operation, path: /^(items\[\]\.)?id$/, make: fc.constantFrom(...numbers), why: exists },
        ]),
    { operation, path: /^(items\[\]\.)?externalId$/, make: fc.constantFrom(...names), why: exists },
  ];
  return [
    { path: /(^|\.)cursor$/, why: 'section 5: a cursor comes from an answer' },
    { path: /instanceIds?$/i, why: 'section 4: an instance comes from data modeling' },
    { path: /^partition$/, make: partitions, why: 'section 5: M/N with 1 <= M <= N <= 10' },
    // Keys of existing items.
    {
      operation: /completemultipartupload/,
      path: /^uploadId$/,
      make: fc.constant(uploadId),
      why: exists,
    },
    ...row(/completemultipartupload/, ['multi'], [ids.multi]),
    ...row(/POST \/assets\/(byids|update|delete)/, ['asset', 'child'], [asset, child]),
    ...row(/POST \/events\/(byids|update|delete)/, ['event'], [ids.event]),
    ...row(
      /POST \/files\/(byids|update|delete|uploadlink|multiuploadlink|downloadlink)/,
      ['file', 'picture'],
      [ids.file, ids.picture],
    ),
    ...row(/POST \/timeseries\/(byids|update|delete|data.*)$/, ['series'], [ids.series]),
    ...row(/POST \/timeseries\/subscriptions\/(byids|update|delete|data)/, ['subscription'], []),
    ...row(/members/, ['subscription'], []),
    ...row(/icon/, ['picture'], [ids.picture]),
    ...row(/POST \/datasets\/(byids|update)/, ['set'], [dataSet]),
    ...row(/POST \/labels\/(byids|delete)/, ['label'], []),
    {
      operation: /units/,
      path: /externalId$/,
      make: fc.constantFrom('temperature:deg_c', 'pressure:bar', 'length:m'),
      why: exists,
    },
    {
      path: /^(items\[\]\.)?(update\.externalId\.set|externalId)$/,
      make: fresh,
      why: 'section 4: an external id is unique',
    },
    // References.
    {
      operation: /^GET/,
      path: /^(parentIds|rootIds|assetSubtreeIds)$/,
      make: few(asset, child),
      why: exists,
    },
    {
      operation: /^GET/,
      path: /^assetSubtreeExternalIds$/,
      make: few('asset', 'child'),
      why: exists,
    },
    {
      operation: /^GET/,
      path: /^sort$/,
      make: fc.constantFrom(['startTime:desc'], ['type', 'subtype:asc']),
      why: 'section 5',
    },
    {
      operation: /icon/,
      path: /^(space|instanceExternalId)$/,
      why: 'section 4: an instance comes from data modeling',
    },
    { path: member('dataSetId'), make: fc.constant(dataSet), why: exists },
    { path: /dataSetIds$/, make: either(dataSet, 'set').map((key) => [key]), why: exists },
    {
      path: /^items\[\]\.update\.(parentId|parentExternalId)$/,
      why: 'section 14: a root stays one; resources.test.ts moves others',
    },
    { path: member('parentId'), make: fc.constant(asset), why: exists },
    { path: member('parentExternalId'), make: fc.constant('asset'), why: exists },
    { path: member('assetId'), make: fc.constantFrom(asset, child), why: exists },
    { path: member('parentIds', 'assetIds', 'rootAssetIds'), make: few(asset, child), why: exists },
    { path: /(parentExternalIds|assetExternalIds)$/, make: few('asset', 'child'), why: exists },
    {
      path: /(rootIds|assetSubtreeIds)$/,
      make: fc.tuple(either(asset, 'asset'), either(child, 'child')).map(([a, b]) => [a, b]),
      why: exists,
    },
    {
      path: /labels?(\.(set|add|remove|containsAny|containsAll))?\[\]\.externalId$/,
      make: fc.constant('label'),
      why: 'section 18: a label must be defined',
    },
    {
      path: member('unitExternalId'),
      make: fc.constantFrom('pressure:bar', 'pressure:pa'),
      why: 'section 20: units come from the catalogue',
    },
    { path: member('timeSeriesIds'), make: fc.constant(['series']), why: exists },
    // Forms that the schema leaves open.
    {
      operation: /files\/update/,
      path: /\.source\.set$/,
      make: fc.string({ maxLength: 128 }),
      why: 'section 17: limits of the object hold',
    },
    {
      path: member('directory'),
      make: fc.string({ maxLength: 100 }).map((text) => `/${text}`),
      why: 'section 17: a directory begins with /',
    },
    {
      path: /securityCategories(\.(set|add|remove))?\[\]$/,
      make: fc.integer({ min: 1, max: 1000 }),
      why: 'section 16: ids are positive',
    },
    {
      operation: /timeseries\/update|subscriptions\/update/,
      path: /\.(name|externalId)\.set$/,
      make: fc.string({ maxLength: 255 }),
      why: 'section 16: limits of the object hold',
    },
    {
      operation: /timeseries\/update/,
      path: /\.unit\.set$/,
      make: fc.string({ maxLength: 32 }),
      why: 'section 16: limits of the object hold',
    },
    {
      path: /geometry\.coordinates|shape\.coordinates/,
      why: 'section 6: replaced by whole geometries',
    },
    { path: /(geometry|shape)$/, make: geometries, why: 'section 6: coordinates fit the type' },
    {
      operation: /events\/update/,
      path: /startTime\.set$/,
      make: fc.integer({ min: 0, max: 1 }),
      why: 'section 15: the event of the fixture runs from 1 to 2',
    },
    {
      operation: /events\/update/,
      path: /endTime\.set$/,
      make: fc.integer({ min: 2, max: 4e12 }),
      why: 'section 15: the event of the fixture runs from 1 to 2',
    },
    {
      path: /initializeCursors$/,
      make: fc.constantFrom('now', '1d-ago', '2w-ago'),
      why: 'section 24',
    },
    {
      path: /^partitions$/,
      make: fc.constant([{ index: 0 }]),
      why: 'section 24: the partitions of the subscription',
    },
    { path: /pollTimeoutSeconds$/, make: fc.constant(0), why: 'a test that waits is slow' },
    // Data points.
    {
      operation: /data\/list|synthetic/,
      path: /(^|\.)start$/,
      make: fc.constantFrom(0, -5, '52w-ago', '1000'),
      why: 'section 22.3: start comes before end',
    },
    {
      operation: /data\/list|synthetic/,
      path: /(^|\.)end$/,
      make: fc.constantFrom('now', '1d-ahead', 4_102_444_800_000),
      why: 'section 22.3: start comes before end',
    },
    { path: /(^|\.)before$/, make: time, why: 'section 22.5' },
    {
      path: /granularity$/,
      make: fc.constantFrom(
        's',
        '120s',
        'minute',
        '5m',
        'h',
        '12hour',
        '100000h',
        'day',
        '2d',
        'mo',
        '3month',
      ),
      why: 'section 22.4',
    },
    {
      path: /timeZone$/,
      make: fc.constantFrom('UTC', 'Europe/Oslo', 'UTC+05:45', 'UTC-03:00', 'America/St_Johns'),
      why: 'section 22.4',
    },
    {
      path: /targetUnit$/,
      make: fc.constantFrom('pressure:pa', 'pressure:psi'),
      why: 'section 22.3: within the quantity',
    },
    {
      path: /targetUnitSystem$/,
      make: fc.constantFrom('SI', 'Imperial', 'Default'),
      why: 'section 20',
    },
    {
      operation: /timeseries\/data\/list/,
      path: /limit$/,
      make: fc.integer({ min: 0, max: 100_000 }),
      why: 'section 22.3',
    },
    {
      path: /expression$/,
      make: fc.constantFrom(
        "ts{externalId='series'} * 2",
        "sin(TS{externalId:'series'}) + pow(2, 3)",
        "max(ts{externalId='series', aggregate='average', granularity='1h'}, 1)",
      ),
      why: 'section 23: the grammar',
    },
    {
      operation: /timeseries\/data$/,
      path: /datapoints$/,
      make: points,
      why: 'section 22.1: a value of the kind of its series; a status that exists',
    },
    {
      path: /inclusiveBegin$/,
      make: fc.integer({ min: -2_208_988_800_000, max: 1e12 }),
      why: 'section 22.6',
    },
    {
      path: /exclusiveEnd$/,
      make: fc.integer({ min: 2e12, max: 4e12 }),
      why: 'section 22.6: begin comes before end',
    },
    // Filters, sorting, aggregates.
    { path: /^advancedFilter$/, make: advancedFilters(operation), why: 'section 7' },
    {
      operation: /subscriptions\/update/,
      path: /update\.filter$/,
      why: 'section 24: a list cannot become a filter; subscriptions.test.ts changes filters',
    },
    {
      operation: /subscriptions/,
      path: member('filter'),
      make: advancedFilters(operation),
      why: 'section 24: without search',
    },
    { path: /^sort$/, make: sorts(operation), why: 'section 8: what can be sorted by' },
    {
      path: /^properties$/,
      make: aggregateProperties(operation),
      why: 'section 10: what can be aggregated',
    },
    { path: /^aggregateFilter$/, make: aggregateFilters(), why: 'section 10' },
    { path: /^keys$/, make: fc.constant(['k']), why: 'section 10: the key of the metadata' },
    { path: /setNull$/, make: fc.constant(true), why: 'section 11: setNull is true' },
    {
      operation: /events\/aggregate/,
      path: /^fields$/,
      make: fc.constantFrom(['type'], ['subtype'], ['dataSetId']),
      why: 'section 10: the older form of properties, which official clients send',
    },
  ];
}

const partitions = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
  .map(([a, b]) => `${Math.min(a, b)}/${Math.max(a, b)}`);

const position = fc
  .tuple(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: -90, max: 90, noNaN: true }),
  )
  .map(([x, y]) => [x + 0, y + 0]);
const lines = fc.array(position, { minLength: 2, maxLength: 4 });
const ring = fc
  .array(position, { minLength: 3, maxLength: 4 })
  .map((points) => [...points, points[0]]);
// The document wants two: an edge and a hole.
const rings = fc.tuple(ring, ring);
const geometries = fc.oneof(
  position.map((coordinates) => ({ type: 'Point', coordinates })),
  lines.map((coordinates) => ({ type: 'LineString', coordinates })),
  rings.map((coordinates) => ({ type: 'Polygon', coordinates })),
  fc
    .array(lines, { minLength: 1, maxLength: 2 })
    .map((coordinates) => ({ type: 'MultiLineString', coordinates })),
  fc
    .array(rings, { minLength: 1, maxLength: 2 })
    .map((coordinates) => ({ type: 'MultiPolygon', coordinates })),
);

const good = fc.record(
  {
    timestamp: fc.integer({ min: -2_208_988_800_000, max: 4_102_444_799_999 }),
    value: fc.double({ min: -9e99, max: 9e99, noNaN: true }).map((value) => value + 0),
    status: fc.constantFrom(
      { code: 0 },
      { symbol: 'Good' },
      { code: 3_145_728 },
      { symbol: 'GoodClamped' },
      { symbol: 'Uncertain' },
      {},
    ),
  },
  { requiredKeys: ['timestamp', 'value'], noNullPrototype: true },
);
const bad = fc.record(
  {
    timestamp: fc.integer({ min: 0, max: 4e12 }),
    value: fc.constantFrom('NaN', 'Infinity', '-Infinity', 1.5, null),
    status: fc.constantFrom(
      { code: 2_147_483_648 },
      { symbol: 'Bad' },
      { code: 2_147_483_648, symbol: 'Bad' },
    ),
  },
  { requiredKeys: ['timestamp', 'status'], noNullPrototype: true },
);
const points = fc.array(fc.oneof({ arbitrary: good, weight: 4 }, { arbitrary: bad, weight: 1 }), {
  minLength: 1,
  maxLength: 5,
});
