import {
  anyOf,
  equal,
  hasLabels,
  hasPairs,
  inRange,
  type Predicate,
  startsWith,
} from '../filters/conditions.js';
import { type GeoFilter, geoFilter, matchesGeo } from '../filters/geo.js';
import type {
  GeoLocation,
  LabelFilter,
  LabelReference,
  Metadata,
  Reference,
  TimeRange,
} from '../model/common.js';
import { externalIdText, filterId, filterReference, timeRange } from '../validation/common.js';
import { array, type Check } from '../validation/schema.js';
import { labelFilter, metadataFilter } from './checks.js';
import { assetIds, dataSetIds, subtreeIds } from './lookup.js';
import type { FilterPart, ParameterKind, QueryParameter } from './table.js';

type Filter = Readonly<Record<string, unknown>>;

/** True if a filter's members may also be query parameters of the GET listing. */
interface InQuery {
  readonly inQuery?: boolean;
}

/** The member of an item with this name. */
export function memberOf<V>(name: string): (item: object) => V {
  return (item) => (item as Readonly<Record<string, unknown>>)[name] as V;
}

function part<T>(
  member: string,
  check: Check<unknown>,
  as: ParameterKind | false,
  condition: (wanted: Filter[string]) => Predicate<T>,
): FilterPart<T> {
  return {
    members: { [member]: check },
    parameters: as === false ? {} : { [member]: { as, to: member } },
    condition: (filter) => condition(filter[member]),
  };
}

/** The value itself. */
export function equalTo<T extends object>(
  name: string,
  check: Check<unknown>,
  as: ParameterKind | false,
): FilterPart<T> {
  return part(name, check, as, (wanted) => equal(wanted, memberOf(name)));
}

/** A range of times; `minX` and `maxX` in a query. */
export function between<T extends object>(
  name: string,
  { inQuery = true }: InQuery = {},
): FilterPart<T> {
  return {
    ...part<T>(name, timeRange, false, (wanted) =>
      inRange(wanted as TimeRange | undefined, memberOf(name)),
    ),
    parameters: inQuery ? rangeParameters(name) : {},
  };
}

/** `minX` and `maxX` parameters of a time range. */
export function rangeParameters(name: string): Record<string, QueryParameter> {
  const capital = `${(name[0] as string).toUpperCase()}${name.slice(1)}`;
  return {
    [`min${capital}`]: { as: 'number', to: `${name}.min` },
    [`max${capital}`]: { as: 'number', to: `${name}.max` },
  };
}

/** The beginning of a string. */
export function prefixOf<T extends object>(
  name: string,
  { check = externalIdText, inQuery = true }: InQuery & { readonly check?: Check<string> } = {},
): FilterPart<T> {
  return part(`${name}Prefix`, check, inQuery ? 'text' : false, (wanted) =>
    startsWith(wanted as string | undefined, memberOf(name)),
  );
}

/** Pairs of metadata. */
export function pairsOf<T extends object>(
  name: string,
  { inQuery = true }: InQuery = {},
): FilterPart<T> {
  return part(name, metadataFilter, inQuery ? 'json' : false, (wanted) =>
    hasPairs(wanted as Metadata | undefined, memberOf(name)),
  );
}

export function labelled<T extends object>(name: string): FilterPart<T> {
  return part(name, labelFilter, false, (wanted) =>
    hasLabels(
      wanted as LabelFilter | undefined,
      memberOf<readonly LabelReference[] | undefined>(name),
    ),
  );
}

export function located<T extends object>(name: string): FilterPart<T> {
  return part(name, geoFilter, false, (wanted) =>
    matchesGeo(wanted as GeoFilter | undefined, memberOf<GeoLocation | undefined>(name)),
  );
}

/** Data sets by either key. */
export function inDataSets<T extends object>(
  name: string,
  size: { readonly min?: number; readonly max: number },
  { inQuery = true }: InQuery = {},
): FilterPart<T> {
  const member = `${name}s`;
  return {
    members: { [member]: array(filterReference, size) },
    parameters: inQuery ? { [member]: { as: 'ids', to: member } } : {},
    condition: (filter, lookup) =>
      anyOf(dataSetIds(lookup, filter[member] as readonly Reference[] | undefined), memberOf(name)),
  };
}

/** Assets by id, by external id, or both. */
export function onAssets<T extends object>(
  name: string,
  members: {
    readonly ids: string;
    readonly externalIds: string;
    readonly max: number;
  } & InQuery & {
      readonly externalIdsInQuery?: boolean;
    },
): FilterPart<T> {
  const { ids, externalIds, max, inQuery = true, externalIdsInQuery = inQuery } = members;
  return {
    members: {
      [ids]: array(filterId, { min: 1, max }),
      [externalIds]: array(externalIdText, { min: 1, max }),
    },
    parameters: {
      ...(inQuery ? { [ids]: { as: 'json', to: ids } } : {}),
      ...(externalIdsInQuery ? { [externalIds]: { as: 'json', to: externalIds } } : {}),
    },
    condition: (filter, lookup) =>
      anyOf(
        assetIds(
          lookup,
          filter[ids] as readonly number[] | undefined,
          filter[externalIds] as readonly string[] | undefined,
        ),
        memberOf(name),
      ),
  };
}

/** Anything on the assets below some roots. */
export function inSubtrees<T extends object>(
  name: string,
  { inQuery = true }: InQuery = {},
): FilterPart<T> {
  const member = 'assetSubtreeIds';
  return {
    members: { [member]: array(filterReference, { min: 1, max: 100 }) },
    parameters: inQuery
      ? {
          [member]: { as: 'ids', to: member },
          assetSubtreeExternalIds: { as: 'externalIds', to: member },
        }
      : {},
    condition: (filter, lookup) =>
      anyOf(subtreeIds(lookup, filter[member] as readonly Reference[] | undefined), memberOf(name)),
  };
}
