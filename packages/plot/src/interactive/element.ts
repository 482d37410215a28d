import { FONT_SMALL } from '../text.js';

/** The font of words beside the picture. */
export const SMALL_FONT: string = `${FONT_SMALL}px system-ui, sans-serif`;

/**
 * Styles are set one by one: a page with a strict content security policy allows that, and no style
 * attributes.
 */
export function child<K extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  tag: K,
  style: Partial<CSSStyleDeclaration>,
): HTMLElementTagNameMap[K] {
  const element = parent.appendChild(document.createElement(tag));
  Object.assign(element.style, style);
  return element;
}

/** A box in pixels of the chart. */
export function box(
  left: number,
  top: number,
  width: number,
  height: number,
): Partial<CSSStyleDeclaration> {
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
}
