import { badRequest } from '../errors.js';
import { assetProperties } from '../filters/resources.js';
import { post, type Route } from '../http/route.js';
import { keysOf, type State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import {
  externalIdText,
  type GeoLocation,
  geoLocation,
  idNumber,
  type LabelReference,
  labelReference,
  labels,
  METADATA_LIMITS,
  metadata,
  type Reference,
  reference,
} from '../validation/common.js';
import { array, boolean, needed, object, oneOf, parse, text, where } from '../validation/schema.js';
import { aggregateRoute } from './aggregate.js';
import { assetFilter } from './asset-filter.js';
import { type AssetCreate, linkNewAssets, moveAsset } from './asset-hierarchy.js';
import {
  byIdRoute,
  deleteRoute,
  itemsOf,
  itemsText,
  type Kind,
  type ListExtra,
  listRoute,
  updateRoute,
} from './crud.js';
import { getListRoute, type QueryParameter, rangeParameters } from './get-list.js';
import { checkAddedLabels, checkDataSets, checkLabels } from './links.js';
import { list, metadataField, scalar } from './patch.js';
import { advancedListing, searchRoute } from './query.js';
import { checkNewExternalIds, resolve, wordedRefusals } from './references.js';

export interface Asset {
  readonly id: number;
  readonly rootId: number;
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly parentId?: number | undefined;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly source?: string | undefined;
  readonly labels?: readonly LabelReference[] | undefined;
  readonly geoLocation?: GeoLocation | undefined;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
}

const createCheck = itemsOf(
  where(
    object({
      externalId: externalIdText,
      name: needed(text({ min: 1, max: 140 })),
      parentId: idNumber,
      parentExternalId: externalIdText,
      description: text({ max: 500 }),
      dataSetId: idNumber,
      metadata: metadata(METADATA_LIMITS.assets),
      source: text({ max: 128 }),
      labels,
      geoLocation,
    }),
    ({ parentId, parentExternalId }) =>
      parentId !== undefined && parentExternalId !== undefined
        ? 'must not have both parentId and parentExternalId'
        : undefined,
  ),
);

const patchFields = {
  externalId: scalar(externalIdText),
  name: scalar(text({ min: 1, max: 140 }), { required: true }),
  description: scalar(text({ max: 500 })),
  dataSetId: scalar(idNumber),
  metadata: metadataField(METADATA_LIMITS.assets),
  source: scalar(text({ max: 128 })),
  parentId: scalar(idNumber, { required: true }),
  parentExternalId: scalar(externalIdText, { required: true }),
  labels: list(labelReference, { max: 10, dropsEmpty: true, keyOf: (label) => (label as LabelReference).externalId }),
  geoLocation: scalar(geoLocation),
};

const searchMembers = {
  name: { min: 1, max: 140, of: ['name'] },
  description: { max: 500, of: ['description'] },
  query: { min: 1, max: 140, of: ['name', 'description'] },
};

const queryParameters: Readonly<Record<string, QueryParameter>> = {
  name: { as: 'text', to: 'name' },
  parentIds: { as: 'json', to: 'parentIds' },
  parentExternalIds: { as: 'json', to: 'parentExternalIds' },
  rootIds: { as: 'ids', to: 'rootIds' },
  assetSubtreeIds: { as: 'ids', to: 'assetSubtreeIds' },
  assetSubtreeExternalIds: { as: 'externalIds', to: 'assetSubtreeIds' },
  dataSetIds: { as: 'ids', to: 'dataSetIds' },
  metadata: { as: 'json', to: 'metadata' },
  source: { as: 'text', to: 'source' },
  root: { as: 'boolean', to: 'root' },
  externalIdPrefix: { as: 'text', to: 'externalIdPrefix' },
  ...rangeParameters('createdTime', 'lastUpdatedTime'),
};

const aggregatedProperties = array(oneOf('childCount', 'path', 'depth'));
const byIdsCheck = object({
  items: needed(array(reference(), { min: 1, max: 1000 })),
  ignoreUnknownIds: boolean,
  aggregatedProperties,
});

/** The endpoints under `/assets`. */
export function assetRoutes(state: State): Route[] {
  const kind = assetKind(state);
  const filter = assetFilter(state);
  return [
    post('/assets', (body, call) => create(state, kind, parse(createCheck, body).items, call.requestId), 201),
    byIdRoute(kind),
    getListRoute(kind, filter, queryParameters, { extra: withAggregates(state, kind) }),
    listRoute(kind, filter, { extra: advancedListing(assetProperties, withAggregates(state, kind)) }),
    searchRoute(kind, filter, { members: searchMembers }),
    aggregateRoute(kind, filter, assetProperties, { allText: false, counted: true }),
    post('/assets/byids', (body) => byIds(state, kind, parse(byIdsCheck, body))),
    updateRoute(state, kind, patchFields, {
      complete: (after, before, patch) => {
        checkDataSets(state, [after]);
        checkAddedLabels(state, patch.labels);
        return moveAsset(state, after, before, patch);
      },
      // Two moves of one request may each be fine and still form a circle together.
      afterwards: (changed) => {
        for (const asset of changed) state.tree.pathTo(asset);
      },
    }),
    deleteRoute(state, kind, {
      recursive: true,
      widen: (items, { recursive }) => withDescendants(state, items, recursive),
    }),
  ];
}

export function assetKind(state: State): Kind<Asset> {
  return {
    path: '/assets',
    name: 'assets',
    collection: state.assets,
    refusals: wordedRefusals('Asset'),
    textOf: (entry) => assetText(state, entry),
  };
}

/** The parent's external id is not stored with the child: it may change. */
function assetText(state: State, entry: Entry<Asset>): string {
  entry.json ??= JSON.stringify(entry.item);
  const { parentId } = entry.item;
  const parent = parentId === undefined ? undefined : state.assets.get(parentId)?.externalId;
  if (parent === undefined) return entry.json;
  return `${entry.json.slice(0, -1)},"parentExternalId":${JSON.stringify(parent)}}`;
}

function create(state: State, kind: Kind<Asset>, items: readonly AssetCreate[], requestId: string): object {
  checkDataSets(state, items);
  checkLabels(state, items);
  checkNewExternalIds(state.assets, items, kind.refusals);
  const assets = linkNewAssets(state, items);
  const createAll = (): readonly Asset[] => {
    state.assets.createAll(assets);
    return assets;
  };
  state.write(requestId, kind.name, 'create', createAll, keysOf);
  return itemsText(kind, assets);
}

type Aggregated = readonly ('childCount' | 'path' | 'depth')[];

function byIds(
  state: State,
  kind: Kind<Asset>,
  body: {
    items: readonly Reference[];
    ignoreUnknownIds?: boolean | undefined;
    aggregatedProperties?: Aggregated | undefined;
  },
): object {
  const found = resolve(state.assets, body.items, kind.refusals, { ignoreUnknown: body.ignoreUnknownIds });
  return itemsText(kind, found, aggregatedText(state, kind, body.aggregatedProperties));
}

function withAggregates(state: State, kind: Kind<Asset>): ListExtra<Asset> {
  return {
    fields: { aggregatedProperties },
    apply: (body) => ({ textOf: aggregatedText(state, kind, body.aggregatedProperties as Aggregated | undefined) }),
  };
}

function aggregatedText(
  state: State,
  kind: Kind<Asset>,
  wanted: Aggregated | undefined,
): (entry: Entry<Asset>) => string {
  if (wanted === undefined || wanted.length === 0) return kind.textOf;
  return (entry) => {
    const path = state.tree.pathTo(entry.item);
    const aggregates = {
      ...(wanted.includes('childCount') ? { childCount: state.tree.childrenOf(entry.item.id).size } : {}),
      ...(wanted.includes('depth') ? { depth: path.length - 1 } : {}),
      ...(wanted.includes('path') ? { path: path.map((id) => ({ id })) } : {}),
    };
    return `${kind.textOf(entry).slice(0, -1)},"aggregates":${JSON.stringify(aggregates)}}`;
  };
}

/** With `recursive` everything below goes too; without it a child that stays behind is a refusal. */
function withDescendants(state: State, items: readonly Asset[], recursive: boolean): readonly Asset[] {
  const doomed = new Set(items.map(({ id }) => id));
  if (recursive) {
    for (const { id } of items) for (const below of state.tree.subtreeOf(id)) doomed.add(below);
    return [...doomed].map((id) => state.assets.get(id) as Asset);
  }
  for (const { id } of items) {
    for (const child of state.tree.childrenOf(id)) {
      if (!doomed.has(child))
        throw badRequest('Asset has children that are not part of the request; use recursive to delete them too');
    }
  }
  return items;
}
