import { printable } from '../values/text.js';

/** Characters that terminals show in two columns: full-width East Asian characters, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/** Characters that terminals draw over the character before them. */
const COMBINING = /^[\p{Mn}\p{Me}\u1160-\u11ff]+$/u;

/** Forms of the character before them, which terminals do not agree on. */
const SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** More marks on a character than any language has, which would reach into other lines. */
const PILES = /(\p{M}{4})\p{M}+/gu;

/** Made on first use: it takes about as long as loading all of this package. */
let segmenter: Intl.Segmenter | undefined;

function charactersOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** The columns that text takes on a terminal. The text is one that `printable` gave. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of charactersOf(text)) width += widthOf(segment);
  return width;
}

/**
 * Text from outside, on one line of at most so many columns. Characters that act on a terminal are
 * shown as their codes. Takes no longer for a long string than for a short one.
 */
export function fitText(text: string, columns: number): string {
  // A character has some marks at most.
  const most = Math.min(text.length, columns * 10 + 10);
  const shown = printable(text.slice(0, most).replace(SELECTORS, '')).replace(PILES, '$1');
  if (most === text.length && displayWidth(shown) <= columns) return shown;
  let width = 0;
  let kept = '';
  for (const { segment } of charactersOf(shown)) {
    width += widthOf(segment);
    if (width >= columns) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text, with spaces to its end or before its beginning. */
export function padText(text: string, columns: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return isRight ? space + text : text + space;
}

function widthOf(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) if (!COMBINING.test(character)) width += 1;
  // A character of several parts takes the room of one, or of two where a part has its own.
  return Math.min(width, 2);
}
