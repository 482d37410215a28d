import type { Value } from '../schema/values.js';

export type InstanceType = 'node' | 'edge';

/** The values of an instance in one container, by the names that they have there. */
export type Row = Readonly<Record<string, Value>>;

/** The changing part of an instance. */
export interface EntryState {
  readonly version: number;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
  readonly deletedTime: number | undefined;
  /** Keys of nodes, see `instanceKey`. */
  readonly type: string | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** The rows of the instance, by the codes of the containers. */
  readonly data: Readonly<Record<string, Row>>;
}

/** A node or an edge. It stays the same object as long as it lives; only the store changes it. */
export interface Entry extends EntryState {
  readonly instanceType: InstanceType;
  readonly space: string;
  readonly externalId: string;
  /** `space:externalId` */
  readonly key: string;
  /** The place of the instance in the order of creation. */
  readonly seq: number;
  /** The number of its last change, by which a sync follows it. */
  readonly change: number;
  /** The text of the last answer in which it was, and for which selection of properties. */
  cached: { readonly selection: object; readonly text: string } | undefined;
}

/** The values of an instance in a container that is named by its code. */
export function rowOf(entry: Pick<EntryState, 'data'>, code: string): Row | undefined {
  return entry.data[code];
}
