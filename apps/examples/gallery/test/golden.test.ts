import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { plot } from '@cdf/plot';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { markPictures } from '../src/mark-pictures.js';
import { pictures } from '../src/pictures.js';

const folder = fileURLToPath(new URL('./golden/', import.meta.url));
const documents = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const update = process.env.UPDATE_GOLDEN === '1';
const font = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
);
/**
 * Share of all pixels. A newer ICU may write a date otherwise; a line that moves or a label that is
 * lost is more than this.
 */
const TOLERANCE = 0.005;
const KEPT = ['two-units', 'band', 'gaps', 'daylight-saving-day', 'many-series'];

describe('pictures stay what they were', () => {
  it.each(KEPT)(
    '%s: at most half a percent of its pixels differ from the picture that is kept',
    async (name) => {
      const picture = pictures().find((each) => each.name === name);
      const svg = plot(picture?.data() ?? [], { ...picture?.options, theme: 'light' }).toSvg();
      const path = `${folder}${name}.svg`;
      if (update) {
        await mkdir(folder, { recursive: true });
        await writeFile(path, svg);
      }
      expect(
        existsSync(path),
        `${path} is not there: make it with UPDATE_GOLDEN=1, and look at it`,
      ).toBe(true);
      expect(difference(svg, await readFile(path, 'utf8'))).toBeLessThanOrEqual(TOLERANCE);
    },
  );

  if (process.env.CDF_TEST_LONG === '1' || update)
    it.each(markPictures())('of the documents, too: $name', async ({ name, data, options }) => {
      const svg = plot(data(), options).toSvg();
      const path = `${documents}${name}.svg`;
      if (update) await writeFile(path, svg);
      expect(
        existsSync(path),
        `${path} is not there: make it with UPDATE_GOLDEN=1, and look at it`,
      ).toBe(true);
      expect(difference(svg, await readFile(path, 'utf8'))).toBeLessThanOrEqual(TOLERANCE);
    });

  it('the comparison sees a label that is lost', async () => {
    const svg = await readFile(`${folder}two-units.svg`, 'utf8');
    expect(difference(svg.replace('Bearing temperature</text>', '</text>'), svg)).toBeGreaterThan(
      0,
    );
    expect(difference(svg.replace(/<path data-series=.*?\/>/, ''), svg)).toBeGreaterThan(TOLERANCE);
  });
});

/** The share of pixels that differ visibly, drawn by the same rasteriser with the same font. */
function difference(one: string, other: string): number {
  const [a, b] = [one, other].map((svg) =>
    new Resvg(svg, { font: { fontFiles: [font], loadSystemFonts: false } }).render(),
  ) as [ReturnType<Resvg['render']>, ReturnType<Resvg['render']>];
  if (a.width !== b.width || a.height !== b.height) return 1;
  const [before, after] = [a.pixels, b.pixels];
  let different = 0;
  for (let at = 0; at < before.length; at += 4) {
    const far = [0, 1, 2].some(
      (channel) => Math.abs((before[at + channel] ?? 0) - (after[at + channel] ?? 0)) > 24,
    );
    if (far) different++;
  }
  return different / (a.width * a.height);
}
