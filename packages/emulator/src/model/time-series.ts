import type { InstanceId, Item, Metadata, Stamped } from './common.js';

export interface TimeSeries extends Item {
  readonly instanceId?: InstanceId | undefined;
  /** The node that will take this series over once it is made. */
  readonly pendingInstanceId?: InstanceId | undefined;
  readonly name?: string | undefined;
  readonly isString: boolean;
  readonly type: 'numeric' | 'string';
  readonly isStep: boolean;
  readonly metadata: Metadata;
  readonly unit?: string | undefined;
  readonly unitExternalId?: string | undefined;
  readonly assetId?: number | undefined;
  readonly description?: string | undefined;
  readonly securityCategories: readonly number[];
  readonly accessCategories: readonly string[];
  readonly dataSetId?: number | undefined;
}

export type TimeSeriesCreate = Omit<TimeSeries, Stamped | 'type'>;
