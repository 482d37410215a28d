import { type Chart, plot } from '@cdf/plot';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../../../tooling/browser/launch.mjs';
import { markPictures } from '../src/mark-pictures.js';
import { type Picture, pictures } from '../src/pictures.js';

interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

// Every second one: the long suite has all.
const all =
  process.env.CDF_TEST_LONG === '1'
    ? [...pictures(), ...markPictures()]
    : pictures().filter(({ name }, index) => index % 2 === 0 || name === 'hostile-names');

describe.runIf(hasBrowser)('the gallery in Chromium', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  });
  afterAll(() => browser?.close());

  describe.each(all)('$name', (picture) => {
    let title: string;
    let lines: { label: string; unit: string }[];
    beforeAll(async () => {
      const chart = plot(picture.data(), picture.options);
      // Once, and without the points: one chart has ten million of them.
      const { series, ...rest } = chart.toJSON();
      title = rest.title;
      lines = series.map(({ label, unit }) => ({ label, unit }));
      await open(page, chart);
    });

    it('has no text that overlaps another, and all of it is inside the picture', async () => {
      const { boxes, width, height } = await page.evaluate(measure);
      expect(boxes.length).toBeGreaterThan(4);
      const outside = boxes.filter(
        (box) =>
          box.left < -0.5 || box.top < -0.5 || box.right > width + 0.5 || box.bottom > height + 0.5,
      );
      expect(outside).toEqual([]);
      expect(overlaps(boxes)).toEqual([]);
    });

    it('is an image with a name and a description of every series in the accessibility tree', async () => {
      const { name, description } = await imageInTree(page);
      expect(name).toBe(title || 'Time series chart');
      expect(description).toMatch(
        /^(Line chart|Scatter plot|Histogram|State timeline) of \d+ time series/,
      );
      expect(description).toContain(` of ${lines.length} time series`);
      for (const { label } of lines) expect(description).toContain(label);
    });

    it('has its title, its unit and every name', async () => {
      const texts = (await page.locator('svg text').allTextContents()).join('\n');
      expect(texts).toContain(title);
      for (const { label, unit } of lines) {
        expect(texts).toContain(label);
        expect(texts).toContain(unit);
      }
    });
  });

  it('follows the dark scheme of the reader, unless told to be light', async () => {
    const picture = all.find(({ name }) => name === 'one-series') as Picture;
    const fills = () =>
      page.evaluate(() =>
        ['.cdf-chart > g > path', '.cdf-chart > g', '[data-series]']
          .map((part) => getComputedStyle(document.querySelector(part) as Element))
          .map(({ fill, stroke }) => `${fill} ${stroke}`),
      );
    await page.emulateMedia({ colorScheme: 'dark' });
    await open(page, plot(picture.data(), picture.options));
    expect(await fills()).toEqual([
      'rgb(21, 24, 29) none',
      'rgb(230, 237, 243) none',
      'none rgb(86, 180, 233)',
    ]);
    await open(page, plot(picture.data(), { theme: 'light' }));
    expect((await fills())[0]).toBe('rgb(255, 255, 255) none');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('hostile names do nothing but stand there', async () => {
    const picture = all.find(({ name }) => name === 'hostile-names') as Picture;
    await open(page, plot(picture.data(), picture.options));
    const found = await page.evaluate(() => ({
      title: document.title,
      foreign: document.querySelectorAll('img, script, a, iframe, foreignObject').length,
    }));
    expect(found).toEqual({ title: '', foreign: 0 });
  });
});

/** The image as a screen reader sees it. */
async function imageInTree(page: Page): Promise<{ name: string; description: string }> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const images = nodes.filter(
    ({ ignored, role }) => !ignored && ['image', 'img'].includes(role?.value),
  );
  expect(images).toHaveLength(1);
  return { name: images[0]?.name?.value, description: images[0]?.description?.value };
}

async function open(page: Page, chart: Chart): Promise<void> {
  await page.setContent(`<!doctype html><body style="margin:0">${chart.toSvg()}</body>`);
}

/** The boxes of all texts as the browser drew them. Runs in the page. */
function measure(): { boxes: TextBox[]; width: number; height: number } {
  const svg = document.querySelector('svg') as SVGSVGElement;
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('text')].map((text) => {
    const box = text.getBoundingClientRect();
    return {
      text: text.textContent ?? '',
      left: box.left - frame.left,
      top: box.top - frame.top,
      right: box.right - frame.left,
      bottom: box.bottom - frame.top,
    };
  });
  return { boxes, width: frame.width, height: frame.height };
}

/**
 * A line of text has room above and below its letters: two boxes may share up to three pixels of
 * it.
 */
function overlaps(boxes: readonly TextBox[]): string[] {
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) =>
          Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0.5 &&
          Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3,
      )
      .map((other) => `${one.text} / ${other.text}`),
  );
}
