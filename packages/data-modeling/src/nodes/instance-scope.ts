import type { Transport } from '@cdf/core';
import { withPrototype } from '@cdf/core/resource';
import type { AnyView } from '../view/definition.js';
import type { Times } from '../view/types.js';
import type { OrderBy } from '../view/where-types.js';
import type { MemberOf } from '../view/with-types.js';
import type { WireFilter } from '../wire/filters.js';
import type { ReadEnds } from '../wire/reader.js';
import { InstanceReader } from '../wire/reader.js';
import { InstanceList } from './instance-list.js';

/** How a set of nodes or edges is read and written. */
export interface InstanceSettings {
  /**
   * The space of items that do not name one, and the only one that reads look at.
   *
   * @default reads range over all spaces
   */
  readonly space?: string | undefined;
  /** How times are read. @default 'date' */
  readonly times?: Times | undefined;
}

/** How settings say that times are read: both ways where that is known at run time only. */
export type TimesOf<S> =
  // Without strict checks, `undefined` is of every type.
  MemberOf<S, 'times'> extends infer T
    ? T extends undefined
      ? 'date'
      : T extends Times
        ? T
        : 'date'
    : never;

/** The instances of one view in one project: what every method works on. */
export interface InstanceScope {
  readonly transport: Transport;
  readonly view: AnyView;
  readonly instance: 'node' | 'edge';
  readonly space: string | undefined;
  readonly times: Times;
  readonly isExact: boolean;
  /** Reads the two ends of edges. */
  readonly readEnds?: ReadEnds | undefined;
  /** Carries the methods of the instances that are read. */
  readonly prototype: object;
}

/** Which instances a list has, and in which order. */
export interface InstanceQuery {
  readonly where?: unknown;
  readonly orderBy?: OrderBy<AnyView> | undefined;
  readonly limit?: number | undefined;
}

/** A question as the API takes it. */
export interface WireQuery {
  readonly filter: WireFilter | undefined;
  readonly sort: readonly object[] | undefined;
  readonly isExact: boolean;
}

/** The filter of the space that reads look at. */
export function inSpace({ instance, space }: InstanceScope): WireFilter | undefined {
  return space === undefined
    ? undefined
    : { equals: { property: [instance, 'space'], value: space } };
}

/** Reads the instances of a scope. */
export function readerOf({ view, times, readEnds, prototype }: InstanceScope): InstanceReader {
  return new InstanceReader(view, times, readEnds, undefined, prototype);
}

/** Some instances, in an array that is a table too. */
export function toList<T extends object>(items: T[]): InstanceList<T> {
  return withPrototype(items, InstanceList.prototype);
}
