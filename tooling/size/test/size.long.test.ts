import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasBrowser, launchChromium } from '../../browser/launch.mjs';
// @ts-expect-error a plain script without declarations
import { bundle, bundleAlone, faults, limitFor, sizeOf } from '../bundle.mjs';
// @ts-expect-error a plain script without declarations
import { stories } from '../stories.mjs';
// @ts-expect-error a plain script without declarations
import { isOutOfDate, markdownTable, withTable } from '../table.mjs';
// @ts-expect-error a plain script without declarations
import { scriptsLoaded } from '../visit.mjs';

let folder: string;
/** A package that is installed in the folder, as a story imports it. */
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'size-')));
  const things = join(folder, 'node_modules/things');
  await mkdir(things, { recursive: true });
  const files = {
    'package.json':
      '{ "name": "things", "type": "module", "sideEffects": false, "exports": { ".": { "@cdf/source": "./source.js", "default": "./index.js" }, "./*": "./*" } }',
    'index.js':
      'export const used = () => fetch("https://api.example.com/things"); export const unused = "secret-word";',
    'source.js': 'export const used = () => "from-source";',
    'needed.js': `export const name = 'needed-part'; ${'console.debug(1);'.repeat(10)}`,
    'rare.js': "export const name = 'rare-part';",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(things, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

const STORY = `import { used } from 'things';
export const run = async (element) => {
  const { items } = await (await used()).json();
  element.textContent = (await import('things/needed.js')).name;
  if (items.length > 5) await import('things/rare.js');
  if (items.length > 3) throw new Error('planted');
};`;

/** The words of the parts that scripts have. */
const parts = (scripts: { text: string }[]): string[] =>
  ['api.example.com', 'needed-part', 'rare-part', 'secret-word', 'from-source'].filter((word) =>
    scripts.some(({ text }) => text.includes(word)),
  );

describe('the size check', () => {
  it('builds a story as an application: used code only, in as many scripts as its lazy imports need', async () => {
    const { page, scripts } = await bundle(STORY, folder);
    expect(parts(scripts)).toEqual(['api.example.com', 'needed-part', 'rare-part']);
    expect(scripts).toHaveLength(3);
    const entry = scripts.find(({ name }: { name: string }) => page.includes(`src="/${name}"`));
    expect(parts([entry])).toEqual(['api.example.com']);
    expect(sizeOf([entry])).toBe(gzipSync(entry.text, { level: 9 }).length);
    expect(sizeOf(scripts)).toBeGreaterThan(sizeOf([entry]));
  });

  it('counts what Vite adds by default: the polyfill of module preload', async () => {
    const { scripts } = await bundle('export const run = () => {};', folder);
    expect(scripts.map(({ text }: { text: string }) => text.includes('modulepreload'))).toEqual([
      true,
    ]);
    expect(scripts[0].text.length).toBeLessThan(900);
  });

  it('builds the same story without what Vite adds', async () => {
    const { scripts: byVite } = await bundle(STORY, folder);
    const { page, scripts } = await bundleAlone(STORY, folder);
    // Nothing uses what the rare part has.
    expect(parts(scripts)).toEqual(['api.example.com', 'needed-part']);
    expect(scripts).toHaveLength(3);
    expect(page).toContain('src="/main.js"');
    expect(scripts.some(({ text }: { text: string }) => /preload/i.test(text))).toBe(false);
    expect(sizeOf(scripts)).toBeLessThan(sizeOf(byVite) - 900);
  });

  it('measures the sources when their condition is named', async () => {
    const { scripts } = await bundle(
      "import { used } from 'things'; export const run = used;",
      folder,
      ['@cdf/source'],
    );
    expect(parts(scripts)).toEqual(['from-source']);
  });

  it('leaves no project behind, also when the build fails', async () => {
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
    try {
      await bundle('export const run = () => {};', folder);
      const failing = "import 'not-installed'; export const run = () => {};";
      await expect(bundle(failing, folder)).rejects.toThrow('not-installed');
    } finally {
      vi.unstubAllEnvs();
    }
    expect(await readdir(temporary)).toEqual([]);
  });

  it('says which story is over its limit, and which forbidden name is in it, also where that comes later', () => {
    const story = { name: 'a story', limit: 10, absent: ['oauth', '<svg'] };
    const first = { name: 'first.js', text: 'nothing', size: 10 };
    const later = { name: 'later.js', text: 'uses oauth', size: 500 };
    expect(faults(story, { page: '', scripts: [first] }, [first])).toEqual([]);
    expect(faults(story, { page: '', scripts: [first, later] }, [{ ...first, size: 11 }])).toEqual([
      'a story: 11 bytes on first load, 10 allowed',
      'a story: "oauth" is in the bundle',
    ]);
  });

  it('sets the limit at most 1 % above what a story weighs, and at the goal once that is met', () => {
    expect(limitFor(9000, 8000)).toBe(9000);
    expect(limitFor(9000, 9000)).toBe(9000);
    expect(limitFor(9000, 10_000)).toBe(10_100);
    expect(limitFor(9000, 10_040)).toBe(10_100);
    expect(limitFor(1000, 1201)).toBe(1201);
  });
});

describe('the stories', () => {
  it.each(stories)(
    '$name: forbids names, and has a limit that is its goal or above',
    ({ absent, alone, goal, limit }) => {
      expect(absent.length).toBeGreaterThan(0);
      expect(alone).toBeGreaterThanOrEqual(goal);
      expect(limit).toBeGreaterThanOrEqual(alone);
    },
  );
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

describe('an application with several packages', () => {
  const bench = fileURLToPath(new URL('../../../apps/bench', import.meta.url));
  const source = `import { AssetsApi } from '@cdf/assets';
import { createTransport, Token } from '@cdf/core';
import { nodes, p, view } from '@cdf/data-modeling';
import { DatapointsApi } from '@cdf/datapoints';
const config = { clientName: 'a', project: 'p', cluster: 'c', credentials: new Token('t') };
export const run = () => {
  const transport = createTransport(config);
  const Pump = view('acme', 'Pump', 'v1', { name: p.text() });
  return [new AssetsApi(transport), new DatapointsApi(transport), nodes(transport, Pump)];
};`;
  it('has one script on its first load, as the guide says', async () => {
    const path = new URL('../../../apps/docs/guides/browser-apps.md', import.meta.url);
    expect(await readFile(path, 'utf8')).toContain("a page's first load is one script");
    const { page, scripts } = await bundle(source, bench, ['@cdf/source']);
    const first = scripts.filter(({ name }: { name: string }) => page.includes(`"/${name}"`));
    expect(first).toHaveLength(1);
    expect(scripts.length - first.length).toBeGreaterThan(20);
  }, 60_000);
});

describe.runIf(hasBrowser)('a story in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium('--disable-web-security');
  }, 60_000);
  afterAll(() => browser?.close());

  it('counts every script that the page fetches until the story is done, and no other', async () => {
    const bundled = await bundle(STORY, folder);
    const first = await scriptsLoaded(browser, bundled);
    const alone = await scriptsLoaded(browser, await bundleAlone(STORY, folder));
    expect(parts(alone)).toEqual(parts(first));
    expect(parts(first)).toEqual(['api.example.com', 'needed-part']);
    expect(first).toHaveLength(2);
  }, 60_000);

  it('counts what a lazy script imports, and what the page preloads', async () => {
    const script = (name: string, text: string) => ({ name, text, size: 1 });
    const scripts = [
      script('main.js', "story(() => import('/lazy.js'));"),
      script('lazy.js', "import '/imported.js';"),
      script('imported.js', ''),
      script('preloaded.js', ''),
      script('other.js', ''),
    ];
    const page =
      '<link rel="modulepreload" href="/preloaded.js"><body><script type="module" src="/main.js"></script></body>';
    expect(await scriptsLoaded(browser, { page, scripts })).toEqual(scripts.slice(0, 4));
  }, 60_000);

  it('fails when it does not run to its end', async () => {
    const bundled = await bundle(STORY, folder);
    const answers = { '/things': { items: [1, 2, 3, 4] } };
    await expect(scriptsLoaded(browser, bundled, answers)).rejects.toThrow('planted');
  }, 60_000);

  it('fails when a script throws as it loads, or is missing', async () => {
    const bundled = await bundle('export const run = () => {};', folder);
    const [entry] = bundled.scripts;
    const throwing = {
      ...bundled,
      scripts: [{ ...entry, text: "throw new Error('broken part');" }],
    };
    await expect(scriptsLoaded(browser, throwing)).rejects.toThrow('broken part');
    await expect(scriptsLoaded(browser, { ...bundled, scripts: [] })).rejects.toThrow(
      'cannot load',
    );
  }, 60_000);
});
