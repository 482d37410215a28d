import type { InstanceId, Item } from './common.js';

/** A subscription as stored; `members` for those by list, `filter` for those by filter. */
export interface Subscription extends Item {
  readonly externalId: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
  readonly partitionCount: number;
  readonly members?: readonly Member[] | undefined;
  readonly filter?: unknown;
}

/** A series that a subscription lists. */
export interface Member {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}
