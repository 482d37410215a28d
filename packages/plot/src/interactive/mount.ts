import { ConfigError } from '@cdf/core';
import type { ChartModel, Place } from '../chart-model.js';
import { layoutChart } from '../layout.js';
import type { Layout } from '../layout-types.js';
import type { Palette, Theme } from '../palette.js';
import { drawChart, paletteOf } from '../svg.js';
import { paintSeries } from './canvas.js';
import { Controls } from './controls.js';
import { box, child } from './element.js';
import { type GestureTarget, listen } from './gestures.js';
import { LegendButtons } from './legend-buttons.js';
import type { Attachment, WindowTarget } from './range-selector.js';
import type { Tooltip } from './tooltip.js';

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

/** When a part that could not be loaded is asked for again. @unit milliseconds */
const RETRY = 10_000;

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
  const selection = child(root, 'div', {
    position: 'absolute',
    pointerEvents: 'none',
    background: '#4493f833',
  });
  selection.hidden = true;
  const live = child(root, 'div', {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
  });
  live.setAttribute('aria-live', 'polite');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const hidden = new Set<number>();
  const buttons = new LegendButtons(root, (series) => {
    if (!hidden.delete(series)) hidden.add(series);
    redraw();
  });
  const controls = new Controls(root, () => show(model.start, model.end));
  let model = initial;
  let window = { start: model.start, end: model.end };
  let layout: Layout;
  let below: Attachment | undefined;
  let frameRequest = 0;
  let tooltip: Tooltip | undefined;
  let palette: Palette;
  let nextLoad = 0;
  let pointed: Place | undefined;
  let isGone = false;

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
    controls.place(layout, palette, window.start > model.start || window.end < model.end);
    tooltip?.draw(model, layout, palette);
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
  /** Loaded when values are first shown: a chart is often only looked at. */
  const loadTooltip = (): void => {
    const isFirst = nextLoad === 0;
    nextLoad = Infinity;
    import('./tooltip.js').then(
      (part) => {
        if (isGone) return;
        tooltip = new part.Tooltip(root);
        tooltip.draw(model, layout, palette);
        tooltip.moveTo(pointed, model, layout);
      },
      (error) => {
        // A pointer moves many times a second: later moves ask again, and say no more.
        nextLoad = Date.now() + RETRY;
        if (isFirst && !isGone) onError(error);
      },
    );
  };
  const target: GestureTarget & WindowTarget = {
    layout: () => layout,
    window: () => window,
    whole: () => model,
    show,
    point(at) {
      pointed = at;
      if (tooltip) tooltip.moveTo(at, model, layout);
      else if (at && Date.now() >= nextLoad) loadTooltip();
    },
    select(from, to) {
      selection.hidden = from === to;
      Object.assign(selection.style, box(from, layout.top, to - from, layout.plotHeight));
    },
    announce() {
      const date = model.zone.format({ dateStyle: 'medium', timeStyle: 'short' });
      live.textContent = `${date(window.start)} to ${date(window.end)}`;
    },
  };
  const stop = listen(root, target);
  const resizes = new ResizeObserver(redraw);
  resizes.observe(root);
  addEventListener('resize', redraw);
  dark.addEventListener('change', redraw);
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
      if (isGone) return;
      below = make(root, target);
      redraw();
    },
    destroy() {
      isGone = true;
      stop();
      below?.destroy();
      resizes.disconnect();
      removeEventListener('resize', redraw);
      dark.removeEventListener('change', redraw);
      cancelAnimationFrame(frameRequest);
      root.remove();
    },
  };
}
