import type { GeoLocation, LabelFilter, LabelReference } from '../model/common.js';
import { geometry } from '../validation/common.js';
import { array, type Check, isObject, object, oneOf, text, where } from '../validation/schema.js';

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

/**
 * An object of strings within the limits of its resource; numbers and booleans are stored as
 * strings.
 */
export function metadata(limits: MetadataLimits): Check<Record<string, string>> {
  return (value, path, problems) => {
    if (!isObject(value)) {
      problems.push(`${path} must be an object`);
      return {};
    }
    const pairs: [string, string][] = [];
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'string') pairs.push([key, member]);
      else if (typeof member === 'number' || typeof member === 'boolean')
        pairs.push([key, String(member)]);
      else problems.push(`${path}.${key} must be a string`);
    }
    const strings = Object.fromEntries(pairs);
    const problem = metadataProblem(strings, limits);
    if (problem !== undefined) problems.push(`${path} ${problem}`);
    return strings;
  };
}

/** The fault in the size of a metadata object, if any. */
export function metadataProblem(
  value: Record<string, string>,
  limits: MetadataLimits,
): string | undefined {
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
  return (value, path, problems) =>
    plain(typeof value === 'string' ? { externalId: value } : value, path, problems);
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

const feature = object({
  type: { needed: oneOf('Feature') },
  geometry: { needed: geometry },
  properties: ((value, path, problems) => {
    if (!isObject(value)) problems.push(`${path} must be an object`);
    return value as Record<string, unknown>;
  }) as Check<Record<string, unknown>>,
});
export const geoLocation: Check<GeoLocation> = feature as Check<GeoLocation>;
