import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { histogram, plot, scatter, stateTimeline } from '@cdf/plot';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../../../tooling/browser/launch.mjs';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const timestamps = Float64Array.from({ length: 241 }, (_, index) => START + index * 0.1 * HOUR);
const wave = {
  id: 1,
  name: 'Wave',
  unit: 'bar',
  timestamps,
  values: timestamps.map((_, index) => Math.sin(index / 20)),
};
const ramp = {
  id: 2,
  name: 'Ramp',
  unit: 'bar',
  timestamps,
  values: timestamps.map((_, index) => index / 100),
};
const pump = {
  id: 3,
  name: 'Pump',
  isString: true,
  timestamps: Float64Array.of(START, START + 8 * HOUR, START + 16 * HOUR),
  values: ['running', 'stopped', 'running'],
};

/** Members of the windows of the pages of these tests. */
interface Live {
  calls: number;
  errors: string[];
  fails: boolean;
  left(): string[];
  destroy(): void;
  abort(): void;
}

describe.runIf(hasBrowser)('in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'cdf-selector-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(html: string, context: BrowserContext): Promise<Page> {
    const path = join(folder, 'chart.html');
    await writeFile(path, html);
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('[data-selector]');
    return page;
  }
  /** From when to when, in hours, the handles are. */
  async function windowOf(page: Page): Promise<number[]> {
    const values = await page
      .getByRole('slider')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-valuenow')));
    return values.map((value) => Math.round(((Number(value) - START) / HOUR) * 10) / 10);
  }
  async function middle(page: Page, index: number): Promise<{ x: number; y: number }> {
    const found = await page.getByRole('slider').nth(index).boundingBox();
    if (found === null) throw new Error('the page has no handle');
    return { x: found.x + found.width / 2, y: found.y + found.height / 2 };
  }

  describe('the range selector of a page', () => {
    let page: Page;
    beforeEach(async () => {
      page = await open(
        plot(wave).toHtml(),
        await browser.newContext({ viewport: { width: 1000, height: 600 } }),
      );
      return () => page.context().close();
    });

    it('moves an edge of the window, the window, and makes another one', async () => {
      expect(await windowOf(page)).toEqual([0, 24]);
      const [from, to] = [await middle(page, 0), await middle(page, 1)];
      const perHour = (to.x - from.x) / 24;
      const drag = async (begin: number, end: number): Promise<void> => {
        await page.mouse.move(begin, from.y);
        await page.mouse.down();
        await page.mouse.move((begin + end) / 2, from.y);
        await page.mouse.move(end, from.y);
        await page.mouse.up();
      };
      await drag(to.x, to.x - 12 * perHour);
      await expect.poll(() => windowOf(page)).toEqual([0, 12]);
      await drag(from.x + 6 * perHour, from.x + 9 * perHour);
      await expect.poll(() => windowOf(page)).toEqual([3, 15]);
      await drag(from.x, from.x + 30 * perHour);
      await expect.poll(() => windowOf(page)).toEqual([0, 24]);
      await page.getByRole('button', { name: 'Show all' }).isHidden();
    });

    it('has edges that arrow keys move, and says where they are', async () => {
      const end = page.getByRole('slider', { name: 'End of the window' });
      await end.focus();
      for (let press = 0; press < 5; press++) await page.keyboard.press('Shift+ArrowLeft');
      await expect.poll(() => windowOf(page)).toEqual([0, 12]);
      expect(await end.getAttribute('aria-valuetext')).toBe('1 Jan 2026, 12:00');
      await page.keyboard.press('End');
      await expect.poll(() => windowOf(page)).toEqual([0, 24]);
      // An edge stays on its side of the other.
      await page.keyboard.press('Home');
      const [begin, last] = await windowOf(page);
      expect(last).toBeGreaterThanOrEqual(begin as number);
      // Other keys are those of the chart.
      await page.keyboard.press('0');
      await expect.poll(() => windowOf(page)).toEqual([0, 24]);
    });

    it('keeps the chart in the window: with the strip, the page does not scroll', async () => {
      expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(
        true,
      );
    });
  });

  it('a finger moves the edge of the selector, and a pinch zooms, on a telephone', async () => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 700 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await open(plot(wave).toHtml(), context);
    const session = await context.newCDPSession(page);
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      points: readonly (readonly [number, number])[],
    ) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    const [from, to] = [await middle(page, 0), await middle(page, 1)];
    const half = (from.x + to.x) / 2;
    await touch('touchStart', [[to.x, to.y]]);
    for (const part of [0.25, 0.5, 0.75, 1])
      await touch('touchMove', [[to.x + (half - to.x) * part, to.y]]);
    await touch('touchEnd', []);
    await expect.poll(() => windowOf(page)).toEqual([0, 12]);
    await touch('touchStart', [[half - 20, 300]]);
    await touch('touchStart', [
      [half - 20, 300],
      [half + 20, 300],
    ]);
    for (const by of [30, 50, 80])
      await touch('touchMove', [
        [half - by, 300],
        [half + by, 300],
      ]);
    await touch('touchEnd', []);
    await expect
      .poll(
        async () => ((await windowOf(page))[1] as number) - ((await windowOf(page))[0] as number),
      )
      .toBeLessThan(6);
    await context.close();
  });

  describe('a mark on a page', () => {
    const tooltipAt = async (page: Page, x: number, y: number): Promise<string> => {
      await page.mouse.move(x, y);
      await expect.poll(() => page.locator('[role=tooltip]').isVisible()).toBe(true);
      return (await page.locator('[role=tooltip]').textContent()) ?? '';
    };

    it('says the point of a scatter that is nearest, and when it was; a part of its values is zoomed to', async () => {
      const context = await browser.newContext({ viewport: { width: 1000, height: 600 } });
      const page = await open(plot([ramp, wave], { mark: scatter }).toHtml(), context);
      const area = (await page.locator('canvas').first().boundingBox()) as {
        x: number;
        y: number;
        width: number;
        height: number;
      };
      // Everything within 30 pixels of the curve.
      const text = await tooltipAt(page, area.x + area.width * 0.16, area.y + area.height * 0.06);
      expect(text).toMatch(/^0\.\d+Wave: 0\.9\d+ bar, 1 Jan 2026, \d\d:\d\d$/);
      await page.locator('[aria-roledescription]').focus();
      const before = await page.locator('svg text').allTextContents();
      for (let press = 0; press < 4; press++) await page.keyboard.press('+');
      await expect.poll(() => page.locator('svg text').allTextContents()).not.toEqual(before);
      expect(await page.locator('[aria-live]').textContent()).toMatch(/^[\d.]+ to [\d.]+$/);
      await context.close();
    });

    it('says how many points a bar of a histogram has', async () => {
      const context = await browser.newContext({ viewport: { width: 1000, height: 600 } });
      const page = await open(plot(ramp, { mark: histogram }).toHtml(), context);
      expect(await tooltipAt(page, 500, 300)).toMatch(
        /^[\d.]+Ramp: \d+ points from [\d.]+ to [\d.]+$/,
      );
      await context.close();
    });

    it('says the state at the pointer', async () => {
      const context = await browser.newContext({ viewport: { width: 1000, height: 600 } });
      const page = await open(
        plot([pump, wave], { mark: stateTimeline, end: START + 24 * HOUR }).toHtml(),
        context,
      );
      expect(await tooltipAt(page, 500, 300)).toContain('Pump: stopped');
      await context.close();
    });
  });

  it.each([
    [1400, 'light'],
    [600, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'a page of %i pixels, %s, has all of the chart and one background',
    async (width, colorScheme) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      for (const chart of [
        plot([wave, ramp, pump], { mark: stateTimeline, end: START + 24 * HOUR, title: 'Pump' }),
        plot([ramp, wave], { mark: scatter }),
        plot([ramp, wave], { mark: histogram }),
      ]) {
        const page = await open(chart.toHtml(), context);
        const found = await page.evaluate(() => ({
          fits:
            document.documentElement.scrollWidth <= innerWidth &&
            document.documentElement.scrollHeight <= innerHeight,
          page: getComputedStyle(document.body).backgroundColor,
          chart: getComputedStyle(document.querySelector('svg > g > path') as Element).fill,
          strip:
            (document.querySelector('[data-selector]') as HTMLElement).getBoundingClientRect()
              .bottom <= innerHeight,
        }));
        expect(found).toEqual({ fits: true, page: found.chart, chart: found.page, strip: true });
        await page.close();
      }
      await context.close();
    },
  );

  describe('a live chart', () => {
    let page: Page;
    beforeAll(async () => {
      const contents = `
        import { plotTimeSeries } from '@cdf/plot';
        import { mountChart } from '@cdf/plot/browser';
        // Everything that could be left behind is counted.
        const timers = new Set();
        const [set, clear] = [setTimeout, clearTimeout];
        window.setTimeout = (work, ...rest) => { const id = set((...given) => { timers.delete(id); work(...given); }, ...rest); timers.add(id); return id; };
        window.clearTimeout = (id) => { timers.delete(id); clear(id); };
        const listeners = [];
        const { addEventListener, removeEventListener } = EventTarget.prototype;
        EventTarget.prototype.addEventListener = function (type, listener, options) {
          const entry = { target: this ?? window, type, listener };
          // The browser is driven by listeners, too.
          if (new Error().stack.split('live.js:').length > 2) listeners.push(entry);
          const drop = () => { const at = listeners.indexOf(entry); if (at >= 0) listeners.splice(at, 1); };
          if (options?.signal) addEventListener.call(options.signal, 'abort', drop);
          return addEventListener.call(this ?? window, type, listener, options);
        };
        EventTarget.prototype.removeEventListener = function (type, listener, options) {
          const at = listeners.findIndex((each) => each.target === (this ?? window) && each.type === type && each.listener === listener);
          if (at >= 0) listeners.splice(at, 1);
          return removeEventListener.call(this ?? window, type, listener, options);
        };
        let clock = 0;
        const live = (window.live = { calls: 0, errors: [], fails: false });
        const api = {
          async retrieve({ items, start, end }) {
            live.calls++;
            if (live.fails) throw new Error('503 for a while');
            const from = items[0].start ?? start;
            const times = [];
            for (let time = Math.ceil(from / 100) * 100; time < end; time += 100) times.push(time);
            return [{ id: 1, name: 'Live', timestamps: Float64Array.from(times), values: Float64Array.from(times, (time) => Math.sin(time / 900)) }];
          },
        };
        window.start = async (host, rangeSelector) => {
          const chart = await plotTimeSeries(api)({ id: 1, name: 'Live' })({ start: '20s-ago', limit: 10000, live: { intervalMs: 100 } });
          const ending = new AbortController();
          const mounted = mountChart(chart)(host, { signal: ending.signal, rangeSelector, onError: (error) => live.errors.push(String(error)) });
          live.abort = () => ending.abort();
          live.destroy = mounted.destroy;
          live.left = () => [...listeners.filter(({ target }) => (target instanceof Node ? target.isConnected : !(target instanceof AbortSignal) || target === ending.signal)).map(({ type }) => type), ...[...timers].map(() => 'timer')];
        };`;
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
        bundle: true,
        write: false,
        format: 'iife',
        conditions: ['@cdf/source'],
      });
      page = await browser.newPage({ viewport: { width: 900, height: 600 } });
      await page.route('http://live.test/**', (route) =>
        route.request().url().endsWith('.js')
          ? route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]?.text ?? '' })
          : route.fulfill({
              contentType: 'text/html',
              body: '<!doctype html><body><div id="host"></div><script src="/live.js"></script>',
            }),
      );
    });
    beforeEach(async () => {
      await page.goto('http://live.test/');
      await page.evaluate(() =>
        (window as never as { start(host: Element, selector: boolean): Promise<void> }).start(
          document.getElementById('host') as Element,
          true,
        ),
      );
      await page.waitForSelector('[data-selector]');
    });
    const live = <R>(read: (live: Live) => R): Promise<R> =>
      page.evaluate(`(${read.toString()})(window.live)`) as Promise<R>;
    /** Short: a test that fails prints it. */
    const picture = (): Promise<string> =>
      page.evaluate(() => {
        const url = (document.querySelector('canvas') as HTMLCanvasElement).toDataURL();
        return String([...url].reduce((sum, each) => (sum * 33 + each.charCodeAt(0)) % 2 ** 40, 7));
      });

    it('shows points as they come, also in the strip', async () => {
      const before = await picture();
      await expect.poll(picture).not.toBe(before);
      const [begin] = await page
        .getByRole('slider')
        .evaluateAll((all) => all.map((each) => each.getAttribute('aria-valuemin')));
      await expect
        .poll(() => page.getByRole('slider').first().getAttribute('aria-valuemin'))
        .not.toBe(begin);
    });

    it('tells what went wrong, and goes on when it is over', async () => {
      await page.evaluate(() =>
        Object.assign((window as never as { live: Live }).live, { fails: true }),
      );
      await expect.poll(() => live(({ errors }) => errors)).toContain('Error: 503 for a while');
      await page.evaluate(() =>
        Object.assign((window as never as { live: Live }).live, { fails: false }),
      );
      const before = await picture();
      await expect.poll(picture).not.toBe(before);
    });

    it('stays as it is after its signal, and can still be looked at', async () => {
      await live(({ abort }) => abort());
      // Earlier changes are drawn with the next frame.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
      const calls = await live(({ calls: count }) => count);
      const before = await picture();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
      expect(await live(({ calls: count }) => count)).toBe(calls);
      expect(await picture()).toBe(before);
      await page.locator('[aria-roledescription]').focus();
      await page.keyboard.press('+');
      await expect.poll(picture).not.toBe(before);
    });

    it('leaves no listener, no timer and no element after destroy()', async () => {
      expect((await live(({ left }) => left())).length).toBeGreaterThan(5);
      await live(({ destroy }) => destroy());
      await expect.poll(() => live(({ left }) => left())).toEqual([]);
      const calls = await live(({ calls: count }) => count);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      expect(await live(({ calls: count }) => count)).toBe(calls);
      expect(await page.locator('#host').innerHTML()).toBe('');
    });
  });
});
