import type { NodeReference, PropertyKind, Times } from './definition.js';
import type { Made, Property, WrittenValue } from './property.js';

// How types follow from a view. Nothing here exists at run time.

export type { Times };

/** Shows a type's members instead of how it was made. */
export type Flat<T> = { [K in keyof T]: T[K] } & {};

export type KindOf<X> =
  X extends Property<infer Kind, infer _Value, infer _Flag, infer _Target, infer _Edge>
    ? Kind
    : never;
type FlagOf<X> =
  X extends Property<infer _Kind, infer _Value, infer Flag, infer _Target, infer _Edge>
    ? Flag
    : never;
export type ValueOf<X> =
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
export type KeyOfKind<P, Kind extends PropertyKind> = {
  [K in keyof P]: KindOf<P[K]> extends Kind ? K : never;
}[keyof P];
type NullableKey<P> = { [K in keyof P]: 'nullable' extends FlagOf<P[K]> ? K : never }[keyof P];
type OmittableKey<P> = {
  [K in keyof P]: FlagOf<P[K]> & ('nullable' | 'default') extends never ? never : K;
}[keyof P];

type Element<X, T extends Times> =
  KindOf<X> extends 'timestamp'
    ? T extends 'epoch'
      ? number
      : Date
    : ValueOf<X> extends Made<unknown, infer Value>
      ? Value
      : ValueOf<X>;
export type IsList<X> = 'list' extends FlagOf<X> ? true : false;
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

export type PropertiesOf<V> = V extends { readonly properties: infer P } ? P : never;

/**
 * A node as it is read through a view. A property of the view comes before a member of every node
 * of that name.
 */
export type Read<V, T extends Times = 'date'> = Flat<
  Omit<NodeFields, keyof PropertiesOf<V>> & ReadProperties<PropertiesOf<V>, T>
>;

/**
 * An edge as it is read through a view of its properties, which come before members of every edge.
 */
export type ReadEdge<V, T extends Times = 'date'> = Flat<
  Omit<EdgeFields, keyof PropertiesOf<V>> & ReadProperties<PropertiesOf<V>, T>
>;

/** Values as they are written: a time in every form that is read, an object as its schema takes it. */
type Written<X> = IsList<X> extends true ? readonly WrittenElement<X>[] : WrittenElement<X>;
type WrittenElement<X> =
  KindOf<X> extends 'timestamp' ? Date | number | string : WrittenValue<ValueOf<X>>;

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
 *
 * @typeParam DefaultSpace true for `nodes(client, view, { space })`: items may leave `space` out
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
