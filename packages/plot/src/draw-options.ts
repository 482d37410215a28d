import { ConfigError } from '@cdf/core';
import type { Theme } from './palette.js';

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
   * The description of the chart for screen readers.
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

/**
 * A copy of the options, checked: nothing may change between. In short, since every chart has it:
 * `plot` says what came, too.
 *
 * @throws {ConfigError} when an option is unknown or cannot work, naming it.
 */
export function checkedDrawOptions(given: DrawOptions): DrawOptions {
  const options = { ...given };
  if (Array.isArray(options.colors)) options.colors = [...options.colors];
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
  const rules: Record<string, boolean | undefined> = {
    'width must be 200 to 10000': isWithin(width, 200, 10_000),
    'height must be 120 to 10000': isWithin(height, 120, 10_000),
    'start must be before end': start >= -LATEST && start < end && end <= LATEST,
    'theme must be light, dark or auto': /^(light|dark|auto)$/.test(theme),
    'valueRange must be [lowest, highest]': isRange(valueRange),
    'maxGap must be above 0': maxGap > 0,
    'colors must be like #0072b2': Array.isArray(colors) && colors.every(isColor),
  };
  for (const name in unknown) rules[`unknown option ${name}`] = false;
  for (const rule in rules) if (!rules[rule]) throw new ConfigError(`plot: ${rule}`);
  return options;
}

export function isWithin(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

export function isRange(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isFinite) && value[0] < value[1];
}

/** A colour becomes part of markup and of styles: nothing but a colour may get there. */
export function isColor(color: unknown): color is string {
  return typeof color === 'string' && /^#[\da-f]{6}$/i.test(color);
}

/** The last date there is; the first is as far before 1970. */
export const LATEST = 8.64e15;
