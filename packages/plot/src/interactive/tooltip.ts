import { type ChartModel, markOf, type Place } from '../chart-model.js';
import type { Layout } from '../layout-types.js';
import { upperBound } from '../m4.js';
import { type ColorName, colorOf, type Palette, seriesColor } from '../palette.js';
import type { ChartSeries } from '../source.js';
import { valueFormat } from '../value-axis.js';
import { box, child } from './element.js';

/** A point that the tooltip tells of. */
interface Found {
  readonly series: ChartSeries;
  readonly index: number;
  /** Undefined where there is no value. @unit milliseconds since the epoch */
  readonly time: number | undefined;
  readonly value: number;
  readonly text: string;
  /** The colour of its swatch, where it is not that of the series. */
  readonly color?: ColorName | undefined;
}

/**
 * A line at the cursor, the points nearest to it with a dot on each, and their values with their
 * times.
 */
export class Tooltip {
  readonly #cursor: HTMLElement;
  readonly #dots: HTMLElement;
  readonly #card: HTMLElement;
  #at: Place | undefined;
  #colors: Palette | undefined;

  constructor(root: HTMLElement) {
    this.#cursor = child(root, 'div', {
      position: 'absolute',
      pointerEvents: 'none',
      background: '#8c959f',
    });
    this.#dots = child(root, 'div', { pointerEvents: 'none' });
    this.#card = child(root, 'div', {
      position: 'absolute',
      pointerEvents: 'none',
      font: '12px system-ui, sans-serif',
      padding: '6px 8px',
      borderRadius: '6px',
      boxShadow: '0 1px 6px #0004',
      zIndex: '1',
    });
    this.#card.setAttribute('role', 'tooltip');
    this.#hide(true);
  }

  moveTo(at: Place | undefined, model: ChartModel, layout: Layout): void {
    this.#at = at;
    this.#show(model, layout);
  }

  /** After a drawing: the values under a cursor that rests have changed. */
  draw(model: ChartModel, layout: Layout, colors: Palette): void {
    this.#colors = colors;
    this.#card.style.background = colors.background;
    this.#card.style.border = `1px solid ${colors.grid}`;
    this.#card.style.color = colors.text;
    this.#show(model, layout);
  }

  #show(model: ChartModel, layout: Layout): void {
    const { left, top, plotWidth, plotHeight, view, width, height } = layout;
    const at = this.#at;
    const outside =
      at === undefined || at.x < left || at.x > left + plotWidth || at.y < top || at.y > height;
    this.#hide(outside);
    if (outside) return;
    const time = view.start + ((at.x - left) / plotWidth) * (view.end - view.start);
    const found = model.series.flatMap((series, index) =>
      view.hidden.has(index) || series.absent !== undefined
        ? []
        : find(model, layout, series, index, time, at),
    );
    // Nothing is near.
    if (found.length === 0) {
      this.#hide(true);
      return;
    }
    const times = found.flatMap((point) => point.time ?? []);
    const closest =
      times.sort((one, other) => Math.abs(one - time) - Math.abs(other - time))[0] ?? time;
    const title = document.createElement('strong');
    title.textContent = model.zone.format({ dateStyle: 'medium', timeStyle: 'long' })(closest);
    const rows = found.map((point) => this.#row(model, point, closest));
    const notes = model.parts.flatMap((part) => part.notes?.(time, model.zone) ?? []);
    this.#card.replaceChildren(title, ...rows, ...notes.map(row));
    this.#dots.replaceChildren();
    for (const point of found) this.#dot(model, layout, point);
    Object.assign(this.#cursor.style, box(at.x, top, 1, plotHeight));
    const { offsetWidth, offsetHeight } = this.#card;
    const beside = at.x + 14 + offsetWidth > width ? at.x - offsetWidth - 14 : at.x + 14;
    this.#card.style.left = `${Math.max(0, beside)}px`;
    // Never above the panels: the legend stays readable.
    this.#card.style.top = `${Math.max(top, Math.min(at.y, top + plotHeight - offsetHeight))}px`;
  }

  #row(
    model: ChartModel,
    { series, index, time, text, color = seriesColor(model.options, index) }: Found,
    shown: number,
  ): HTMLElement {
    const line = row();
    const swatch = child(line, 'span', {
      display: 'inline-block',
      width: '10px',
      height: '3px',
      marginRight: '6px',
      verticalAlign: 'middle',
    });
    if (this.#colors) swatch.style.background = colorOf(color, this.#colors);
    // A point of another time than the title says has its own.
    const own =
      time === undefined || time === shown
        ? ''
        : `${series.states ? ' since' : ','} ${timeBeside(model, time, shown)}`;
    line.append(`${series.label}: ${text}${own}`);
    return line;
  }

  #dot(
    { options }: ChartModel,
    { x, view, panels }: Layout,
    { series, index, time, value }: Found,
  ): void {
    const panel = panels.find((each) => each.series.includes(index));
    if (
      time === undefined ||
      panel === undefined ||
      series.states ||
      time < view.start ||
      time > view.end
    )
      return;
    if (value < panel.axis.low || value > panel.axis.high || this.#colors === undefined) return;
    child(this.#dots, 'div', {
      ...box(x(time) - 5, panel.y(value) - 5, 10, 10),
      position: 'absolute',
      boxSizing: 'border-box',
      borderRadius: '50%',
      border: `2px solid ${this.#colors.background}`,
      background: colorOf(seriesColor(options, index), this.#colors),
    }).dataset.dot = '';
  }

  #hide(hidden: boolean): void {
    this.#cursor.hidden = this.#dots.hidden = this.#card.hidden = hidden;
  }
}

function find(
  model: ChartModel,
  layout: Layout,
  series: ChartSeries,
  index: number,
  at: number,
  cursor: Place,
): Found[] {
  const { zone, parts } = model;
  const { timestamps, values, unit, maxGap } = series;
  const mark = markOf(model, series);
  const panel = layout.panels.find((each) => each.series.includes(index));
  const place = (panel && mark?.nearest?.(series, cursor, layout, panel)) ?? nearest(series, at);
  // A mark that looks around the pointer says nothing where there is no point.
  if (place < 0 && mark?.nearest) return [];
  const value = values[place] ?? NaN;
  const time = timestamps[place] as number;
  if (!Number.isFinite(value) || Math.abs(at - time) > maxGap)
    return [{ series, index, time: undefined, value, text: 'no value' }];
  const format = valueFormat(zone.locale);
  const details = parts.map((part) => part.detail?.(series, place, format, zone) ?? '');
  const said = mark?.say?.(series, place, format) ?? `${format(value)}${unit && ` ${unit}`}`;
  const color = mark?.tint?.(model.series, series, place);
  return [{ series, index, time, value, text: said + details.join(''), color }];
}

/** With its date only where that differs. */
function timeBeside({ zone }: ChartModel, time: number, shown: number): string {
  const date = zone.format({ dateStyle: 'medium' });
  const timeStyle = 'medium';
  return zone.format(
    date(time) === date(shown) ? { timeStyle } : { dateStyle: 'medium', timeStyle },
  )(time);
}

/** The value of a step holds until the next one; of a line, the closer point counts. */
function nearest({ timestamps, isStep }: ChartSeries, time: number): number {
  const before = upperBound(timestamps, time) - 1;
  const after = before + 1;
  if (before < 0 || isStep || after >= timestamps.length) return Math.max(before, isStep ? -1 : 0);
  return time - (timestamps[before] as number) <= (timestamps[after] as number) - time
    ? before
    : after;
}

function row(text = ''): HTMLElement {
  const element = document.createElement('div');
  element.textContent = text;
  return element;
}
