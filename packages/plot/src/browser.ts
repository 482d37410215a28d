import { ConfigError } from '@cdf/core';
import { loadPart } from '@cdf/core/resource';
import type { PngOptions } from './browser-png-options.js';
import type { ChartMethods } from './chart.js';
import { type MountedModel, mountModel } from './interactive/mount.js';
import type { ChartSource } from './source.js';
import type { SvgChart } from './svg-chart.js';

export type { PngOptions } from './browser-png-options.js';

/** `chart.toPng()`: a PNG drawn by the browser, in the light theme unless the chart says dark. */
export const pngChart =
  (chart: SvgChart) =>
  async (options?: PngOptions): Promise<Uint8Array> => {
    const part = await loadPart(import('./downloads.js'));
    return part.pngChart(chart)(options);
  };

/**
 * `chart.save(name)`: offers `.svg`, `.png`, `.html`, `.txt` or `.json`, by extension, as a
 * download.
 *
 * @throws {ConfigError} for another extension.
 */
export const saveChart =
  (chart: ChartMethods) =>
  async (name: string, options?: PngOptions): Promise<void> => {
    const part = await loadPart(import('./downloads.js'));
    return part.saveChart(chart)(name, options);
  };

/**
 * `chart.show()`: opens the interactive chart in a tab of its own. The URL is returned; it
 * lives as long as this page.
 */
export const showChart =
  (chart: ChartMethods) =>
  async (options?: { readonly open?: boolean | undefined }): Promise<string> => {
    const part = await loadPart(import('./downloads.js'));
    return part.showChart(chart)(options);
  };

/** A chart on a page. */
export interface MountedChart extends MountedModel {
  /**
   * Draws other data with the same options. A window that was zoomed to stays.
   *
   * @throws {EmptyDataError} when there is nothing to draw, unless the chart is live: it stays as it
   * was.
   */
  update(data: ChartSource | readonly ChartSource[]): void;
}

/** How a chart is mounted. */
export interface MountOptions {
  /**
   * A strip below with all of the chart, in which the window is chosen: by dragging its edges, also
   * with a finger, and by arrow keys. Its code is loaded then. Pages of their own have it.
   * @default false
   */
  readonly rangeSelector?: boolean | undefined;
  /** Ends the reading of new points; the chart stays as it is. `destroy()` ends it, too. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes what went wrong: new points that could not be read, which are read again at the next
   * turn, or a part of the chart that could not be loaded, which is said once.
   *
   * @default `reportError`: the console of the browser
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * `chart.mount(element)`: an interactive chart as wide as the element, and following it. Zoom, pan,
 * tooltip, a legend that switches series, keyboard. A live chart follows new points until
 * `destroy()`, or until the signal says so.
 */
export const mountChart =
  (chart: SvgChart) =>
  (element: HTMLElement, options: MountOptions = {}): MountedChart => {
    const {
      onError = globalThis.reportError ?? console.error,
      signal,
      rangeSelector = false,
      ...unknown
    } = options;
    for (const name of Object.keys(unknown)) throw new ConfigError(`mount: unknown option ${name}`);
    // Without a page, or before its element is there.
    if (!Object(element).appendChild) throw new ConfigError('mount: pass an element of a page');
    const mounted = mountModel(element, chart.model, undefined, onError);
    if (rangeSelector)
      import('./interactive/range-selector.js').then(
        (part) => mounted.attach(part.attachRangeSelector),
        onError,
      );
    const stop = signal?.aborted ? undefined : chart.follow?.({ show: mounted.setModel, onError });
    const end = (): void => stop?.();
    const remove = mounted.destroy;
    const destroy = (): void => {
      end();
      signal?.removeEventListener('abort', end);
      remove();
    };
    signal?.addEventListener('abort', end, { once: true });
    return Object.assign(mounted, {
      destroy,
      update(data: ChartSource | readonly ChartSource[]): void {
        mounted.setModel(chart.remodel(data));
      },
    });
  };
