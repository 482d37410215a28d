/** Digits only: larger numbers have an exponent, in JSON too. */
const WHOLE = /^-?\d+$/;

/**
 * JSON in which the order of members says nothing, and neither does whether a whole number beyond
 * 2^53 is a number, as programs write it, or a bigint, as answers have it.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'number' && Number.isInteger(member) && !Number.isSafeInteger(member))
      return WHOLE.test(String(member)) ? `${member}n` : member;
    if (typeof member === 'bigint')
      return Number.isSafeInteger(Number(member)) ? Number(member) : `${member}n`;
    return typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      : member;
  });
}

/**
 * A value whose bigints are numbers. Answers of the schema have whole numbers beyond 2^53 as bigints,
 * also where only int64 is exact: as the default of a float, and in JSON.
 */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withNumbers(each)]))
    : value;
}

/** A member of a record. Its name may be that of a member of every object. */
export function ownOf<T>(
  record: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
