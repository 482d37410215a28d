// Views and properties as data. Only types: this file is empty at run time.

/** The name of a node or edge: unique in a project. */
export interface NodeReference {
  readonly space: string;
  readonly externalId: string;
}

/** The kinds of values that a property of a view holds. */
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

/** A view by its name, as the API writes it. */
export interface ViewReference {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
}

/** Any view. */
export interface AnyView extends ViewReference {
  readonly properties: object;
  /** Names of the properties that it does not inherit. */
  readonly ownProperties: readonly string[];
  readonly options: ViewOptions;
}

/** The options of a view besides its properties. */
export interface ViewOptions {
  /**
   * Views whose properties this one has too. If two have the same property, the later one counts,
   * its own above all.
   */
  readonly implements?: readonly AnyView[] | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** In the API's form. @default whatever has data in every container of the view */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  /** The instances that its containers hold. @default 'node' */
  readonly usedFor?: 'node' | 'edge' | 'all' | undefined;
}

/** How times are read: `Date`s, or epoch milliseconds. */
export type Times = 'date' | 'epoch';

/** How values of one kind are read. A bundle has those of the kinds that it names. */
export interface ValueReading {
  /** The API's types that hold such values. */
  readonly types: readonly string[];
  /**
   * The function that reads one element of a property. It gives a `Problem` for an invalid value of
   * it.
   */
  decoder(definition: PropertyDefinition, times: Times): (value: unknown) => unknown;
  /** Checks a value by the schema of the property, of the kind that has one. */
  parse?(definition: PropertyDefinition, value: unknown): Parsed;
}

/** The value as the schema of a property gives it, or the problem that the schema has with it. */
export type Parsed = { readonly value: unknown } | { readonly problem: string };

/** A property as data: what types, filters, requests and schemas are made from. */
export interface PropertyDefinition {
  readonly kind: PropertyKind;
  /** How values are read: `p` says it, and null for relations that others hold. */
  readonly reading?: ValueReading | null | undefined;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly default?: unknown;
  readonly immutable?: boolean | undefined;
  /** The service gives a node without a value the highest value so far and one more. */
  readonly autoIncrement?: boolean | undefined;
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
  /**
   * Where the values are stored.
   *
   * @default the container named like the view, under the name of the property
   */
  readonly container?: NodeReference | undefined;
  readonly containerProperty?: string | undefined;
  /** Options as they were given, by the function that took them: for the check before a push. */
  readonly given?: readonly (readonly [call: string, options: unknown])[] | undefined;
}

/** A resource other than a node. */
export type ClassicResource = 'timeseries' | 'file' | 'sequence';

/**
 * The part of Standard Schema that the value of a `json` property is checked by: Zod, Valibot and
 * ArkType have it.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The result of a Standard Schema for a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly PropertyKey[] | undefined;
      }[];
    };
