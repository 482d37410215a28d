import { dataFile } from '../data-file.js';
import type { Seed } from '../options.js';

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY };

export interface Point {
  readonly timestamp: number;
  readonly value: number | string;
}

/** The time that a seed spans. @unit milliseconds since 1970 */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/**
 * A seed of the `data` folder; its times are counted from the ends of a span: `@begin+9d3h`,
 * `@end-2d`, and `time@end-2d` where they are strings.
 */
export function readSeed<S extends Seed>(
  name: 'seed-small.json' | 'seed-plant.json',
  span: Span,
): S {
  return JSON.parse(dataFile(name), (_key, value: unknown) => {
    const match = typeof value === 'string' ? /^(time)?@(begin|end)([+-])(\w+)$/.exec(value) : null;
    if (match === null) return value;
    const [, isText, from, sign, length = ''] = match;
    const origin = from === 'begin' ? span.begin : span.end;
    const time = origin + (sign === '-' ? -1 : 1) * lengthOf(length);
    return isText === undefined ? time : new Date(time).toISOString();
  }) as S;
}

/** `9d3h` in milliseconds. */
export function lengthOf(text: string): number {
  let sum = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)([mhd])/g))
    sum += Number(count) * (UNITS[unit] ?? 0);
  return sum;
}

/** A point each step from `begin` up to, not including, `end`. */
export function every(
  step: number,
  begin: number,
  end: number,
  valueAt: (elapsed: number) => Point['value'],
): Point[] {
  return Array.from({ length: Math.ceil((end - begin) / step) }, (_, index) => ({
    timestamp: begin + index * step,
    value: valueAt(index * step),
  }));
}
