import { FONT, type Layout, layoutChart, type Panel } from './layout.js';
import { eventColor, eventTypes, type LegendEntry, SWATCH, type Swatch } from './legend.js';
import type { ChartModel } from './model.js';
import { DARK, darkRules, dashOf, LIGHT, type Paint, type Palette, seriesTone, type Theme, tone } from './palette.js';
import { type SeriesPaths, seriesPaths } from './paths.js';
import { describeChart } from './summary.js';
import { escapeMarkup } from './text.js';
import type { View } from './view.js';

const FONT_FAMILY = 'system-ui,Segoe UI,Roboto,Helvetica Neue,Arial,Liberation Sans,DejaVu Sans,sans-serif';

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
  const { width, height, left, top, plotWidth, plotHeight, panels, timeTicks, legend } = layout;
  const name = escapeMarkup(model.title || 'Time series chart');
  const description = escapeMarkup(describeChart(model, layout));
  const clip = panels.map(
    (panel) => `M${left} ${tenth(panel.top - 1)}h${plotWidth}v${tenth(panel.height + 2)}h-${plotWidth}Z`,
  );
  const id = `cdf-${hash([name, description, ...clip].join(''))}`;
  const bottom = top + plotHeight;
  const muted = tone('muted', 'fill', colors);
  const rest = legend.rest.length > 0 ? `and ${legend.rest.length} more` : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="cdf-chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d" font-family="${FONT_FAMILY}" font-size="${FONT.tick}" color="${colors.text}" fill="currentColor">`,
    `<title id="${id}-t">${name}</title><desc id="${id}-d">${description}</desc>`,
    theme === 'auto' ? `<style>${darkRules()}</style>` : '',
    `<path ${tone('background', 'fill', colors)} d="M0 0h${width}v${height}H0Z"/>`,
    `<clipPath id="${id}-c"><path d="${clip.join('')}"/></clipPath>`,
    text(left, 28, layout.title, model.title, `font-size="${FONT.title}" font-weight="600"`),
    drawEvents(model, layout, colors),
    ...panels.map((panel) => drawAxis(panel, layout, colors)),
    `<path ${tone('axis', 'stroke', colors)} d="M${left} ${bottom}h${plotWidth}${timeTicks.map(({ x }) => `M${tenth(x)} ${bottom}v5`).join('')}"/>`,
    `<g text-anchor="middle">${timeTicks.map(({ labelX, label }) => text(labelX, bottom + 18, label)).join('')}</g>`,
    `<g ${muted} font-size="${FONT.small}">`,
    ...timeTicks.map(({ context = '', contextX }) => text(contextX, bottom + 33, context)),
    text(width - 18, height - 5, layout.zone, layout.zone, 'text-anchor="end"'),
    text(left, legend.bottom - 3, rest, legend.rest.join(', ')),
    `</g><g clip-path="url(#${id}-c)" fill="none" stroke-linejoin="round">${lines}</g>`,
    ...panels.map((panel) => drawThresholds(panel, layout, colors)),
    `<g font-size="${FONT.legend}">${legend.entries.map((entry) => drawEntry(model, layout, entry, colors)).join('')}</g></svg>`,
  ].join('');
}

/** The lines themselves, above all bands: a band of one series must not dim the line of another. */
function drawSeries(model: ChartModel, paths: readonly SeriesPaths[], colors: Palette): string {
  const shape = (d: string, attributes: string): string => (d === '' ? '' : `<path ${attributes} d="${d}"/>`);
  const toneOf = (index: number, paint: Paint): string => seriesTone(index, paint, colors, model.options.colors);
  const bands = paths.map(({ index, band }) => shape(band, `${toneOf(index, 'fill')} fill-opacity=".2"`));
  const lines = paths.map(
    ({ index, line, dots, uncertain, bad }) =>
      `<g data-series="${escapeMarkup(model.series[index]?.label ?? '')}" ${toneOf(index, 'stroke')}>${shape(line, `data-line="" stroke-width="15"${dashed(dashOf(index), 10)}`)}${shape(dots, 'stroke-width="50" stroke-linecap="round"')}${shape(uncertain + bad, `${tone('alert', 'stroke', colors)} stroke-width="20"`)}</g>`,
  );
  return `<g transform="scale(.1)">${bands.join('')}${lines.join('')}</g>`;
}

function dashed(dash: readonly number[], scale: number): string {
  return dash.length === 0 ? '' : ` stroke-dasharray="${dash.map((length) => length * scale).join(' ')}"`;
}

function drawAxis(panel: Panel, { left, plotWidth }: Layout, colors: Palette): string {
  const { axis, top, height, label, shownLabel } = panel;
  const y = (value: number): number => top + (1 - (value - axis.low) / (axis.high - axis.low)) * height;
  return [
    `<path ${tone('grid', 'stroke', colors)} d="${axis.ticks.map((tick) => `M${left} ${tenth(y(tick))}h${plotWidth}`).join('')}"/>`,
    `<g ${tone('muted', 'fill', colors)} text-anchor="end">${axis.ticks.map((tick, index) => text(left - 8, y(tick) + 4, axis.labels[index] as string)).join('')}`,
    text(
      0,
      0,
      shownLabel,
      label,
      `font-size="${FONT.legend}" text-anchor="middle" transform="translate(15 ${tenth(top + height / 2)})rotate(-90)"`,
    ),
    '</g>',
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
    .map(({ startTime = view.start, endTime = view.end, type = '', subtype, description }) => {
      const from = x(startTime);
      // An event without a duration is still there to see.
      const width = Math.max(1, x(endTime) - from);
      const color = eventColor(types.indexOf(type), series.length);
      const spot = [color, from, width].map(Math.round).join(' ');
      if (startTime > view.end || endTime < view.start || seen.has(spot)) return '';
      seen.add(spot);
      const title = escapeMarkup([type, subtype, description].filter(Boolean).join(': '));
      return `<rect data-event="" ${seriesTone(color, 'fill', colors)} fill-opacity="${width > 1 ? '.16' : '.7'}" x="${tenth(from)}" y="${top}" width="${tenth(width)}" height="${tenth(plotHeight)}"><title>${title}</title></rect>`;
    })
    .join('');
}

function drawThresholds({ thresholds }: Panel, { left, plotWidth }: Layout, colors: Palette): string {
  const lines = thresholds.map(
    ({ y, text: shown, textY, label }) =>
      `<path ${tone('alert', 'stroke', colors)} stroke-dasharray="6 4" d="M${left} ${tenth(y)}h${plotWidth}"/>${text(left + plotWidth + 6, textY, shown, label)}`,
  );
  return lines.length === 0
    ? ''
    : `<g ${tone('alert', 'fill', colors)} font-size="${FONT.small}">${lines.join('')}</g>`;
}

/** What a swatch shows: a line from the middle of its left end, how thick it is, and how much the area behind it covers. */
const SWATCHES: Readonly<Record<Swatch, readonly [line: string, width: number, area: number]>> = {
  line: ['h20', 2.5, 0],
  step: ['m0 3h10v-6h10', 2.5, 0],
  band: ['h20', 2.5, 0.2],
  event: ['', 0, 0.3],
  uncertain: ['m6 0l4-4 4 4-4 4Z', 1.5, 0],
  bad: ['m7-3.5l7 7m0-7l-7 7', 1.5, 0],
  none: ['', 0, 0],
};

function drawEntry(model: ChartModel, layout: Layout, entry: LegendEntry, colors: Palette): string {
  const { x, y, swatch, color, series, dash } = entry;
  const [line, width, area] = SWATCHES[swatch];
  const at = `M${tenth(x)} ${y - 4}`;
  const toneOf = (paint: Paint): string =>
    swatch === 'uncertain' || swatch === 'bad'
      ? tone('alert', paint, colors)
      : seriesTone(series ?? color, paint, colors, series === undefined ? [] : model.options.colors);
  return [
    layout.view.hidden.has(series ?? -1) ? '<g opacity=".35">' : '<g>',
    area > 0 ? `<path ${toneOf('fill')} fill-opacity="${area}" d="${at}v5h20v-10h-20Z"/>` : '',
    line === ''
      ? ''
      : `<path ${toneOf('stroke')} fill="none" stroke-width="${width}"${dashed(dash, 1)} d="${at}${line}"/>`,
    text(x + SWATCH, y, entry.text, entry.name, swatch === 'none' ? tone('muted', 'fill', colors) : ''),
    '</g>',
  ].join('');
}

/** A line of text; where it was cut, a title has the whole of it. */
function text(x: number, y: number, shown: string, whole = shown, attributes = ''): string {
  const title = whole === shown ? '' : `<title>${escapeMarkup(whole)}</title>`;
  return shown === ''
    ? ''
    : `<text x="${tenth(x)}" y="${tenth(y)}" ${attributes}>${escapeMarkup(shown)}${title}</text>`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Equal for equal texts, different for others: several charts may stand on one page. */
function hash(text: string): string {
  let sum = 5381;
  for (const character of text) sum = ((sum * 33) ^ (character.codePointAt(0) as number)) >>> 0;
  return sum.toString(36);
}
