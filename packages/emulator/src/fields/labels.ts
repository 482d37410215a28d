import type { Label } from '../model/label.js';
import { needed, text } from '../validation/schema.js';
import { dataSetField, textField } from './kinds.js';
import { prefixOf } from './parts.js';
import type { Table } from './table.js';

/** Labels are never changed. */
export const LABELS: Table<Label> = {
  nameLength: 128,
  metadataLength: 128,
  fields: {
    externalId: { create: needed(text({ min: 1, max: 255 })), filter: prefixOf('externalId') },
    name: textField('name', { min: 1, max: 140, required: true, filter: 'body' }),
    description: textField('description', { max: 500 }),
    dataSetId: dataSetField({ max: 1000 }),
  },
};
