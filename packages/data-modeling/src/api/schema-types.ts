import type { NodeReference, ViewReference } from '../view/definition.js';

// The schema of data modeling as the API writes it. Fields that are not named here are kept.

/** When something was made and changed. */
export interface SchemaTimes {
  /** @unit milliseconds since the epoch */
  readonly createdTime: number;
  /** @unit milliseconds since the epoch */
  readonly lastUpdatedTime: number;
  /** The item belongs to the system, and cannot be written. */
  readonly isGlobal: boolean;
}

/** A space to write: the part of a project in which names are unique. */
export interface SpaceWrite {
  /** 1 to 43 letters, digits, `_` and `-`, a letter first. */
  readonly space: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/** A space as it is read. */
export interface Space extends SpaceWrite, SchemaTimes {}

/** The type of a property of a container. */
export interface ContainerPropertyType {
  /**
   * `text`, `boolean`, `int32`, `int64`, `float32`, `float64`, `timestamp`, `date`, `json`,
   * `direct`, `enum`, …
   */
  readonly type: string;
  readonly list?: boolean | undefined;
  readonly maxListSize?: number | undefined;
  /** @unit bytes */
  readonly maxTextSize?: number | undefined;
  readonly collation?: string | undefined;
  readonly unit?:
    | { readonly externalId: string; readonly sourceUnit?: string | undefined }
    | undefined;
  /** For a relation: the container that the target must have data in. */
  readonly container?: ContainerReference | undefined;
  readonly values?:
    | Readonly<
        Record<
          string,
          { readonly name?: string | undefined; readonly description?: string | undefined }
        >
      >
    | undefined;
  readonly unknownValue?: string | undefined;
}

/** A property of a container. */
export interface ContainerProperty {
  readonly type: ContainerPropertyType;
  /** @default true */
  readonly nullable?: boolean | undefined;
  /** @default false */
  readonly immutable?: boolean | undefined;
  /** @default false */
  readonly autoIncrement?: boolean | undefined;
  readonly defaultValue?: string | number | bigint | boolean | object | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/** A container by its name, as the API writes it. */
export interface ContainerReference {
  readonly type: 'container';
  readonly space: string;
  readonly externalId: string;
}

/** A container to write: where values are stored. */
export interface ContainerWrite {
  readonly space: string;
  readonly externalId: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** @default 'node' */
  readonly usedFor?: 'node' | 'edge' | 'all' | 'record' | undefined;
  readonly properties: Readonly<Record<string, ContainerProperty>>;
  readonly constraints?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  readonly indexes?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

/** A container as it is read. */
export interface Container extends ContainerWrite, SchemaTimes {}

/** A view by its name, as the API writes it. */
export interface ViewSource extends ViewReference {
  readonly type: 'view';
}

/** A property of a view that is stored in a container. */
export interface MappedProperty {
  readonly container: ContainerReference;
  readonly containerPropertyIdentifier: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** For a relation: the view that its target is read as. */
  readonly source?: ViewSource | null | undefined;
}

/** A property of a view that is a connection held by edges, or by the nodes on the other side. */
export interface ConnectionProperty {
  readonly connectionType?:
    | 'multi_edge_connection'
    | 'single_edge_connection'
    | 'single_reverse_direct_relation'
    | 'multi_reverse_direct_relation'
    | undefined;
  readonly type?: NodeReference | undefined;
  readonly source: ViewSource;
  readonly edgeSource?: ViewSource | null | undefined;
  readonly direction?: 'outwards' | 'inwards' | undefined;
  readonly through?:
    | { readonly source: ViewSource | ContainerReference; readonly identifier: string }
    | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/** A property of a view to write. */
export type ViewProperty = MappedProperty | ConnectionProperty;

/** A view to write: how values of containers are read together. */
export interface ViewWrite extends ViewReference {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  readonly implements?: readonly ViewSource[] | undefined;
  readonly properties?: Readonly<Record<string, ViewProperty>> | undefined;
}

/** A property of a view as it is read. */
export type ViewPropertyDefinition = ViewProperty & {
  readonly type?:
    | (Omit<ContainerPropertyType, 'container'> & { readonly source?: ViewSource | undefined })
    | NodeReference;
  readonly nullable?: boolean | undefined;
  readonly immutable?: boolean | undefined;
  readonly autoIncrement?: boolean | undefined;
  readonly defaultValue?: unknown;
  readonly targetsList?: boolean | undefined;
};

/** A view as it is read. */
export interface ViewDefinition extends Omit<ViewWrite, 'properties'>, SchemaTimes {
  readonly implements: readonly ViewSource[];
  readonly properties: Readonly<Record<string, ViewPropertyDefinition>>;
  readonly writable: boolean;
  readonly queryable: boolean;
  readonly usedFor: 'node' | 'edge' | 'all';
  readonly mappedContainers: readonly ContainerReference[];
}

/** A data model to write: views that belong together. */
export interface DataModelWrite {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly views?: readonly (ViewSource | ViewWrite)[] | undefined;
}

/** A data model as it is read. */
export interface DataModel extends Omit<DataModelWrite, 'views'>, SchemaTimes {
  /** Names; whole views with `inlineViews`. */
  readonly views: readonly (ViewSource | ViewDefinition)[];
}
