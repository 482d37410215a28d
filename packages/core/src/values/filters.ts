/**
 * Where a value lives: `'name'`, or `['metadata', 'key']`. `P` are the properties of the resource.
 */
export type PropertyPath<P extends string = string> =
  | P
  | readonly [P]
  | readonly ['metadata', string];

/**
 * A value that an advanced filter compares with. A date is sent as epoch milliseconds, as CDF has
 * times.
 */
export type FilterValue = string | number | boolean | Date;

/** Bounds of a range: at least one; `gt` or `gte`, `lt` or `lte`. */
export interface RangeBounds {
  readonly gt?: FilterValue | undefined;
  readonly gte?: FilterValue | undefined;
  readonly lt?: FilterValue | undefined;
  readonly lte?: FilterValue | undefined;
}

/**
 * An advanced filter in its wire form, made by the builders below. `P` are the properties of the
 * resource.
 */
export type AdvancedFilter<P extends string = string> =
  | { readonly and: readonly AdvancedFilter<P>[] }
  | { readonly or: readonly AdvancedFilter<P>[] }
  | { readonly not: AdvancedFilter<P> }
  | { readonly equals: PropertyAnd<P, { readonly value: FilterValue }> }
  | { readonly in: PropertyAnd<P, { readonly values: readonly FilterValue[] }> }
  | { readonly range: PropertyAnd<P, RangeBounds> }
  | { readonly prefix: PropertyAnd<P, { readonly value: string }> }
  | { readonly exists: PropertyAnd<P, object> }
  | { readonly containsAny: PropertyAnd<P, { readonly values: readonly FilterValue[] }> }
  | { readonly containsAll: PropertyAnd<P, { readonly values: readonly FilterValue[] }> }
  | { readonly search: PropertyAnd<P, { readonly value: string }> };

type PropertyAnd<P extends string, T> = T & {
  readonly property: readonly [P] | readonly ['metadata', string];
};

/**
 * The property of a path. That of a metadata key is `never`: it fits every resource, and must not
 * be inferred as `string`.
 */
export type PropertyOf<T extends PropertyPath> = T extends string
  ? T
  : T extends readonly [infer P extends string]
    ? P
    : never;

function toPath<P extends string>(
  property: PropertyPath,
): readonly [P] | readonly ['metadata', string] {
  return (typeof property === 'string' ? [property] : property) as
    | readonly [P]
    | readonly ['metadata', string];
}

/** All of the filters match. */
export function and<P extends string>(...filters: readonly AdvancedFilter<P>[]): AdvancedFilter<P> {
  return { and: filters };
}

/** Any of the filters matches. */
export function or<P extends string>(...filters: readonly AdvancedFilter<P>[]): AdvancedFilter<P> {
  return { or: filters };
}

/** The filter does not match: also where the property is missing. */
export function not<P extends string>(filter: AdvancedFilter<P>): AdvancedFilter<P> {
  return { not: filter };
}

/** The property has this value. */
export function equals<const T extends PropertyPath>(
  property: T,
  value: FilterValue,
): AdvancedFilter<PropertyOf<T>> {
  return { equals: { property: toPath(property), value } };
}

/**
 * The property has one of these values: at most 100. `in` is a word of the language, hence the
 * name.
 */
export function isIn<const T extends PropertyPath>(
  property: T,
  values: readonly FilterValue[],
): AdvancedFilter<PropertyOf<T>> {
  return { in: { property: toPath(property), values } };
}

/** The property lies within bounds. Works on strings too. */
export function range<const T extends PropertyPath>(
  property: T,
  bounds: RangeBounds,
): AdvancedFilter<PropertyOf<T>> {
  return { range: { property: toPath(property), ...bounds } };
}

/** The text of the property starts with this. */
export function prefix<const T extends PropertyPath>(
  property: T,
  value: string,
): AdvancedFilter<PropertyOf<T>> {
  return { prefix: { property: toPath(property), value } };
}

/** The property has a value. */
export function exists<const T extends PropertyPath>(property: T): AdvancedFilter<PropertyOf<T>> {
  return { exists: { property: toPath(property) } };
}

/** The list has at least one of these values. */
export function containsAny<const T extends PropertyPath>(
  property: T,
  values: readonly FilterValue[],
): AdvancedFilter<PropertyOf<T>> {
  return { containsAny: { property: toPath(property), values } };
}

/** The list has all of these values. */
export function containsAll<const T extends PropertyPath>(
  property: T,
  values: readonly FilterValue[],
): AdvancedFilter<PropertyOf<T>> {
  return { containsAll: { property: toPath(property), values } };
}

/** The text matches, fuzzily; best matches first unless a sort is given. At most two in a query. */
export function search<const T extends PropertyPath>(
  property: T,
  value: string,
): AdvancedFilter<PropertyOf<T>> {
  return { search: { property: toPath(property), value } };
}

/** How to order a list: by one or two properties. */
export interface Sort<P extends string = string> {
  readonly property: PropertyPath<P | '_score_'>;
  /** @default 'asc' */
  readonly order?: 'asc' | 'desc' | undefined;
  /** @default 'auto': missing values count as larger than any other */
  readonly nulls?: 'first' | 'last' | 'auto' | undefined;
}

/** The wire form of a sort, or `undefined` without one. */
export function toWireSort(sort: Sort | readonly Sort[] | undefined): object[] | undefined {
  if (sort === undefined) return undefined;
  const entries = Array.isArray(sort) ? (sort as readonly Sort[]) : [sort as Sort];
  return entries.map(({ property, ...rest }) => ({ property: toPath(property), ...rest }));
}
