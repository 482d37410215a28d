import type { Item, Metadata, Stamped } from './common.js';

export interface DataSet extends Item {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata: Metadata;
  readonly writeProtected: boolean;
}

export type DataSetCreate = Omit<DataSet, Stamped>;
