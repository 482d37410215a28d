/** True if the long suites run: `CDF_TEST_LONG=1`. */
export const isLong: boolean = process.env.CDF_TEST_LONG === '1';

/** How often a property is tried: a page, which runs the suite once more, tries it less often. */
export function rounds(short: number, long: number): number {
  if (isLong) return long;
  return typeof document === 'undefined' ? short : Math.ceil(short / 4);
}
