import type { Item } from '../model/common.js';

/** The reference to a container, as requests and answers write it. */
export interface ContainerReference {
  readonly type: 'container';
  readonly space: string;
  readonly externalId: string;
}

/** The reference to one version of a view. */
export interface ViewReference {
  readonly type: 'view';
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
}

export type SourceReference = ContainerReference | ViewReference;

/** The key of a node or an edge. */
export interface InstanceKey {
  readonly space: string;
  readonly externalId: string;
}

export type UsedFor = 'node' | 'edge' | 'all' | 'record';

export type ScalarKind =
  | 'text'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'timestamp'
  | 'date'
  | 'json'
  | 'timeseries'
  | 'file'
  | 'sequence'
  | 'direct'
  | 'enum';

/** The type of a property as it is stored and sent. */
export interface PropertyType {
  readonly type: ScalarKind;
  readonly list?: boolean | undefined;
  readonly maxListSize?: number | undefined;
  readonly maxTextSize?: number | undefined;
  readonly collation?: string | undefined;
  readonly unit?:
    | { readonly externalId: string; readonly sourceUnit?: string | undefined }
    | undefined;
  /** For a direct relation: the container in which the target must have data. */
  readonly container?: ContainerReference | undefined;
  /** For a direct relation in a view: the view that reads the target. */
  readonly source?: ViewReference | undefined;
  readonly values?:
    | Readonly<Record<string, { readonly name?: string; readonly description?: string }>>
    | undefined;
  readonly unknownValue?: string | undefined;
}

/** A property of a container. */
export interface ContainerProperty {
  readonly type: PropertyType;
  readonly nullable: boolean;
  readonly immutable: boolean;
  readonly autoIncrement: boolean;
  readonly defaultValue?: unknown;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Some stored rows have no value, although they need one by now. */
  readonly isBroken?: true | undefined;
}

export type Constraint =
  | {
      readonly constraintType: 'uniqueness';
      readonly properties: readonly string[];
      readonly bySpace: boolean;
      /** Old data breaks it; only new writes obey. */
      readonly state?: 'failed' | undefined;
    }
  | {
      readonly constraintType: 'requires';
      readonly require: ContainerReference;
      readonly state?: 'failed' | undefined;
    };

export type Index =
  | {
      readonly indexType: 'btree';
      readonly properties: readonly string[];
      readonly cursorable: boolean;
      readonly bySpace: boolean;
    }
  | { readonly indexType: 'inverted'; readonly properties: readonly string[] };

interface Described {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export interface Space extends Described {
  readonly space: string;
}

export interface Container extends Described {
  readonly space: string;
  readonly externalId: string;
  readonly usedFor: UsedFor;
  readonly properties: Readonly<Record<string, ContainerProperty>>;
  readonly constraints: Readonly<Record<string, Constraint>>;
  readonly indexes: Readonly<Record<string, Index>>;
}

/** A view property that shows a property of a container. */
export interface MappedProperty extends Described {
  readonly container: ContainerReference;
  readonly containerPropertyIdentifier: string;
  readonly source?: ViewReference | undefined;
}

export interface EdgeConnection extends Described {
  readonly connectionType: 'single_edge_connection' | 'multi_edge_connection';
  readonly type: InstanceKey;
  readonly source: ViewReference;
  readonly edgeSource?: ViewReference | undefined;
  readonly direction: 'outwards' | 'inwards';
}

export interface ReverseRelation extends Described {
  readonly connectionType: 'single_reverse_direct_relation' | 'multi_reverse_direct_relation';
  readonly source: ViewReference;
  readonly through: { readonly source: SourceReference; readonly identifier: string };
}

export type ViewProperty = MappedProperty | EdgeConnection | ReverseRelation;

export interface View extends Described {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
  readonly filter?: unknown;
  readonly implements: readonly ViewReference[];
  /** The properties of its own; inherited ones are found when it is read. */
  readonly properties: Readonly<Record<string, ViewProperty>>;
}

export interface DataModel extends Described {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
  readonly views: readonly ViewReference[];
}

/**
 * A part of the schema as it is stored. `code` names a container in stored rows: a recreated
 * container gets a new code.
 */
export interface Stored<T> extends Item {
  /** The key by which it is found, see `keys.ts`. */
  readonly externalId: string;
  readonly body: T;
  readonly isGlobal: boolean;
  readonly code?: string | undefined;
}
