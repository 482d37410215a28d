import type { Identified } from '../values/identifiers.js';

/**
 * How a field takes an update: a `required` one is never cleared, a `nullable` one is; a `time` is
 * nullable, may be given in any form and is sent as epoch milliseconds; lists, metadata and labels
 * may be added to.
 */
export type FieldKind = 'required' | 'nullable' | 'time' | 'list' | 'metadata' | 'labels';

/** The fields of a resource that the API can update, by name. */
export type UpdatableFields = Readonly<Record<string, FieldKind | undefined>>;

/** The methods whose options a resource may extend. */
export type ExtensibleMethod = 'list' | 'retrieve' | 'delete';

/** The public methods of `ResourceApi`. */
export type ResourceMethod =
  | 'list'
  | 'listByAssets'
  | 'retrieve'
  | 'retrieveMultiple'
  | 'search'
  | 'create'
  | 'update'
  | 'upsert'
  | 'delete';

/** The definition of a resource of CDF: one value per resource. */
export interface ResourceDefinition<T extends Identified> {
  /** `/assets` */
  readonly path: string;
  /** For messages: `assets`. */
  readonly noun: string;
  readonly fields: { readonly [Field in keyof T]?: FieldKind };
  /**
   * The fields that CDF sets, besides `id`, `createdTime` and `lastUpdatedTime`. An item that was
   * read can be created again: they are left out.
   */
  readonly readOnly?: readonly string[];
  /** Fields that a read may leave out. An object without one cannot replace that of CDF. */
  readonly leftOut?: readonly string[];
  /** The windows of time in a filter, besides `createdTime` and `lastUpdatedTime`. */
  readonly windows?: readonly string[];
  /**
   * The order that the endpoint documents, where it takes partitions. Only an item and itself are
   * equal in it.
   */
  readonly order?: (left: T, right: T) => number;
  /** True if items have a parent, by `parentId` and `parentExternalId`. */
  readonly hasParents?: boolean;
  /** Assets that one filter may name. */
  readonly assets?: number;
  /** Options of methods, besides those that every resource takes. */
  readonly options?: Readonly<Partial<Record<ExtensibleMethod, readonly string[]>>>;
  /** True if `aggregate` only counts. */
  readonly countsOnly?: boolean;
  /** The methods that the API of the resource does not have. */
  readonly without?: readonly ResourceMethod[];
}

/** The objects made from items that were read. */
export interface ResourceObjects<T extends Identified, L extends T[]> {
  /** Gives an item its methods. */
  adopt(item: T): T;
  toList(items: T[]): L;
}

/** By id. */
export function byId(left: Identified, right: Identified): number {
  return left.id - right.id;
}

/** In the order of creation; items created at the same time are ordered by id. */
export function byCreatedTime(
  left: Identified & { readonly createdTime: number },
  right: Identified & { readonly createdTime: number },
): number {
  return left.createdTime - right.createdTime || left.id - right.id;
}
