import type { ChartMethods } from './chart.js';
import { type HtmlOptions, renderHtml } from './html.js';
import { pageScript } from './page/bundled-page-script.js';

/**
 * `chart.toHtml()` with zoom, pan, tooltips and keyboard, in browser bundles too: it brings the
 * script of the page along.
 */
export function interactiveHtml(chart: ChartMethods, options: HtmlOptions = {}): string {
  return renderHtml(chart.model, options, pageScript);
}
