import { MARGIN } from '../layout.js';
import type { Layout } from '../layout-types.js';
import type { Palette } from '../palette.js';
import { FONT_SMALL, textWidth } from '../text.js';
import { child } from './element.js';

/**
 * Says how to zoom while everything is shown, and has a button that shows everything while it is
 * not.
 */
export class Controls {
  readonly #reset: HTMLButtonElement;
  readonly #hint: HTMLElement;

  constructor(root: HTMLElement, reset: () => void) {
    const font = `${FONT_SMALL}px system-ui, sans-serif`;
    this.#reset = child(root, 'button', {
      position: 'absolute',
      top: '8px',
      right: `${MARGIN}px`,
      minHeight: '28px',
      padding: '2px 10px',
      borderRadius: '6px',
      cursor: 'pointer',
      font,
    });
    this.#reset.type = 'button';
    this.#reset.textContent = 'Show all';
    this.#reset.addEventListener('click', () => {
      // The button goes away: the focus stays in the chart.
      root.focus();
      reset();
    });
    this.#hint = child(root, 'div', {
      position: 'absolute',
      pointerEvents: 'none',
      whiteSpace: 'nowrap',
      font,
    });
  }

  place({ left, width, height }: Layout, colors: Palette, isZoomed: boolean): void {
    this.#reset.hidden = !isZoomed;
    Object.assign(this.#reset.style, {
      color: colors.text,
      background: colors.background,
      border: `1px solid ${colors.axis}`,
    });
    const hint = matchMedia('(pointer: coarse)').matches
      ? 'Pinch to zoom'
      : 'Drag to zoom, Shift-drag to move';
    this.#hint.textContent = hint;
    // On the line of the zone, on the other side; a narrow chart has room for one of them.
    this.#hint.hidden = isZoomed || textWidth(hint, FONT_SMALL) > (width - left) * 0.55;
    Object.assign(this.#hint.style, {
      left: `${left}px`,
      top: `${height - 5 - FONT_SMALL * 1.15}px`,
      color: colors.muted,
    });
  }
}
