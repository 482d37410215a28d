import type {
  EdgeViewOf,
  Flat,
  IsList,
  NodeFields,
  PropertiesOf,
  Read,
  ReadEdge,
  RelationKey,
  StoredKey,
  TargetOf,
  Times,
} from './types.js';
import type { OrderBy, Where } from './where-types.js';

// What `find` reads along with nodes, by the view. Nothing here exists at run time.

/** Relations to read along, by name; of each, what of the nodes on the other side. */
export type With<V> = {
  readonly [K in RelationKey<PropertiesOf<V>>]?:
    | true
    | WithOptions<TargetOf<PropertiesOf<V>[K]>>
    | undefined;
};

/** The options of reading along the nodes on the other side of a relation. */
export interface WithOptions<V> {
  /** The properties to read of the nodes on the other side. @default all of them */
  readonly pick?: readonly (StoredKey<PropertiesOf<V>> & string)[] | undefined;
  /** Relations of the nodes on the other side, which are read along in their turn. */
  readonly with?: With<V> | undefined;
  /** Conditions on the nodes on the other side; nodes on this side stay without those. */
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
    : Unknown<K, 'is no relation of this view'>;
};

declare const reason: unique symbol;
/** Says in the compiler's error what `never` would not: no value has this type. */
type Unknown<Name, Reason> = { readonly [reason]: [Name, Reason] };
/** The same of a value: the values that would be right. */
type Expected<Right> = { readonly [reason]: Right };

type CheckedOptions<V, O> = O extends true | undefined
  ? O
  : O extends object
    ? {
        readonly [K in keyof O]: K extends 'with'
          ? CheckedWith<V, O[K]>
          : K extends keyof WithOptions<V>
            ? Exact<WithOptions<V>[K], O[K]>
            : Unknown<K, 'known are pick, with, where, orderBy and limit'>;
      }
    : Expected<'true, or options'>;

type Primitive = string | number | bigint | boolean | null | undefined;
type KeyIn<E> = E extends object ? keyof E : never;
type MemberIn<E, K> = E extends object ? (K extends keyof E ? E[K] : never) : never;

/** What is expected of a value that was given, without members that are unknown. */
type Exact<Allowed, Given> = Given extends Primitive
  ? Given extends Allowed
    ? Extract<Allowed, Primitive>
    : Expected<Extract<Allowed, Primitive>>
  : Given extends Date
    ? Allowed
    : Given extends readonly unknown[]
      ? { readonly [K in keyof Given]: Exact<MemberIn<Allowed, number>, Given[K]> }
      : {
          readonly [K in keyof Given]: K extends KeyIn<Allowed>
            ? Exact<MemberIn<Allowed, K>, Given[K]>
            : Unknown<K, 'is unknown here'>;
        };

/** The keys of every member of a union. */
export type KeyOf<W> = W extends unknown ? keyof W : never;
/** A member of an object, which may lack it: `undefined` then, and where there is no object. */
export type MemberOf<W, K> = W extends unknown ? (K extends keyof W ? W[K] : undefined) : never;

/** What comes along with a node behind an edge. */
type BesideEdge<N, X, T extends Times> = [EdgeViewOf<X>] extends [never]
  ? N
  : unknown extends EdgeViewOf<X>
    ? N
    : Flat<Omit<N, 'edge'> & { readonly edge: ReadEdge<EdgeViewOf<X>, T> }>;

/** Names that are in a list of names; all of them where it is left out. */
type Named<All, List> = List extends undefined
  ? All
  : List extends readonly (infer Name)[]
    ? Name & All
    : All;
/** Names that a list may lack: of an array of unknown length, each. */
type Lacking<All, List> = List extends undefined
  ? never
  : List extends readonly unknown[]
    ? number extends List['length']
      ? All
      : Exclude<All, { readonly [I in keyof List]: Only<List[I]> }[number]>
    : never;
/** A name; nothing where it is one of several, as is known at run time. */
type Only<Name, One = Name> = One extends unknown ? ([Name] extends [One] ? Name : never) : never;

/** The names that are picked in any case. */
export type PickOf<V, List> = Exclude<
  Named<StoredKey<PropertiesOf<V>>, List>,
  Lacking<StoredKey<PropertiesOf<V>>, List>
>;
/** The names that are picked or not, as is known at run time. */
export type MaybeOf<V, List> = Named<StoredKey<PropertiesOf<V>>, List> &
  Lacking<StoredKey<PropertiesOf<V>>, List>;

/** A node on the other side, by the options of reading it along. */
type Other<X, O, T extends Times> = BesideEdge<
  Found<
    TargetOf<X>,
    MemberOf<O, 'with'>,
    T,
    PickOf<TargetOf<X>, MemberOf<O, 'pick'>>,
    MaybeOf<TargetOf<X>, MemberOf<O, 'pick'>>
  >,
  X,
  T
>;

/** @typeParam Bare what is there when the relation is not read along */
type Joined<X, O, T extends Times, Bare> = O extends undefined
  ? Bare
  : IsList<X> extends true
    ? readonly Other<X, O, T>[]
    : Other<X, O, T> | undefined;

/** A node of which some properties were read. */
type Picked<V, T extends Times, P, M> = [StoredKey<PropertiesOf<V>>] extends [P]
  ? Read<V, T>
  : Omit<NodeFields, keyof PropertiesOf<V>> &
      Pick<Read<V, T>, P & keyof Read<V, T>> &
      Partial<Pick<Read<V, T>, M & keyof Read<V, T>>>;

/**
 * A node as `find` gives it: relations that were read along are the nodes themselves.
 *
 * @typeParam W the relations; one that may be `undefined` is read along, or is what it is without
 * @typeParam P names of the properties that were picked
 * @typeParam M names of those that may have been picked
 */
export type Found<V, W, T extends Times = 'date', P = StoredKey<PropertiesOf<V>>, M = never> = Flat<
  Omit<Picked<V, T, P, M>, KeyOf<W>> & {
    readonly [K in KeyOf<W> & keyof PropertiesOf<V>]: Joined<
      PropertiesOf<V>[K],
      MemberOf<W, K>,
      T,
      MemberOf<Picked<V, T, P, M>, K>
    >;
  }
>;

/**
 * Infers a query beside its parts, which do not say whether they may be left out; it allows all.
 * Compilers infer from both branches of a condition, and check only the one that applies.
 */
export type Given<Q> = [Q] extends [never] ? Q : unknown;
