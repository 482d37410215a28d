/**
 * A number as JSON, with a fraction where the API has floats: typed clients read `1` as an integer
 * and `1.0` as a float.
 */
export function floatText(value: number): string {
  // From 1e21 on JavaScript writes an exponent, which reads as a float anywhere.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}
