import type { Item, Metadata, Stamped } from './common.js';

export interface CdfEvent extends Item {
  readonly dataSetId?: number | undefined;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly source?: string | undefined;
}

export type EventCreate = Omit<CdfEvent, Stamped>;
