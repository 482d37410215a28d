import type { NodeReference, PropertyKind, Times } from './definition.js';
import type { Property } from './property.js';

// How types follow from a view. Nothing here exists at run time.

export type { Times };

/** Shows a type's members instead of how it was made. */
export type Flat<T> = { [K in keyof T]: T[K] } & {};

type KindOf<X> =
  X extends Property<infer Kind, infer _Value, infer _Flag, infer _Target, infer _Edge>
    ? Kind
    : never;
type FlagOf<X> =
  X extends Property<infer _Kind, infer _Value, infer Flag, infer _Target, infer _Edge>
    ? Flag
    : never;
type ValueOf<X> =
  X extends Property<infer _Kind, infer Value, infer _Flag, infer _Target, infer _Edge>
    ? Value
    : never;
/** The view on the other side of a relation. */
export type TargetOf<X> =
  X extends Property<infer _K, infer _V, infer _F, infer Target, infer _E> ? Target : never;
export type EdgeViewOf<X> =
  X extends Property<infer _K, infer _V, infer _F, infer _T, infer Edge> ? Edge : never;

/** Names of the properties that a node holds itself: not reverse relations, not edges. */
export type StoredKey<P> = {
  [K in keyof P]: KindOf<P[K]> extends 'reverse' | 'edges' ? never : K;
}[keyof P];
/** Names of the relations that `with` can follow. */
export type RelationKey<P> = {
  [K in keyof P]: KindOf<P[K]> extends 'ref' | 'reverse' | 'edges' ? K : never;
}[keyof P];
type KeyOfKind<P, Kind extends PropertyKind> = {
  [K in keyof P]: KindOf<P[K]> extends Kind ? K : never;
}[keyof P];
type NullableKey<P> = { [K in keyof P]: 'nullable' extends FlagOf<P[K]> ? K : never }[keyof P];
type OmittableKey<P> = {
  [K in keyof P]: FlagOf<P[K]> & ('nullable' | 'default') extends never ? never : K;
}[keyof P];

type Element<X, T extends Times> =
  KindOf<X> extends 'timestamp' ? (T extends 'epoch' ? number : Date) : ValueOf<X>;
type IsList<X> = 'list' extends FlagOf<X> ? true : false;
type Stored<X, T extends Times> = IsList<X> extends true ? readonly Element<X, T>[] : Element<X, T>;

/** The members of every node. */
export interface NodeFields extends NodeReference {
  /** 1 when it is made, one more with each change. */
  readonly version: number;
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
}

/** The members of every edge. */
export interface EdgeFields extends NodeFields {
  readonly type: NodeReference;
  readonly startNode: NodeReference;
  readonly endNode: NodeReference;
}

type ReadProperties<P, T extends Times> = {
  readonly [K in StoredKey<P> as K extends NullableKey<P> ? never : K]: Stored<P[K], T>;
} & {
  readonly [K in StoredKey<P> as K extends NullableKey<P> ? K : never]: Stored<P[K], T> | undefined;
};

type PropertiesOf<V> = V extends { readonly properties: infer P } ? P : never;

/**
 * A node as it is read through a view. A property of the view comes before a member of every node
 * of that name.
 */
export type Read<V, T extends Times = 'date'> = Flat<
  Omit<NodeFields, keyof PropertiesOf<V>> & ReadProperties<PropertiesOf<V>, T>
>;

/** An edge as it is read through a view of its properties. */
export type ReadEdge<V, T extends Times = 'date'> = Flat<
  EdgeFields & ReadProperties<PropertiesOf<V>, T>
>;

/** Values as they are written: a time in every form that is read. */
type Written<X> =
  KindOf<X> extends 'timestamp'
    ? IsList<X> extends true
      ? readonly (Date | number | string)[]
      : Date | number | string
    : Stored<X, 'date'>;

type WriteProperties<P> = {
  readonly [K in StoredKey<P> as K extends OmittableKey<P> ? never : K]: Written<P[K]>;
} & {
  readonly [K in StoredKey<P> as K extends OmittableKey<P> ? K : never]?:
    | Written<P[K]>
    | (K extends NullableKey<P> ? null : never)
    | undefined;
};

/** A name whose space may be left out where there is a default one. */
export type NameIn<DefaultSpace extends boolean> = DefaultSpace extends true
  ? { readonly space?: string | undefined; readonly externalId: string }
  : NodeReference;

/** The version that was read, for `checkVersions`; else it is not looked at. */
type VersionIn<P> = 'version' extends keyof P ? unknown : { readonly version?: number | undefined };

/**
 * A node as it is written through a view. `null` clears a property, one that is left out stays what
 * it is.
 */
export type Write<V, DefaultSpace extends boolean = false> = Flat<
  NameIn<DefaultSpace> & VersionIn<PropertiesOf<V>> & WriteProperties<PropertiesOf<V>>
>;

/** Changes of a node that exists. */
export type Change<V, DefaultSpace extends boolean = false> = Flat<
  NameIn<DefaultSpace> & VersionIn<PropertiesOf<V>> & Partial<WriteProperties<PropertiesOf<V>>>
>;

/** Changes of an edge that exists. Its ends and type stay what they are. */
export type ChangeEdge<V, DefaultSpace extends boolean = false> = Change<V, DefaultSpace>;

/** An edge as it is written. */
export type WriteEdge<V, DefaultSpace extends boolean = false> = Flat<
  NameIn<DefaultSpace> & {
    readonly type: NodeReference;
    readonly startNode: NodeReference;
    readonly endNode: NodeReference;
  } & VersionIn<PropertiesOf<V>> &
    WriteProperties<PropertiesOf<V>>
