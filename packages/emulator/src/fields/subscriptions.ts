import type { Subscription } from '../model/subscription.js';
import { externalIdText } from '../validation/common.js';
import { integer, needed } from '../validation/schema.js';
import { dataSetField, textField } from './kinds.js';
import type { Table } from './table.js';

/** The plain fields of a subscription; its members are in `subscriptions/`. */
export const SUBSCRIPTIONS: Table<Subscription> = {
  nameLength: 256,
  metadataLength: 256,
  fields: {
    externalId: { create: needed(externalIdText) },
    name: textField('name', { max: 255 }),
    description: textField('description', { max: 1000 }),
    dataSetId: dataSetField({ max: 100 }),
    partitionCount: { create: needed(integer({ min: 1, max: 100 })) },
  },
};
