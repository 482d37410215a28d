import type { GeoLocation, Item, LabelReference, Metadata, Stamped } from './common.js';

export interface Asset extends Item {
  readonly rootId: number;
  readonly name: string;
  readonly parentId?: number | undefined;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
  readonly metadata: Metadata;
  readonly source?: string | undefined;
  readonly labels?: readonly LabelReference[] | undefined;
  readonly geoLocation?: GeoLocation | undefined;
}

/** A new asset; its parent may be one of the same request. */
export interface AssetCreate extends Omit<Asset, Stamped | 'rootId'> {
  readonly parentExternalId?: string | undefined;
}
