import { type ChartModel, createModel } from './model.js';
import type { DrawOptions } from './options.js';
import type { ChartSource } from './source.js';
import { renderSvg } from './svg.js';

export type { DrawOptions } from './options.js';

/** A chart that can be drawn. */
export interface SvgChart {
  /** What is drawn, as data: names, columns, window. */
  readonly model: ChartModel;
  /** The model of other data with the same options: what `update` of a mounted chart draws. */
  remodel(data: ChartSource | readonly ChartSource[]): ChartModel;
  /** One SVG document: no script, no font, nothing to load. */
  toSvg(): string;
}

/**
 * `plot` for pages where each kilobyte counts: the same picture, without the outputs as text and data, and with edges that are numbers.
 * What it returns can be mounted. Sends nothing.
 *
 * @throws {EmptyDataError} when no series has a point in the window, naming them.
 * @throws {ConfigError} when an option cannot work, or all series hold text.
 */
export function plot(data: ChartSource | readonly ChartSource[], options: DrawOptions = {}): SvgChart {
  const model = createModel(data, options);
  return { model, remodel: (other) => createModel(other, options), toSvg: () => renderSvg(model) };
}
