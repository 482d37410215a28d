import type {
  GeoLocation,
  Geometry,
  InstanceId,
  LabelFilter,
  LabelReference,
  Reference,
  TimeRange,
} from '../model/common.js';
import { array, type Check, integer, isObject, object, oneOf, text, where } from './schema.js';

export const MAX_ID = 9_007_199_254_740_991;
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

/** `{id}` or `{externalId}` (or `{instanceId}`), plus members of its own where an endpoint has any. */
export function reference(options: { instance?: boolean } = {}): Check<Reference> {
  const shape = options.instance === true ? object({ ...referenceFields, instanceId }) : object(referenceFields);
  return where(shape as Check<Reference>, exactlyOneKey);
}

/** A reference in a filter. */
export const filterReference: Check<Reference> = where(
  object({ id: filterId, externalId: externalIdText }) as Check<Reference>,
  exactlyOneKey,
);

/** What is wrong with the keys of a reference, if anything. */
export function exactlyOneKey(value: Reference): string | undefined {
  const keys =
    Number(value.id !== undefined) + Number(value.externalId !== undefined) + Number(value.instanceId !== undefined);
  return keys === 1 ? undefined : 'must have exactly one identifier';
}

/** Limits of a metadata object, lengths in UTF-8 bytes. */
export interface MetadataLimits {
  readonly key: number;
  readonly value: number;
  readonly pairs: number;
  readonly total: number;
}

export const METADATA_LIMITS: Readonly<
  Record<'assets' | 'files' | 'dataSets' | 'events' | 'timeseries', MetadataLimits>
> = {
  assets: { key: 128, value: 10_240, pairs: 256, total: 10_240 },
  files: { key: 128, value: 10_240, pairs: 256, total: 10_240 },
  dataSets: { key: 128, value: 10_240, pairs: 256, total: 10_240 },
  events: { key: 128, value: 128_000, pairs: 256, total: 200_000 },
  timeseries: { key: 128, value: 10_000, pairs: 256, total: 10_000 },
};

/** An object of strings within the limits of its resource; numbers and booleans are stored as strings. */
export function metadata(limits: MetadataLimits): Check<Record<string, string>> {
  return (value, path, problems) => {
    if (!isObject(value)) {
      problems.push(`${path} must be an object`);
      return {};
    }
    const pairs: [string, string][] = [];
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'string') pairs.push([key, member]);
      else if (typeof member === 'number' || typeof member === 'boolean') pairs.push([key, String(member)]);
      else problems.push(`${path}.${key} must be a string`);
    }
    const strings = Object.fromEntries(pairs);
    const problem = metadataProblem(strings, limits);
    if (problem !== undefined) problems.push(`${path} ${problem}`);
    return strings;
  };
}

/** What is wrong with the size of a metadata object, if anything. */
export function metadataProblem(value: Record<string, string>, limits: MetadataLimits): string | undefined {
  const entries = Object.entries(value);
  if (entries.length > limits.pairs) return `must have at most ${limits.pairs} pairs`;
  let total = 0;
  for (const [key, member] of entries) {
    const keyBytes = Buffer.byteLength(key);
    const valueBytes = Buffer.byteLength(String(member));
    if (keyBytes > limits.key) return `keys must be at most ${limits.key} bytes`;
    if (valueBytes > limits.value) return `values must be at most ${limits.value} bytes`;
    total += keyBytes + valueBytes;
  }
  return total > limits.total ? `must be at most ${limits.total} bytes in total` : undefined;
}

/** A metadata filter: strings that must match exactly. */
export const metadataFilter: Check<Record<string, string>> = (value, path, problems) => {
  if (!isObject(value) || Object.values(value).some((member) => typeof member !== 'string')) {
    problems.push(`${path} must be an object of strings`);
    return {};
  }
  return value as Record<string, string>;
};

export const labelReference: Check<LabelReference> = ((): Check<LabelReference> => {
  const plain = object({ externalId: { needed: text({ min: 1, max: 255 }) } });
  // A bare string stands for the label in a few client versions.
  return (value, path, problems) => plain(typeof value === 'string' ? { externalId: value } : value, path, problems);
})();
export const labels: Check<LabelReference[]> = array(labelReference, { max: 10 });

export const labelFilter: Check<LabelFilter> = where(
  object({
    containsAny: array(labelReference, { min: 1, max: 10 }),
    containsAll: array(labelReference, { min: 1, max: 10 }),
  }),
  (value) =>
    (value.containsAny === undefined) === (value.containsAll === undefined)
      ? 'must have exactly one of containsAny, containsAll'
      : undefined,
);

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
  const known = isObject(value) && Object.keys(value).every((name) => name === 'type' || name === 'coordinates');
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

const feature = object({
  type: { needed: oneOf('Feature') },
  geometry: { needed: geometry },
  properties: ((value, path, problems) => {
    if (!isObject(value)) problems.push(`${path} must be an object`);
    return value as Record<string, unknown>;
  }) as Check<Record<string, unknown>>,
});
export const geoLocation: Check<GeoLocation> = feature as Check<GeoLocation>;

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
