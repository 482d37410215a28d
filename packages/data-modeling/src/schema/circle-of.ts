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
