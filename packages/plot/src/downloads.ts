import { ConfigError } from '@cdf/core';
import { loadPart } from '@cdf/core/resource';
import { pngChart } from './browser-png.js';
import type { PngOptions } from './browser-png-options.js';
import type { ChartMethods } from './chart.js';
import { checkedOptions, PNG_OPTIONS, SHOW_OPTIONS } from './check-options.js';

/**
 * `chart.save(name)`: offers `.svg`, `.png`, `.html`, `.txt` or `.json`, by extension, as a
 * download.
 *
 * @throws {ConfigError} for another extension.
 */
export const saveChart =
  (chart: ChartMethods) =>
  async (name: string, options: PngOptions = {}): Promise<void> => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      await contentOf(chart, name, checkedOptions(options, PNG_OPTIONS, 'save')),
    );
    link.download = name.replace(/.*[\\/]/, '');
    link.click();
    // The download has begun by the next task; the URL is not needed longer.
    setTimeout(() => URL.revokeObjectURL(link.href));
  };

/**
 * `chart.show()`: opens the interactive chart in a tab of its own. The URL is returned; it
 * lives as long as this page.
 */
export const showChart =
  (chart: ChartMethods) =>
  async (options: { readonly open?: boolean | undefined } = {}): Promise<string> => {
    const { open = true } = checkedOptions(options, SHOW_OPTIONS, 'show');
    const url = URL.createObjectURL(await interactivePage(chart));
    if (open) window.open(url, '_blank', 'noopener');
    return url;
  };

async function contentOf(chart: ChartMethods, name: string, options: PngOptions): Promise<Blob> {
  const extension = /\.\w+$/.exec(name)?.[0].toLowerCase();
  switch (extension) {
    case '.svg':
      return new Blob([chart.toSvg()], { type: 'image/svg+xml' });
    case '.html':
      return interactivePage(chart);
    case '.txt':
      return new Blob([`${chart.toText()}\n`], { type: 'text/plain' });
    case '.json':
      return new Blob([JSON.stringify(chart)], { type: 'application/json' });
    case '.png':
      return new Blob([await pngChart(chart)(options)] as BlobPart[], { type: 'image/png' });
    default:
      throw new ConfigError(
        `save: ${JSON.stringify(name)} must end in .svg, .png, .html, .txt or .json`,
      );
  }
}

/**
 * The script of a page of its own is a third of all that plots: loaded when there is to be such a
 * page.
 */
async function interactivePage(chart: ChartMethods): Promise<Blob> {
  const { interactiveHtml } = await loadPart(import('./html-page.js'));
  return new Blob([interactiveHtml(chart)], { type: 'text/html' });
}
