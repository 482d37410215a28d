import type { Disambiguation, TimeArgument } from '@cdf/core';
import type { ChartMark } from './chart-model.js';
import type { ChartEvent, ChartThreshold, DrawOptions } from './draw-options.js';

/** How a chart looks. Everything has a default. */
export interface PlotOptions extends Omit<DrawOptions, 'start' | 'end' | 'maxGap' | 'colors'> {
  /**
   * Breaks a line where points are further apart: milliseconds, or a duration such as `'1h'` (units
   * s, m, h, d, w). `Infinity` joins all points.
   * @default one and a half granularities for aggregates; for raw points ten times their median
   * distance, and no gap in step series
   * @unit milliseconds
   */
  maxGap?: number | string | undefined;
  /** Names for the legend, by id or external id. They go before the names that the data has. */
  names?: Readonly<Record<string | number, string>> | undefined;
  /**
   * The legend shows external ids, or ids where there are none, instead of names.
   *
   * @default false
   */
  idLabels?: boolean | undefined;
  /**
   * An IANA name, an offset such as `UTC+05:30`, or `'local'` for the zone of this machine. `start`
   * and `end` without an offset are local times in it.
   *
   * @default 'UTC'
   */
  timeZone?: string | undefined;
  /**
   * Which instant `start` or `end` is when clocks skip or repeat that local time.
   * @default a skipped time is an error that names its neighbours, and a repeated one is the first
   */
  disambiguation?: Disambiguation | undefined;
  /**
   * Where series differ in their unit: a panel for each unit, or all in one panel with an axis for
   * each unit. Axes that would take half the width of the chart have a panel each all the same.
   *
   * @default 'panels'
   */
  units?: 'panels' | 'overlay' | undefined;
  /**
   * `'log'`: equal lengths of the value axis are equal ratios; values of 0 and below are gaps.
   *
   * @default 'linear'
   */
  valueScale?: 'linear' | 'log' | undefined;
  /**
   * How data points are drawn: `scatter`, `histogram` or `stateTimeline`, which this package
   * exports. A mark that is not imported is in no bundle. @default lines and steps
   */
  mark?: ChartMark | undefined;
  /**
   * As CSS writes them in hexadecimal, `#rrggbb`: one for each series in their order; or by name,
   * for series (also by id or external id), states of a `stateTimeline` and types of events:
   * `{ 'pump-1': '#0072b2', RUNNING: '#2e7d32', maintenance: '#b3261e' }`. Charts may share them:
   * a name that a chart does not have, such as a state that did not occur, has no effect there.
   * @default palettes that colour-blind readers can tell apart; grey for events of one type
   */
  colors?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /** Bands behind the lines. */
  events?: readonly ChartEvent[] | undefined;
  /** Lines across. */
  thresholds?: readonly ChartThreshold[] | undefined;
  /** Left edge. @default the first point */
  start?: TimeArgument | undefined;
  /** Right edge. @default the last point */
  end?: TimeArgument | undefined;
}
