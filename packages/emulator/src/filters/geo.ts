import type { GeoLocation, Geometry } from '../model/common.js';

import { geometry } from '../validation/common.js';
import { type Check, needed, object, oneOf } from '../validation/schema.js';
import type { Predicate } from './conditions.js';

export interface GeoFilter {
  readonly relation: 'INTERSECTS' | 'DISJOINT' | 'WITHIN';
  readonly shape: Geometry;
}

type Point = readonly [number, number];
type Ring = readonly Point[];

/**
 * Any geometry taken apart: single points, open lines, and polygons (an outer ring and its holes).
 */
interface Parts {
  readonly points: Point[];
  readonly lines: Ring[];
  readonly polygons: Ring[][];
}

const words = oneOf('INTERSECTS', 'DISJOINT', 'WITHIN');
/** In any case: clients write `within` as well. */
const relation: Check<GeoFilter['relation']> = (value, path, problems) =>
  words(typeof value === 'string' ? value.toUpperCase() : value, path, problems);

export const geoFilter: Check<GeoFilter> = object({
  relation: needed(relation),
  shape: needed(geometry),
});

/** The condition on an item's location, on the plane of longitude and latitude. */
export function matchesGeo<T>(
  filter: GeoFilter | undefined,
  of: (item: T) => GeoLocation | undefined,
): Predicate<T> {
  if (filter === undefined) return undefined;
  const shape = partsOf(filter.shape);
  return (item) => {
    const location = of(item);
    if (location === undefined) return false;
    const own = partsOf(location.geometry);
    if (filter.relation === 'WITHIN') return isWithin(own, shape);
    return intersects(own, shape) === (filter.relation === 'INTERSECTS');
  };
}

function partsOf({ type, coordinates }: Geometry): Parts {
  const parts: Parts = { points: [], lines: [], polygons: [] };
  if (type === 'Point') parts.points.push(coordinates as Point);
  else if (type === 'MultiPoint') parts.points.push(...(coordinates as Point[]));
  else if (type === 'LineString') parts.lines.push(coordinates as Ring);
  else if (type === 'MultiLineString') parts.lines.push(...(coordinates as Ring[]));
  else if (type === 'Polygon') parts.polygons.push(coordinates as Ring[]);
  else parts.polygons.push(...(coordinates as Ring[][]));
  return parts;
}

function intersects(a: Parts, b: Parts): boolean {
  const [edgesA, edgesB] = [edgesOf(a), edgesOf(b)];
  if (edgesA.some(([p, q]) => edgesB.some(([r, s]) => segmentsMeet(p, q, r, s)))) return true;
  // Without meeting edges, one lies wholly inside the other or they are apart.
  return (
    verticesOf(a).some((point) => touches(point, b)) ||
    verticesOf(b).some((point) => touches(point, a))
  );
}

function isWithin(inner: Parts, outer: Parts): boolean {
  if (!verticesOf(inner).every((point) => touches(point, outer))) return false;
  const crossed = edgesOf(inner).some(
    ([p, q]) => !touches([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], outer),
  );
  return (
    !crossed &&
    !edgesOf(inner).some(([p, q]) => edgesOf(outer).some(([r, s]) => segmentsCross(p, q, r, s)))
  );
}

function touches(point: Point, parts: Parts): boolean {
  if (parts.points.some((other) => other[0] === point[0] && other[1] === point[1])) return true;
  if (edgesOf(parts).some(([p, q]) => cross(p, q, point) === 0 && onSegment(p, q, point)))
    return true;
  return parts.polygons.some(
    ([outer, ...holes]) =>
      isInside(point, outer ?? []) && !holes.some((hole) => isInside(point, hole)),
  );
}

/** Even-odd rule: how many edges a ray to the east crosses. */
function isInside([x, y]: Point, ring: Ring): boolean {
  let inside = false;
  for (const [[x1, y1], [x2, y2]] of ringEdges(ring)) {
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

function edgesOf(parts: Parts): [Point, Point][] {
  return [...parts.lines, ...parts.polygons.flat()].flatMap(ringEdges);
}

function verticesOf(parts: Parts): Point[] {
  return [...parts.points, ...parts.lines.flat(), ...parts.polygons.flat(2)];
}

function ringEdges(ring: Ring): [Point, Point][] {
  return ring.slice(1).map((point, index) => [ring[index] as Point, point]);
}

function segmentsMeet(p: Point, q: Point, r: Point, s: Point): boolean {
  if (segmentsCross(p, q, r, s)) return true;
  return (
    (cross(p, q, r) === 0 && onSegment(p, q, r)) ||
    (cross(p, q, s) === 0 && onSegment(p, q, s)) ||
    (cross(r, s, p) === 0 && onSegment(r, s, p)) ||
    (cross(r, s, q) === 0 && onSegment(r, s, q))
  );
}

function segmentsCross(p: Point, q: Point, r: Point, s: Point): boolean {
  return cross(p, q, r) * cross(p, q, s) < 0 && cross(r, s, p) * cross(r, s, q) < 0;
}

function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function onSegment(a: Point, b: Point, c: Point): boolean {
  const between = (low: number, high: number, value: number): boolean =>
    Math.min(low, high) <= value && value <= Math.max(low, high);
  return between(a[0], b[0], c[0]) && between(a[1], b[1], c[1]);
}
