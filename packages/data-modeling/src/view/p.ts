import { ConfigError } from '@cdf/core';
import type { ClassicResource, NodeReference, PropertyDefinition, PropertyKind, StandardSchema } from './definition.js';
import { type Property, PropertyBuilder } from './property.js';

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

/** The kinds of properties. All are required and single until `optional()` and `many()` say otherwise. */
export interface PropertyKinds {
  /** A string. @param options maxSize in bytes @default 128,000 */
  text(options?: { readonly maxSize?: number | undefined }): Property<'text', string>;
  /** int32. */
  int(options?: { readonly unit?: string | undefined }): Property<'int', number>;
  /** int64, exact: a `bigint`. */
  bigint(options?: { readonly unit?: string | undefined }): Property<'bigint', bigint>;
  /** float64, or float32 with `bits: 32`. @param options unit: an external id of CDF's catalogue, `power:kilow` */
  float(options?: {
    readonly unit?: string | undefined;
    readonly bits?: 32 | 64 | undefined;
  }): Property<'float', number>;
  bool(): Property<'bool', boolean>;
  /** A `Date`; milliseconds. Epoch milliseconds with `{ times: 'epoch' }` of `nodes`. */
  timestamp(): Property<'timestamp', Date>;
  /** A day: `'2024-07-01'`. */
  date(): Property<'date', string>;
  /**
   * An object. A schema of Zod, Valibot or ArkType types it and checks each value: a write that it refuses is a `ConfigError` before
   * anything is sent, a read a `DecodeError`. Reads give the value that the schema makes; writes send the value that was given.
   * @param schema checks at once; an asynchronous one is refused
   */
  json<T extends object = Readonly<Record<string, unknown>>>(schema?: StandardSchema<unknown, T>): Property<'json', T>;
  /** One of some strings. */
  oneOf<const Values extends readonly [string, ...string[]]>(...values: Values): Property<'enum', Values[number]>;
  /** The external id of a classic time series, file or sequence, as text. For nodes use `timeSeries()` and `file()`. */
  classic(resource: ClassicResource): Property<'classic', string>;
  /** A direct relation to nodes of which no view is known. */
  node(): Property<'node', NodeReference, 'nullable'>;
  /** A direct relation: the name of another node, which is read as the given view. */
  ref<Target>(target: () => Target): Property<'ref', NodeReference, 'nullable', Target>;
  /** A direct relation to a node with data points: `CogniteTimeSeries`. */
  timeSeries(): Property<'timeSeries', NodeReference, 'nullable'>;
  /** A direct relation to a node with content: `CogniteFile`. */
  file(): Property<'file', NodeReference, 'nullable'>;
  /**
   * The other side of a relation: the nodes that point here.
   * @param through the property of the target that is the relation
   * @param options single: at most one node points here
   */
  reverse<Target>(
    target: () => Target,
    through: string,
    options: { readonly single: true },
  ): Property<'reverse', NodeReference, 'nullable', Target>;
  reverse<Target>(
    target: () => Target,
    through: string,
  ): Property<'reverse', NodeReference, 'list' | 'nullable', Target>;
  /** The nodes on the other side of edges of a type. With `single` there is at most one. */
  edges<Target, EdgeView = never>(
    target: () => Target,
    options: EdgesOptions<EdgeView> & { readonly single: true },
  ): Property<'edges', NodeReference, 'nullable', Target, EdgeView>;
  edges<Target, EdgeView = never>(
    target: () => Target,
    options: EdgesOptions<EdgeView>,
  ): Property<'edges', NodeReference, 'list' | 'nullable', Target, EdgeView>;
}

/** Makes the properties of a view. */
export const p: PropertyKinds = {
  text: ({ maxSize } = {}) => make('text', { maxSize }),
  int: ({ unit } = {}) => make('int', { unit }),
  bigint: ({ unit } = {}) => make('bigint', { unit }),
  float: ({ unit, bits } = {}) => make('float', { unit, bits }),
  bool: () => make('bool'),
  timestamp: () => make('timestamp'),
  date: () => make('date'),
  json: (schema) => {
    if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function')
      throw new ConfigError('p.json: expected a Standard Schema');
    return make('json', { schema });
  },
  oneOf: (...values) => make('enum', { values }),
  classic: (resource) => make('classic', { resource }),
  node: () => make('node', { nullable: true }),
  ref: (target) => make('ref', { target: target as never, nullable: true }),
  timeSeries: () => make('timeSeries', { nullable: true }),
  file: () => make('file', { nullable: true }),
  reverse: (target: () => unknown, through: string, { single }: { readonly single?: true } = {}) =>
    make('reverse', { target: target as never, through, list: single !== true, nullable: true }),
  edges: (target: () => unknown, { type, direction = 'outwards', properties, single }: EdgesOptions<unknown>) =>
    make('edges', {
      target: target as never,
      edgeType: type,
      direction,
      edgeView: properties as never,
      list: single !== true,
      nullable: true,
    }),
};

function make(kind: PropertyKind, details: Partial<PropertyDefinition> = {}): never {
  return new PropertyBuilder({ kind, list: false, nullable: false, ...details }) as never;
}
