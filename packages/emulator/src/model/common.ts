/** Fields of every stored resource; resources add their own members. */
export interface Item {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
}

/** Fields that the server adds to a created item. */
export type Stamped = 'id' | 'createdTime' | 'lastUpdatedTime';

/** The key of a row that comes from data modeling. */
export interface InstanceId {
  readonly space: string;
  readonly externalId: string;
}

/** A reference by exactly one of the keys. */
export interface Reference {
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}

/** A closed range in epoch milliseconds. */
export interface TimeRange {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export type Metadata = Readonly<Record<string, string>>;

export interface LabelReference {
  readonly externalId: string;
}

export interface LabelFilter {
  readonly containsAny?: readonly LabelReference[] | undefined;
  readonly containsAll?: readonly LabelReference[] | undefined;
}

export interface Geometry {
  readonly type: string;
  readonly coordinates: unknown;
}

/**
 * A GeoJSON feature as assets and files carry it. The geometry's coordinates are checked for their
 * nesting only.
 */
export interface GeoLocation {
  readonly type: 'Feature';
  readonly geometry: Geometry;
  readonly properties?: Record<string, unknown> | undefined;
}
