import { ConfigError } from '@cdf/core';
import type { ChartMethods } from './chart.js';
import { interactiveHtml } from './html-page.js';
import { type MountedModel, mountModel } from './interactive/mount.js';
import type { ChartSource } from './source.js';
import { renderSvg } from './svg.js';

/** A chart on a page. */
export interface MountedChart extends MountedModel {
  /**
   * Draws other data with the same options. A window that was zoomed to stays.
   *
   * @throws {EmptyDataError} when there is nothing to draw: the chart stays as it was.
   */
  update(data: ChartSource | readonly ChartSource[]): void;
}

/** How a chart becomes a PNG in a browser. */
export interface PngOptions {
  /** Pixels of the picture per pixel of the chart. @default 2 */
  scale?: number | undefined;
  /** For Node. A browser writes with its own fonts. */
  fonts?: readonly string[] | undefined;
  /** For Node, too. */
  missingGlyphs?: 'error' | 'boxes' | undefined;
}

/**
 * `chart.mount(element)`: an interactive chart as wide as the element, and following it. Zoom, pan, tooltip, a legend that
 * switches series, keyboard.
 */
export const mountChart =
  (chart: Pick<ChartMethods, 'model' | 'remodel'>) =>
  (element: HTMLElement): MountedChart => {
    const mounted = mountModel(element, chart.model);
    return Object.assign(mounted, {
      update(data: ChartSource | readonly ChartSource[]): void {
        mounted.setModel(chart.remodel(data));
      },
    });
  };

/** `chart.toPng()`: a PNG drawn by the browser, in the light theme unless the chart says dark. */
export const pngChart =
  (chart: Pick<ChartMethods, 'model'>) =>
  async ({ scale = 2 }: PngOptions = {}): Promise<Uint8Array> => {
    if (!(scale >= 0.25 && scale <= 10)) throw new ConfigError(`toPng: scale must be 0.25 to 10, got ${scale}`);
    const svg = renderSvg(chart.model, chart.model.options.theme === 'dark' ? 'dark' : 'light', scale);
    const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    try {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      if (blob === null) throw new ConfigError(`toPng: a picture at scale ${scale} is more than this browser can draw`);
      return new Uint8Array(await blob.arrayBuffer());
    } finally {
      URL.revokeObjectURL(url);
    }
  };

/**
 * `chart.save(name)`: offers `.svg`, `.png`, `.html`, `.txt` or `.json`, by extension, as a download.
 *
 * @throws {ConfigError} for another extension.
 */
export const saveChart =
  (chart: ChartMethods) =>
  async (name: string, options: PngOptions = {}): Promise<void> => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await contentOf(chart, name, options));
    link.download = name.replace(/.*[\\/]/, '');
    link.click();
    // The download has begun by the next task; the address is not needed longer.
    setTimeout(() => URL.revokeObjectURL(link.href));
  };

/** `chart.show()`: opens the interactive chart in a tab of its own. The address is returned; it lives as long as this page. */
export const showChart =
  (chart: ChartMethods) =>
  async ({ open = true }: { readonly open?: boolean | undefined } = {}): Promise<string> => {
    const url = URL.createObjectURL(new Blob([interactiveHtml(chart)], { type: 'text/html' }));
    if (open) window.open(url, '_blank', 'noopener');
    return url;
  };

async function contentOf(chart: ChartMethods, name: string, options: PngOptions): Promise<Blob> {
  const extension = /\.\w+$/.exec(name)?.[0].toLowerCase();
  switch (extension) {
    case '.svg':
      return new Blob([chart.toSvg()], { type: 'image/svg+xml' });
    case '.html':
      return new Blob([interactiveHtml(chart)], { type: 'text/html' });
    case '.txt':
      return new Blob([`${chart.toText()}\n`], { type: 'text/plain' });
    case '.json':
      return new Blob([JSON.stringify(chart)], { type: 'application/json' });
    case '.png':
      return new Blob([await pngChart(chart)(options)] as BlobPart[], { type: 'image/png' });
    default:
      throw new ConfigError(`save: ${JSON.stringify(name)} must end in .svg, .png, .html, .txt or .json`);
  }
}
