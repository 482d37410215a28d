import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../browser/launch.mjs';
// @ts-expect-error a plain script without declarations
import { bundle, faults, sizeOf, withStaticImports } from '../bundle.mjs';
// @ts-expect-error a plain script without declarations
import { isOutOfDate, markdownTable, withTable } from '../table.mjs';
// @ts-expect-error a plain script without declarations
import { chunksLoaded } from '../visit.mjs';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'size-')));
  await writeFile(join(folder, 'used.js'), 'export const used = () => fetch("https://api.example.com/things");');
  await writeFile(join(folder, 'needed.js'), `export const name = 'needed-part'; ${'console.debug(1);'.repeat(10)}`);
  await writeFile(join(folder, 'rare.js'), "export const name = 'rare-part';");
});
afterAll(() => rm(folder, { recursive: true }));

const STORY = `import { used } from './used.js'; const unused = 'secret-word';
export const run = async (element) => {
  const { items } = await (await used()).json();
  element.textContent = (await import('./needed.js')).name;
  if (items.length > 5) await import('./rare.js');
  if (items.length > 3) throw new Error('planted');
};`;

/** The words of the parts that chunks have. */
const parts = (chunks: { text: string }[]): string[] =>
  ['needed-part', 'rare-part', 'secret-word'].filter((word) => chunks.some(({ text }) => text.includes(word)));

describe('the size check', () => {
  it('measures a bundle as a browser gets it: used code only, in as many files as there are lazy imports', async () => {
    const bundled = await bundle(STORY, folder);
    expect(parts(bundled.chunks)).toEqual(['needed-part', 'rare-part']);
    const start = withStaticImports(bundled, [bundled.entry]);
    expect(parts(start)).toEqual([]);
    expect(sizeOf(start)).toBeGreaterThan(20);
    expect(sizeOf(start)).toBeLessThan(sizeOf(bundled.chunks));
  });

  it('says which story is over its limit, and which forbidden name is in it, also where that comes later', () => {
    const story = { name: 'a story', limit: 10, absent: ['oauth', '<svg'] };
    const first = { name: 'first.js', text: 'nothing', imports: [], size: 10 };
    const later = { name: 'later.js', text: 'uses oauth', imports: [], size: 500 };
    expect(faults(story, { entry: 'first.js', chunks: [first] }, [first])).toEqual([]);
    expect(faults(story, { entry: 'first.js', chunks: [first, later] }, [{ ...first, size: 11 }])).toEqual([
      'a story: 11 bytes on first load, 10 allowed',
      'a story: "oauth" is in the bundle',
    ]);
  });
});

describe('the table of sizes', () => {
  const table = (...sizes: string[]): string =>
    markdownTable(
      ['story', 'size'],
      sizes.map((size) => ['a story', size]),
    );
  const document = withTable('# Title\n<!-- sizes -->\n<!-- /sizes -->\nmore', table('10.0 kB'));

  it('goes between its marks, and replaces what was there', () => {
    expect(document).toBe(
      '# Title\n<!-- sizes -->\n| story | size |\n| --- | --- |\n| a story | 10.0 kB |\n<!-- /sizes -->\nmore',
    );
    expect(withTable(document, table('9.0 kB'))).not.toContain('10.0');
  });

  it('is out of date when a number is off by more than half a kilobyte, or anything else has changed', () => {
    expect(isOutOfDate(document, table('10.5 kB'))).toBe(false);
    expect(isOutOfDate(document, table('10.6 kB'))).toBe(true);
    expect(isOutOfDate(document, table('9.4 kB'))).toBe(true);
    expect(isOutOfDate(document, table('has none'))).toBe(true);
    expect(isOutOfDate(document, table('10.0 kB', '1.0 kB'))).toBe(true);
  });
});

describe.runIf(hasBrowser)('a story in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium('--disable-web-security');
  }, 60_000);
  afterAll(() => browser?.close());

  it('counts the lazy parts that it needs, and not the others', async () => {
    const bundled = await bundle(STORY, folder);
    const first = withStaticImports(bundled, await chunksLoaded(browser, bundled));
    expect(parts(first)).toEqual(['needed-part']);
  }, 60_000);

  it('fails when it does not run to its end', async () => {
    const bundled = await bundle(STORY, folder);
    const answers = { '/things': { items: [1, 2, 3, 4] } };
    await expect(chunksLoaded(browser, bundled, answers)).rejects.toThrow('planted');
  }, 60_000);
});
