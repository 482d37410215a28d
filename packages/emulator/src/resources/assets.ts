import { badRequest } from '../errors.js';
import { ASSETS } from '../fields/assets.js';
import { post, type Route } from '../http/route.js';
import type { Asset, AssetCreate } from '../model/asset.js';
import type { Reference } from '../model/common.js';
import type { State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import { resolve, wordedRefusals } from '../storage/references.js';
import { reference } from '../validation/common.js';
import { array, boolean, needed, object, oneOf, parse } from '../validation/schema.js';
import { aggregateRoute } from './aggregate.js';
import { linkNewAssets, moveAsset } from './asset-hierarchy.js';
import { createRoute } from './create.js';
import {
  byIdRoute,
  deleteRoute,
  itemsText,
  type Kind,
  type ListExtra,
  listRoute,
  updateRoute,
} from './crud.js';
import { getListRoute } from './get-list.js';
import { advancedListing, searchRoute } from './query.js';

const aggregatedProperties = array(oneOf('childCount', 'path', 'depth'));
const byIdsCheck = object({
  items: needed(array(reference(), { min: 1, max: 1000 })),
  ignoreUnknownIds: boolean,
  aggregatedProperties,
});

/** The endpoints under `/assets`. */
export function assetRoutes(state: State): Route[] {
  const kind = assetKind(state);
  return [
    createRoute<Asset, AssetCreate>(state, kind, {
      rule: ({ parentId, parentExternalId }) =>
        parentId !== undefined && parentExternalId !== undefined
          ? 'must not have both parentId and parentExternalId'
          : undefined,
      complete: (items, now) => linkNewAssets(state, items, now),
    }),
    byIdRoute(kind),
    getListRoute(state, kind, { extra: withAggregates(state, kind) }),
    listRoute(state, kind, { extra: advancedListing(state, kind, withAggregates(state, kind)) }),
    searchRoute(state, kind),
    aggregateRoute(state, kind, { allText: false, counted: true }),
    post('/assets/byids', (body) => byIds(state, kind, parse(byIdsCheck, body))),
    updateRoute(state, kind, {
      complete: (after, before, patch) => moveAsset(state, after, before, patch),
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

function assetKind(state: State): Kind<Asset> {
  return {
    table: ASSETS,
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
  const found = resolve(state.assets, body.items, kind.refusals, {
    ignoreUnknown: body.ignoreUnknownIds,
  });
  return itemsText(kind, found, aggregatedText(state, kind, body.aggregatedProperties));
}

function withAggregates(state: State, kind: Kind<Asset>): ListExtra<Asset> {
  return {
    fields: { aggregatedProperties },
    apply: (body) => ({
      textOf: aggregatedText(state, kind, body.aggregatedProperties as Aggregated | undefined),
    }),
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
      ...(wanted.includes('childCount')
        ? { childCount: state.tree.childrenOf(entry.item.id).size }
        : {}),
      ...(wanted.includes('depth') ? { depth: path.length - 1 } : {}),
      ...(wanted.includes('path') ? { path: path.map((id) => ({ id })) } : {}),
    };
    return `${kind.textOf(entry).slice(0, -1)},"aggregates":${JSON.stringify(aggregates)}}`;
  };
}

/**
 * With `recursive` everything below goes too; without it a child that stays behind is a refusal.
 */
function withDescendants(
  state: State,
  items: readonly Asset[],
  recursive: boolean,
): readonly Asset[] {
  const doomed = new Set(items.map(({ id }) => id));
  if (recursive) {
    for (const { id } of items) for (const below of state.tree.subtreeOf(id)) doomed.add(below);
    return [...doomed].map((id) => state.assets.get(id) as Asset);
  }
  for (const { id } of items) {
    for (const child of state.tree.childrenOf(id)) {
      if (!doomed.has(child))
        throw badRequest(
          'Asset has children that are not part of the request; use recursive to delete them too',
        );
    }
  }
  return items;
}
