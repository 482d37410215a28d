import { type Bound, bindPrototype, type None, type Relations, withPrototype } from '@cdf/core';
import { type ChartSpec, toSpec } from './chart-spec.js';
import { type HtmlOptions, renderHtml } from './html.js';
import { type ChartModel, createModel } from './model.js';
import { atThisTime, type PlotOptions } from './options.js';
import type { ChartSource } from './source.js';
import { summarize } from './summary.js';
import { renderSvg } from './svg.js';
import type { SvgChart } from './svg-chart.js';
import { renderText, type TextOptions } from './terminal.js';
import { toVegaLite, type VegaLiteSpec } from './vega-lite.js';

/** What every chart can do. What needs a file system, a font or a page comes in as outputs. */
export interface ChartMethods extends SvgChart {
  /**
   * One HTML file that needs nothing else and works offline: the picture, and where scripts run zoom, pan, tooltips and
   * a legend that switches series.
   */
  toHtml(options?: HtmlOptions): string;
  /** The chart for a terminal, in braille dots. */
  toText(options?: TextOptions): string;
  /** A Vega-Lite specification with its data: for notebooks, Observable, or to go on from. */
  toVegaLite(): VegaLiteSpec;
  /** The chart as plain data: for any other chart library. */
  toJSON(): ChartSpec;
  /** One line: what it shows, how many points, when. */
  toString(): string;
}

/** A chart with its outputs `R`, such as `save`. */
export type Chart<R = None> = ChartMethods & Bound<R>;

/**
 * A chart of data points that are at hand. Sends nothing.
 *
 * @param outputs become methods of the chart: `plot(data, {}, { save: saveChart })`
 * @throws {EmptyDataError} when no series has a point in the window, naming them.
 * @throws {ConfigError} when an option cannot work, or all series hold text.
 */
export function plot<R extends Relations<R, Chart> = None>(
  data: ChartSource | readonly ChartSource[],
  options: PlotOptions = {},
  outputs: R = {} as R,
): Chart<R> {
  const prototype = bindPrototype(FullChart.prototype, outputs, (chart: Chart) => chart);
  return withPrototype(new FullChart(data, options), prototype);
}

class FullChart implements ChartMethods {
  readonly model: ChartModel;
  readonly #options: PlotOptions;

  constructor(data: ChartSource | readonly ChartSource[], options: PlotOptions) {
    this.#options = options;
    this.model = this.remodel(data);
  }

  remodel(data: ChartSource | readonly ChartSource[]): ChartModel {
    return createModel(data, atThisTime(this.#options));
  }

  toSvg(): string {
    return renderSvg(this.model);
  }

  toHtml(options: HtmlOptions = {}): string {
    return renderHtml(this.model, options);
  }

  toText(options: TextOptions = {}): string {
    return renderText(this.model, options);
  }

  toVegaLite(): VegaLiteSpec {
    return toVegaLite(this.model);
  }

  toJSON(): ChartSpec {
    return toSpec(this.model);
  }

  toString(): string {
    return summarize(this.model);
  }

  /** What a notebook of Deno shows. */
  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'image/svg+xml': this.toSvg(), 'text/plain': this.toString() };
  }

  /** What the console of Node shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** What the console of Deno shows. */
  [Symbol.for('Deno.customInspect')](): string {
    return this.toString();
  }
}
