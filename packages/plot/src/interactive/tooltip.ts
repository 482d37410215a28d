import type { ChartModel } from '../chart-model.js';
import type { Layout } from '../layout-types.js';
import { upperBound } from '../m4.js';
import { type Palette, seriesColor } from '../palette.js';
import type { ChartSeries } from '../source.js';
import { valueFormat } from '../value-axis.js';
import { box, child } from './element.js';

/** A place in the chart. @unit pixels */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A line at the cursor, and what every series has there. */
export class Tooltip {
  readonly #cursor: HTMLElement;
  readonly #card: HTMLElement;
  #at: Place | undefined;
  #colors: Palette | undefined;

  constructor(root: HTMLElement) {
    this.#cursor = child(root, 'div', { position: 'absolute', pointerEvents: 'none', background: '#8c959f' });
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
    const { left, top, plotWidth, plotHeight, view, width } = layout;
    const at = this.#at;
    const outside = at === undefined || at.x < left || at.x > left + plotWidth;
    this.#hide(outside);
    if (outside) return;
    const time = view.start + ((at.x - left) / plotWidth) * (view.end - view.start);
    const rows = model.series.flatMap((series, index) =>
      view.hidden.has(index) || series.absent !== undefined ? [] : [this.#row(model, series, index, time)],
    );
    const title = document.createElement('strong');
    title.textContent = model.zone.format({ dateStyle: 'medium', timeStyle: 'long' })(time);
    const notes = model.parts.flatMap((part) => part.notes?.(time) ?? []);
    this.#card.replaceChildren(title, ...rows, ...notes.map(row));
    Object.assign(this.#cursor.style, box(at.x, top, 1, plotHeight));
    const { offsetWidth, offsetHeight } = this.#card;
    const beside = at.x + 14 + offsetWidth > width ? at.x - offsetWidth - 14 : at.x + 14;
    this.#card.style.left = `${Math.max(0, beside)}px`;
    this.#card.style.top = `${Math.max(0, Math.min(at.y, top + plotHeight - offsetHeight))}px`;
  }

  #row(model: ChartModel, series: ChartSeries, index: number, time: number): HTMLElement {
    const line = row();
    const swatch = child(line, 'span', {
      display: 'inline-block',
      width: '10px',
      height: '3px',
      marginRight: '6px',
      verticalAlign: 'middle',
    });
    if (this.#colors) swatch.style.background = seriesColor(index, this.#colors, model.options.colors);
    line.append(`${series.label}: ${valueAt(model, series, time)}`);
    return line;
  }

  #hide(hidden: boolean): void {
    this.#cursor.hidden = this.#card.hidden = hidden;
  }
}

function valueAt({ zone, parts }: ChartModel, series: ChartSeries, time: number): string {
  const { timestamps, values, unit, maxGap } = series;
  const index = nearest(series, time);
  const value = values[index] ?? NaN;
  if (!Number.isFinite(value) || Math.abs(time - (timestamps[index] as number)) > maxGap) return 'no value';
  const format = valueFormat(zone.locale);
  const details = parts.map((part) => part.detail?.(series, index, format) ?? '');
  return `${format(value)}${unit && ` ${unit}`}${details.join('')}`;
}

/** The value of a step holds until the next one; of a line, the closer point counts. */
function nearest({ timestamps, isStep }: ChartSeries, time: number): number {
  const before = upperBound(timestamps, time) - 1;
  const after = before + 1;
  if (before < 0 || isStep || after >= timestamps.length) return Math.max(before, isStep ? -1 : 0);
  return time - (timestamps[before] as number) <= (timestamps[after] as number) - time ? before : after;
}

function row(text = ''): HTMLElement {
  const element = document.createElement('div');
  element.textContent = text;
  return element;
}
