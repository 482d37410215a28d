import { printed } from '#print';
import type { Printable } from '../print/printed.js';
import { define } from '../values/define.js';
import { withPrototype } from './relations.js';

/**
 * A real array whose methods that give some of its items give a list again, with all methods that
 * it has. `map`, `flatMap` and `flat` give plain arrays, as do spreading, `Array.from` and
 * `structuredClone`.
 */
export interface ListMethods<T> extends Array<T>, Printable {
  /** A list of the items that a predicate lets through. */
  filter<S extends T>(
    predicate: (value: T, index: number, array: T[]) => value is S,
    thisArg?: unknown,
  ): S[] & this;
  filter(predicate: (value: T, index: number, array: T[]) => unknown, thisArg?: unknown): this;
  /** A list of the items from `start` to before `end`. */
  slice(start?: number, end?: number): this;
  /** Removes items, and puts others in their place. Gives a list of those that it removed. */
  splice(start: number, deleteCount?: number): this;
  splice(start: number, deleteCount: number, ...items: T[]): this;
  /** A list of these items and others. */
  concat(...items: ConcatArray<T>[]): this;
  concat(...items: (T | ConcatArray<T>)[]): this;
  /** A list in another order. This one stays as it is. */
  toSorted(compare?: (left: T, right: T) => number): this;
  /** A list in the opposite order. This one stays as it is. */
  toReversed(): this;
  /** A list without some items, and with others in their place. This one stays as it is. */
  toSpliced(start: number, deleteCount?: number): this;
  toSpliced(start: number, deleteCount: number, ...items: T[]): this;
  /** A list with another item at an index. This one stays as it is. */
  with(index: number, value: T): this;
  /** Puts this list in the opposite order. */
  reverse(): this;
  toString(): string;
}

const Base: { new <T>(...items: T[]): ListMethods<T> } & Pick<ArrayConstructor, 'from' | 'of'> =
  Array as never;

/**
 * `filter`, `slice`, `splice`, `concat`, `with`, `toSorted`, `toSpliced` and `toReversed`, as far
 * as the runtime has them.
 */
const GIVES_ITEMS = /^(filter|sp?lice|concat|with|to(R|So|Sp))/;

/** A list of items: an array that keeps its methods and prints itself. */
export class ItemList<T extends object> extends Base<T> {
  static get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

const methods = Array.prototype as unknown as Record<string, (...values: unknown[]) => object>;
for (const name of Object.getOwnPropertyNames(methods))
  if (GIVES_ITEMS.test(name))
    define(ItemList.prototype, name, function (this: object, ...values: unknown[]) {
      return withPrototype(
        methods[name]?.apply(this, values) as object,
        Object.getPrototypeOf(this),
      );
    });
printed(ItemList.prototype);
