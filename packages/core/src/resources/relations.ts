import { ConfigError } from '../errors.js';
import { define } from '../values/define.js';
import type { Identifier } from '../values/identifiers.js';

/**
 * From a subject to a method. It has closed over the API object it needs, so the method may be
 * generic or overloaded.
 */
export type Relation<Subject> = (subject: Subject) => (...args: never[]) => unknown;

/** The shape of a record of relations. */
export type Relations<R, Subject> = { readonly [K in keyof R]: Relation<Subject> };

/**
 * The relations of a record as methods of the subject. The record has the hover text and the
 * documentation.
 */
export type Bound<R> = {
  readonly [K in keyof R]: R[K] extends (subject: never) => infer Method ? Method : never;
};

/** No relations. */
export type None = Record<never, never>;

/** Assets by reference. With `subtree` the API expands them: no descendant's id is sent. */
export interface AssetScope {
  readonly reach: 'self' | 'subtree';
  readonly assets: readonly Identifier[];
  /**
   * The assets that `reach: 'subtree'` means, level by level: for a subtree of limited depth or
   * over the API's cap.
   */
  readonly walk?:
    | ((options?: { signal?: AbortSignal | undefined }) => Promise<readonly Identifier[]>)
    | undefined;
  /** Deepest level below the given assets that belongs to the scope. Absent: all of them. */
  readonly depth?: number | undefined;
}

/**
 * One prototype for all objects that an API object gives. Instances have no methods of their own,
 * so that 200,000 objects cost little more than their JSON.
 *
 * @throws {ConfigError} when a relation is named like a member of `base`.
 */
export function bindPrototype<Self, Subject>(
  base: object,
  relations: object,
  subjectOf: (self: Self) => Subject,
): object {
  const prototype = Object.create(base) as object;
  for (const [name, relation] of Object.entries(relations) as [string, Relation<Subject>][]) {
    if (name in base)
      throw new ConfigError(`relation "${name}" has the name of an existing member`);
    define(prototype, name, function (this: Self, ...args: never[]) {
      return relation(subjectOf(this))(...args);
    });
  }
  return prototype;
}

/** The same object, with the methods of `prototype`. Its own properties stay as they were. */
export function withPrototype<T>(data: object, prototype: object): T {
  return Object.setPrototypeOf(data, prototype) as T;
}
