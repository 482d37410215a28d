import type { ChartModel } from './chart-model.js';
import { layoutChart, MARGIN, TITLE_Y } from './layout.js';
import type { Layout, LegendEntry, Panel } from './layout-types.js';
import { SWATCH } from './legend.js';
import { tenth, textElement } from './markup.js';
import {
  DARK,
  darkRules,
  dashOf,
  LIGHT,
  type Paint,
  type Palette,
  seriesTone,
  type Theme,
  tone,
} from './palette.js';
import { seriesPaths } from './paths.js';
import type { ChartSeries } from './source.js';
import { describeChart } from './summary.js';
import { escapeMarkup, FONT_LEGEND, FONT_TICK, FONT_TITLE, fitText } from './text.js';
import { drawTimeAxis } from './time-axis.js';
import type { View } from './view.js';

/** The whole chart, as it is before anybody zooms. */
export function wholeView({ start, end, options }: ChartModel, scale = 1): View {
  return {
    start,
    end,
    width: options.width ?? 900,
    height: options.height,
    scale,
    hidden: new Set(),
  };
}

/** A chart as one SVG document. The same model gives the same text. */
export function renderSvg(
  model: ChartModel,
  theme: Theme = model.options.theme ?? 'auto',
  scale = 1,
): string {
  return drawChart(model, layoutChart(model, wholeView(model, scale)), theme, true);
}

export function paletteOf(theme: Theme): Palette {
  return theme === 'dark' ? DARK : LIGHT;
}

/** Axes, names, what parts draw; and the lines, unless somebody else paints them. */
export function drawChart(
  model: ChartModel,
  layout: Layout,
  theme: Theme,
  withLines: boolean,
): string {
  const colors = paletteOf(theme);
  const { parts } = model;
  const { width, height, left, plotWidth, panels, legend } = layout;
  const name = escapeMarkup(model.title || 'Time series chart');
  const description = escapeMarkup(describeChart(model, layout));
  // A pixel more above and below: a line on the edge is not cut in half.
  const clip = panels
    .map(
      (panel) =>
        `M${left} ${tenth(panel.top - 1)}h${plotWidth}v${tenth(panel.height + 2)}h-${plotWidth}Z`,
    )
    .join('');
  const id = `cdf-${hash(name + description + clip)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="cdf-chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d" font-family="system-ui,sans-serif" font-size="${FONT_TICK}">`,
    `<title id="${id}-t">${name}</title><desc id="${id}-d">${description}</desc>`,
    theme === 'auto' ? `<style>${darkRules()}</style>` : '',
    `<g ${tone(colors.text, 'fill')}><path ${tone(colors.background, 'fill')} d="M0 0h${width}v${height}H0Z"/>`,
    `<clipPath id="${id}-c"><path transform="scale(10)" d="${clip}"/></clipPath>`,
    textElement(
      left,
      TITLE_Y,
      fitText(model.title, FONT_TITLE * 1.12, width - left - MARGIN),
      model.title,
      `font-size="${FONT_TITLE}" font-weight="600"`,
    ),
    ...parts.map((part) => part.behind?.(model, layout, colors)),
    ...panels.map((panel) => (panel.draw ?? drawAxis)(panel, layout, colors, model.options.colors)),
    drawTimeAxis(model, layout, colors),
    `<g fill="none" stroke-linejoin="round">${withLines ? drawSeries(model, layout, colors, `clip-path="url(#${id}-c)"`) : ''}</g>`,
    ...parts.map((part) => part.above?.(layout, colors)),
    `<g font-size="${FONT_LEGEND}">${legend.entries.map((entry) => drawEntry(model, layout, entry, colors)).join('')}</g></g></svg>`,
  ].join('');
}

