import type { NodeReference } from './definition.js';
import type { IsList, KindOf, PropertiesOf, StoredKey, TargetOf, ValueOf } from './types.js';

// Conditions and orders of queries, by the view. Nothing here exists at run time.

/** A value of a graph query that is given when it runs: `param('now')`. */
export interface Parameter {
  readonly parameter: string;
}

type OrParameter<T> = T | Parameter;
type FilterElement<X> = KindOf<X> extends 'timestamp' ? Date | number | string : ValueOf<X>;

interface Presence {
  /** Has a value, or has no value. `null` in place of an operator means `exists: false`. */
  readonly exists?: boolean | undefined;
}
interface Equality<T> extends Presence {
  /** Equals one of these. */
  readonly in?: readonly OrParameter<T>[] | undefined;
}
interface Order<T> extends Equality<T> {
  /** Greater than, later than. */
  readonly gt?: OrParameter<T> | undefined;
  /** At least, not before. */
  readonly gte?: OrParameter<T> | undefined;
  /** Less than, before. */
  readonly lt?: OrParameter<T> | undefined;
  /** At most, not after. */
  readonly lte?: OrParameter<T> | undefined;
}
interface TextOperators extends Order<string> {
  /** Begins with this string. */
  readonly prefix?: OrParameter<string> | undefined;
}
interface ListOperators<T> extends Presence {
  /** Has at least one of these elements. */
  readonly containsAny?: readonly OrParameter<T>[] | undefined;
  /** Has all of these elements. */
  readonly containsAll?: readonly OrParameter<T>[] | undefined;
  /** Begins with these elements. */
  readonly prefix?: readonly OrParameter<T>[] | undefined;
}

type SingleOperators<X> =
  KindOf<X> extends 'text' | 'classic'
    ? TextOperators
    : KindOf<X> extends 'int' | 'float' | 'bigint' | 'timestamp' | 'date'
      ? Order<FilterElement<X>>
      : KindOf<X> extends 'json'
        ? Presence
        : Equality<FilterElement<X>>;

/** The values that a property may be compared with: a value means equals, `null` means missing. */
type Condition<X> =
  | null
  | (IsList<X> extends true
      ? readonly FilterElement<X>[] | ListOperators<FilterElement<X>>
      : KindOf<X> extends 'json'
        ? SingleOperators<X>
        : OrParameter<FilterElement<X>> | SingleOperators<X>)
  | (KindOf<X> extends 'ref' ? (IsList<X> extends true ? never : Where<TargetOf<X>>) : never);

/** Conditions on the members of every edge. */
interface EdgeConditions {
  readonly startNode?: OrParameter<NodeReference> | Equality<NodeReference> | undefined;
  readonly endNode?: OrParameter<NodeReference> | Equality<NodeReference> | undefined;
  readonly type?: OrParameter<NodeReference> | Equality<NodeReference> | undefined;
}

interface NodeConditions {
  readonly space?: OrParameter<string> | TextOperators | undefined;
  readonly externalId?: OrParameter<string> | TextOperators | undefined;
  readonly createdTime?: Date | number | Order<Date | number> | undefined;
  readonly lastUpdatedTime?: Date | number | Order<Date | number> | undefined;
}

/**
 * Which nodes: everything in it must hold. A condition that is `undefined` is left out; where all of
 * an alternative or a negation are, it is a `ConfigError`. `not` drops what has no value in the
 * negated property on some servers: say `{ or: [{ not: … }, { name: null }] }` to keep it.
 */
export type Where<V> = {
  readonly [K in StoredKey<PropertiesOf<V>>]?: Condition<PropertiesOf<V>[K]> | undefined;
} & Omit<NodeConditions, keyof PropertiesOf<V>> & {
    /** All of these hold. */
    readonly and?: readonly Where<V>[] | undefined;
    /** At least one of these holds. */
    readonly or?: readonly Where<V>[] | undefined;
    /** This does not hold. */
    readonly not?: Where<V> | undefined;
  };

/** Which edges: as `Where`, and by their ends and type. */
export type WhereEdge<V> = Omit<Where<V>, 'and' | 'or' | 'not' | keyof EdgeConditions> &
  EdgeConditions & {
    readonly and?: readonly WhereEdge<V>[] | undefined;
    readonly or?: readonly WhereEdge<V>[] | undefined;
    readonly not?: WhereEdge<V> | undefined;
  };

/** A direction, and where nodes without a value come. @default last */
export type SortDirection =
  | 'asc'
  | 'desc'
  | { readonly direction: 'asc' | 'desc'; readonly nulls?: 'first' | 'last' | undefined };

type SortableKey<P> = {
  [K in StoredKey<P>]: IsList<P[K]> extends true ? never : KindOf<P[K]> extends 'json' ? never : K;
}[StoredKey<P>];

/** Up to five properties, the first decides first. */
export type OrderBy<V> = {
  readonly [K in
    | SortableKey<PropertiesOf<V>>
    | 'space'
    | 'externalId'
    | 'createdTime'
    | 'lastUpdatedTime']?: SortDirection | undefined;
};
