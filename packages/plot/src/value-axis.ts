/** A vertical axis: its range, its round values and how they are written. */
export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

/** An axis around values from `low` to `high` with about `count` ticks at multiples of 1, 2 or 5 times a power of ten. */
export function valueAxis(low: number, high: number, count: number, locale: string, fixed: boolean): ValueAxis {
  let [from, to] = low <= high ? [low, high] : [0, 1];
  const size = Math.max(Math.abs(from), Math.abs(to));
  // A range that arithmetic cannot divide any more counts as one value.
  if (to - from <= Math.max(size * 1e-13, 1e-300)) {
    const pad = size > 1e-290 ? size * 0.05 : 1;
    from -= pad;
    to += pad;
  } else if (!fixed) {
    const pad = (to - from) * 0.04;
    from -= pad;
    to += pad;
  }
  const step = niceStep((to - from) / count);
  const decimals = decimalsOf(step);
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index++)
    // Rounded to the step's own decimals: 3 * 0.1 is not 0.3. Adding 0 makes -0 a plain 0.
    ticks.push((decimals > 100 ? index * step : Number((index * step).toFixed(decimals))) + 0);
  const format = tickFormat(locale, step, Math.max(Math.abs(from), Math.abs(to)));
  return { low: from, high: to, ticks, labels: ticks.map(format) };
}

/** A single value for people: seven significant digits, all digits before the point. */
export function formatValue(value: number, locale: string): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size < 1e-4 && size > 0)) return scientific(value, exponentOf(size), 0, 4, locale);
  const rounded = size >= 1e6 ? Math.round(value * 10) / 10 : Number(value.toPrecision(7));
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 12 }).format(rounded).replace('-', '−');
}

function niceStep(rough: number): number {
  const power = 10 ** exponentOf(rough);
  const factor = rough / power;
  return (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10) * power;
}

function exponentOf(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}

function decimalsOf(step: number): number {
  return Math.max(0, -exponentOf(step));
}

function tickFormat(locale: string, step: number, largest: number): (value: number) => string {
  const exponent = exponentOf(largest);
  const digits = exponent - exponentOf(step);
  // A small change of a large value is easier to read in full, as long as its digits can be written.
  const readable = digits >= 7 && largest < 1e15 && decimalsOf(step) <= 20;
  if ((largest >= 1e7 || largest < 1e-3) && !readable)
    return (value) => (value === 0 ? '0' : scientific(value, exponent, digits, digits, locale));
  const decimals = decimalsOf(step);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (value) => format.format(value).replace('-', '−');
}

/** `1.25×10⁹`, with the exponent that the whole axis shares. */
function scientific(value: number, exponent: number, least: number, most: number, locale: string): string {
  // Two steps: 10 ** 320 is not a number, and neither is 10 ** -320 of full precision.
  const scaled = exponent < -300 ? (value * 1e300) / 10 ** (exponent + 300) : value / 10 ** exponent;
  const mantissa = new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
  const power = String(exponent).replace(/./g, (digit) =>
    digit === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] as string),
  );
  return `${mantissa.format(scaled).replace('-', '−')}×10${power}`;
}