/** The lines themselves, above all areas: that of one series must not dim the line of another. */
function drawSeries(model: ChartModel, layout: Layout, colors: Palette, clipped: string): string {
  const paths = seriesPaths(model, layout);
  const shape = (d: string, attributes: string): string => d && `<path ${attributes} d="${d}"/>`;
  const toneOf = (index: number, paint: Paint): string =>
    seriesTone(index, paint, colors, model.options.colors);
  return [
    `<g transform="scale(.1)"><g ${clipped}>`,
    ...paths.map(({ index, area, opacity = '.2' }) =>
      shape(area, `${toneOf(index, 'fill')} fill-opacity="${opacity}"`),
    ),
    ...paths.map(({ index, line }) =>
      shape(
        line,
        `data-series="${escapeMarkup((model.series[index] as ChartSeries).label)}" ${toneOf(index, 'stroke')} stroke-width="15"${dashed(index, 10)}`,
      ),
    ),
    '</g>',
    ...paths.flatMap(({ index, strokes }) =>
      strokes.map(({ d, width, color, opacity, isSquare }) =>
        shape(
          d,
          `${color === undefined ? toneOf(index, 'stroke') + (isSquare ? '' : ' stroke-linecap="round"') : seriesTone(color, 'stroke', colors)} stroke-width="${width}"${opacity ? ` stroke-opacity="${opacity}"` : ''}`,
        ),
      ),
    ),
    '</g>',
  ].join('');
}

function dashed(series: number, scale: number): string {
  const dash = dashOf(series).map((length) => length * scale);
  return dash[0] ? ` stroke-dasharray="${dash.join(' ')}"` : '';
}

function drawAxis(panel: Panel, { left, plotWidth }: Layout, colors: Palette): string {
  return [
    `<path ${tone(colors.grid, 'stroke')} d="${panel.axis.ticks.map((tick) => `M${left} ${tenth(panel.y(tick))}h${plotWidth}`).join('')}"/>`,
    axisTexts(panel, left, 15, tone(colors.muted, 'fill')),
  ].join('');
}

/** The labels of an axis, and its name turned to the left. */
export function axisTexts(
  { axis, top, height, y, label }: Panel,
  left: number,
  titleX: number,
  paint: string,
): string {
  return [
    `<g ${paint} text-anchor="end">`,
    ...axis.ticks.map((tick, index) =>
      textElement(left - 8, y(tick) + 4, axis.labels[index] as string, axis.names?.[index]),
    ),
    textElement(
      0,
      0,
      fitText(label, FONT_LEGEND, height),
      label,
      `font-size="${FONT_LEGEND}" text-anchor="middle" transform="translate(${titleX} ${tenth(top + height / 2)})rotate(-90)"`,
    ),
    '</g>',
  ].join('');
}

function drawEntry(
  { options }: ChartModel,
  { view }: Layout,
  entry: LegendEntry,
  colors: Palette,
): string {
  const { x, y, swatch, color, series } = entry;
  const { line, width = 2.5, area = 0 } = swatch;
  const at = `M${tenth(x)} ${y - 4}`;
  const toneOf = (paint: Paint): string => seriesTone(color, paint, colors, options.colors);
  return [
    `<g${view.hidden.has(series ?? -1) ? ' opacity=".35"' : ''}>`,
    area > 0 ? `<path ${toneOf('fill')} fill-opacity="${area}" d="${at}v5h20v-10h-20Z"/>` : '',
    line
      ? `<path ${toneOf('stroke')} fill="none" stroke-width="${width}"${dashed(series ?? 0, 1)} d="${at}${line}"/>`
      : '',
    textElement(x + SWATCH, y, entry.text, entry.name, color === 'muted' ? toneOf('fill') : ''),
    '</g>',
  ].join('');
}

/** Equal for equal strings, different for others: several charts may stand on one page. */
function hash(text: string): string {
  let sum = 5381;
  for (const character of text) sum = ((sum * 33) ^ (character.codePointAt(0) as number)) >>> 0;
  return sum.toString(36);
}
