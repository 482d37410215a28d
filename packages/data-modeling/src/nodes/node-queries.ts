import type { Group, GroupKey, NumberKey, NumberOf, TextKey } from '../view/aggregate-types.js';
import type { NodeReference } from '../view/definition.js';
import type { OrderBy, Where } from '../view/where-types.js';
import type { CheckedWith, MemberOf, With } from '../view/with-types.js';

// What queries and writes of nodes take and give. Nothing here exists at run time.

/** Which nodes a list has, and in which order. */
export interface NodeQuery<V> {
  /**
   * Conditions, all of which hold: `{ status: 'on', power: { gte: 10 }, area: { name: 'A' } }`.
   * A value means equals, `null` means missing. A condition that is `undefined` is left out: where
   * all are, everything is found. Check values before you delete what a list gives.
   *
   * @default all of them
   */
  readonly where?: Where<V> | undefined;
  /** `{ name: 'asc' }`; the first of several decides first. @default that of creation, roughly */
  readonly orderBy?: OrderBy<V> | undefined;
  /** Most nodes in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}

/** Nodes, and what is read along with them. */
export interface FindQuery<V, W, P> extends NodeQuery<V> {
  /**
   * The properties to read: `['name', 'power']`; relations that are read along need not be named.
   * Picked nodes have the members of every node, these properties, and no methods.
   *
   * @default all of them
   */
  // The empty tuple makes compilers infer tuples, which say that each of their names is there.
  readonly pick?: readonly P[] | readonly [] | undefined;
  /**
   * Relations whose other side is read along:
   * `{ asset: true, orders: { limit: 10, with: { assignee: true } } }`. Lists that are read along
   * are not written: leave them out of a node that is changed and upserted, or write their names.
   */
  // With `W` by itself, compilers before TypeScript 6 infer all of its levels; beside nothing, it
  // makes nothing right that is not.
  readonly with?: (CheckedWith<V, W> & (W | With<V>)) | undefined;
}

/** Words to find, and where. */
export interface SearchQuery<V> {
  /** Properties of text that are looked at. @default all of them */
  readonly properties?: readonly (TextKey<V> & string)[] | undefined;
  /** Conditions besides, as those of `list`. */
  readonly where?: Where<V> | undefined;
  /** @default best matches first */
  readonly orderBy?: OrderBy<V> | undefined;
  /** Finds nodes with all words of the text, or with any of them. @default 'all' */
  readonly words?: 'all' | 'any' | undefined;
  /** @default 25, at most 1,000 */
  readonly limit?: number | undefined;
}

/** Numbers of the nodes that some conditions let through, for each group. */
export interface NodeAggregateQuery<V> {
  /** The nodes that are counted, as `where` of `list`. @default all of them */
  readonly where?: Where<V> | undefined;
  /**
   * Up to five properties; not enums, times or objects, which the API refuses. A list counts in the
   * group of each element.
   *
   * @default one group of all
   */
  readonly groupBy?: readonly (GroupKey<V> & string)[] | undefined;
  /** How many nodes. */
  readonly count?: true | undefined;
  // Their names with `string`: a wrong one is answered by those that there are.
  /** Numbers whose average is taken: a number, also of `p.bigint()`. */
  readonly avg?: readonly (NumberKey<V> & string)[] | undefined;
  /** Numbers whose least is taken. Of `p.bigint()` it is a bigint, as exact as the answer is. */
  readonly min?: readonly (NumberKey<V> & string)[] | undefined;
  /** Numbers whose greatest is taken. Of `p.bigint()` it is a bigint, as exact as the answer is. */
  readonly max?: readonly (NumberKey<V> & string)[] | undefined;
  /** Numbers that are added. Of `p.bigint()` it is a bigint, as exact as the answer is. */
  readonly sum?: readonly (NumberKey<V> & string)[] | undefined;
  /**
   * Most groups, at most 1,000: the others are left out.
   * @default all of them; an error where there may be more than 1,000
   */
  readonly limit?: number | undefined;
}

/** The numbers by name; `undefined` where they may be left out of the query. */
type Numbers<V, List, Name extends string> = [List] extends [undefined]
  ? unknown
  : { readonly [K in Name]: NumbersOf<V, List, Name> };
type NumbersOf<V, List, Name> = List extends readonly (infer Key extends PropertyKey)[]
  ? { readonly [P in Key]: Aggregate<V, P, Name> | undefined }
  : undefined;

/** Of int64 a `bigint`, but for the average. */
type Aggregate<V, Key, Name> = Name extends 'avg' ? number : NumberOf<V, Key>;

/** What groups are by: each member or not, where that is known at run time only. */
type Grouped<V, List> = [List] extends [undefined]
  ? unknown
  : undefined extends List
    ? Partial<Group<V, KeyOf<List>>>
    : number extends MemberOf<List, 'length'>
      ? Partial<Group<V, KeyOf<List>>>
      : Group<V, KeyOf<List>>;
type KeyOf<List> = List extends readonly (infer Key)[] ? Key : never;

type Count<Given> = [Given] extends [undefined]
  ? unknown
  : { readonly count: Given extends true ? number : undefined };

/** One group with its numbers. */
export type Aggregated<V, Q> = Grouped<V, MemberOf<Q, 'groupBy'>> &
  Count<MemberOf<Q, 'count'>> &
  Numbers<V, MemberOf<Q, 'avg'>, 'avg'> &
  Numbers<V, MemberOf<Q, 'min'>, 'min'> &
  Numbers<V, MemberOf<Q, 'max'>, 'max'> &
  Numbers<V, MemberOf<Q, 'sum'>, 'sum'>;

/** How nodes are written. */
export interface UpsertOptions {
  /**
   * Sets properties that an item leaves out back to their defaults. Nodes of `find` are not for
   * this: they leave out a relation to a node without data.
   * @default false: they stay what they are
   */
  readonly replace?: boolean | undefined;
  /**
   * How relations to nodes that do not exist are treated: `autoCreate` makes them, without data;
   * `order` writes those of this call before what refers to them, and refuses the others.
   * @default 'autoCreate'
   */
  readonly dependencies?: 'order' | 'autoCreate' | undefined;
  /**
   * Refuses items that have changed since they were read: each has its `version`, as nodes that
   * were read have it. A `VersionConflictError` names those that were refused. One that was deleted
   * is made again by `upsert`; `update` refuses it.
   * @default false
   */
  readonly checkVersions?: boolean | undefined;
  /**
   * Checks everything here, and asks which nodes exist; with `dependencies: 'order'` also whether
   * those do that items refer to. Writes nothing. Not of async streams. @default false
   */
  readonly dryRun?: boolean | undefined;
}

/**
 * What a write takes. Arrays are named although they are iterable: TypeScript tells the wrong
 * member of an item then, and not how iterators differ.
 */
export type WriteItems<T> = T[] | readonly T[] | Iterable<T> | AsyncIterable<T> | T;

/**
 * The changes since a cursor. Apply `deleted` first, then `upserted`, then save the cursor: what
 * was deleted and made again is in both.
 */
export interface Changes<T> {
  /** What was written. Apply it after `deleted`: what was deleted and made again is in both. */
  readonly upserted: T[];
  /** What was deleted. Apply it before `upserted`: what was deleted and made again is in both. */
  readonly deleted: NodeReference[];
  /** Goes on from here. Save it after the changes. */
  readonly cursor: string;
}

/** Which changes to follow. */
export interface ChangesQuery<V> {
  /**
   * Only changes of nodes that fulfil these conditions once changed. The API does not tell of a
   * node that ceases to fulfil them: to learn of those, leave it out and look at `upserted`.
   */
  readonly where?: Where<V> | undefined;
  /**
   * The cursor of an earlier page of the same query, in which relative times stay what they were.
   *
   * @default everything there is now, then changes
   */
  readonly cursor?: string | undefined;
  /**
   * Waits for further changes until the loop is left, the call's `signal` ends it, or a request
   * fails for good: go on then from the last cursor. @default false: ends when there are no more
   */
  readonly follow?: boolean | undefined;
  /** How long to wait before asking again when nothing came. @unit milliseconds @default 1,000 */
  readonly pauseMs?: number | undefined;
}
