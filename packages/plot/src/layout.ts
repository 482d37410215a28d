import { type Legend, layoutLegend } from './legend.js';
import type { ChartModel } from './model.js';
import type { ChartThreshold } from './options.js';
import type { ChartSeries } from './source.js';
import { fitText, textWidth } from './text.js';
import { type TimeTick, timeTicks } from './time-ticks.js';
import { describeZone } from './time-zone.js';
import { type ValueAxis, valueAxis } from './value-axis.js';
import { extentOf, type View } from './view.js';

/** Where everything goes. All lengths are pixels. */
export interface Layout {
  readonly view: View;
  readonly width: number;
  readonly height: number;
  /** The area of the lines, panels together. */
  readonly left: number;
  readonly top: number;
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly legend: Legend;
  readonly timeTicks: readonly PlacedTick[];
  readonly zone: string;
}

/** One value axis and the series on it. */
export interface Panel {
  readonly unit: string;
  /** Name of the axis; `shownLabel` is what of it the panel has room for. */
  readonly label: string;
  readonly shownLabel: string;
  readonly top: number;
  readonly height: number;
  readonly axis: ValueAxis;
  /** Indexes into the series of the model. */
  readonly series: readonly number[];
  readonly thresholds: readonly PlacedThreshold[];
}

export interface PlacedThreshold extends ChartThreshold {
  readonly y: number;
  readonly text: string;
  readonly textY: number;
}

export interface PlacedTick extends TimeTick {
  readonly x: number;
  readonly labelX: number;
  readonly contextX: number;
}

export const FONT = { title: 16, legend: 12.5, tick: 12, small: 11.5 } as const;
/** Baseline of the title, room below the panels, and between them. */
const TITLE_Y = 28;
const BOTTOM = 56;
const BETWEEN = 22;
const MARGIN = 18;

export function layoutChart(model: ChartModel, view: View): Layout {
  const { zone, options } = model;
  const drafts = draftPanels(model, view);
  const labelled = drafts.some(({ label }) => label !== '');
  const widest = Math.max(...drafts.flatMap(({ axis }) => axis.labels.map((label) => textWidth(label, FONT.tick))), 12);
  const left = Math.ceil(widest) + (labelled ? 38 : MARGIN);
  const noted = Math.max(
    0,
    ...drafts.flatMap(({ thresholds }) => thresholds.map(({ text }) => textWidth(text, FONT.small))),
  );
  const right = noted > 0 ? Math.ceil(noted) + 14 : MARGIN;
  const plotWidth = Math.max(40, view.width - left - right);
  const title = fitText(model.title, FONT.title * 1.12, view.width - left - MARGIN);
  const legendTop = title === '' ? 8 : TITLE_Y + 10;
  const legend = layoutLegend(model, view, left, legendTop, view.width - left - MARGIN);
  const top = legend.bottom + 16;
  const between = BETWEEN * (drafts.length - 1);
  const least = top + BOTTOM + between + 40 * drafts.length;
  const height = Math.max(least, view.height ?? options.height ?? defaultHeight(top, drafts.length));
  const plotHeight = height - top - BOTTOM;
  const each = (plotHeight - between) / drafts.length;
  const panels = drafts.map((draft, index) => placePanel(draft, top + index * (each + BETWEEN), each));
  return {
    view,
    width: view.width,
    height,
    left,
    top,
    plotWidth,
    plotHeight,
    title,
    panels,
    legend,
    timeTicks: placeTicks(model, view, left, plotWidth),
    zone: fitText(
      [model.note ?? [], describeZone(zone, view.start, view.end)].flat().join(' · '),
      FONT.small,
      view.width - 2 * MARGIN,
    ),
  };
}

/** 420 pixels do for one panel under a short legend; more panels or a longer legend get more. */
function defaultHeight(top: number, panels: number): number {
  return Math.max(420, top + BOTTOM + (panels === 1 ? 300 : panels * 150 + (panels - 1) * BETWEEN));
}

interface Draft extends Omit<Panel, 'top' | 'height' | 'thresholds' | 'shownLabel'> {
  readonly thresholds: readonly (ChartThreshold & { readonly text: string })[];
}

