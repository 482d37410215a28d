import type { AnyView } from './view.js';

/** The name of a node or edge: unique in a project. */
export interface NodeReference {
  readonly space: string;
  readonly externalId: string;
}

/** What a property of a view holds. */
export type PropertyKind =
  | 'text'
  | 'int'
  | 'bigint'
  | 'float'
  | 'bool'
  | 'timestamp'
  | 'date'
  | 'json'
  | 'enum'
  | 'classic'
  | 'node'
  | 'ref'
  | 'timeSeries'
  | 'file'
  | 'reverse'
  | 'edges';

/** `list`: several values. `nullable`: may be absent. `default`: writes may leave it out. */
export type PropertyFlag = 'list' | 'nullable' | 'default';

/** A property as data: what types, filters, requests and schemas are made from. */
export interface PropertyDefinition {
  readonly kind: PropertyKind;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly default?: unknown;
  readonly immutable?: boolean | undefined;
  /** Values of an `enum`. */
  readonly values?: readonly string[] | undefined;
  /** External id of a unit in CDF's catalogue: `power:kilow`. */
  readonly unit?: string | undefined;
  /** Size of a `float`. @default 64 */
  readonly bits?: 32 | 64 | undefined;
  /** The resource whose external ids a `classic` property holds. */
  readonly resource?: ClassicResource | undefined;
  readonly maxSize?: number | undefined;
  readonly maxListSize?: number | undefined;
  readonly description?: string | undefined;
  readonly schema?: StandardSchema | undefined;
  /** The view that the nodes on the other side are read as. */
  readonly target?: (() => AnyView) | undefined;
  /** The relation of the target that a `reverse` property is the other side of. */
  readonly through?: string | undefined;
  readonly edgeType?: NodeReference | undefined;
  /** @default 'outwards' */
  readonly direction?: 'outwards' | 'inwards' | undefined;
  /** The view of the edges' own properties. */
  readonly edgeView?: (() => AnyView) | undefined;
  /** Where the values are stored. @default the container named like the view, under the name of the property */
  readonly container?: NodeReference | undefined;
  readonly containerProperty?: string | undefined;
}

/** A resource that is no node. */
export type ClassicResource = 'timeseries' | 'file' | 'sequence';

/** Where a property is stored, when it is not in the container that is named like its view. */
export interface PropertyStorage {
  readonly container?: NodeReference | undefined;
  readonly property?: string | undefined;
}

/** The part of Standard Schema that the value of a `json` property is checked by: Zod, Valibot and ArkType have it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a Standard Schema says of a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly PropertyKey[] | undefined }[] };

/**
 * A property of a view.
 *
 * @typeParam Value of one element
 * @typeParam Target the view on the other side of a relation
 */
export interface Property<
  Kind extends PropertyKind = PropertyKind,
  Value = unknown,
  Flag extends PropertyFlag = never,
  Target = unknown,
  EdgeView = unknown,
> {
  readonly definition: PropertyDefinition;
  /** Of types only: there is no such member. */
  readonly '~types'?: {
    readonly kind: Kind;
    readonly value: Value;
    readonly flag: Flag;
    readonly target: Target;
    readonly edgeView: EdgeView;
  };
  /** May be absent. A read gives `undefined`, a write may leave it out or clear it with `null`. */
  optional(): Property<Kind, Value, Flag | 'nullable', Target, EdgeView>;
  /** Several values, in order. @param maxListSize @default 1000, of relations 100 */
  many(options?: { readonly maxListSize?: number | undefined }): Property<Kind, Value, Flag | 'list', Target, EdgeView>;
  /** What a node has whose writer leaves it out. */
  default(value: Value): Property<Kind, Value, Flag | 'default', Target, EdgeView>;
  /** Cannot be changed once it is set. */
  immutable(): Property<Kind, Value, Flag, Target, EdgeView>;
  /** For people. At most 1,024 characters. */
  describe(description: string): Property<Kind, Value, Flag, Target, EdgeView>;
  /** Where the values are stored. @default the container named like the view, under the property's own name */
  storedIn(storage: PropertyStorage): Property<Kind, Value, Flag, Target, EdgeView>;
}

/** A property whose definition is `definition`. */
export class PropertyBuilder implements Property<PropertyKind, never, never, never, never> {
  readonly definition: PropertyDefinition;

  constructor(definition: PropertyDefinition) {
    this.definition = definition;
  }

  optional(): never {
    return this.#with({ nullable: true });
  }

  many({ maxListSize }: { readonly maxListSize?: number | undefined } = {}): never {
    return this.#with({ list: true, maxListSize });
  }

  default(value: unknown): never {
    return this.#with({ default: value });
  }

  immutable(): never {
    return this.#with({ immutable: true });
  }

  describe(description: string): never {
    return this.#with({ description });
  }

  storedIn({ container, property }: PropertyStorage): never {
    return this.#with({ container, containerProperty: property });
  }

  #with(changes: Partial<PropertyDefinition>): never {
    return new PropertyBuilder({ ...this.definition, ...changes }) as never;
  }
}
