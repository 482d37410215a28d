import type { Geometry, InstanceId, Reference, TimeRange } from '../model/common.js';
import { type Check, integer, isObject, object, text, where } from './schema.js';

const MAX_ID = 9_007_199_254_740_991;
export const externalIdText: Check<string> = text({ max: 255 });
export const idNumber: Check<number> = integer({ min: 1, max: MAX_ID });
/** An id in a filter: 0 is accepted there and matches nothing. */
export const filterId: Check<number> = integer({ min: 0, max: MAX_ID });
export const timestamp: Check<number> = integer({ min: 0 });
export const timeRange: Check<TimeRange> = object({ min: timestamp, max: timestamp });
export const instanceId: Check<InstanceId> = ((): Check<InstanceId> => {
  const shape = object({
    space: { needed: text({ min: 1, max: 43 }) },
    externalId: { needed: text({ min: 1, max: 255 }) },
  });
  return shape;
})();

const referenceFields = { id: idNumber, externalId: externalIdText };

/**
 * `{id}` or `{externalId}` (or `{instanceId}`), plus members of its own where an endpoint has any.
 */
export function reference(options: { instance?: boolean } = {}): Check<Reference> {
  const shape =
    options.instance === true
      ? object({ ...referenceFields, instanceId })
      : object(referenceFields);
  return where(shape as Check<Reference>, exactlyOneKey);
}

/** A reference in a filter. */
export const filterReference: Check<Reference> = where(
  object({ id: filterId, externalId: externalIdText }) as Check<Reference>,
  exactlyOneKey,
);

/** The fault in the keys of a reference, if any. */
export function exactlyOneKey(value: Reference): string | undefined {
  const keys =
    Number(value.id !== undefined) +
    Number(value.externalId !== undefined) +
    Number(value.instanceId !== undefined);
  return keys === 1 ? undefined : 'must have exactly one identifier';
}

const GEOMETRY_DEPTH: Readonly<Record<string, number>> = {
  Point: 1,
  MultiPoint: 2,
  LineString: 2,
  MultiLineString: 3,
  Polygon: 3,
  MultiPolygon: 4,
};

/** A geometry with coordinates nested as its type demands. */
export const geometry: Check<Geometry> = (value, path, problems) => {
  const depth = isObject(value) ? GEOMETRY_DEPTH[String(value.type)] : undefined;
  const known =
    isObject(value) &&
    Object.keys(value).every((name) => name === 'type' || name === 'coordinates');
  if (!known || depth === undefined || !isNestedNumbers(value.coordinates, depth)) {
    problems.push(`${path} must be a geometry`);
  }
  return value as Record<keyof Geometry, unknown> as Geometry;
};

function isNestedNumbers(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  if (depth === 1) return value.length === 2 && value.every((part) => typeof part === 'number');
  return value.every((part) => isNestedNumbers(part, depth - 1));
}

/** A limit of a list request; above the maximum is refused. */
export function limit(max: number, min = 1): Check<number> {
  return integer({ min, max });
}

export const partition: Check<string> = where(text(), (value) => {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(value);
  if (match === null) return 'must have the form M/N';
  const [part, parts] = [Number(match[1]), Number(match[2])];
  return part < 1 || part > parts ? 'must have 1 <= M <= N' : undefined;
});
