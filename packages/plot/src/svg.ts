import { FONT, type Layout, layoutChart, type Panel } from './layout.js';
import { eventColor, eventTypes, type LegendEntry, SWATCH } from './legend.js';
import type { ChartModel } from './model.js';
import { DARK, darkRules, dashOf, LIGHT, type Palette, type Theme } from './palette.js';
import { type SeriesPaths, seriesPaths } from './paths.js';
import { describeChart } from './summary.js';
import { escapeMarkup } from './text.js';
import type { View } from './view.js';

const FONT_FAMILY: string =
  'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans","DejaVu Sans",sans-serif';

/** The whole chart, as it is before anybody zooms. */
export function wholeView({ start, end, options }: ChartModel, scale = 1): View {
  return { start, end, width: options.width ?? 900, height: options.height, scale, hidden: new Set() };
}

/** A chart as one SVG document. The same model gives the same text. */
export function renderSvg(model: ChartModel, theme: Theme = model.options.theme ?? 'auto', scale = 1): string {
  const layout = layoutChart(model, wholeView(model, scale));
  return drawFrame(model, layout, theme, drawSeries(model, seriesPaths(model, layout), paletteOf(theme)));
}

export function paletteOf(theme: Theme): Palette {
  return theme === 'dark' ? DARK : LIGHT;
}

