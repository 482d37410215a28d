import type { Layout, LegendEntry, Mark, Panel, Scale } from './layout-types.js';
import type { LinePoints } from './m4.js';
import type { DrawOptions } from './options.js';
import type { Palette } from './palette.js';
import type { ChartSeries, ChartSource } from './source.js';
import type { Zone } from './time-zone.js';
import type { valueAxis } from './value-axis.js';
import type { View } from './view.js';

/** Everything that a chart draws, as data: options are resolved, names are safe, series are columns. */
export interface ChartModel {
  /** '' when there is none. */
  readonly title: string;
  /** In the order of the legend; one source may give several. */
  readonly series: readonly ChartSeries[];
  /** @unit milliseconds since the epoch */
  readonly start: number;
  /** @unit milliseconds since the epoch */
  readonly end: number;
  /** What it has besides lines, axes and a legend. */
  readonly parts: readonly ChartPart[];
  /** What ticks and dates are written in. */
  readonly zone: Zone;
  /** As given: texts in it are not safe yet. */
  readonly options: DrawOptions;
}

/** What a chart can have besides lines, axes and a legend. A part that nobody gives to `plot` is in no bundle. */
export interface ChartPart {
  /** What it is called. */
  readonly part: string;
  /** The label of a source that is to have another than its name. @internal */
  label?(source: ChartSource): string | undefined;
  /** The lines of a source that has others than its raw values. @internal */
  lines?(source: ChartSource, label: string, maxGap: number | undefined): ChartSeries[] | undefined;
  /** The same line where its points were put in order: for each, the index that it had. @internal */
  moved?(line: ChartSeries, order: Uint32Array): ChartSeries;
  /** Entries of the legend, after those of the series. @internal */
  entries?(model: ChartModel): Pick<LegendEntry, 'name' | 'swatch' | 'color'>[];
  /** What times are in. @internal */
  zone?(language: string | undefined): Zone;
  /** The line as it is drawn, after its points were put in order. @internal */
  line?(line: ChartSeries): ChartSeries;
  /** A value axis of another kind. @internal */
  axis?: typeof valueAxis;
  /** The units that share a panel, for each panel. @internal */
  panels?(units: readonly string[]): string[][];
  /** Values that an axis has to reach. @internal */
  reach?(unit: string, panel: number, panels: number): number[];
  /** Room that it needs at the right of the panels. @internal @unit pixels */
  room?(view: View): number;
  /** Markup behind the lines. @internal */
  behind?(model: ChartModel, layout: Layout, colors: Palette): string;
  /** Markup above the lines. @internal */
  above?(layout: Layout, colors: Palette): string;
  /** The outline of an area behind the line of a series. @internal */
  area?(series: ChartSeries, scale: Scale, points: (values: Float64Array) => LinePoints): string;
  /** Marks on the line of a series. @internal */
  marks?(series: ChartSeries, scale: Scale, layout: Layout, panel: Panel): Mark[];
  /** What a screen reader says after the window of the chart. @internal */
  describe?(series: readonly ChartSeries[], zone: Zone, start: number, end: number): string;
  /** What the tooltip says after the value of a point. @internal */
  detail?(series: ChartSeries, index: number, format: (value: number) => string): string;
  /** Lines of the tooltip at a time. @internal */
  notes?(time: number): string[];
}