function draftPanels(model: ChartModel, view: View): Draft[] {
  const { series, options, thresholds, zone } = model;
  const indexes = series.map((_, index) => index).filter((index) => series[index]?.absent === undefined);
  const all = [...new Set(indexes.map((index) => series[index]?.unit ?? ''))];
  const units = options.units === 'overlay' ? [all.join(', ')] : all;
  const heightEach =
    ((view.height ?? options.height ?? (units.length === 1 ? 420 : 60 + units.length * 190)) - 110) / units.length;
  return units.map((unit, panel) => {
    const members = options.units === 'overlay' ? indexes : indexes.filter((index) => series[index]?.unit === unit);
    const lines = thresholds
      .filter((threshold) =>
        threshold.unit === undefined ? panel === 0 : threshold.unit === unit || units.length === 1,
      )
      .map((threshold) => ({
        ...threshold,
        text: fitText(threshold.label ?? '', FONT.small, Math.min(150, view.width / 5)),
      }));
    const shown = members.filter((index) => !view.hidden.has(index));
    const extents = shown.map((index) => extentOf(series[index] as ChartSeries, view.start, view.end));
    const values = lines.map(({ value }) => value);
    const low = Math.min(...extents.map(([least]) => least), ...values);
    const high = Math.max(...extents.map(([, most]) => most), ...values);
    const [from, to] = options.valueRange ?? [low, high];
    const count = Math.max(2, Math.round(heightEach / 48));
    const axis = valueAxis(from, to, count, zone.locale, options.valueRange !== undefined);
    return { unit, label: options.valueLabel ?? unit, axis, series: members, thresholds: lines };
  });
}

function placePanel(draft: Draft, top: number, height: number): Panel {
  const { axis } = draft;
  const y = (value: number): number => top + (1 - (value - axis.low) / (axis.high - axis.low)) * height;
  const placed = draft.thresholds
    .map((threshold) => ({ ...threshold, y: y(threshold.value), textY: y(threshold.value) + 4 }))
    .filter((threshold) => threshold.y >= top - 0.5 && threshold.y <= top + height + 0.5)
    .sort((one, other) => one.y - other.y);
  // From the bottom up, then from the top down: labels that would touch are pushed apart and stay inside the panel.
  let limit = top + height + 4;
  for (const threshold of [...placed].reverse()) {
    threshold.textY = Math.min(threshold.textY, limit);
    limit = threshold.textY - 15;
  }
  limit = top + 4;
  for (const threshold of placed) {
    threshold.textY = Math.max(threshold.textY, limit);
    limit = threshold.textY + 15;
  }
  return { ...draft, shownLabel: fitText(draft.label, FONT.legend, height), top, height, thresholds: placed };
}

function placeTicks(model: ChartModel, view: View, left: number, plotWidth: number): PlacedTick[] {
  const { start, end } = view;
  for (let most = Math.max(2, Math.floor(plotWidth / 64)); ; most--) {
    const ticks = timeTicks(start, end, most, model.zone).map((tick) => ({
      ...tick,
      x: left + ((tick.time - start) / (end - start)) * plotWidth,
      labelX: 0,
      contextX: 0,
    }));
    const half = ({ label }: TimeTick): number => textWidth(label, FONT.tick) / 2;
    const fits = ticks.every((tick, index) => {
      const next = ticks[index + 1];
      return next === undefined || tick.x + half(tick) + 6 <= next.x - half(next);
    });
    // A label centred on the edge of a narrow chart may reach out of it: it is moved in.
    if (fits || most <= 1)
      return placeContexts(
        (fits ? ticks : ticks.slice(0, 1)).map((tick) => ({
          ...tick,
          labelX: Math.min(Math.max(tick.x, half(tick) + 2), view.width - half(tick) - 2),
        })),
        left,
        view.width,
      );
  }
}

/** Contexts start under their tick; one that would run into the next is moved left, or left out. */
function placeContexts(ticks: PlacedTick[], left: number, width: number): PlacedTick[] {
  let limit = width - 4;
  const placed = [...ticks].reverse().map((tick) => {
    if (tick.context === undefined) return tick;
    const length = textWidth(tick.context, FONT.small);
    const contextX = Math.min(Math.max(left, tick.x - 16), limit - length);
    const first = tick === ticks[0];
    // Only the first may move away from its tick: it says what holds from the left edge on.
    if (contextX < (first ? 4 : tick.x - 40)) return { ...tick, context: undefined };
    limit = contextX - 10;
    return { ...tick, contextX };
  });
  return placed.reverse();
}
