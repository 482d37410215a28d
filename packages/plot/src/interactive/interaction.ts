import type { ChartModel } from '../chart-model.js';
import type { Layout } from '../layout-types.js';
import type { Palette } from '../palette.js';
import { MARGIN } from '../text.js';
import { box, child, SMALL_FONT } from './element.js';
import { gestures } from './gestures.js';
import { Tooltip } from './tooltip.js';

/** The parts of a chart on a page that an interaction uses. */
export interface InteractionTarget {
  /** The element that takes the focus. */
  readonly root: HTMLElement;
  /** Takes what the interaction shows. */
  readonly layer: HTMLElement;
  model(): ChartModel;
  layout(): Layout;
  window(): { readonly start: number; readonly end: number };
  show(start: number, end: number): void;
}

/**
 * All that a chart does only when somebody uses it: gestures and keys, the tooltip, and the button
 * that shows everything while the chart does not.
 */
export interface Interaction {
  /** Answers to an event, also to one that is over. */
  answer(event: Event): void;
  /** After a drawing. */
  draw(model: ChartModel, layout: Layout, colors: Palette, isZoomed: boolean): void;
}

export function interact(target: InteractionTarget): Interaction {
  const { root, layer, show, layout } = target;
  const selection = child(layer, 'div', {
    position: 'absolute',
    pointerEvents: 'none',
    background: '#4493f833',
  });
  selection.hidden = true;
  const live = child(layer, 'div', {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
  });
  live.setAttribute('aria-live', 'polite');
  const showAll = (): void => show(target.model().start, target.model().end);
  const reset = child(layer, 'button', {
    position: 'absolute',
    top: '8px',
    right: `${MARGIN}px`,
    minHeight: '28px',
    padding: '2px 10px',
    borderRadius: '6px',
    cursor: 'pointer',
    font: SMALL_FONT,
  });
  reset.type = 'button';
  reset.textContent = 'Show all';
  reset.addEventListener('click', () => {
    // The button goes away: the focus stays in the chart.
    root.focus();
    showAll();
  });
  const tooltip = new Tooltip(layer);
  return {
    answer: gestures(root, {
      layout,
      window: target.window,
      whole: target.model,
      show,
      point: (at) => tooltip.moveTo(at, target.model(), layout()),
      select(from, to) {
        selection.hidden = from === to;
        Object.assign(selection.style, box(from, layout().top, to - from, layout().plotHeight));
      },
      announce() {
        const date = target.model().zone.format({ dateStyle: 'medium', timeStyle: 'short' });
        live.textContent = `${date(target.window().start)} to ${date(target.window().end)}`;
      },
    }),
    draw(model, drawn, colors, isZoomed) {
      reset.hidden = !isZoomed;
      Object.assign(reset.style, {
        color: colors.text,
        background: colors.background,
        border: `1px solid ${colors.axis}`,
      });
      tooltip.draw(model, drawn, colors);
    },
  };
}
