import { ConfigError } from '@cdf/core';
import type {
  ClassicResource,
  NodeReference,
  PropertyDefinition,
  PropertyKind,
  StandardSchema,
  ValueReading,
} from './definition.js';
import { type EdgesOptions, type Made, type Property, PropertyBuilder } from './property.js';
import {
  BIGINT,
  BOOL,
  classicOf,
  DATE,
  ENUM,
  FLOAT,
  INT,
  JSON_OBJECT,
  RELATION,
  TEXT,
  TIMESTAMP,
} from './readings.js';

/** An object of JSON: lists are `p.json().many()`. */
type NoArray = object & { readonly [Symbol.iterator]?: never };

/** What is read is what is written, unless the schema says otherwise. */
type JsonValue<Input, Output> = [Input, Output] extends [Output, Input]
  ? Output
  : unknown extends Input
    ? Output
    : Made<Input, Output>;

// The kinds of properties. All are required and single until `optional()` and `many()` say
// otherwise. Users have these functions as `p`, a namespace: bundles have the kinds that they name,
// with what reads them.

/** A string. @param options maxSize in bytes @default 128,000 */
export function text(options?: {
  readonly maxSize?: number | undefined;
}): Property<'text', string> {
  return make('text', TEXT, { maxSize: options?.maxSize }, options);
}

/** int32. */
export function int(options?: { readonly unit?: string | undefined }): Property<'int', number>;
/** int32. A node whose writer leaves it out gets the highest value so far and one more. */
export function int(options: Numbered): Property<'int', number, 'default'>;
export function int(options?: Partial<Numbered>): never {
  return whole('int', INT, options);
}

/** int64, exact: a `bigint`. */
export function bigint(options?: {
  readonly unit?: string | undefined;
}): Property<'bigint', bigint>;
/** int64, exact. A node whose writer leaves it out gets the highest value so far and one more. */
export function bigint(options: Numbered): Property<'bigint', bigint, 'default'>;
export function bigint(options?: Partial<Numbered>): never {
  return whole('bigint', BIGINT, options);
}

/** Options of whole numbers that the service counts. */
interface Numbered {
  readonly unit?: string | undefined;
  readonly autoIncrement: true;
}

function whole(
  kind: PropertyKind,
  reading: ValueReading,
  options: Partial<Numbered> | undefined,
): never {
  const { unit, autoIncrement } = options ?? {};
  return make(kind, reading, { unit, autoIncrement }, options);
}

/**
 * float64, or float32 with `bits: 32`.
 *
 * @param options unit: an external id of CDF's catalogue, `power:kilow`
 */
export function float(options?: {
  readonly unit?: string | undefined;
  readonly bits?: 32 | 64 | undefined;
}): Property<'float', number> {
  return make('float', FLOAT, { unit: options?.unit, bits: options?.bits }, options);
}

/** True or false. */
export function bool(): Property<'bool', boolean> {
  return make('bool', BOOL);
}

/** A `Date`; milliseconds. Epoch milliseconds with `{ times: 'epoch' }` of `nodes`. */
export function timestamp(): Property<'timestamp', Date> {
  return make('timestamp', TIMESTAMP);
}

/** A day: `'2024-07-01'`. */
export function date(): Property<'date', string> {
  return make('date', DATE);
}

/** An object. An integer in it whose digits a number would not give back is a `DecodeError`. */
export function json<T extends NoArray = Readonly<Record<string, unknown>>>(): Property<'json', T>;
/**
 * An object that a schema of Zod, Valibot or ArkType types and checks: a write that it refuses is a
 * `ConfigError` before anything is sent, a read a `DecodeError`. Reads give the value that the
 * schema makes, writes send the value that was given: `Read` and `Write` have both. An integer whose
 * digits a number would not give back comes to it as a `bigint`.
 * @param schema checks at once; an asynchronous one is rejected
 */
export function json<Input, Output extends NoArray>(
  schema: StandardSchema<Input, Output>,
): Property<'json', JsonValue<Input, Output>>;
/**
 * An object of a type that is named, where there may be a schema.
 * @param schema as above
 */
export function json<T extends NoArray>(
  schema: StandardSchema<unknown, T> | undefined,
): Property<'json', T>;
export function json(schema?: StandardSchema): never {
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function')
    throw new ConfigError('p.json: expected a Standard Schema');
  return make('json', JSON_OBJECT, { schema });
}

