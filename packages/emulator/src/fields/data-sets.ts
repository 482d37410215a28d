import type { DataSet } from '../model/data-set.js';
import { boolean } from '../validation/schema.js';
import { METADATA_LIMITS } from './checks.js';
import { externalIdField, metadataFieldOf, stamps, textField } from './kinds.js';
import { equalTo } from './parts.js';
import { scalar } from './patch.js';
import type { Table } from './table.js';

export const DATA_SETS: Table<DataSet> = {
  nameLength: 128,
  metadataLength: 128,
  fields: {
    externalId: externalIdField(),
    name: textField('name', { min: 1, max: 50 }),
    description: textField('description', { min: 1, max: 500 }),
    metadata: metadataFieldOf(METADATA_LIMITS.dataSets, { isAlwaysThere: true }),
    writeProtected: {
      create: boolean,
      initial: false,
      patch: scalar(boolean, { required: true }),
      filter: equalTo('writeProtected', boolean, false),
    },
    ...stamps({ isProperty: false }),
  },
};
