import { ConfigError, type TimeArgument } from '@cdf/core';
import type { Theme } from './palette.js';

/** Something that lasted for a while, drawn as a band behind the lines: a CDF event as it comes from the API. */
export interface ChartEvent {
  /** Absent: from the beginning. @unit milliseconds since the epoch */
  readonly startTime?: number | undefined;
  /** Absent: to the end of the chart, as for an event that is still going on. @unit milliseconds since the epoch */
  readonly endTime?: number | undefined;
  /** Names the band in the legend. One colour for each type. */
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
  readonly description?: string | undefined;
}

/** A value worth a line of its own, such as an alarm limit. */
export interface ChartThreshold {
  readonly value: number;
  readonly label?: string | undefined;
  /** The axis that it belongs to. Absent: the first. */
  readonly unit?: string | undefined;
}

/** How a chart looks. Everything has a default. */
export interface PlotOptions {
  /** @default the series' name when there is one series, else none */
  title?: string | undefined;
  /** What a screen reader says of the chart. @default a sentence with the window, the range and the series */
  description?: string | undefined;
  /** Left edge. @default the first point */
  start?: TimeArgument | undefined;
  /** Right edge. @default the last point */
  end?: TimeArgument | undefined;
  /** Names for the legend, by id or external id. They go before the names that the data has. */
  names?: Readonly<Record<string | number, string>> | undefined;
  /** The legend shows external ids, or ids where there are none, instead of names. @default false */
  idLabels?: boolean | undefined;
  /** @default 900 @unit pixels */
  width?: number | undefined;
  /** @default 420, more where several panels or a long legend need it @unit pixels */
  height?: number | undefined;
  /** @default 'auto' */
  theme?: Theme | undefined;
  /** An IANA name, or `'local'` for the zone of this machine. @default 'UTC' */
  timeZone?: string | undefined;
  /** Language and number format. @default 'en-GB' */
  locale?: string | undefined;
  /** Where series differ in their unit: a panel for each unit, or all on one axis. @default 'panels' */
  units?: 'panels' | 'overlay' | undefined;
  /** Name of the value axis. @default the unit */
  valueLabel?: string | undefined;
  /** Lowest and highest value of the axis. @default what the visible points need */
  valueRange?: readonly [number, number] | undefined;
  /** Bands behind the lines. */
  events?: readonly ChartEvent[] | undefined;
  /** Lines across. */
  thresholds?: readonly ChartThreshold[] | undefined;
  /**
   * Breaks a line where points are further apart.
   * @default one and a half granularities for aggregates, none for raw points
   * @unit milliseconds
   */
  maxGap?: number | undefined;
  /** One colour per series, as CSS writes it in hexadecimal: `#rrggbb`. @default a palette that colour-blind readers can tell apart */
  colors?: readonly string[] | undefined;
  /** Draws what the pixels can show instead of every point: the picture is the same. @default true */
  downsample?: boolean | undefined;
}

/** @throws {ConfigError} when an option cannot work, naming it. */
export function checkOptions(options: PlotOptions): void {
  checkSize('width', options.width, 200);
  checkSize('height', options.height, 120);
  checkOneOf('theme', options.theme, ['light', 'dark', 'auto']);
  checkOneOf('units', options.units, ['panels', 'overlay']);
  const { valueRange, maxGap, colors = [], thresholds = [] } = options;
  if (valueRange !== undefined && !(Number.isFinite(valueRange[1] - valueRange[0]) && valueRange[0] < valueRange[1]))
    throw wrong('valueRange', 'two numbers, the lower one first');
  if (maxGap !== undefined && !(maxGap > 0)) throw wrong('maxGap', 'milliseconds above 0');
  // A colour becomes part of markup and of styles: nothing but a colour may get there.
  if (!colors.every((color) => /^#[\da-f]{6}$/i.test(color))) throw wrong('colors', 'colours like #0072b2');
  if (!thresholds.every(({ value }) => Number.isFinite(value))) throw wrong('thresholds', 'finite values');
}

function checkSize(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(value >= least && value <= 10_000)) throw wrong(name, `${least} to 10000 pixels`);
}

function checkOneOf(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value)) throw wrong(name, allowed.join(', '));
}

function wrong(name: string, expected: string): ConfigError {
  return new ConfigError(`plot: ${name} must be ${expected}`);
}
