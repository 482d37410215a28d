import { ConfigError } from '@cdf/core';
import type { Theme } from './palette.js';
import { plainText } from './text.js';

/**
 * Something that lasted for a while, drawn as a band behind the lines: a CDF event as it comes from
 * the API.
 */
export interface ChartEvent {
  /** Absent: from the beginning. @unit milliseconds since the epoch */
  readonly startTime?: number | undefined;
  /**
   * Absent: to the end of the chart, as for an event that is still going on.
   *
   * @unit milliseconds since the epoch
   */
  readonly endTime?: number | undefined;
  /** Names the band in the legend. */
  readonly type?: string | undefined;
  /** In the tooltip, after the type. */
  readonly subtype?: string | undefined;
  /** In the tooltip, after the subtype. */
  readonly description?: string | undefined;
}

/** A value worth a line of its own, such as an alarm limit. */
export interface ChartThreshold {
  /** Where the line is, in the unit of its axis. */
  readonly value: number;
  /** Stands at its right end. @default none */
  readonly label?: string | undefined;
  /** The axis that it belongs to. Absent: the first. */
  readonly unit?: string | undefined;
}

/** How a chart of `@cdf/plot/svg` looks. Everything has a default. */
export interface DrawOptions {
  /** @default the series' name when there is one series, else none */
  title?: string | undefined;
  /**
   * What a screen reader says of the chart.
   *
   * @default a sentence with the window, the range and the series
   */
  description?: string | undefined;
  /** Left edge. @default the first point @unit milliseconds since the epoch */
  start?: number | undefined;
  /** Right edge. @default the last point @unit milliseconds since the epoch */
  end?: number | undefined;
  /** @default 900 @unit pixels */
  width?: number | undefined;
  /** @default 420, more where several panels or a long legend need it @unit pixels */
  height?: number | undefined;
  /** @default 'auto' */
  theme?: Theme | undefined;
  /** Language and number format. @default 'en-GB' */
  locale?: string | undefined;
  /** Name of the value axis. @default the unit */
  valueLabel?: string | undefined;
  /** Lowest and highest value of the axis. @default what the visible points need */
  valueRange?: readonly [number, number] | undefined;
  /**
   * Breaks a line where points are further apart.
   * @default one and a half granularities for aggregates; for raw points ten times their median
   * distance, and no gap in step series
   * @unit milliseconds
   */
  maxGap?: number | undefined;
  /**
   * One colour per series, as CSS writes it in hexadecimal: `#rrggbb`.
   *
   * @default a palette that colour-blind readers can tell apart
   */
  colors?: readonly string[] | undefined;
  /**
   * Draws what the pixels can show instead of every point: the picture is the same.
   *
   * @default true
   */
  downsample?: boolean | undefined;
}

/** @throws {ConfigError} when an option is unknown or cannot work, naming it. */
export function checkOptions(options: DrawOptions): void {
  const {
    title: _,
    description: __,
    locale: ___,
    valueLabel: ____,
    downsample: _____,
    start = -LATEST,
    end = LATEST,
    width = 900,
    height = 420,
    theme = 'auto',
    maxGap = 1,
    valueRange = [0, 1],
    colors = [],
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) throw new ConfigError(`plot: unknown option ${name}`);
  const size = (least: number): string => `a number from ${least} to 10000`;
  const isSize = (value: unknown, least: number): boolean =>
    typeof value === 'number' && value >= least && value <= 10_000;
  const rules: [keyof DrawOptions, string, boolean][] = [
    ['width', size(200), isSize(width, 200)],
    ['height', size(120), isSize(height, 120)],
    ['start', 'before end', start >= -LATEST && start < end && end <= LATEST],
    ['theme', 'light, dark or auto', /^(light|dark|auto)$/.test(theme)],
    [
      'valueRange',
      '[lowest, highest]',
      Array.isArray(valueRange) &&
        valueRange.every(Number.isFinite) &&
        (valueRange[0] as number) < valueRange[1],
    ],
    ['maxGap', 'above 0', maxGap > 0],
    ['colors', 'an array such as ["#0072b2"]', Array.isArray(colors) && colors.every(isColor)],
  ];
  for (const [name, expected, holds] of rules)
    if (!holds)
      throw new ConfigError(`plot: ${name} must be ${expected}, got ${described(options[name])}`);
}

/** A colour becomes part of markup and of styles: nothing but a colour may get there. */
export function isColor(color: unknown): boolean {
  return /^#[\da-f]{6}$/i.test(color as string);
}

function described(value: unknown): string {
  if (typeof value === 'number') return `${value}`;
  const text = typeof value === 'string' ? 'the string ' : '';
  return plainText(text + JSON.stringify(value)).slice(0, 80);
}

/** The last date there is; the first is as far before 1970. */
export const LATEST = 8.64e15;
