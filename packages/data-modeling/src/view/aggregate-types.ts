import type { PropertyKind } from './definition.js';
import type { IsList, KeyOfKind, PropertiesOf, ValueOf } from './types.js';

// What aggregates and searches name, by the view. Nothing here exists at run time.

/**
 * Names that `groupBy` takes: not enums, JSON, times or days, or lists of numbers and booleans, which
 * the API refuses.
 */
export type GroupKey<V> =
  | KeyOfKind<PropertiesOf<V>, 'text' | 'node' | 'ref' | 'timeSeries' | 'file'>
  | SingleKey<PropertiesOf<V>, 'int' | 'bigint' | 'float' | 'bool'>
  | 'externalId';
/** Names of numbers. */
export type NumberKey<V> = SingleKey<PropertiesOf<V>, 'int' | 'float' | 'bigint'>;
type SingleKey<P, Kind extends PropertyKind> = {
  [K in KeyOfKind<P, Kind>]: IsList<P[K]> extends true ? never : K;
}[KeyOfKind<P, Kind>];
/** The type of a number: `bigint` for int64. */
export type NumberOf<V, Key> = Key extends keyof PropertiesOf<V>
  ? ValueOf<PropertiesOf<V>[Key]> & (number | bigint)
  : number;
/** Names of text properties, which `search` looks at. */
export type TextKey<V> = KeyOfKind<PropertiesOf<V>, 'text'>;

/** One group of an aggregation: of a list, each element. */
export type Group<V, Key> = {
  readonly [K in Key & (keyof PropertiesOf<V> | 'externalId')]: K extends keyof PropertiesOf<V>
    ? ValueOf<PropertiesOf<V>[K]> | undefined
    : string;
};
