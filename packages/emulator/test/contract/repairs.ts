import type { Json } from '../helpers.js';
import type { Fixture } from './examples.js';

/** The rows of the fixture that requests name when their schema leaves the name out. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/POST \/timeseries\/subscriptions\/(byids|delete|data)/, 'subscription'],
  [/members/, 'subscription'],
  [/icon/, 'picture'],
  [/completemultipartupload/, 'multi'],
  [/POST \/files\/(byids|update|delete|uploadlink|multiuploadlink|downloadlink)/, 'file'],
  [/POST \/timeseries\/(byids|update|delete|data)/, 'series'],
  [/POST \/labels\/byids/, 'label'],
];

/**
 * A request whose members are brought in line with each other. Each repair cites the section that
 * asks for it.
 */
export function repaired(operation: string, body: Json, { ids }: Fixture): Json {
  const items: Json[] | undefined = body?.items;
  const own = KEYS.find(([path]) => path.test(operation))?.[1];
  for (const item of items ?? [body]) {
    // Section 28: exactly one identifier, whatever the schema says.
    if (own !== undefined && item.id === undefined) item.externalId ??= own;
    else if (own !== undefined) delete item.externalId;
    // Section 14: one parent, by one key.
    if (item.parentId !== undefined) delete item.parentExternalId;
    // Section 15: an event does not end before it starts.
    if (item.startTime > item.endTime)
      [item.startTime, item.endTime] = [item.endTime, item.startTime];
    // Section 16: only numeric series have a unit of the catalogue.
    if (item.isString === true) delete item.unitExternalId;
    // Section 24: listed properties are not filtered.
    if (item.timeSeriesIds !== undefined) delete item.filter;
    // Section 22.3: one target.
    if (item.targetUnit !== undefined) delete item.targetUnitSystem;
  }
  if (operation.endsWith('/data/list') && items !== undefined) fitAggregates(body, items);
  if (operation.endsWith('/assets/delete')) body.recursive = true;
  // Section 2: the same row twice is a conflict. Each row is named once here.
  if (
    items !== undefined &&
    /(byids|update|delete|uploadlink|downloadlink|timeseries\/data)$/.test(operation)
  )
    body.items = distinct(items, ids);
  // Section 10: values are those of a property.
  if (/Values$/.test(body?.aggregate) && body.aggregate !== 'metadataValues')
    body.properties ??= [{ property: ['metadata'] }];
  // Section 10: no filter of buckets without buckets.
  if ((body?.aggregate ?? 'count') === 'count') delete body?.aggregateFilter;
  return body;
}

/** Section 22.3: aggregates need a granularity, and have no outside points. */
function fitAggregates(body: Json, items: Json[]): void {
  for (const item of items) {
    if ((item.aggregates ?? body.aggregates) === undefined) continue;
    item.granularity ??= body.granularity ?? '1h';
    item.includeOutsidePoints = false;
  }
}

/** Drops items that name the same row of a fixture, by either of its keys. */
function distinct(items: Json[], ids: Fixture['ids']): Json[] {
  const byExternalId: Record<string, number> = { ...ids, set: ids.dataSet };
  const seen = new Set<unknown>();
  return items.filter(({ id, externalId }) => {
    const row = id ?? byExternalId[externalId] ?? externalId;
    const isNew = !seen.has(row);
    seen.add(row);
    return isNew;
  });
}
