import type { NodeReference, PropertyDefinition, PropertyKind } from './definition.js';

/** `list`: several values. `nullable`: may be absent. `default`: writes may leave it out. */
export type PropertyFlag = 'list' | 'nullable' | 'default';

/** The value of a property whose schema makes something else of what is written. */
export interface Made<Written, Read> {
  readonly '~written': Written;
  readonly '~read': Read;
}

/** The value as it is written. */
export type WrittenValue<Value> = Value extends Made<infer Written, unknown> ? Written : Value;

/** Where a property is stored, when it is not in the container that is named like its view. */
export interface PropertyStorage {
  readonly container?: NodeReference | undefined;
  readonly property?: string | undefined;
}

/** The relation to nodes on the other side of edges. */
export interface EdgesOptions<EdgeView> {
  /** The node that says what kind of edge it is. */
  readonly type: NodeReference;
  /** @default 'outwards' */
  readonly direction?: 'outwards' | 'inwards' | undefined;
  /** The view of the edges' own properties. */
  readonly properties?: (() => EdgeView) | undefined;
  /** There is at most one. @default false */
  readonly single?: boolean | undefined;
}

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
  /** Exists in types only. */
  readonly '~types'?: {
    readonly kind: Kind;
    readonly value: Value;
    readonly flag: Flag;
    readonly target: Target;
    readonly edgeView: EdgeView;
  };
  /** May be absent. A read gives `undefined`, a write may leave it out or clear it with `null`. */
  optional(): Property<Kind, Value, Flag | 'nullable', Target, EdgeView>;
  /** Several values, in order. @param options maxListSize: @default 1000, of relations 100 */
  many(options?: {
    readonly maxListSize?: number | undefined;
  }): Property<Kind, Value, Flag | 'list', Target, EdgeView>;
  /** The value of a node whose writer leaves it out. */
  default(value: WrittenValue<Value>): Property<Kind, Value, Flag | 'default', Target, EdgeView>;
  /** Cannot be changed once it is set. */
  immutable(): Property<Kind, Value, Flag, Target, EdgeView>;
  /**
   * For people. At most 1,024 characters. A container that `push` makes has it too; one that exists
   * keeps its own.
   */
  describe(description: string): Property<Kind, Value, Flag, Target, EdgeView>;
  /**
   * Where the values are stored.
   *
   * @default the container named like the view, under the property's own name
   */
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

  many(options?: { readonly maxListSize?: number | undefined }): never {
    return this.#with({ list: true, maxListSize: options?.maxListSize }, ['many', options]);
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

  storedIn(storage: PropertyStorage): never {
    return this.#with({ container: storage?.container, containerProperty: storage?.property }, [
      'storedIn',
      storage,
    ]);
  }

  #with(changes: Partial<PropertyDefinition>, given?: readonly [string, unknown]): never {
    const { definition } = this;
    return new PropertyBuilder({
      ...definition,
      ...changes,
      ...(given && { given: [...(definition.given ?? []), given] }),
    }) as never;
  }
}
