import { type Bound, ConfigError, type None, type Relations } from '@cdf/core';
import { bindPrototype, toEpoch, withPrototype } from '@cdf/core/resource';
import { shownInConsoles } from '#consoles';
import type { ChartPart } from './chart-model.js';
import { type ChartSpec, toSpec } from './chart-spec.js';
import { checkedPlotOptions, checkSources } from './check-options.js';
import { createModel } from './create-model.js';
import { checkEdges, edgeReader } from './edge-times.js';
import { type HtmlOptions, renderHtml } from './html.js';
import { nothingToDraw } from './nothing-to-draw.js';
import type { PlotOptions } from './options.js';
import { allParts, type FullModel } from './parts/all-parts.js';
import { timeZone } from './parts/time-zone.js';
import { type ChartSeries, type ChartSource, keyOf } from './source.js';
import { summarize } from './summary.js';
import { renderSvg } from './svg.js';
import type { SvgChart } from './svg-chart.js';
import { renderText, type TextOptions } from './terminal.js';
import { withPlainNames, withPlainTexts } from './text.js';
import { toVegaLite, type VegaLiteSpec } from './vega-lite.js';

/** The methods of every chart. Those that need a file system, a font or a page are outputs. */
export interface ChartMethods extends SvgChart {
  /**
   * The content of the chart: names, columns, window, events, thresholds. Users call `toJSON()`.
   *
   * @internal
   */
  readonly model: FullModel;
  /**
   * The model of other data with the same options: what `update` of a mounted chart draws.
   *
   * @internal
   */
  remodel(data: ChartSource | readonly ChartSource[]): FullModel;
  /**
   * One HTML file that needs nothing else and works offline: the picture, and where scripts run
   * zoom, pan, tooltips and a legend that switches series.
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
  return draw(data, checkedPlotOptions(options), outputs);
}

/** The same with options that were checked. */
export function draw<R extends Relations<R, Chart> = None>(
  data: ChartSource | readonly ChartSource[],
  options: PlotOptions,
  outputs: R,
): Chart<R> {
  const prototype = bindPrototype(FullChart.prototype, outputs, (chart: Chart) => chart);
  return withPrototype(new FullChart(data, options), prototype);
}

class FullChart implements ChartMethods {
  readonly model: FullModel;
  readonly #options: PlotOptions;

  constructor(data: ChartSource | readonly ChartSource[], options: PlotOptions) {
    this.#options = options;
    this.model = this.remodel(data);
  }

  remodel(data: ChartSource | readonly ChartSource[]): FullModel {
    return fullModel(data, this.#options);
  }

  toSvg(...options: never[]): string {
    refuseOptions(options, 'toSvg');
    return renderSvg(this.model);
  }

  toHtml(options: HtmlOptions = {}): string {
    return renderHtml(this.model, options);
  }

  toText(options: TextOptions = {}): string {
    return renderText(this.model, options);
  }

  toVegaLite(...options: never[]): VegaLiteSpec {
    refuseOptions(options, 'toVegaLite');
    return toVegaLite(this.model);
  }

  toJSON(): ChartSpec {
    return toSpec(this.model);
  }

  toString(): string {
    return summarize(this.model);
  }
}

shownInConsoles(FullChart.prototype);

/** Plain JavaScript can pass options to outputs without any: they would be ignored silently. */
function refuseOptions(given: readonly unknown[], output: string): void {
  if (given.some((options) => typeof options === 'object'))
    throw new ConfigError(`${output} takes no options; pass them to plot`);
}

/** With every part. Times that are relative or text are as they are now. */
function fullModel(data: ChartSource | readonly ChartSource[], options: PlotOptions): FullModel {
  const {
    start,
    end,
    names,
    idLabels,
    maxGap,
    timeZone: zone = 'UTC',
    disambiguation: _,
    ...rest
  } = options;
  const {
    events = [],
    thresholds = [],
    units = 'panels',
    valueScale = 'linear',
    mark,
    colors,
    ...shown
  } = rest;
  checkSources(data);
  mark?.check?.({ events, thresholds, valueScale });
  if (valueScale === 'log' && !thresholds.every(({ value }) => value > 0))
    throw new ConfigError('plot: thresholds must be above 0 on a logarithmic axis');
  const now = Date.now();
  const readLocal = edgeReader(options);
  const edges = {
    maxGap: typeof maxGap === 'string' ? durationOf(maxGap) : maxGap,
    ...(start === undefined ? {} : { start: toEpoch(start, now, 'plot: start', readLocal) }),
    ...(end === undefined ? {} : { end: toEpoch(end, now, 'plot: end', readLocal) }),
  };
  checkEdges(edges.start, edges.end);
  const drawn = {
    units,
    valueScale,
    mark,
    events: events.map(withPlainTexts),
    thresholds: thresholds.map(withPlainTexts),
    named: Array.isArray(colors) ? {} : withPlainNames((colors ?? {}) as Colors),
  };
  const words: ChartPart = {
    part: 'words',
    label: labelOf(names, idLabels),
    nothing: nothingToDraw,
    line: (line) => (line.states ? { ...line, colors: drawn.named } : line),
  };
  const parts = [words, timeZone(zone), ...allParts(drawn)];
  const model = createModel(data, { ...withPlainTexts(shown), ...edges }, parts);
  const own = Array.isArray(colors) ? colors : colorsOf(model.series, data, drawn.named);
  return { ...model, options: { ...model.options, colors: own }, ...drawn };
}

type Colors = Readonly<Record<string, string>>;

/** Those of series that are chosen by name, id or external id. */
function colorsOf(
  series: readonly ChartSeries[],
  data: ChartSource | readonly ChartSource[],
  named: Colors,
): (string | undefined)[] {
  const sources = new Map([data].flat().map((source) => [keyOf(source), source]));
  return series.map(({ label, key }) => {
    const { id, aggregates, instanceId } = sources.get(key) ?? {};
    const names = [label, key, `${id}`, `${instanceId?.externalId}`];
    // The label of an aggregate says which one it is: `Flow (average, 1h)`.
    if (aggregates !== undefined) names.push(label.replace(/ \([^()]*\)$/, ''));
    const name = names.find((each) => Object.hasOwn(named, each));
    return name === undefined ? undefined : named[name];
  });
}

/** @throws {ConfigError} when the string is not a duration. */
function durationOf(text: string): number {
  try {
    const duration = toEpoch(`${text}-ahead`, 0);
    if (duration > 0) return duration;
  } catch {
    // Said below.
  }
  throw new ConfigError(
    `plot: maxGap ${JSON.stringify(text)} is not milliseconds or a duration such as '1h'`,
  );
}

/** A name in `names` goes before the name in the data of the series. */
export function labelOf(
  names: Readonly<Record<string | number, string>> = {},
  idLabels = false,
): (source: ChartSource) => string | undefined {
  return (source) => {
    if (idLabels) return keyOf(source);
    const { id, externalId, instanceId, name } = source;
    const short = externalId ?? instanceId?.externalId;
    const key = [id, keyOf(source), short].find(
      (each) => each !== undefined && Object.hasOwn(names, each),
    );
    return key === undefined ? name || short : names[key];
  };
}
