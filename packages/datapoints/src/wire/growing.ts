/** A point of a time and a value. @unit bytes */
const USUAL_SIZE = 18;
/** Room that is made before there is anything to put there: a length that was read may be wrong. */
export const MOST_ROOM = 100_000;

/**
 * How many points to make room for, if those to come take so many bytes, with what is before them.
 */
export function roomFor(bytes: number): number {
  return Math.min(MOST_ROOM, Math.floor(bytes / USUAL_SIZE));
}

/** With room for `length` numbers; those there are stay, as far as there is room. */
export function grow(numbers: Float64Array, length: number): Float64Array {
  const grown = new Float64Array(length);
  grown.set(numbers.length > length ? numbers.subarray(0, length) : numbers);
  return grown;
}

/** Without the room that was not needed, where that is worth a copy. */
export function trim(numbers: Float64Array, count: number): Float64Array {
  if (count === numbers.length) return numbers;
  return count > numbers.length * 0.9 ? numbers.subarray(0, count) : numbers.slice(0, count);
}