/** Everything but the lines: axes, names, bands of events. `lines` goes between the grid and the thresholds. */
export function drawFrame(model: ChartModel, layout: Layout, theme: Theme, lines: string): string {
  const colors = paletteOf(theme);
  const { width, height, left, top, plotWidth, plotHeight } = layout;
  const id = `cdf-${identity(model, layout)}`;
  const bottom = top + plotHeight;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="cdf-chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d" font-family="${escapeMarkup(FONT_FAMILY)}" font-size="${FONT.tick}">`,
    `<title id="${id}-t">${escapeMarkup(model.title || 'Time series chart')}</title><desc id="${id}-d">${escapeMarkup(describeChart(model, layout))}</desc>`,
    theme === 'auto' ? `<style>${darkRules()}</style>` : '',
    `<rect class="bg" width="${width}" height="${height}" fill="${colors.background}"/>`,
    `<clipPath id="${id}-c">${layout.panels.map((panel) => `<rect x="${left}" y="${tenth(panel.top - 1)}" width="${plotWidth}" height="${tenth(panel.height + 2)}"/>`).join('')}</clipPath>`,
    text(left, 28, layout.title, model.title, `${ink('fg', colors)} font-size="${FONT.title}" font-weight="600"`),
    drawEvents(model, layout, colors),
    ...layout.panels.map((panel) => drawAxis(panel, layout, colors)),
    `<path class="ax" fill="none" stroke="${colors.axis}" d="M${left} ${bottom}h${plotWidth}${layout.timeTicks.map(({ x }) => `M${tenth(x)} ${bottom}v5`).join('')}"/>`,
    `<g ${ink('fg', colors)} text-anchor="middle">${layout.timeTicks.map((tick) => text(tick.labelX, bottom + 18, tick.label)).join('')}</g>`,
    `<g ${ink('mut', colors)} font-size="${FONT.small}">`,
    ...layout.timeTicks.map(({ context, contextX }) => text(contextX, bottom + 33, context ?? '')),
    text(width - 18, height - 5, layout.zone, layout.zone, 'text-anchor="end"'),
    '</g>',
    `<g clip-path="url(#${id}-c)" fill="none" stroke-linejoin="round">${lines}</g>`,
    ...layout.panels.map((panel) => drawThresholds(panel, layout, colors)),
    `<g font-size="${FONT.legend}">${layout.legend.entries.map((entry) => drawEntry(model, layout, entry, colors)).join('')}</g>`,
  ];
  const { entries, rest } = layout.legend;
  if (rest.length > 0) {
    const tone = `${ink('mut', colors)} font-size="${FONT.small}"`;
    parts.push(text(left, (entries.at(-1)?.y ?? 0) + 16, `and ${rest.length} more`, rest.join(', '), tone));
  }
  parts.push('</svg>');
  return parts.join('');
}

/** The lines themselves, above all bands: a band of one series must not dim the line of another. */
function drawSeries(model: ChartModel, paths: readonly SeriesPaths[], colors: Palette): string {
  const shape = (className: string, attributes: string, d: string): string =>
    d === '' ? '' : `<path class="${className}" ${attributes} d="${d}"/>`;
  const bands = paths.map(({ index, band }) => {
    const { color, fillClass } = seriesPaint(model, index, colors);
    return shape(fillClass, `fill="${color}" fill-opacity=".2"`, band);
  });
  const lines = paths.map(({ index, line, dots, uncertain, bad }) => {
    const { color, lineClass } = seriesPaint(model, index, colors);
    const dash = dashOf(index) === '' ? '' : ` stroke-dasharray="${scaledDash(dashOf(index)).join(' ')}"`;
    const alert = `stroke="${colors.alert}" stroke-width="20"`;
    return [
      `<g data-series="${escapeMarkup(model.series[index]?.label ?? '')}">`,
      shape(lineClass, `data-line="" stroke="${color}" stroke-width="15"${dash}`, line),
      shape(lineClass, `stroke="${color}" stroke-width="50" stroke-linecap="round"`, dots),
      shape('al', alert, uncertain),
      shape('al', alert, bad),
      '</g>',
    ].join('');
  });
  return `<g transform="scale(.1)">${bands.join('')}${lines.join('')}</g>`;
}

/** Dash lengths in tenths of a pixel. */
export function scaledDash(dash: string): number[] {
  return dash.split(' ').map((length) => Number(length) * 10);
}

/** A colour of the user's own stays as it is in the dark; one of the palette follows the theme by its class. */
export function seriesPaint(
  model: ChartModel,
  index: number,
  colors: Palette,
): { color: string; lineClass: string; fillClass: string } {
  const own = model.options.colors?.[index];
  if (own !== undefined) return { color: own, lineClass: '', fillClass: '' };
  return { color: colors.series[index % 8] as string, lineClass: `l${index % 8}`, fillClass: `b${index % 8}` };
}

function drawAxis(panel: Panel, { left, plotWidth }: Layout, colors: Palette): string {
  const { axis, top, height, label, shownLabel } = panel;
  const y = (value: number): number => top + (1 - (value - axis.low) / (axis.high - axis.low)) * height;
  const middle = tenth(top + height / 2);
  return [
    `<path class="grid" stroke="${colors.grid}" d="${axis.ticks.map((tick) => `M${left} ${tenth(y(tick))}h${plotWidth}`).join('')}"/>`,
    `<g ${ink('mut', colors)} text-anchor="end">${axis.ticks.map((tick, index) => text(left - 8, y(tick) + 4, axis.labels[index] as string)).join('')}</g>`,
    label &&
      `<text ${ink('mut', colors)} font-size="${FONT.legend}" text-anchor="middle" transform="translate(15 ${middle})rotate(-90)">${inner(shownLabel, label)}</text>`,
  ].join('');
}

function drawEvents(
  { events, series }: ChartModel,
  { view, left, top, plotWidth, plotHeight }: Layout,
  colors: Palette,
): string {
  const types = eventTypes(events);
  const x = (time: number): number =>
    left + ((Math.min(Math.max(time, view.start), view.end) - view.start) / (view.end - view.start)) * plotWidth;
  // Of thousands of short events, those that would cover each other are drawn once.
  const seen = new Set<string>();
  return events
    .filter(({ startTime = view.start, endTime = view.end }) => startTime <= view.end && endTime >= view.start)
    .map((event) => {
      const from = x(event.startTime ?? view.start);
      // An event without a duration is still there to see.
      const width = Math.max(1, x(event.endTime ?? view.end) - from);
      const color = eventColor(types.indexOf(event.type ?? ''), series.length);
      const spot = [color, from, width].map(Math.round).join(' ');
      if (seen.has(spot)) return '';
      seen.add(spot);
      const opacity = width > 1 ? '.16' : '.7';
      const title = escapeMarkup([event.type, event.subtype, event.description].filter(Boolean).join(': '));
      return `<rect data-event="" class="b${color}" fill="${colors.series[color]}" fill-opacity="${opacity}" x="${tenth(from)}" y="${top}" width="${tenth(width)}" height="${tenth(plotHeight)}"><title>${title}</title></rect>`;
    })
    .join('');
}

function drawThresholds({ thresholds }: Panel, { left, plotWidth }: Layout, colors: Palette): string {
  return thresholds
    .map(
      ({ y, text: name, textY, label }) =>
        `<path class="al" stroke="${colors.alert}" stroke-dasharray="6 4" d="M${left} ${tenth(y)}h${plotWidth}"/>${text(left + plotWidth + 6, textY, name, label ?? '', `${ink('at', colors)} font-size="${FONT.small}"`)}`,
    )
    .join('');
}

function drawEntry(model: ChartModel, layout: Layout, entry: LegendEntry, colors: Palette): string {
  const { x, y, swatch, color, series, dash } = entry;
  const at = tenth(x);
  const paint =
    series === undefined
      ? { color: colors.series[color], lineClass: `l${color}`, fillClass: `b${color}` }
      : seriesPaint(model, series, colors);
  const line = (shape: string): string =>
    `<path class="${paint.lineClass}" fill="none" stroke="${paint.color}" stroke-width="2.5"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} d="M${at} ${y - 4}${shape}"/>`;
  const block = (opacity: string): string =>
    `<rect class="${paint.fillClass}" fill="${paint.color}" fill-opacity="${opacity}" x="${at}" y="${y - 9}" width="20" height="10"/>`;
  const alert = (shape: string): string =>
    `<path class="al" fill="none" stroke="${colors.alert}" stroke-width="1.5" d="M${at} ${y - 4}${shape}"/>`;
  const pictures = {
    line: () => line('h20'),
    step: () => line('m0 3h10v-6h10'),
    band: () => block('.2') + line('h20'),
    event: () => block('.3'),
    uncertain: () => alert('m6 0l4-4 4 4-4 4Z'),
    bad: () => alert('m7-3.5l7 7m0-7l-7 7'),
    none: () => '',
  };
  const off = series !== undefined && layout.view.hidden.has(series);
  const tone = swatch === 'none' ? ink('mut', colors) : ink('fg', colors);
  return `<g${off ? ' opacity=".35"' : ''}>${pictures[swatch]()}${text(x + SWATCH, y, entry.text, entry.name, tone)}</g>`;
}

/** The colour of text, by class as well: it follows the theme. */
function ink(name: 'fg' | 'mut' | 'at', { text: strong, muted, alert }: Palette): string {
  return `class="${name}" fill="${{ fg: strong, mut: muted, at: alert }[name]}"`;
}

/** A line of text; where it was cut, a title has the whole of it. */
function text(x: number, y: number, shown: string, whole: string = shown, attributes = ''): string {
  return shown === ''
    ? ''
    : `<text x="${tenth(x)}" y="${tenth(y)}"${attributes === '' ? '' : ` ${attributes}`}>${inner(shown, whole)}</text>`;
}

function inner(shown: string, whole: string): string {
  const title = whole === shown || whole === '' ? '' : `<title>${escapeMarkup(whole)}</title>`;
  return `${escapeMarkup(shown)}${title}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Equal for equal charts, different for others: several may stand on one page. */
function identity({ title, series }: ChartModel, { view, width, height }: Layout): string {
  const content = [
    title,
    view.start,
    view.end,
    width,
    height,
    ...series.flatMap(({ label, values }) => [label, values.length]),
  ];
  let hash = 5381;
  for (const character of content.join('|')) hash = ((hash * 33) ^ (character.codePointAt(0) as number)) >>> 0;
  return hash.toString(36);
}
