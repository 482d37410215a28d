import { escapeMarkup } from './text.js';

/** A line of text; where it was cut, a title has the whole of it. */
export function textElement(
  x: number,
  y: number,
  shown: string,
  whole: string = shown,
  attributes = '',
): string {
  const title = whole === shown ? '' : `<title>${escapeMarkup(whole)}</title>`;
  return (
    shown &&
    `<text x="${tenth(x)}" y="${tenth(y)}" ${attributes}>${escapeMarkup(shown)}${title}</text>`
  );
}

/** In tenths of a pixel: fine enough, and short. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
