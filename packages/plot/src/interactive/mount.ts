import { ConfigError } from '@cdf/core';
import type { ChartModel } from '../chart-model.js';
import { layoutChart } from '../layout.js';
import type { Layout } from '../layout-types.js';
import type { Palette, Theme } from '../palette.js';
import { drawChart, paletteOf } from '../svg.js';
import { paintSeries } from './canvas.js';
import { child } from './element.js';
import { onFirstNeed } from './first-need.js';
import { placeHint } from './hint.js';
import { LegendButtons } from './legend-buttons.js';
import type { Attachment, WindowTarget } from './range-selector.js';

/** A chart on a page. */
export interface MountedModel {
  /** The window that is shown. @unit milliseconds since the epoch */
  readonly window: { readonly start: number; readonly end: number };
  /**
   * Shows a part of the chart. A window beyond the data is moved back to it.
   *
   * @throws {ConfigError} when `start` is not before `end`.
   * @unit milliseconds since the epoch
   */
  show(start: number, end: number): void;
  /** Shows all of it. */
  reset(): void;
  setModel(model: ChartModel): void;
  /**
   * Puts something below that follows the chart, and goes with it; nothing where it has gone.
   *
   * @internal
   */
  attach(make: (root: HTMLElement, target: WindowTarget) => Attachment): void;
  /** Removes the chart and everything that listens. */
  destroy(): void;
}

/**
 * Draws into an element and answers to pointer, wheel and keyboard. Axes and names are SVG, lines
 * are on a canvas above: one geometry, and a fraction of the painting. The chart is as wide as the
 * element.
 *
 * @param heightOf how high it is now. Absent or undefined: as the chart says, or its content needs.
 * @unit pixels
 * @param onError takes why a part could not be loaded
 */
export function mountModel(
  element: HTMLElement,
  initial: ChartModel,
  heightOf: () => number | undefined = () => undefined,
  onError: (error: unknown) => void = reportError,
): MountedModel {
  const root = child(element, 'div', {
    position: 'relative',
    touchAction: 'pan-y',
    userSelect: 'none',
  });
  root.tabIndex = 0;
  root.setAttribute('role', 'group');
  root.setAttribute('aria-roledescription', 'interactive chart');
  const frame = child(root, 'div', {});
  const canvas = child(root, 'canvas', { position: 'absolute', pointerEvents: 'none' });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const hidden = new Set<number>();
  const buttons = new LegendButtons(root, (series) => {
    if (!hidden.delete(series)) hidden.add(series);
    redraw();
  });
  // Holds all that is shown for a while: before a strip below in the order of the keyboard.
  const layer = child(root, 'div', {});
  const hint = child(layer, 'div', {});
  const ending = new AbortController();
  const { signal } = ending;
  let model = initial;
  let window = { start: model.start, end: model.end };
  let layout: Layout;
  let below: Attachment | undefined;
  let frameRequest = 0;
  let palette: Palette;

  const draw = (): void => {
    frameRequest = 0;
    const { theme: wanted = 'auto' } = model.options;
    const theme: Theme = wanted === 'auto' ? (dark.matches ? 'dark' : 'light') : wanted;
    const scale = devicePixelRatio || 1;
    const width = Math.max(240, Math.floor(root.clientWidth));
    layout = layoutChart(model, { ...window, width, height: heightOf(), scale, hidden });
    palette = paletteOf(theme);
    root.setAttribute('aria-label', model.title || 'Time series chart');
    // Made by our own writer, in which every text from outside is escaped.
    frame.innerHTML = drawChart(model, layout, theme, false);
    (frame.firstChild as SVGElement).style.display = 'block';
    paintSeries(canvas, model, layout, palette);
    buttons.place(layout, hidden);
    const isZoomed = window.start > model.start || window.end < model.end;
    placeHint(hint, layout, palette, isZoomed);
    drawInteraction(model, layout, palette, isZoomed);
    below?.draw(model, layout, palette);
  };
  const redraw = (): void => {
    frameRequest ||= requestAnimationFrame(draw);
  };
  const show = (start: number, end: number): void => {
    const { start: first, end: last } = model;
    const length = Math.max(end - start, model.zone.least ?? 1);
    const from = Math.max(first, Math.min(start, last - length));
    // All of it has the edges of the chart: the sum may differ from them by a rounding.
    window =
      length < last - first ? { start: from, end: from + length } : { start: first, end: last };
    redraw();
  };
  const target = {
    root,
    layer,
    model: () => model,
    layout: () => layout,
    window: () => window,
    show,
  };
  const drawInteraction = onFirstNeed(target, signal, onError);
  const resizes = new ResizeObserver(redraw);
  resizes.observe(root);
  addEventListener('resize', redraw, { signal });
  dark.addEventListener('change', redraw, { signal });
  draw();
  return {
    get window() {
      return window;
    },
    show(start, end) {
      if (!(start <= end)) throw new ConfigError('show: start must be before end');
      show(start, end);
    },
    reset: () => show(model.start, model.end),
    setModel(next) {
      const { start, end } = window;
      const whole = start === model.start;
      // A window at the newest part follows new points.
      const atEnd = end === model.end;
      model = next;
      if (atEnd) show(whole ? next.start : next.end - (end - start), next.end);
      else show(start, end);
    },
    attach(make) {
      if (signal.aborted) return;
      below = make(root, target);
      redraw();
    },
    destroy() {
      ending.abort();
      below?.destroy();
      resizes.disconnect();
      cancelAnimationFrame(frameRequest);
      root.remove();
    },
  };
}
