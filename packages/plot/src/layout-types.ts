import type { ColorName, Colors, Palette } from './palette.js';
import type { ValueAxis } from './value-axis.js';
import type { View } from './view.js';

/** Where everything goes. All lengths are pixels. */
export interface Layout {
  readonly view: View;
  readonly width: number;
  readonly height: number;
  /** The area of the lines, panels together. */
  readonly left: number;
  readonly top: number;
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly panels: readonly Panel[];
  readonly legend: Legend;
  /** Where a time is. */
  x(time: number): number;
}

/** One value axis and the series on it. */
export interface Panel {
  /** The place among all panels, and their number: those of hidden series are left out. */
  readonly place: number;
  readonly places: number;
  readonly unit: string;
  /** Name of the axis. */
  readonly label: string;
  readonly top: number;
  readonly height: number;
  readonly axis: ValueAxis;
  /** Indexes into the series of the model. */
  readonly series: readonly number[];
  /**
   * How high it is beside others: 1, or less where it has a row for each series; 0 where it is
   * drawn over the one before.
   */
  readonly weight: number;
  /** Draws its axis where that is not alone. */
  readonly draw?: DrawAxis | undefined;
  /** Where a value is. */
  y(value: number): number;
}

/** The markup of the axis of a panel; `own` are the colours that were chosen for series. */
export type DrawAxis = (panel: Panel, layout: Layout, colors: Palette, own?: Colors) => string;

/**
 * The sign before a name: a line from the middle of its left end, how thick it is, and how much
 * the area behind it covers.
 */
export interface Swatch {
  readonly line?: string;
  /** @default 2.5 @unit pixels */
  readonly width?: number;
  /** An opacity. */
  readonly area?: number;
}

export interface LegendEntry {
  readonly swatch: Swatch;
  /** The whole name; `text` may be cut. */
  readonly name: string;
  readonly text: string;
  /** Left end of the swatch, and baseline of the text. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Index of a series that can be switched off. */
  readonly series?: number;
  /**
   * The colour of the swatch: an index into the palette, or a named colour. Muted text belongs to
   * series that are not drawn.
   */
  readonly color: ColorName;
}

export interface Legend {
  readonly entries: readonly LegendEntry[];
  readonly bottom: number;
}

/** Lines of one colour and width, such as the dots of points. */
export interface Stroke {
  readonly d: string;
  /** @unit tenths of a pixel */
  readonly width: number;
  /** An index into the palette, or what it says. Absent: that of the series, with round ends. */
  readonly color?: ColorName;
  /** @default 1 */
  readonly opacity?: number;
  /** Ends that are cut off where they would be round: squares in place of dots. */
  readonly isSquare?: boolean;
}

export interface Scale {
  x(time: number): number;
  y(value: number): number;
}

/** A panel before it has a place. */
export type PanelDraft = Omit<Panel, 'top' | 'height' | 'y'>;

/** The outlines of one series, in tenths of a pixel: whole numbers are short, and fine enough. */
export interface SeriesPaths {
  /** Index of the series. */
  readonly index: number;
  readonly panel: Panel;
  /** Drawn inside the panel, as the line is. */
  readonly area: string;
  /** How much the area covers. @default 0.2 */
  readonly opacity?: string;
  readonly line: string;
  /** Drawn whole, also on the edge. */
  readonly strokes: readonly Stroke[];
}

/** A tick of the horizontal axis. */
export interface TimeTick {
  readonly time: number;
  readonly label: string;
  /** The part that the label leaves out, such as the date of an hour, where it changes. */
  readonly context?: string | undefined;
}
