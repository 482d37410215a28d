import { ConfigError } from '@cdf/core';
import { Resvg } from '@resvg/resvg-js';
import type { ChartMethods } from './chart.js';
import { renderSvg } from './svg.js';

export interface PngOptions {
  /** Pixels of the picture per pixel of the chart. @default 2 */
  scale?: number | undefined;
  /** Paths of TTF or OTF files (not WOFF); the first is the one to use. @default what the system has */
  fonts?: readonly string[] | undefined;
}

/** Characters that a font for Latin, Greek and Cyrillic has. For others, the fonts of the system are searched as well. */
const COMMON = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]*$/u;

/**
 * `chart.toPng()`: a PNG, in the light theme unless the chart says dark.
 *
 * @throws {ConfigError} when there is no font to write the labels with: a picture without them would be worse than none.
 */
export const pngChart =
  (chart: Pick<ChartMethods, 'model'>) =>
  async (options: PngOptions = {}): Promise<Uint8Array> => {
    const { scale = 2, fonts = [] } = options;
    if (!(scale >= 0.25 && scale <= 10)) throw new ConfigError(`toPng: scale must be 0.25 to 10, got ${scale}`);
    const svg = renderSvg(chart.model, chart.model.options.theme === 'dark' ? 'dark' : 'light', scale);
    const written = svg.replace(/<desc.*?<\/desc>/s, '').replace(/<[^>]*>/g, '');
    const font = { fontFiles: [...fonts], loadSystemFonts: fonts.length === 0 || !COMMON.test(written) };
    requireFont(font, fonts);
    const picture = new Resvg(svg, { font, fitTo: { mode: 'zoom', value: scale } });
    return Uint8Array.from(picture.render().asPng());
  };

/** Without a font resvg leaves text out and says nothing: whether a letter has a size is the way to find out. */
function requireFont(font: { fontFiles: string[]; loadSystemFonts: boolean }, fonts: readonly string[]): void {
  const letter =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16" font-size="16">A</text></svg>';
  if (new Resvg(letter, { font }).getBBox() !== undefined) return;
  throw new ConfigError(
    fonts.length === 0
      ? 'toPng: this system has no fonts; pass fonts: [path of a TTF or OTF file], such as one of the npm package @expo-google-fonts/inter'
      : `toPng: no font could be read from ${fonts.map((path) => JSON.stringify(path)).join(', ')}; TTF and OTF work, WOFF does not`,
  );
}
