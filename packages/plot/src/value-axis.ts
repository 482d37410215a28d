/** A vertical axis: its range, its round values and how they are written. */
export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
  /** The whole of labels that may be cut, where the axis has rows with names instead of values. */
  readonly names?: readonly string[];
  /** Where a value is, from 0 at the low end to 1. @default in proportion */
  place?(value: number): number;
}

/**
 * An axis around values from `low` to `high` with about `count` ticks at multiples of 1, 2 or 5
 * times a power of ten.
 */
export function valueAxis(
  low: number,
  high: number,
  count: number,
  locale: string,
  exact: boolean,
): ValueAxis {
  // An axis of no values would be invented.
  if (!(low <= high)) return { low: 0, high: 1, ticks: [], labels: [] };
  let [from, to] = [low, high];
  const size = Math.max(Math.abs(from), Math.abs(to));
  // Half of everything: all of it may be more than the largest number.
  const half = to / 2 - from / 2;
  // A range that arithmetic cannot divide any more counts as one value.
  const single = half <= Math.max(size * 5e-14, 5e-301);
  const pad = single ? (size > 1e-290 ? size * 0.05 : 1) : exact ? 0 : half * 0.08;
  from = Math.max(from - pad, -Number.MAX_VALUE);
  to = Math.min(to + pad, Number.MAX_VALUE);
  const step = niceStep(((to / 2 - from / 2) / count) * 2);
  const ticks: number[] = [];
  const last = Math.floor(to / step + 1e-9);
  for (let index = Math.ceil(from / step - 1e-9); index <= last; index++)
    // Rounded: 3 * 0.1 is not 0.3. Adding 0 makes -0 a plain 0.
    ticks.push(Number((index * step).toPrecision(15)) + 0);
  return {
    low: from,
    high: to,
    ticks,
    labels: ticks.map(tickFormat(locale, step, Math.max(Math.abs(from), Math.abs(to)))),
  };
}

/**
 * Where a place is between two others: 0 at the first, 1 at the second. By halves: their distance
 * may be more than the largest number.
 */
export function share(start: number, end: number, at: number): number {
  return (at / 2 - start / 2) / (end / 2 - start / 2);
}

/**
 * Where a value is: 0 at the low end of an axis, 1 at its high end; never infinitely far outside.
 */
export function placeOn(axis: Pick<ValueAxis, 'low' | 'high' | 'place'>, value: number): number {
  const { low, high } = axis;
  const place = axis.place?.(value) ?? share(low, high, value);
  return Math.min(Math.max(place, -1e12), 1e12);
}

/**
 * Writes single values for people: seven significant digits, all digits before the point and one
 * after.
 */
export function valueFormat(locale: string): (value: number) => string {
  const digits = {
    maximumSignificantDigits: 7,
    maximumFractionDigits: 1,
    roundingPriority: 'morePrecision',
  } as const;
  const plain = formatter(locale, digits);
  return (value) => {
    const size = Math.abs(value);
    const isPlain = size < 1e15 && (size >= 1e-4 || size === 0);
    return isPlain ? plain(value) : scientific(locale, exponentOf(size), 0, 4)(value);
  };
}

/** With a minus sign that is as wide as the plus. */
function formatter(locale: string, options: Intl.NumberFormatOptions): (value: number) => string {
  const format = new Intl.NumberFormat(locale, options);
  return (value) => format.format(value).replace('-', '−');
}

function fixed(locale: string, least: number, most: number): (value: number) => string {
  return formatter(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
}

export function niceStep(rough: number): number {
  const power = 10 ** exponentOf(rough);
  const factor = rough / power;
  return Math.min((factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10) * power, 1e308);
}

function exponentOf(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}

function decimalsOf(step: number): number {
  return Math.max(0, -exponentOf(step));
}

function tickFormat(locale: string, step: number, largest: number): (value: number) => string {
  const exponent = exponentOf(largest);
  // With few ticks, the step may be longer than the largest value.
  const digits = Math.max(0, exponent - exponentOf(step));
  // A small change of a large value is easier to read in full, as long as its digits can be
  // written.
  const readable = digits >= 7 && largest < 1e15 && decimalsOf(step) <= 20;
  if ((largest >= 1e7 || largest < 1e-3) && !readable)
    return scientific(locale, exponent, digits, digits);
  return fixed(locale, decimalsOf(step), decimalsOf(step));
}

/** `1.25×10⁹`, with the exponent that the whole axis shares. */
export function scientific(
  locale: string,
  exponent: number,
  least: number,
  most: number,
): (value: number) => string {
  const mantissa = fixed(locale, least, most);
  const power = String(exponent).replace(/./g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '⁻');
  // Two steps: 10 ** 320 is not a number, and neither is 10 ** -320 of full precision.
  const [lift, rest] = exponent < -300 ? [1e300, exponent + 300] : [1, exponent];
  return (value) => (value === 0 ? '0' : `${mantissa((value * lift) / 10 ** rest)}×10${power}`);
}
