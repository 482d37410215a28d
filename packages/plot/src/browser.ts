import { type MountedModel, mountModel } from './interactive/mount.js';
import type { ChartSource } from './source.js';
import type { SvgChart } from './svg-chart.js';

export { type PngOptions, pngChart } from './browser-png.js';
export { saveChart, showChart } from './downloads.js';

/** A chart on a page. */
export interface MountedChart extends MountedModel {
  /**
   * Draws other data with the same options. A window that was zoomed to stays.
   *
   * @throws {EmptyDataError} when there is nothing to draw: the chart stays as it was.
   */
  update(data: ChartSource | readonly ChartSource[]): void;
}

/**
 * `chart.mount(element)`: an interactive chart as wide as the element, and following it. Zoom, pan, tooltip, a legend that
 * switches series, keyboard.
 */
export const mountChart =
  (chart: SvgChart) =>
  (element: HTMLElement): MountedChart => {
    const mounted = mountModel(element, chart.model);
    return Object.assign(mounted, {
      update(data: ChartSource | readonly ChartSource[]): void {
        mounted.setModel(chart.remodel(data));
      },
    });
  };