>;

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
  readonly in?: readonly OrParameter<T>[] | undefined;
}
interface Order<T> extends Equality<T> {
  readonly gt?: OrParameter<T> | undefined;
  readonly gte?: OrParameter<T> | undefined;
  readonly lt?: OrParameter<T> | undefined;
  readonly lte?: OrParameter<T> | undefined;
}
interface TextOperators extends Order<string> {
  readonly prefix?: OrParameter<string> | undefined;
}
interface ListOperators<T> extends Presence {
  readonly containsAny?: readonly OrParameter<T>[] | undefined;
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
 * Which nodes: everything in it must hold. `not` drops what has no value in the negated property on
 * some servers: say `{ or: [{ not: … }, { name: null }] }` to keep it.
 */
export type Where<V> = {
  readonly [K in StoredKey<PropertiesOf<V>>]?: Condition<PropertiesOf<V>[K]> | undefined;
} & Omit<NodeConditions, keyof PropertiesOf<V>> & {
    readonly and?: readonly Where<V>[] | undefined;
    readonly or?: readonly Where<V>[] | undefined;
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

/** Relations to read along, by name; of each, what of the nodes on the other side. */
export type With<V> = {
  readonly [K in RelationKey<PropertiesOf<V>>]?:
    | true
    | WithOptions<TargetOf<PropertiesOf<V>[K]>>
    | undefined;
};

/** The options of reading along the nodes on the other side of a relation. */
export interface WithOptions<V> {
  readonly with?: With<V> | undefined;
  readonly where?: Where<V> | undefined;
  /**
   * @default the order of the relation. If a page has more than 10,000 edges, each 10,000 are in
   * this order.
   */
  readonly orderBy?: OrderBy<V> | undefined;
  /** Most nodes for each node on this side. @default all of them */
  readonly limit?: number | undefined;
}

/**
 * `With<V>` for a given value, at every depth: an unknown member is an error at its place, where an
 * optional member would let it pass.
 */
export type CheckedWith<V, W> = {
  readonly [K in keyof W]: K extends RelationKey<PropertiesOf<V>>
    ? CheckedOptions<TargetOf<PropertiesOf<V>[K]>, W[K]>
    : never;
};

type CheckedOptions<V, O> = O extends true | undefined
  ? O
  : O extends object
    ? {
        readonly [K in keyof O]: K extends 'with'
          ? CheckedWith<V, O[K]>
          : K extends keyof WithOptions<V>
            ? Exact<WithOptions<V>[K], O[K]>
            : never;
      }
    : true;

type Primitive = string | number | bigint | boolean | null | undefined;
type KeyIn<E> = E extends object ? keyof E : never;
type MemberIn<E, K> = E extends object ? (K extends keyof E ? E[K] : never) : never;

/** What is expected of a value that was given, without members that are unknown. */
type Exact<Expected, Given> = Given extends Primitive
  ? Extract<Expected, Primitive>
  : Given extends Date
    ? Expected
    : Given extends readonly unknown[]
      ? { readonly [K in keyof Given]: Exact<MemberIn<Expected, number>, Given[K]> }
      : {
          readonly [K in keyof Given]: K extends KeyIn<Expected>
            ? Exact<MemberIn<Expected, K>, Given[K]>
            : never;
        };

type Inner<W> = W extends { readonly with: infer Nested } ? Nested : Record<never, never>;

type JoinedEdge<X, T extends Times> = [EdgeViewOf<X>] extends [never]
  ? unknown
  : unknown extends EdgeViewOf<X>
    ? unknown
    : { readonly edge: ReadEdge<EdgeViewOf<X>, T> };

type Joined<X, W, T extends Times> =
  IsList<X> extends true
    ? readonly (Found<TargetOf<X>, Inner<W>, T> & JoinedEdge<X, T>)[]
    : Found<TargetOf<X>, Inner<W>, T> | undefined;

/** A node as `find` gives it: relations that were read along are the nodes themselves. */
export type Found<V, W, T extends Times = 'date'> = Flat<
  Omit<Read<V, T>, keyof W> & {
    readonly [K in keyof W & keyof PropertiesOf<V>]: Joined<PropertiesOf<V>[K], W[K], T>;
  }
>;

/** Names that `groupBy` takes: not enums, JSON, times or days, which the API refuses. */
export type GroupKey<V> =
  | KeyOfKind<
      PropertiesOf<V>,
      'text' | 'int' | 'bigint' | 'float' | 'bool' | 'node' | 'ref' | 'timeSeries' | 'file'
    >
  | 'externalId';
/** Names of numbers. */
export type NumberKey<V> = {
  [K in keyof PropertiesOf<V>]: KindOf<PropertiesOf<V>[K]> extends 'int' | 'float' | 'bigint'
    ? IsList<PropertiesOf<V>[K]> extends true
      ? never
      : K
    : never;
}[keyof PropertiesOf<V>];
/** The type of a number: `bigint` for int64. */
export type NumberOf<V, Key> = Key extends keyof PropertiesOf<V>
  ? ValueOf<PropertiesOf<V>[Key]> & (number | bigint)
  : number;
/** Names of text properties, which `search` looks at. */
export type TextKey<V> = KeyOfKind<PropertiesOf<V>, 'text'>;

/** One group of an aggregation: of a list, each element. */
export type Group<V, Key> = {
  readonly [K in Key & (keyof PropertiesOf<V> | 'externalId')]: K extends keyof PropertiesOf<V>
    ? ValueOf<PropertiesOf<V>[K]> | undefined
    : string;
};
