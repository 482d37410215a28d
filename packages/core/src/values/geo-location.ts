/** Longitude, latitude, and if known the elevation in metres. */
export type Position = readonly [longitude: number, latitude: number, elevation?: number];

/**
 * A GeoJSON geometry that CDF stores. A polygon's rings are its outline, then holes; a ring ends
 * where it starts.
 */
export type Geometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'MultiPoint'; readonly coordinates: readonly Position[] }
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | {
      readonly type: 'MultiPolygon';
      readonly coordinates: readonly (readonly (readonly Position[])[])[];
    };

/** Where an asset or a file is: a GeoJSON feature. */
export interface GeoLocation {
  readonly type: 'Feature';
  readonly geometry: Geometry;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** How a location must lie to a shape. */
export interface GeoLocationFilter {
  readonly relation: 'INTERSECTS' | 'DISJOINT' | 'WITHIN';
  readonly shape: Exclude<Geometry, { readonly type: 'MultiPoint' }>;
}
