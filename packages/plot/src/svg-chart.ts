import type { ChartModel, ChartPart } from './chart-model.js';
import { createModel } from './create-model.js';
import { checkedDrawOptions, type DrawOptions } from './draw-options.js';
import type { LiveView } from './live.js';
import type { ChartSource } from './source.js';
import { renderSvg } from './svg.js';

export type { ChartMark, ChartPart } from './chart-model.js';
export type { ChartEvent, ChartThreshold, DrawOptions } from './draw-options.js';
export { eventBands } from './marks/event-bands.js';
export { histogram } from './marks/histogram.js';
export { scatter } from './marks/scatter.js';
export { stateTimeline } from './marks/state-timeline.js';
export { aggregateLines } from './parts/aggregate-lines.js';
export { logAxis } from './parts/log-axis.js';
export { sharedPanel } from './parts/shared-panel.js';
export { spokenRanges } from './parts/spoken-ranges.js';
export { statusMarks } from './parts/status-marks.js';
export { thresholdLines } from './parts/threshold-lines.js';
export { timeZone } from './parts/time-zone.js';

/** A chart that can be drawn. */
export interface SvgChart {
  /** The content of the chart: names, columns, window. @internal */
  readonly model: ChartModel;
  /**
   * The model of other data with the same options: what `update` of a mounted chart draws.
   *
   * @internal
   */
  remodel(data: ChartSource | readonly ChartSource[]): ChartModel;
  /** In a live chart: reads and shows until the returned function is called. @internal */
  readonly follow?: ((view: LiveView) => () => void) | undefined;
  /** One SVG document: no script, no font, nothing to load. */
  toSvg(): string;
}

/**
 * A chart for pages where each kilobyte counts: raw points as lines and steps, in UTC, without the
 * outputs as text and data, and with edges that are numbers. Everything else comes as parts.
 * The chart can be mounted. Sends nothing.
 *
 * @param parts those that the chart needs of `aggregateLines`, `eventBands(events)`, `histogram`,
 * `logAxis`, `scatter`, `sharedPanel`, `spokenRanges`, `stateTimeline`, `statusMarks`,
 * `thresholdLines(limits)`, `timeZone(name)`
 * @throws {EmptyDataError} when no series has a point in the window, naming them.
 * @throws {ConfigError} when an option cannot work, or all series hold something else than raw
 * numbers.
 */
export function lineChart(
  data: ChartSource | readonly ChartSource[],
  options: DrawOptions = {},
  parts: readonly ChartPart[] = [],
): SvgChart {
  const checked = checkedDrawOptions(options);
  const remodel = (other: typeof data): ChartModel => createModel(other, checked, parts);
  const model = remodel(data);
  return { model, remodel, toSvg: () => renderSvg(model) };
}