/** One of some strings. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  ...values: Values
): Property<'enum', Values[number]> {
  return make('enum', ENUM, { values });
}

/**
 * The external id of a classic time series, file or sequence: a string. Nodes use `timeSeries()`
 * and `file()`.
 */
export function classic(resource: ClassicResource): Property<'classic', string> {
  return make('classic', classicOf(resource), { resource });
}

/** A direct relation to nodes of unknown views. It may be absent, unless it is `required`. */
export function node(): Property<'node', NodeReference, 'nullable'>;
/** A direct relation to nodes of unknown views, which every node has. */
export function node(options: { readonly required: true }): Property<'node', NodeReference>;
export function node(options?: { readonly required: true }): never {
  return relation('node', options);
}

/**
 * A direct relation: the name of another node, which is read as the given view. It may be absent,
 * unless it is `required`.
 */
export function ref<Target>(
  target: () => Target,
): Property<'ref', NodeReference, 'nullable', Target>;
/** A direct relation that every node has: the name of another node, read as the given view. */
export function ref<Target>(
  target: () => Target,
  options: { readonly required: true },
): Property<'ref', NodeReference, never, Target>;
export function ref(target: () => unknown, options?: { readonly required: true }): never {
  return relation('ref', options, { target: target as never });
}

/**
 * A direct relation to a node with data points: `CogniteTimeSeries`. Reads give its name;
 * `ref(() => CogniteTimeSeries)` is the same in the project, and `find` reads the node along.
 */
export function timeSeries(): Property<'timeSeries', NodeReference, 'nullable'>;
/** The same, which every node has. */
export function timeSeries(options: {
  readonly required: true;
}): Property<'timeSeries', NodeReference>;
export function timeSeries(options?: { readonly required: true }): never {
  return relation('timeSeries', options);
}

/**
 * A direct relation to a node with content: `CogniteFile`. Reads give its name;
 * `ref(() => CogniteFile)` is the same in the project, and `find` reads the node along.
 */
export function file(): Property<'file', NodeReference, 'nullable'>;
/** The same, which every node has. */
export function file(options: { readonly required: true }): Property<'file', NodeReference>;
export function file(options?: { readonly required: true }): never {
  return relation('file', options);
}

function relation(
  kind: PropertyKind,
  options: { readonly required: true } | undefined,
  details?: Partial<PropertyDefinition>,
): never {
  return make(kind, RELATION, { nullable: options?.required !== true, ...details }, options);
}

/**
 * The other side of a relation: the nodes that point here. The relation may lead to another view:
 * a node that is one of both has both sides.
 * @param through the property of the target that is the relation
 * @param options single: at most one node points here
 */
export function reverse<Target>(
  target: () => Target,
  through: string,
  options: { readonly single: true },
): Property<'reverse', NodeReference, 'nullable', Target>;
export function reverse<Target>(
  target: () => Target,
  through: string,
): Property<'reverse', NodeReference, 'list' | 'nullable', Target>;
export function reverse(
  target: () => unknown,
  through: string,
  options?: { readonly single?: true },
): never {
  const details = {
    target: target as never,
    through,
    list: options?.single !== true,
    nullable: true,
  };
  return make('reverse', null, details, options);
}

/** The nodes on the other side of edges of a type. With `single` there is at most one. */
export function edges<Target, EdgeView = never>(
  target: () => Target,
  options: EdgesOptions<EdgeView> & { readonly single: true },
): Property<'edges', NodeReference, 'nullable', Target, EdgeView>;
export function edges<Target, EdgeView = never>(
  target: () => Target,
  options: EdgesOptions<EdgeView>,
): Property<'edges', NodeReference, 'list' | 'nullable', Target, EdgeView>;
export function edges(target: () => unknown, options: Partial<EdgesOptions<unknown>> = {}): never {
  const details = {
    target: target as never,
    edgeType: options.type,
    direction: options.direction ?? 'outwards',
    edgeView: options.properties as never,
    list: options.single !== true,
    nullable: true,
  };
  return make('edges', null, details, options);
}

function make(
  kind: PropertyKind,
  reading: ValueReading | null,
  details: Partial<PropertyDefinition> = {},
  options?: unknown,
): never {
  const given = [[`p.${kind}`, options]] as const;
  return new PropertyBuilder({
    kind,
    reading,
    list: false,
    nullable: false,
    given,
    ...details,
  }) as never;
}
