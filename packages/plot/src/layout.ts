import type { ChartModel } from './chart-model.js';
import type { Layout, PanelDraft } from './layout-types.js';
import { layoutLegend } from './legend.js';
import type { ChartSeries } from './source.js';
import { FONT_TICK, plainText, textWidth } from './text.js';
import { placeOn, share, valueAxis } from './value-axis.js';
import { extentOf, type View } from './view.js';

/** Baseline of the title, room below the panels, and between them. */
export const TITLE_Y = 28;
const BOTTOM = 56;
const BETWEEN = 22;
export const MARGIN = 18;

export function layoutChart(model: ChartModel, view: View): Layout {
  const { title, options, parts } = model;
  const { start, end, width } = view;
  const given = view.height ?? options.height;
  const drafts = draftPanels(model, view, (panels) => {
    const drawn = given ?? (panels === 1 ? 420 : 60 + panels * 190);
    return (drawn - 110) / panels / 48;
  });
  const side = sideOf(drafts);
  const axes = drafts.filter(({ weight }) => !weight).length + 1;
  const left = side * axes;
  const right = Math.max(MARGIN, ...parts.map((part) => part.room?.(view) ?? 0));
  const plotWidth = Math.max(40, width - left - right);
  const legend = layoutLegend(model, view, left, title ? TITLE_Y + 10 : 8, width - left - MARGIN);
  const top = legend.bottom + 16;
  const between = BETWEEN * (drafts.length - axes);
  const weights = drafts.reduce((sum, { weight }) => sum + weight, 0);
  const around = top + BOTTOM + between;
  // 420 pixels do for one panel under a short legend; more panels or a longer legend get more.
  const usual = Math.max(weights < 1 ? 0 : 420, around + (weights === 1 ? 300 : weights * 150));
  const height = Math.max(around + 40 * weights, given ?? usual);
  const plotHeight = height - top - BOTTOM;
  let [from, size, y] = [top, 0, top];
  return {
    view,
    width,
    height,
    left,
    top,
    plotWidth,
    plotHeight,
    panels: drafts.map((draft) => {
      if (draft.weight) {
        from = y;
        size = ((plotHeight - between) / weights) * draft.weight;
        y += size + BETWEEN;
      }
      const [start, length] = [from, size];
      return {
        ...draft,
        top: start,
        height: length,
        y: (value) => start + (1 - placeOn(draft.axis, value)) * length,
      };
    }),
    legend,
    x: (time) => left + share(start, end, time) * plotWidth,
  };
}

/** The room that each axis needs. */
export function sideOf(drafts: readonly PanelDraft[]): number {
  const labels = drafts.flatMap(({ axis }) => axis.labels);
  const widest = Math.max(12, ...labels.map((label) => textWidth(label, FONT_TICK)));
  return Math.ceil(widest) + (drafts.some(({ label }) => label) ? 38 : MARGIN);
}

/**
 * The panels before they have a place. `ticksOf` says how many ticks suit each axis when there are
 * so many panels.
 */
export function draftPanels(
  model: ChartModel,
  view: View,
  ticksOf: (panels: number) => number,
): PanelDraft[] {
  const { series, options, parts, zone } = model;
  const drawn = series.flatMap(({ absent, states }, index) =>
    (absent ?? states) === undefined ? [index] : [],
  );
  const units = [...new Set(drawn.map((index) => series[index]?.unit as string))];
  const share = parts.find((part) => part.share)?.share;
  const ticks = Math.max(2, Math.round(ticksOf(share ? 1 : units.length)));
  const axisOf = parts.find((part) => part.axis)?.axis ?? valueAxis;
  const drafts: PanelDraft[] = units.map((unit, panel) => {
    const members = drawn.filter((index) => series[index]?.unit === unit);
    const reached = members
      .filter((index) => !view.hidden.has(index))
      .flatMap((index) => extentOf(series[index] as ChartSeries, view.start, view.end))
      .concat(parts.flatMap((part) => part.reach?.(unit, panel, units.length) ?? []))
      // A series without a value reaches from Infinity to -Infinity.
      .filter(Number.isFinite);
    const [low, high] = options.valueRange ?? [Math.min(...reached), Math.max(...reached)];
    const axis = axisOf(low, high, ticks, zone.locale, options.valueRange !== undefined);
    const label = plainText(options.valueLabel ?? unit);
    return { unit, label, axis, series: members, place: panel, places: units.length, weight: 1 };
  });
  for (const part of parts)
    for (const draft of part.rows?.(series, view) ?? [])
      drafts.push({ ...draft, place: drafts.length, places: units.length });
  // A panel whose series are all hidden is left out; where all are hidden, an empty one stays.
  const shown = drafts.filter((draft) => draft.series.some((index) => !view.hidden.has(index)));
  const left = shown[0] ? shown : drafts.slice(0, 1);
  if (!share) return left;
  // Axes that would leave no room for lines have a panel each.
  const others = parts.filter((part) => !part.share);
  return share(left, view) ?? draftPanels({ ...model, parts: others }, view, ticksOf);
}
