import { ConfigError } from '@cdf/core';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';

/**
 * Things that lead back to one of themselves, if there are such: each leads to the next, the last
 * one to the first.
 *
 * @param keyOf tells whether two things are one
 */
export function circleOf<T>(
  things: Iterable<T>,
  keyOf: (thing: T) => string,
  next: (thing: T) => readonly T[],
): T[] | undefined {
  const done = new Set<T>();
  const path = new Map<string, T>();
  const walk = (thing: T): T[] | undefined => {
    const key = keyOf(thing);
    if (path.has(key)) {
      const walked = [...path.values()];
      return walked.slice([...path.keys()].indexOf(key));
    }
    if (done.has(thing)) return undefined;
    path.set(key, thing);
    for (const each of next(thing)) {
      const circle = walk(each);
      if (circle !== undefined) return circle;
    }
    path.delete(key);
    done.add(thing);
    return undefined;
  };
  for (const thing of things) {
    const circle = walk(thing);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/**
 * To be called before anything else of the views is looked at: their properties are those of their
 * parents, too.
 *
 * @throws {ConfigError} that names views which implement each other
 */
export function refuseCircles(views: readonly AnyView[], what: string): void {
  const circle = circleOf(views.filter(isNamed), viewKey, parentsOf);
  if (circle === undefined) return;
  const names = [...circle, circle[0] as AnyView].map(viewKey);
  throw new ConfigError(`${what}: views implement each other: ${names.join(' implements ')}`);
}

/** What is no array of views has an error of its own. */
function parentsOf(view: AnyView): AnyView[] {
  const parents: unknown = (view as Partial<AnyView>).options?.implements;
  return Array.isArray(parents) ? parents.filter(isNamed) : [];
}

function isNamed(value: unknown): value is AnyView {
  return typeof (Object(value) as Partial<AnyView>).version === 'string';
}
