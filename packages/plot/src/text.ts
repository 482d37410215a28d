// Sizes of text, in pixels. Each on its own: minifiers put numbers in their place.
export const FONT_TITLE = 16;
export const FONT_LEGEND = 12.5;
export const FONT_TICK = 12;
export const FONT_SMALL = 11.5;

/** Text for XML and HTML, in elements and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A name from outside as one line that cannot act: without control characters (so no terminal
 * escapes), line breaks, overrides of the writing direction and what XML forbids.
 */
export function plainText(text: string): string {
  return text
    .replace(/[\p{Cs}\p{NChar}\p{Bidi_C}]/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** A copy in which the properties that are text are safe text. */
export function withPlainTexts<T extends object>(texts: T): T {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      typeof text === 'string' ? plainText(text) : text,
    ]),
  ) as T;
}

/** Things by name, with names that are safe text, as the names are that they are looked up by. */
export function withPlainNames<T>(things: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(things).map(([name, thing]) => [plainText(name), thing]),
  );
}

/**
 * Estimated width of text. There is no DOM to ask, and the reader's font is not known: these are
 * the advances of a wide sans-serif, so that text in a narrower one has room to spare.
 *
 * @unit pixels
 */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += advance(character);
  return width * fontSize;
}

/** The text, cut and ended by an ellipsis where it is wider than `maxWidth` pixels. */
export function fitText(text: string, fontSize: number, maxWidth: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const room = maxWidth / fontSize - 1;
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += advance(character);
    if (width > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

function advance(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code >= 0x2e80) return code > 0xffff ? 1.4 : 1.03;
  if (code >= 0x300 && /\p{Mn}/u.test(character)) return 0;
  if (code >= 0x2070 && code < 0x20a0) return 0.5;
  if ("ijlI.,:;|!' ".includes(character)) return 0.33;
  if ('frt-()[]/"'.includes(character)) return 0.42;
  if ('mwMW@%—…→×'.includes(character)) return 1;
  return code >= 65 && code <= 90 ? 0.74 : 0.635;
}
