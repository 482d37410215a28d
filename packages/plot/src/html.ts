import { ConfigError } from '@cdf/core';
import { pageScript } from '#page-script';
import { checkedOptions, FLAG, type Rule, within } from './check-options.js';
import type { PageScript } from './page/page-script.js';
import { DARK, LIGHT } from './palette.js';
import type { FullModel } from './parts/all-parts.js';
import { renderSvg } from './svg.js';
import { escapeMarkup } from './text.js';

/** Options of `toHtml()`. */
export interface HtmlOptions {
  /**
   * `false`: the picture alone, without a script.
   * @default true; false in a bundle for browsers, which leaves the script out: `interactiveHtml`
   * of `@cdf/plot/html` has it
   */
  interactive?: boolean | undefined;
  /**
   * Most points in an interactive file. Above, points are left out that no screen could show;
   * zooming in then shows less than there was, and the chart says how many of them it has. A series
   * with a band is kept whole.
   * @default 200 000
   */
  maxPoints?: number | undefined;
}

const HTML_OPTIONS: Readonly<Record<keyof HtmlOptions, Rule>> = {
  interactive: FLAG,
  maxPoints: within(1, Infinity),
};

/**
 * One file that needs nothing else. Its policy allows its own script, by hash, and nothing from
 * anywhere.
 *
 * @throws {ConfigError} when the page is to be interactive and the bundle has no script for it.
 */
export function renderHtml(
  model: FullModel,
  given: HtmlOptions,
  script: PageScript | undefined = pageScript,
): string {
  const options = checkedOptions(given, HTML_OPTIONS, 'toHtml');
  const interactive = options.interactive ?? script !== undefined;
  if (interactive && script === undefined)
    throw new ConfigError(
      "toHtml: a browser bundle has no page script; use interactiveHtml of '@cdf/plot/html'",
    );
  const policy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'${interactive && script ? `; script-src '${script.hash}'` : ''}`;
  const { theme = 'auto', locale = 'en-GB' } = model.options;
  const scheme = theme === 'auto' ? 'light dark' : theme;
  // The page has the background of the chart: that of the browser is another black.
  const dark = `body{background:${DARK.background}}`;
  const backgrounds = { light: '', dark, auto: `@media (prefers-color-scheme:dark){${dark}}` };
  const style = `:root{color-scheme:${scheme}}body{margin:12px;background:${LIGHT.background}}svg{max-width:100%;height:auto}${backgrounds[theme]}`;
  const data = interactive && script ? script.elements(model, options.maxPoints ?? 200_000) : '';
  return [
    `<!doctype html><html lang="${escapeMarkup(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>${escapeMarkup(model.title || 'Time series')}</title><style>${style}</style></head>`,
    `<body><main id="chart">${renderSvg(model)}</main>${data}</body></html>\n`,
  ].join('\n');
}
