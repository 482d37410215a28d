import type { ChartEvent, ChartThreshold, DrawOptions } from './draw-options.js';
import type {
  Layout,
  LegendEntry,
  Panel,
  PanelDraft,
  Scale,
  SeriesPaths,
  Stroke,
  Swatch,
} from './layout-types.js';
import type { LinePoints } from './m4.js';
import type { ColorName, Palette } from './palette.js';
import type { SeriesSpec } from './series-spec.js';
import type { ChartSeries, ChartSource } from './source.js';
import type { TextPanel } from './terminal-canvas.js';
import type { Zone } from './time-zone.js';
import type { valueAxis } from './value-axis.js';
import type { View } from './view.js';

/**
 * Everything that a chart draws, as data: options are resolved, names are safe, series are columns.
 */
export interface ChartModel {
  /** '' when there is none. */
  readonly title: string;
  /** In the order of the legend; one source may give several. */
  readonly series: readonly ChartSeries[];
  /** Left edge of the horizontal axis. @unit milliseconds since the epoch, where it shows times */
  readonly start: number;
  /** Right edge. */
  readonly end: number;
  /** The parts besides lines, axes and a legend. */
  readonly parts: readonly ChartMark[];
  /** The zone that ticks, dates and places on the horizontal axis are written in. */
  readonly zone: Zone;
  /** As given: strings in it are not safe yet. */
  readonly options: DrawOptions;
}

/**
 * A part of a chart besides lines, axes and a legend. A bundle contains a part only where it is
 * passed to `plot`.
 */
export interface ChartPart {
  /** The name of the part. */
  readonly part: string;
  /** The label of a source that is to have another than its name. @internal */
  label?(source: ChartSource): string | undefined;
  /** The error of a chart in which no series has a point. @internal */
  nothing?(
    series: readonly ChartSeries[],
    start: number | undefined,
    end: number | undefined,
  ): Error;
  /** The lines of a source that has others than its raw values. @internal */
  lines?(source: ChartSource, label: string, maxGap: number | undefined): ChartSeries[] | undefined;
  /**
   * The same line where its points were put in order: for each, the index that it had. @internal
   */
  moved?(line: ChartSeries, order: Uint32Array): ChartSeries;
  /** Entries of the legend, after those of the series. @internal */
  entries?(model: ChartModel): Pick<LegendEntry, 'name' | 'swatch' | 'color'>[];
  /** The zone of times. @internal */
  zone?(language: string | undefined): Zone;
  /** The line as it is drawn, after its points were put in order. @internal */
  line?(line: ChartSeries): ChartSeries;
  /** A value axis of another kind. @internal */
  axis?: typeof valueAxis;
  /**
   * The panels of all units as one, with an axis for each; undefined where there is no room for the
   * axes. @internal
   */
  share?(drafts: readonly PanelDraft[], view: View): PanelDraft[] | undefined;
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
  marks?(series: ChartSeries, scale: Scale, layout: Layout, panel: Panel): Stroke[];
  /** The words of a screen reader after the window of the chart. @internal */
  describe?(model: ChartModel, view: View): string;
  /** The words of the tooltip after the value of a point. @internal */
  detail?(
    series: ChartSeries,
    index: number,
    format: (value: number) => string,
    zone: Zone,
  ): string;
  /** Lines of the tooltip at a time. @internal */
  notes?(time: number, zone: Zone): string[];
}

/**
 * How data points become a picture: `scatter`, `histogram`, `stateTimeline`, `eventBands`. Without
 * one, they are lines. A mark is a part that has its data, its channels, and how it is drawn in
 * SVG, as text and on a page. Its series carry its name.
 */
export interface ChartMark extends ChartPart {
  /** The name of such a chart for screen readers. */
  readonly noun?: string;
  /** @throws {ConfigError} for an option that has no place beside it. @internal */
  check?(options: BesideMark): void;
  /**
   * Data and channels: what becomes of all lines together, and what stands on the horizontal axis
   * then.
   *
   * @default lines over time @internal
   */
  data?(lines: readonly ChartSeries[], options: DrawOptions): MadeSeries | undefined;
  /** The same axis of series that were made before. @internal */
  across?(series: readonly ChartSeries[], zone: Zone): ValuesAcross;
  /** Channels: a panel with a row for each of its series. @internal */
  rows?(series: readonly ChartSeries[], view: View): Omit<PanelDraft, 'place' | 'places'>[];
  /** The sign before the names of its series in the legend. @internal */
  readonly swatch?: Swatch;
  /** The outlines of a series, in tenths of a pixel. @internal */
  paths?(
    model: ChartModel,
    series: ChartSeries,
    scale: Scale,
    layout: Layout,
    panel: Panel,
  ): Partial<SeriesPaths>;
  /** Lines of the legend in characters: a sample, a name, an index into the palette. @internal */
  characters?(model: ChartModel): (readonly [sample: string, name: string, color: number])[];
  /** Draws a series in characters. @internal */
  text?(model: ChartModel, series: ChartSeries, panel: TextPanel): void;
  /** The point that is nearest to a place on the page; -1 where there is none. @internal */
  nearest?(series: ChartSeries, at: Place, layout: Layout, panel: Panel): number;
  /** The words of the tooltip for a point, instead of its value. @internal */
  say?(series: ChartSeries, index: number, format: (value: number) => string): string;
  /** The colour of a point in the tooltip, where it is not that of its series. @internal */
  tint?(series: readonly ChartSeries[], line: ChartSeries, index: number): ColorName | undefined;
  /** The words of a screen reader for a series, after its name. @internal */
  speak?(series: ChartSeries, end: number, format: (value: number) => string): string;
  /** A series with about so many points at most, that looks the same. @internal */
  thin?(series: ChartSeries, most: number): ChartSeries;
  /** A series as plain data. @internal */
  spec?(series: ChartSeries): Partial<SeriesSpec>;
  /** Layers of Vega-Lite, where they are others than lines. @internal */
  vega?(model: ChartModel, series: ChartSeries): object;
}

/** Options that not every mark can be drawn with. */
export interface BesideMark {
  readonly events?: readonly ChartEvent[] | undefined;
  readonly thresholds?: readonly ChartThreshold[] | undefined;
  readonly valueScale?: 'linear' | 'log' | undefined;
}

/** The result of a mark for all lines. */
export interface MadeSeries {
  readonly series: readonly ChartSeries[];
  across(zone: Zone): ValuesAcross;
}

/** A horizontal axis of values, and its edges. */
export type ValuesAcross = Pick<ChartModel, 'zone' | 'start' | 'end'>;

/** A place in the chart. @unit pixels */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The mark that draws a series; undefined for lines. */
export function markOf(
  { parts }: Pick<ChartModel, 'parts'>,
  { mark }: ChartSeries,
): ChartMark | undefined {
  return parts.find(({ part }) => part === mark);
}
