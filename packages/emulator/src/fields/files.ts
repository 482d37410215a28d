import { anyOf } from '../filters/conditions.js';
import type { CdfFile } from '../model/file.js';
import { filterId, idNumber } from '../validation/common.js';
import { array, boolean, integer, text, where } from '../validation/schema.js';
import { METADATA_LIMITS } from './checks.js';
import {
  dataSetField,
  externalIdField,
  geoField,
  labelsField,
  metadataFieldOf,
  stamps,
  textField,
  timeField,
} from './kinds.js';
import { subtreeIds } from './lookup.js';
import { between, equalTo, inSubtrees, onAssets, prefixOf } from './parts.js';
import { list, scalar } from './patch.js';
import type { FilterPart, Table } from './table.js';

const directory = where(text({ max: 512 }), (value) =>
  value.startsWith('/') ? undefined : 'must start with /',
);
const securityCategory = integer({ min: 1 });

const onRoots: FilterPart<CdfFile> = {
  members: { rootAssetIds: array(filterId, { min: 1, max: 100 }) },
  parameters: { rootAssetIds: { as: 'json', to: 'rootAssetIds' } },
  condition: (filter, lookup) => {
    const roots = filter.rootAssetIds as readonly number[] | undefined;
    return anyOf(
      subtreeIds(
        lookup,
        roots?.map((id) => ({ id })),
      ),
      ({ assetIds }) => assetIds,
    );
  },
};

/** Files have no properties for an advanced filter. */
export const FILES: Table<CdfFile> = {
  nameLength: 128,
  metadataLength: 128,
  fields: {
    externalId: externalIdField(),
    name: textField('name', {
      max: 256,
      required: true,
      patched: false,
      filter: 'query',
      search: { max: 256 },
    }),
    directory: {
      create: directory,
      patch: scalar(directory),
      filter: prefixOf('directory', { check: text({ max: 512 }) }),
    },
    source: textField('source', { max: 128, filter: 'query' }),
    mimeType: textField('mimeType', { max: 256, filter: 'query' }),
    metadata: metadataFieldOf(METADATA_LIMITS.files, { inQuery: false }),
    assetIds: {
      create: array(idNumber, { min: 1, max: 1000 }),
      patch: list(idNumber, { max: 1000, nullable: true, dropsEmpty: true }),
      refersTo: 'asset',
      filter: onAssets('assetIds', { ids: 'assetIds', externalIds: 'assetExternalIds', max: 100 }),
    },
    rootAssetIds: { filter: onRoots },
    assetSubtreeIds: { filter: inSubtrees('assetIds') },
    dataSetId: dataSetField({ max: 100 }),
    sourceCreatedTime: timeField('sourceCreatedTime'),
    sourceModifiedTime: timeField('sourceModifiedTime'),
    securityCategories: {
      create: array(securityCategory, { max: 100 }),
      patch: list(securityCategory, { max: 100, nullable: true }),
    },
    labels: labelsField({ whenEmpty: 'empty' }),
    geoLocation: geoField(),
    uploaded: { initial: false, filter: equalTo('uploaded', boolean, 'boolean') },
    uploadedTime: { filter: between('uploadedTime') },
    ...stamps({ isProperty: false }),
  },
};
