export { type Chart, type ChartMethods, plot } from './chart.js';
export type { ChartMark, ChartPart } from './chart-model.js';
export type { ChartSpec } from './chart-spec.js';
export type { ChartEvent, ChartThreshold, DrawOptions } from './draw-options.js';
export type { HtmlOptions } from './html.js';
export type { LiveOption } from './live.js';
export { histogram } from './marks/histogram.js';
export { scatter } from './marks/scatter.js';
export { stateTimeline } from './marks/state-timeline.js';
export type { PlotOptions } from './options.js';
export type { Theme } from './palette.js';
export type { PlottableNode, PlottableSeries } from './plottable.js';
export {
  plotDatapoints,
  plotTimeSeries,
  type SeriesPlotOptions,
  type SeriesPlotSettings,
} from './relations.js';
export type { SeriesSpec } from './series-spec.js';
export type { ChartSource } from './source.js';
export type { SvgChart } from './svg-chart.js';
export type { TextOptions } from './terminal.js';
export type { VegaLiteSpec } from './vega-lite.js';
