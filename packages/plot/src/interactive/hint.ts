import type { Layout } from '../layout-types.js';
import type { Palette } from '../palette.js';
import { FONT_SMALL, textWidth } from '../text.js';
import { SMALL_FONT } from './element.js';

/** Says how to zoom while everything is shown. */
export function placeHint(
  hint: HTMLElement,
  { left, width, height }: Layout,
  colors: Palette,
  isZoomed: boolean,
): void {
  const text = matchMedia('(pointer: coarse)').matches
    ? 'Pinch to zoom'
    : 'Drag to zoom, Shift-drag to move';
  hint.textContent = text;
  // On the line of the zone, on the other side; a narrow chart has room for one of them.
  hint.hidden = isZoomed || textWidth(text, FONT_SMALL) > (width - left) * 0.55;
  Object.assign(hint.style, {
    position: 'absolute',
    pointerEvents: 'none',
    whiteSpace: 'nowrap',
    font: SMALL_FONT,
    left: `${left}px`,
    top: `${height - 5 - FONT_SMALL * 1.15}px`,
    color: colors.muted,
  });
}
