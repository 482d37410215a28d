/** JSON with sorted names, in which equal values are equal strings. */
export function canonical(value: unknown): string {
  const sorted = (part: unknown): unknown => {
    if (typeof part === 'bigint') return String(part);
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part;
    if (Array.isArray(part)) return Array.from(part, sorted);
    const entries = Object.entries(part).filter(([, each]) => typeof each !== 'function');
    return Object.fromEntries(
      entries
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([key, each]) => [key, sorted(each)]),
    );
  };
  return JSON.stringify(sorted(value)) ?? 'null';
}
