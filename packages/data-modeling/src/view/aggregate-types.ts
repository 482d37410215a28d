import type { IsList, KeyOfKind, KindOf, PropertiesOf, ValueOf } from './types.js';

// What aggregates and searches name, by the view. Nothing here exists at run time.

/** Names that `groupBy` takes: not enums, JSON, times or days, which the API refuses. */
export type GroupKey<V> =
  | KeyOfKind<
      PropertiesOf<V>,
      'text' | 'int' | 'bigint' | 'float' | 'bool' | 'node' | 'ref' | 'timeSeries' | 'file'
    >
  | 'externalId';
/** Names of numbers. */
export type NumberKey<V> = {
  [K in keyof PropertiesOf<V>]: KindOf<PropertiesOf<V>[K]> extends 'int' | 'float' | 'bigint'
    ? IsList<PropertiesOf<V>[K]> extends true
      ? never
      : K
    : never;
}[keyof PropertiesOf<V>];
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
