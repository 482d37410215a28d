/** What a name is looked up by. @param parts those that names of its kind have, in their order */
export function patternOf(name: object, parts: readonly string[]): string {
  return patternBy(name, partsOf(name, parts));
}

/**
 * The items that have some names, by the patterns of these. A name without a version is that of
 * every version. One look at each item, and not one for each name.
 *
 * @param parts those that names of their kind have
 */
export function byName<T extends object>(
  items: readonly T[],
  names: readonly object[],
  parts: readonly string[],
): Map<string, T[]> {
  const groups = new Map(names.map((name) => [patternOf(name, parts), [] as T[]]));
  const shapes = new Map(
    names.map((name) => partsOf(name, parts)).map((shape) => [shape.join(), shape]),
  );
  for (const shape of shapes.values())
    for (const item of items) groups.get(patternBy(item, shape))?.push(item);
  return groups;
}

function partsOf(name: object, parts: readonly string[]): string[] {
  return parts.filter((part) => (name as Readonly<Record<string, unknown>>)[part] !== undefined);
}

function patternBy(item: object, parts: readonly string[]): string {
  return JSON.stringify(
    parts.map((part) => [part, (item as Readonly<Record<string, unknown>>)[part]]),
  );
}
