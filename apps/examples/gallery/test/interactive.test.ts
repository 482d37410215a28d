import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { plot, type scatter } from '@cdf/plot';
import type * as browserOutputs from '@cdf/plot/browser';
import { saveChart } from '@cdf/plot/node';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../../../tooling/browser/launch.mjs';
import { HOSTILE, pictures } from '../src/pictures.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const timestamps = Float64Array.from({ length: 241 }, (_, index) => START + index * 0.1 * HOUR);
const ramp = {
  id: 1,
  name: 'Ramp',
  unit: 'bar',
  timestamps,
  values: timestamps.map((_, index) => index),
};
const steps = {
  id: 2,
  name: 'Steps',
  unit: 'bar',
  isStep: true,
  timestamps: timestamps.filter((_, index) => index % 60 === 0),
  values: Float64Array.of(10, 20, 30, 40, 50),
};

declare global {
  /** Members of the windows of the pages of these tests. */
  interface Window {
    cdf: { plot: typeof plot; scatter: typeof scatter } & typeof browserOutputs;
    chart: ReturnType<ReturnType<typeof browserOutputs.mountChart>>;
    /** Takes what `onError` was called with. */
    said: string[];
  }
}

describe.runIf(hasBrowser)('an interactive chart in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];
  let folder: string;
  // One page for all: opening another takes longer than most of the tests.
  beforeAll(async () => {
    browser = await launchChromium();
    folder = await mkdtemp(join(tmpdir(), 'cdf-gallery-'));
    page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('dialog', (dialog) => void problems.push(`dialog ${dialog.message()}`));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await page.mouse.move(0, 0);
    await page.goto('about:blank');
    problems = [];
  });

  describe('as a file of its own, offline, under its own policy', () => {
    beforeEach(async () => {
      const path = join(folder, 'chart.html');
      await plot([ramp, steps], { title: 'Two lines' }, { save: saveChart }).save(path);
      await page.goto(pathToFileURL(path).href);
      await page.waitForSelector('[aria-roledescription]');
    });
    afterEach(() => expect(problems).toEqual([]));

    it('zooms to what was dragged over, and back on a double click', async () => {
      const whole = await labels(page);
      await drag(page, 300, 400);
      await expect.poll(() => labels(page)).not.toEqual(whole);
      expect((await labels(page)).some((label) => /^\d\d:\d\d$/.test(label))).toBe(true);
      await page.mouse.dblclick(500, 250);
      await expect.poll(() => labels(page)).toEqual(whole);
    });

    it('shows every series at the cursor, a step by the value that holds', async () => {
      // 12:00 is in the middle of the plot.
      await page.mouse.move(await xOf(page, START + 12.04 * HOUR), 250);
      const tooltip = page.locator('[role=tooltip]');
      await expect.poll(() => tooltip.isVisible()).toBe(true);
      const text = await tooltip.textContent();
      expect(text).toContain('1 Jan 2026, 12:0');
      expect(text).toContain('Ramp: 120 bar');
      expect(text).toContain('Steps: 30 bar');
      await page.mouse.move(await xOf(page, START + 11.9 * HOUR), 250);
      await expect.poll(() => tooltip.textContent()).toContain('Steps: 20 bar');
      await page.mouse.move(5, 5);
      await expect.poll(() => tooltip.isVisible()).toBe(false);
    });

    it('puts a dot on each point that it tells of, with its own time where that differs, below the legend', async () => {
      await page.mouse.move(await xOf(page, START + 9.02 * HOUR), 90);
      const tooltip = page.locator('[role=tooltip]');
      await expect.poll(() => tooltip.isVisible()).toBe(true);
      const text = await tooltip.textContent();
      expect(text).toContain('1 Jan 2026, 09:00:00 UTC');
      expect(text).toContain('Ramp: 90 bar');
      expect(text).toContain('Steps: 20 bar, 06:00:00');
      const dots = await page.locator('[data-dot]').evaluateAll((found) =>
        found.map((dot) => {
          const { left, width } = dot.getBoundingClientRect();
          return Math.round(left + width / 2);
        }),
      );
      const expected = [await xOf(page, START + 9 * HOUR), await xOf(page, START + 6 * HOUR)];
      expect(dots).toHaveLength(2);
      // Where the test finds a time is only as exact as the labels of the axis.
      expect(
        Math.max(...expected.map((x, index) => Math.abs(x - (dots[index] ?? 0)))),
      ).toBeLessThan(6);
      const legend = await page.getByRole('button', { name: 'Ramp' }).boundingBox();
      expect((await tooltip.boundingBox())?.y).toBeGreaterThanOrEqual(
        (legend?.y ?? 0) + (legend?.height ?? 0),
      );
      // Above the panels there is nothing to point at.
      await page.mouse.move(500, (legend?.y ?? 0) + 5);
      await expect.poll(() => tooltip.isVisible()).toBe(false);
    });

    it('says how to zoom, and has a button that shows everything while it does not', async () => {
      const whole = await labels(page);
      const all = page.getByRole('button', { name: 'Show all' });
      const hint = page.getByText('Drag to zoom');
      expect([await all.isVisible(), await hint.isVisible()]).toEqual([false, true]);
      await drag(page, 300, 400);
      await expect.poll(() => all.isVisible()).toBe(true);
      expect(await hint.isVisible()).toBe(false);
      await all.click();
      await expect.poll(() => labels(page)).toEqual(whole);
      expect(await all.isVisible()).toBe(false);
    });

    it('is as high as the window, in the background of the chart', async () => {
      // The strip of the range selector is 58 pixels of it.
      const heightOf = async (): Promise<number> =>
        ((await page.locator('svg').boundingBox())?.height ?? 0) + 58;
      const before = page.viewportSize() ?? { width: 1000, height: 700 };
      expect(await heightOf()).toBe(before.height - 24);
      await page.setViewportSize({ ...before, height: 500 });
      await expect.poll(heightOf).toBe(476);
      await page.setViewportSize(before);
      await page.emulateMedia({ colorScheme: 'dark' });
      const black = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.emulateMedia({ colorScheme: 'light' });
      expect(black).toBe('rgb(21, 24, 29)');
    });

    it('switches a series with its button in the legend, by mouse and by keyboard', async () => {
      const button = page.getByRole('button', { name: 'Ramp' });
      const before = await pixels(page);
      await button.click();
      await expect.poll(() => button.getAttribute('aria-pressed')).toBe('false');
      expect(await pixels(page)).not.toBe(before);
      await page.mouse.move(500, 250);
      await expect.poll(() => page.locator('[role=tooltip]').textContent()).not.toContain('Ramp');
      await button.press('Enter');
      await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
      await expect.poll(() => pixels(page)).toBe(before);
    });

    it('zooms and moves with the keyboard, and says what it shows', async () => {
      const whole = await labels(page);
      await page.locator('[aria-roledescription]').focus();
      await page.keyboard.press('+');
      await expect.poll(() => labels(page)).not.toEqual(whole);
      const live = page.locator('[aria-live]');
      expect(await live.textContent()).toBe('1 Jan 2026, 06:00 to 1 Jan 2026, 18:00');
      await page.keyboard.press('ArrowRight');
      expect(await live.textContent()).toBe('1 Jan 2026, 08:24 to 1 Jan 2026, 20:24');
      await page.keyboard.press('Home');
      expect(await live.textContent()).toBe('1 Jan 2026, 00:00 to 1 Jan 2026, 12:00');
      await page.keyboard.press('End');
      expect(await live.textContent()).toBe('1 Jan 2026, 12:00 to 2 Jan 2026, 00:00');
      await page.keyboard.press('0');
      await expect.poll(() => labels(page)).toEqual(whole);
    });

    it('zooms with the wheel only when asked to: a page scrolls past it', async () => {
      const whole = await labels(page);
      await page.mouse.move(500, 250);
      await page.mouse.wheel(0, -400);
      expect(await labels(page)).toEqual(whole);
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -400);
      await page.keyboard.up('Control');
      await expect.poll(() => labels(page)).not.toEqual(whole);
    });

    it('is named and described for a screen reader', async () => {
      const session = await page.context().newCDPSession(page);
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      const of = (role: string) =>
        nodes.filter((node) => node.role?.value === role && !node.ignored);
      const image = of('image')[0];
      expect(image?.name?.value).toBe('Two lines');
      expect(image?.description?.value).toContain(
        'Ramp, from 0 to 240 bar, at last 240; Steps, from 10 to 50 bar, at last 50.',
      );
      expect(of('button').map(({ name }) => name?.value)).toEqual(['Ramp', 'Steps']);
    });
  });

  it('leaves out the panel of a unit whose series are hidden, and invents no axis where all are', async () => {
    const path = join(folder, 'panels.html');
    const flow = {
      ...ramp,
      id: 3,
      name: 'Flow',
      unit: 'm³/h',
      values: ramp.values.map((value) => value + 1000),
    };
    await writeFile(
      path,
      plot([ramp, flow], { thresholds: [{ value: 120, label: 'High' }] }).toHtml(),
    );
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('[aria-roledescription]');
    const texts = (): Promise<(string | null)[]> => page.locator('svg text').allTextContents();
    expect(await texts()).toEqual(expect.arrayContaining(['bar', 'm³/h', '1,100', 'High']));
    await page.getByRole('button', { name: 'Ramp' }).click();
    await expect.poll(texts).not.toContain('bar');
    // The limit belongs to the panel that is away.
    expect(await texts()).not.toContain('High');
    expect(await texts()).toContain('1,100');
    await page.getByRole('button', { name: 'Ramp' }).click();
    await expect.poll(texts).toContain('High');
    await writeFile(path, plot([ramp, flow]).toHtml());
    await page.reload();
    for (const name of ['Ramp', 'Flow']) await page.getByRole('button', { name }).click();
    await expect.poll(texts).not.toContain('1,100');
    expect((await texts()).filter((text) => /^[\d.]+$/.test(text ?? ''))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('shows the values under a finger, and moves a part that was zoomed to', async () => {
    const path = join(folder, 'touch.html');
    await writeFile(path, plot([ramp, steps], { title: 'Two lines' }).toHtml());
    const context = await browser.newContext({
      viewport: { width: 390, height: 700 },
      hasTouch: true,
      isMobile: true,
    });
    try {
      const phone = await context.newPage();
      await phone.goto(pathToFileURL(path).href);
      await phone.waitForSelector('[aria-roledescription]');
      const tooltip = phone.locator('[role=tooltip]');
      await phone.touchscreen.tap(200, 300);
      await expect.poll(() => tooltip.isVisible()).toBe(true);
      expect(await tooltip.textContent()).toContain('Ramp:');
      await phone.touchscreen.tap(200, 20);
      await expect.poll(() => tooltip.isVisible()).toBe(false);
      expect(await phone.getByText('Pinch to zoom').isVisible()).toBe(true);
    } finally {
      await context.close();
    }
  });

  it('says how many of its points it has, where the file has fewer', async () => {
    const path = join(folder, 'reduced.html');
    const many = Float64Array.from({ length: 50_000 }, (_, index) => START + index * 1000);
    await writeFile(
      path,
      plot({ ...ramp, timestamps: many, values: many.map(Math.sin) }).toHtml({ maxPoints: 4000 }),
    );
    await page.goto(pathToFileURL(path).href);
    await expect
      .poll(() => labels(page))
      .toContainEqual(expect.stringMatching(/^[34],\d{3} of 50,000 points · UTC$/));
    expect(problems).toEqual([]);
  });

  it('two fingers zoom, one moves', async () => {
    const context = await browser.newContext({
      hasTouch: true,
      viewport: { width: 1000, height: 700 },
    });
    const touched = await context.newPage();
    const path = join(folder, 'touch.html');
    await plot([ramp, steps], { title: 'Two lines' }, { save: saveChart }).save(path);
    await touched.goto(pathToFileURL(path).href);
    await touched.waitForSelector('[aria-roledescription]');
    const whole = await labels(touched);
    const session = await context.newCDPSession(touched);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map((x, id) => ({ x, y: 250, id })),
      });
    await touch('touchStart', 450);
    await touch('touchStart', 450, 550);
    for (const by of [20, 60, 100, 150]) await touch('touchMove', 450 - by, 550 + by);
    await touch('touchEnd');
    await expect.poll(() => labels(touched)).not.toEqual(whole);
    const zoomed = await labels(touched);
    expect(zoomed.filter((label) => /^\d\d:\d\d$/.test(label)).length).toBeGreaterThan(3);
    await touch('touchStart', 500);
    for (const by of [40, 90, 150]) await touch('touchMove', 500 + by);
    await touch('touchEnd');
    await expect.poll(() => labels(touched)).not.toEqual(zoomed);
    await context.close();
  });

  it('without scripts a page still shows the picture', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const still = await context.newPage();
    const path = join(folder, 'still.html');
    await plot([ramp, steps], { title: 'Two lines' }, { save: saveChart }).save(path);
    await still.goto(pathToFileURL(path).href);
    expect(await still.locator('svg path[data-series]').count()).toBe(2);
    await context.close();
  });

  it('hostile names stand in legend, title and tooltip and do nothing', async () => {
    const { data, options } = pictures().find(({ name }) => name === 'hostile-names') as ReturnType<
      typeof pictures
    >[0];
    const path = join(folder, 'hostile.html');
    await plot(data(), options, { save: saveChart }).save(path);
    await page.goto(pathToFileURL(path).href);
    await page.mouse.move(500, 300);
    await expect
      .poll(() => page.locator('[role=tooltip]').textContent())
      .toContain('<script>document.title="owned"</script>');
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img, a, iframe').count()).toBe(0);
    expect(await page.getByRole('button').count()).toBe(HOSTILE.length);
    expect(problems).toEqual([]);
  });

  describe('whose parts are loaded when they are needed', () => {
    const asked: string[] = [];
    let isMissing = false;
    /** Parts arrive when this has come. */
    let arrival: Promise<void> = Promise.resolve();
    beforeAll(async () => {
      const { outputFiles } = await build({
        stdin: {
          contents:
            "import { plot } from '@cdf/plot'; import * as browser from '@cdf/plot/browser'; window.cdf = { plot, ...browser };",
          resolveDir: fileURLToPath(new URL('.', import.meta.url)),
        },
        bundle: true,
        splitting: true,
        write: false,
        format: 'esm',
        outdir: '/',
        conditions: ['@cdf/source'],
      });
      await page.route('http://parts.test/**', async (route) => {
        const { pathname } = new URL(route.request().url());
        const file = outputFiles.find(({ path }) => path === pathname);
        if (file === undefined)
          return route.fulfill({
            contentType: 'text/html',
            body: '<!doctype html><title>host</title><body><div id="host"></div><script type="module" src="/stdin.js"></script>',
          });
        const isPart = pathname.includes('interaction');
        if (isPart) {
          asked.push(pathname);
          await arrival;
        }
        return isMissing && isPart
          ? route.fulfill({ status: 404 })
          : route.fulfill({ contentType: 'text/javascript', body: file.text });
      });
    });
    const mount = async (isMissingNow: boolean): Promise<void> => {
      asked.length = 0;
      isMissing = isMissingNow;
      await page.goto('http://parts.test/');
      await page.waitForFunction(() => window.cdf !== undefined);
      await page.evaluate(
        ({ times, values }) => {
          const host = document.getElementById('host') as HTMLElement;
          const source = {
            name: 'Ramp',
            timestamps: Float64Array.from(times),
            values: Float64Array.from(values),
          };
          window.said = [];
          const onError = (error: unknown) => window.said.push(String(error));
          window.chart = window.cdf.mountChart(window.cdf.plot(source))(host, { onError });
        },
        { times: [...ramp.timestamps], values: [...ramp.values] },
      );
    };
    const moveAround = async (): Promise<void> => {
      for (let x = 300; x < 340; x++) await page.mouse.move(x, 200);
    };

    it('asks for its interaction once, with the first move of a pointer', async () => {
      await mount(false);
      expect(asked).toEqual([]);
      await moveAround();
      await expect.poll(() => page.locator('[role=tooltip]').isVisible()).toBe(true);
      expect(asked).toHaveLength(1);
      expect(problems).toEqual([]);
    });

    it('says once that its interaction is missing, to the program, and waits before it asks again', async () => {
      await mount(true);
      await moveAround();
      await expect.poll(() => page.evaluate(() => window.said.length)).toBe(1);
      await moveAround();
      expect(asked).toHaveLength(1);
      expect(await page.evaluate(() => window.said)).toEqual([
        expect.stringContaining('/interaction-'),
      ]);
      isMissing = false;
      await page.evaluate(() => {
        const { now } = Date;
        Date.now = () => now() + 11_000;
      });
      await moveAround();
      await expect.poll(() => asked.length).toBe(2);
      expect(await page.evaluate(() => window.said.length)).toBe(1);
      // The browser writes the answer 404 to its console: not an error of the page.
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    });

    // Each loads a page of its own: in the long suite only.
    const long = process.env.CDF_TEST_LONG === '1' ? describe : () => {};
    long('and arrive late', () => {
      let arrive: () => void;
      beforeEach(async () => {
        arrival = new Promise((resolve) => {
          arrive = resolve;
        });
        await mount(false);
      });
      afterEach(() => {
        arrive();
        arrival = Promise.resolve();
      });
      const shownTimes = (): Promise<{ start: number; end: number }> =>
        page.evaluate(() => window.chart.window);
      const whole = { start: START, end: START + 24 * HOUR };

      it('zooms to what was dragged over before they came, also where the button was let go elsewhere', async () => {
        await drag(page, 300, 400);
        await expect.poll(() => asked.length).toBe(1);
        expect(await shownTimes()).toEqual(whole);
        arrive();
        await expect.poll(shownTimes).not.toEqual(whole);
        const { start, end } = await shownTimes();
        expect(end - start).toBeLessThan(4 * HOUR);
        // No drag goes on: a pointer that moves without a button marks nothing.
        const before = await shownTimes();
        await page.mouse.move(600, 250);
        await page.mouse.move(700, 250);
        await page.mouse.up();
        expect(await shownTimes()).toEqual(before);
      });

      it('ends a drag that was let go beside the chart before they came', async () => {
        await page.mouse.move(300, 250);
        await page.mouse.down();
        await page.mouse.move(400, 250);
        const below = (await page.locator('[aria-roledescription]').boundingBox())?.height ?? 0;
        await page.mouse.move(400, below + 60);
        await page.mouse.up();
        arrive();
        await expect.poll(() => page.locator('[aria-live]').count()).toBe(1);
        await page.mouse.move(500, 250);
        await page.mouse.move(600, 250);
        await expect.poll(() => page.locator('[role=tooltip]').isVisible()).toBe(true);
        expect(await shownTimes()).toEqual(whole);
      });

      it('answers to the first keys and to the wheel, which neither scroll the page nor zoom it', async () => {
        const kept = await page.evaluate(() => {
          const root = document.querySelector('[aria-roledescription]') as HTMLElement;
          const options = { bubbles: true, cancelable: true, clientX: 500, clientY: 200 };
          const send = (event: Event): boolean => root.dispatchEvent(event);
          const key = (name: string, more = {}): boolean =>
            send(new KeyboardEvent('keydown', { key: name, ...options, ...more }));
          const wheel = (more = {}): boolean =>
            send(new WheelEvent('wheel', { deltaY: -100, ...options, ...more }));
          // True: left to the browser.
          return {
            ours: [key('+'), key('ArrowRight'), wheel({ ctrlKey: true })],
            others: [key('x'), key('0', { ctrlKey: true }), key('Home', { altKey: true }), wheel()],
          };
        });
        expect(kept).toEqual({
          ours: [false, false, false],
          others: [true, true, true, true],
        });
        arrive();
        await expect.poll(shownTimes).not.toEqual(whole);
        const { start, end } = await shownTimes();
        expect(end - start).toBeCloseTo(12 * HOUR * Math.exp(-0.15), 0);
        expect(await page.locator('[aria-live]').textContent()).toBe(
          '1 Jan 2026, 08:24 to 1 Jan 2026, 20:24',
        );
      });

      it('leaves the wheel to the page while they are missing', async () => {
        isMissing = true;
        const wheel = (): Promise<boolean> =>
          page.evaluate(() => {
            const root = document.querySelector('[aria-roledescription]') as HTMLElement;
            const options = { deltaY: -100, ctrlKey: true, cancelable: true };
            return root.dispatchEvent(new WheelEvent('wheel', options));
          });
        expect(await wheel()).toBe(false);
        arrive();
        await expect.poll(() => page.evaluate(() => window.said.length)).toBe(1);
        expect(await wheel()).toBe(true);
        expect(await shownTimes()).toEqual(whole);
      });

      it('has the button that shows everything where a program zooms', async () => {
        const all = page.getByRole('button', { name: 'Show all' });
        await page.evaluate((start) => window.chart.show(start, start + 1e6), START);
        await expect.poll(() => asked.length).toBe(1);
        arrive();
        await expect.poll(() => all.isVisible()).toBe(true);
        await all.click();
        expect(await shownTimes()).toEqual(whole);
        await expect.poll(() => all.isVisible()).toBe(false);
      });

      it('leave nothing behind where the chart is destroyed first', async () => {
        await moveAround();
        await expect.poll(() => asked.length).toBe(1);
        const left = page.waitForResponse((response) => response.url().includes('interaction'));
        await page.evaluate(() => {
          window.said = [];
          const { createElement } = document;
          // Whatever is made from here on is made for a chart that is gone.
          document.createElement = ((name: string) => {
            window.said.push(name);
            return createElement.call(document, name);
          }) as typeof createElement;
          window.chart.destroy();
        });
        arrive();
        await left;
        // As a text, which is not transformed: it is over when the chart could have used the part.
        await page.evaluate(`import('http://parts.test${asked[0]}').then(() => {})`);
        expect(await page.evaluate(() => window.said)).toEqual([]);
        expect(await page.locator('#host').innerHTML()).toBe('');
        expect(problems).toEqual([]);
      });
    });

    it('draws no more once it is destroyed, also when its interaction comes while a frame is due', async () => {
      await mount(false);
      const late = await page.evaluate(async () => {
        // Those of the first drawing are over.
        for (let frame = 0; frame < 3; frame++)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        const frames: FrameRequestCallback[] = [];
        const cancelled: number[] = [];
        window.requestAnimationFrame = (frame) => frames.push(frame);
        window.cancelAnimationFrame = (id) => cancelled.push(id);
        window.chart.reset();
        const root = document.querySelector('[aria-roledescription]') as HTMLElement;
        const { left, top } = root.getBoundingClientRect();
        root.dispatchEvent(
          new PointerEvent('pointermove', { clientX: left + 200, clientY: top + 200 }),
        );
        while (document.querySelector('[role=tooltip]') === null)
          await new Promise((resolve) => setTimeout(resolve, 5));
        window.chart.destroy();
        return frames.length > 0 && cancelled.includes(frames.length);
      });
      expect(late).toBe(true);
    });
  });

  describe('mounted into a page with a strict policy', () => {
    let script: string;
    beforeAll(async () => {
      const contents =
        "export { plot, scatter } from '@cdf/plot'; export * from '@cdf/plot/browser';";
      const resolveDir = fileURLToPath(new URL('.', import.meta.url));
      const { outputFiles } = await build({
        stdin: { contents, resolveDir },
        bundle: true,
        write: false,
        format: 'iife',
        globalName: 'cdf',
        conditions: ['@cdf/source'],
      });
      script = outputFiles[0]?.text ?? '';
    });
    beforeAll(async () => {
      const policy =
        "default-src 'none'; script-src http://chart.test; style-src 'none'; img-src blob:";
      await page.route('http://chart.test/**', (route) =>
        route.request().url().endsWith('.js')
          ? route.fulfill({ contentType: 'text/javascript', body: script })
          : route.fulfill({
              contentType: 'text/html',
              headers: { 'content-security-policy': policy },
              body: '<!doctype html><title>host</title><body><div id="host"></div><script src="/chart.js"></script>',
            }),
      );
    });
    beforeEach(async () => {
      await page.goto('http://chart.test/');
      await page.evaluate(
        ({ times, values }) => {
          const host = document.getElementById('host') as HTMLElement;
          host.style.width = '800px';
          const source = {
            name: 'Ramp',
            timestamps: Float64Array.from(times),
            values: Float64Array.from(values),
          };
          window.chart = window.cdf.mountChart(window.cdf.plot(source))(host);
        },
        { times: [...ramp.timestamps], values: [...ramp.values] },
      );
    });

    it('follows the width of its element', async () => {
      expect(await page.locator('svg').getAttribute('width')).toBe('800');
      await page.evaluate(() =>
        (document.getElementById('host') as HTMLElement).style.setProperty('width', '500px'),
      );
      await expect.poll(() => page.locator('svg').getAttribute('width')).toBe('500');
      expect(problems).toEqual([]);
    });

    it('refuses a window that is not one, and shows what it showed', async () => {
      const before = await labels(page);
      const messages = await page.evaluate(() =>
        [
          [Number.NaN, 5],
          [0, Number.NaN],
          [5, 0],
        ].map(([from, to]) => {
          try {
            window.chart.show(from as number, to as number);
            return 'no error';
          } catch (error) {
            return (error as Error).message;
          }
        }),
      );
      expect(messages).toEqual(Array(3).fill('show: start must be before end'));
      await page.evaluate(() => new Promise(requestAnimationFrame));
      expect(await labels(page)).toEqual(before);
      await page.evaluate(() => window.chart.show(-Infinity, Infinity));
      expect(await labels(page)).toEqual(before);
      expect(problems).toEqual([]);
    });

    it('draws new data, keeps the old chart without new data, and leaves nothing behind', async () => {
      const before = await pixels(page);
      await page.evaluate(
        ({ start }) => {
          const timestamps = Float64Array.of(start, start + 1e6, start + 2e6);
          window.chart.update({ name: 'Other', timestamps, values: Float64Array.of(3, 1, 2) });
        },
        { start: START },
      );
      await expect.poll(() => page.locator('svg').textContent()).toContain('Other');
      expect(await pixels(page)).not.toBe(before);
      const message = await page.evaluate(() => {
        try {
          window.chart.update({
            name: 'Nothing',
            timestamps: new Float64Array(),
            values: new Float64Array(),
          });
          return 'no error';
        } catch (error) {
          return String(error);
        }
      });
      expect(message).toContain('no data points');
      expect(await page.locator('svg').textContent()).toContain('Other');
      await page.evaluate(() => window.chart.destroy());
      expect(await page.locator('#host').innerHTML()).toBe('');
    });

    it('gives a PNG that the browser draws, and downloads of every kind', async () => {
      const { bytes, names } = await page.evaluate(
        async ({ start }) => {
          const { plot, pngChart, saveChart } = window.cdf;
          const timestamps = Float64Array.of(start, start + 1e6);
          const chart = plot(
            { name: 'Line', timestamps, values: Float64Array.of(1, 2) },
            { width: 300, height: 200 },
          );
          const saved: string[] = [];
          HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
            saved.push(`${this.download} ${this.protocol}`);
          };
          for (const extension of ['svg', 'html', 'txt', 'json', 'png'])
            await saveChart(chart)(`folder/a.${extension}`);
          const error = await saveChart(chart)('a.gif').catch(String);
          return {
            bytes: [...(await pngChart(chart)({ scale: 2 })).subarray(0, 24)],
            names: [...saved, error],
          };
        },
        { start: START },
      );
      expect(bytes.slice(1, 4)).toEqual([0x50, 0x4e, 0x47]);
      expect([bytes[18], bytes[19], bytes[22], bytes[23]]).toEqual([
        600 >> 8,
        600 & 255,
        400 >> 8,
        400 & 255,
      ]);
      expect(names.slice(0, 5)).toEqual(
        ['svg', 'html', 'txt', 'json', 'png'].map((extension) => `a.${extension} blob:`),
      );
      expect(names[5]).toContain('must end in .svg, .png, .html, .txt or .json');
    });

    it('opens a page of its own, and says that toHtml() has no script here', async () => {
      const { html, error, still } = await page.evaluate(
        async ({ start }) => {
          const { plot, showChart } = window.cdf;
          const chart = plot({
            name: 'Line',
            timestamps: Float64Array.of(start, start + 1e6),
            values: Float64Array.of(1, 2),
          });
          let refused = '';
          try {
            chart.toHtml({ interactive: true });
          } catch (thrown) {
            refused = String(thrown);
          }
          const url = await showChart(chart)({ open: false });
          return { html: url.slice(0, 5), error: refused, still: chart.toHtml() };
        },
        { start: START },
      );
      expect(html).toBe('blob:');
      expect(error).toContain('@cdf/plot/html');
      expect(still).not.toContain('<script');
    });

    it('shows all of a scatter again, to its last digit', async () => {
      const isWhole = await page.evaluate(() => {
        const timestamps = Float64Array.of(0, 1e6);
        const source = (values: number[]) => ({ timestamps, values: Float64Array.from(values) });
        const { plot, scatter, mountChart } = window.cdf;
        // 0.2 to 4.3: the axis begins at a number whose sum with its length is less than its end.
        const chart = plot([source([0.2, 4.3]), source([1, 2])], { mark: scatter });
        const mounted = mountChart(chart)(document.body.appendChild(document.createElement('div')));
        const before = mounted.window;
        mounted.show(1, 2);
        mounted.reset();
        return before.start === mounted.window.start && before.end === mounted.window.end;
      });
      expect(isWhole).toBe(true);
    });

    it('shows a window that a program asks for', async () => {
      await page.evaluate(({ start }) => window.chart.show(start + 3_600_000, start + 7_200_000), {
        start: START,
      });
      expect(await page.evaluate(() => window.chart.window)).toEqual({
        start: START + HOUR,
        end: START + 2 * HOUR,
      });
      await page.evaluate(() => window.chart.reset());
      expect(await page.evaluate(() => window.chart.window)).toEqual({
        start: START,
        end: START + 24 * HOUR,
      });
    });
  });
});

async function labels(page: Page): Promise<string[]> {
  return page.locator('svg text').allTextContents();
}

/** Where a time is, from left to right. The chart shows one day. */
async function xOf(page: Page, time: number): Promise<number> {
  const box = await page.locator('canvas').first().boundingBox();
  if (box === null) throw new Error('the page has no canvas');
  return box.x + ((time - START) / (24 * HOUR)) * box.width;
}

async function drag(page: Page, from: number, to: number): Promise<void> {
  await page.mouse.move(from, 250);
  await page.mouse.down();
  await page.mouse.move(to, 260, { steps: 4 });
  await page.mouse.up();
}

/** The lines as they are painted. */
function pixels(page: Page): Promise<string> {
  return page.evaluate(() => (document.querySelector('canvas') as HTMLCanvasElement).toDataURL());
}
