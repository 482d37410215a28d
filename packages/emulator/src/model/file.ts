import type { GeoLocation, InstanceId, Item, LabelReference, Metadata, Stamped } from './common.js';

export interface CdfFile extends Item {
  readonly name: string;
  readonly instanceId?: InstanceId | undefined;
  /** The node that will take this file over once it is made. */
  readonly pendingInstanceId?: InstanceId | undefined;
  readonly directory?: string | undefined;
  readonly source?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly dataSetId?: number | undefined;
  readonly sourceCreatedTime?: number | undefined;
  readonly sourceModifiedTime?: number | undefined;
  readonly securityCategories?: readonly number[] | undefined;
  readonly labels: readonly LabelReference[];
  readonly geoLocation?: GeoLocation | undefined;
  readonly uploaded: boolean;
  readonly uploadedTime?: number | undefined;
  /** Where the content is; the emulator's own and never sent. */
  readonly content?: string | undefined;
}

export type FileCreate = Omit<CdfFile, Stamped | 'uploaded' | 'uploadedTime' | 'content'>;
