import { anyOf } from '../filters/conditions.js';
import type { Asset } from '../model/asset.js';
import type { Reference } from '../model/common.js';
import { externalIdText, filterId, filterReference, idNumber } from '../validation/common.js';
import { array, boolean } from '../validation/schema.js';
import { METADATA_LIMITS } from './checks.js';
import {
  dataSetField,
  externalIdField,
  geoField,
  labelsField,
  metadataFieldOf,
  stamps,
  textField,
} from './kinds.js';
import { assetIds, type Lookup } from './lookup.js';
import { inSubtrees } from './parts.js';
import { scalar } from './patch.js';
import type { Field, FilterPart, Table } from './table.js';

const NAME = { min: 1, max: 140 };

/** Assets whose parent is one of these; the tree knows them without a search. */
const belowParents: FilterPart<Asset> = {
  members: {
    parentIds: array(filterId, { min: 1, max: 100 }),
    parentExternalIds: array(externalIdText, { min: 1, max: 100 }),
  },
  parameters: {
    parentIds: { as: 'json', to: 'parentIds' },
    parentExternalIds: { as: 'json', to: 'parentExternalIds' },
  },
  condition: (filter, lookup) => anyOf(parentsOf(filter, lookup), ({ parentId }) => parentId),
  candidates: (filter, lookup) => {
    const parents = parentsOf(filter, lookup);
    return parents && [...parents].flatMap((id) => [...lookup.tree.childrenOf(id)]);
  },
};

function parentsOf(
  filter: Readonly<Record<string, unknown>>,
  lookup: Lookup,
): ReadonlySet<number> | undefined {
  const { parentIds, parentExternalIds } = filter as {
    parentIds?: number[];
    parentExternalIds?: string[];
  };
  return assetIds(lookup, parentIds, parentExternalIds);
}

const inTrees: FilterPart<Asset> = {
  members: { rootIds: array(filterReference, { min: 1, max: 100 }) },
  parameters: { rootIds: { as: 'ids', to: 'rootIds' } },
  condition: (filter, { assets }) => {
    const roots = filter.rootIds as readonly Reference[] | undefined;
    const ids = roots?.map(
      ({ id, externalId }) => id ?? assets.getByExternalId(externalId ?? '')?.id ?? 0,
    );
    return anyOf(ids && new Set(ids), ({ rootId }) => rootId);
  },
};

const isRoot: FilterPart<Asset> = {
  members: { root: boolean },
  parameters: { root: { as: 'boolean', to: 'root' } },
  condition: ({ root }) =>
    root === undefined ? undefined : ({ parentId }) => (parentId === undefined) === root,
};

const parent: Field<Asset> = {
  create: idNumber,
  patch: scalar(idNumber, { required: true }),
  property: { kind: 'number', aggregates: true },
  filter: belowParents,
};

export const ASSETS: Table<Asset> = {
  nameLength: 128,
  metadataLength: 128,
  query: { ...NAME, of: ['name', 'description'] },
  fields: {
    id: { property: { kind: 'number' }, filter: inSubtrees('id') },
    externalId: externalIdField({ property: { maxLength: 255, sorts: true } }),
    name: textField('name', {
      ...NAME,
      required: true,
      filter: 'query',
      search: NAME,
      property: { maxLength: 255, sorts: true, aggregates: true, searches: true },
    }),
    parentId: parent,
    parentExternalId: { create: externalIdText, patch: scalar(externalIdText, { required: true }) },
    rootId: { property: { kind: 'number', aggregates: true }, filter: inTrees },
    root: { filter: isRoot },
    description: textField('description', {
      max: 500,
      search: { max: 500 },
      property: { maxLength: 255, sorts: true, aggregates: true, searches: true },
    }),
    dataSetId: dataSetField({ max: 1000 }, { property: { sorts: true, aggregates: true } }),
    metadata: metadataFieldOf(METADATA_LIMITS.assets, { isAlwaysThere: true }),
    source: textField('source', {
      max: 128,
      filter: 'query',
      property: { maxLength: 128, sorts: true, aggregates: true },
    }),
    labels: labelsField({
      whenEmpty: 'absent',
      property: {
        kind: 'textList',
        maxLength: 255,
        of: ({ labels }) => labels?.map(({ externalId }) => externalId),
        aggregates: true,
      },
    }),
    geoLocation: geoField(),
    ...stamps(),
  },
};
