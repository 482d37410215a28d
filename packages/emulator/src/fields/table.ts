import type { Predicate } from '../filters/conditions.js';
import type { Property } from '../filters/properties.js';
import type { Check, Needed } from '../validation/schema.js';
import type { Lookup } from './lookup.js';
import type { PatchField } from './patch.js';

/** How the text of a query parameter is read. */
export type ParameterKind = 'text' | 'number' | 'boolean' | 'json' | 'ids' | 'externalIds';

/**
 * Where a query parameter goes in the filter of the equivalent list request, and how its text is
 * read.
 */
export interface QueryParameter {
  readonly as: ParameterKind;
  readonly to: string;
}

/** The members of a simple filter that one field gives. */
export interface FilterPart<T> {
  readonly members: Readonly<Record<string, Check<unknown>>>;
  readonly parameters: Readonly<Record<string, QueryParameter>>;
  readonly condition: (filter: Readonly<Record<string, unknown>>, lookup: Lookup) => Predicate<T>;
  /** Ids among which are all that the condition lets through, where an index knows them. */
  readonly candidates?: (
    filter: Readonly<Record<string, unknown>>,
    lookup: Lookup,
  ) => Iterable<number> | undefined;
}

/** The uses of a field in advanced filters, sorting and aggregates. */
export interface FieldProperty<T> {
  readonly kind: Property<T>['kind'];
  /** The longest text it is compared with. */
  readonly maxLength?: number;
  /** The value of the property, where it is not simply the member of that name. */
  readonly of?: (item: T, lookup: Lookup) => unknown;
  readonly sorts?: boolean;
  readonly aggregates?: boolean;
  /** True if `search` leaves may name it. */
  readonly searches?: boolean;
}

/** The lengths that a search string may have. */
export interface SearchLimits {
  readonly min?: number;
  readonly max: number;
}

/**
 * Everything that the API does with one field of a resource. A field may also stand for a member of
 * filters only.
 */
export interface Field<T> {
  /** In create requests. */
  readonly create?: Check<unknown> | Needed<unknown>;
  /** The default of new items. */
  readonly initial?: unknown;
  /** Taken by create requests and not stored. */
  readonly ignored?: boolean;
  /** True if items leave it out when it is an empty list. */
  readonly dropsEmpty?: boolean;
  /** In update requests. */
  readonly patch?: PatchField;
  /** The resource that its value refers to, which must exist. */
  readonly refersTo?: 'dataSet' | 'asset' | 'label';
  readonly property?: FieldProperty<T>;
  /** True if the older `fields` of aggregates may name it. */
  readonly isOlderAggregate?: boolean;
  readonly search?: SearchLimits;
  readonly filter?: FilterPart<T>;
}

/** One resource. */
export interface Table<T> {
  readonly fields: Readonly<Record<string, Field<T>>>;
  /** The longest part of a property's name. */
  readonly nameLength: number;
  /** The longest text that metadata is compared with. */
  readonly metadataLength: number;
  /** Events compare metadata without regard to case. */
  readonly metadataIgnoresCase?: boolean;
  /** A search in several fields at once; `leaf` when `search` leaves may name it as well. */
  readonly query?: SearchLimits & { readonly of: readonly string[]; readonly leaf?: boolean };
}
