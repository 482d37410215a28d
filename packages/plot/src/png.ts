import { ConfigError } from '@cdf/core';
import { Resvg } from '@resvg/resvg-js';
import { checkedOptions, PNG_OPTIONS } from './check-options.js';
import { renderSvg } from './svg.js';
import type { SvgChart } from './svg-chart.js';

/** How a chart becomes a PNG in Node. */
export interface PngOptions {
  /** Pixels of the picture per pixel of the chart. @default 2 */
  scale?: number | undefined;
  /**
   * Paths of TTF or OTF files (not WOFF); the first is the one to use.
   *
   * @default what the system has
   */
  fonts?: readonly string[] | undefined;
  /**
   * For characters that neither `fonts` nor the system can write: an error that names them, or a
   * box for each.
   * @default 'error'
   */
  missingGlyphs?: 'error' | 'boxes' | undefined;
}

interface Font {
  readonly fontFiles: string[];
  readonly loadSystemFonts: boolean;
}

/**
 * `chart.toPng()`: a PNG, in the light theme unless the chart says dark.
 *
 * @throws {ConfigError} without a font for the labels: a picture without labels is an error.
 */
export const pngChart =
  (chart: SvgChart) =>
  async (options: PngOptions = {}): Promise<Uint8Array> => {
    const {
      scale = 2,
      fonts = [],
      missingGlyphs = 'error',
    } = checkedOptions(options, PNG_OPTIONS, 'toPng');
    const svg = renderSvg(
      chart.model,
      chart.model.options.theme === 'dark' ? 'dark' : 'light',
      scale,
    );
    const written = svg.replace(/<(desc|title|style).*?<\/\1>/gs, '').replace(/<[^>]*>/g, '');
    const own: Font = { fontFiles: [...fonts], loadSystemFonts: fonts.length === 0 };
    requireFont(own, fonts);
    const all: Font = { ...own, loadSystemFonts: true };
    const lacking = missing(written, own);
    const still = missing(lacking.join(''), all);
    if (missingGlyphs === 'error') requireGlyphs(still);
    // The fonts of the system only where they help.
    const helps = still.length < lacking.length;
    const drawn =
      fonts.length === 0
        ? svg.replace('"system-ui,', `"${FAMILIES},`)
        : helps
          ? inSystemFonts(svg, lacking)
          : svg;
    const picture = new Resvg(drawn, {
      font: helps ? all : own,
      fitTo: { mode: 'zoom', value: scale },
    });
    return Uint8Array.from(picture.render().asPng());
  };

/**
 * The usual fonts of each system. resvg by itself takes whichever font it finds first: one with
 * serifs, or a bold one.
 */
const FAMILIES = 'Segoe UI,Roboto,Helvetica Neue,Arial,Liberation Sans,DejaVu Sans,Noto Sans';

/**
 * Texts with something that the given fonts lack, in a font of the system: one font for all of a
 * text, as a reader expects it.
 */
function inSystemFonts(svg: string, lacking: readonly string[]): string {
  return svg.replace(/<text ([^>]*>[^<]*)/g, (element, rest: string) =>
    lacking.some((character) => rest.includes(character))
      ? `<text font-family="${FAMILIES},sans-serif" ${rest}`
      : element,
  );
}

/**
 * Without a font resvg leaves text out and says nothing: whether a letter has a size is the way to
 * find out.
 */
function requireFont(font: Font, fonts: readonly string[]): void {
  const letter =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16" font-size="16">A</text></svg>';
  if (new Resvg(letter, { font }).getBBox() !== undefined) return;
  throw new ConfigError(
    fonts.length === 0
      ? 'toPng: this system has no fonts; pass fonts: [path of a TTF or OTF file], for example from the npm package @expo-google-fonts/inter'
      : `toPng: no font could be read from ${fonts.map((path) => JSON.stringify(path)).join(', ')}; TTF and OTF work, WOFF does not`,
  );
}

/** @throws {ConfigError} that names characters, and says what to do about them. */
function requireGlyphs(characters: readonly string[]): void {
  if (characters.length === 0) return;
  const named = characters.slice(0, 10).map((character) => {
    const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
    return `${character} (U+${code})`;
  });
  const more = characters.length > 10 ? ` and ${characters.length - 10} more` : '';
  throw new ConfigError(
    `toPng: no font has ${named.join(', ')}${more}; add a TTF or OTF file with these characters to fonts, such as Noto Sans, or pass missingGlyphs: 'boxes'`,
  );
}

const CELL = 40;

/**
 * Characters that come out as the box of a character that no font has. All of them are drawn side
 * by side, with one that is reserved for private use at the end, and compared by their pixels.
 */
function missing(text: string, font: Font): string[] {
  const characters = [...new Set(text)]
    .filter((each) => each > '\u007f' && /[\p{L}\p{N}\p{P}\p{S}]/u.test(each))
    .slice(0, 1000);
  if (characters.length === 0) return [];
  const cells = [...characters, '\u{10fffd}'];
  const width = cells.length * CELL;
  const texts = cells.map(
    (each, index) => `<text x="${index * CELL + 4}" y="30" font-size="24">${each}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CELL}">${texts.join('')}</svg>`;
  const { pixels } = new Resvg(svg, { font }).render();
  const row = CELL * 4;
  const isBox = (index: number): boolean => {
    for (let y = 0; y < CELL; y++) {
      const at = y * width * 4;
      const cell = pixels.subarray(at + index * row, at + (index + 1) * row);
      if (cell.compare(pixels, at + characters.length * row, at + cells.length * row) !== 0)
        return false;
    }
    return true;
  };
  return characters.filter((_, index) => isBox(index));
}
