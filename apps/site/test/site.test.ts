import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../browser/launch.mjs';
// @ts-expect-error a plain script without declarations
import { buildSite } from '../build-site.mjs';
// @ts-expect-error a plain script without declarations
import { checkLinks } from '../check-links.mjs';

const CACHE = fileURLToPath(new URL('../../../apps/docs/.turbo', import.meta.url));
const folders: string[] = [];

/** A folder inside the workspace, where TypeScript's own declarations are found. */
function folderOf(files: Readonly<Record<string, string>>): string {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'site-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the link check', () => {
  it('follows pages, folders, anchors and files', () => {
    const folder = folderOf({
      'index.html':
        '<a href="guides/a.html#part-1">a</a> <a href="guides/">b</a> <a href="https://elsewhere.example">c</a>',
      'guides/index.html': '<a href="../index.html">up</a> <script src="../site.js"></script>',
      'guides/a.html': '<h2 id="part-1">1</h2> <a href="#part-1">again</a>',
      'site.js': '',
    });
    expect(checkLinks(folder)).toEqual({ pages: 3, links: 6, problems: [] });
  });

  it('finds what leads nowhere, and what is loaded from elsewhere', () => {
    const folder = folderOf({
      'index.html': [
        '<a href="missing.html">x</a>',
        '<a href="other.html#nowhere">x</a>',
        '<a href="../outside.html">x</a>',
        '<script src="https://elsewhere.example/script.js"></script>',
        '<img src="//elsewhere.example/picture.png">',
      ].join('\n'),
      'other.html': '<h2 id="here">x</h2>',
    });
    expect(checkLinks(folder).problems).toEqual([
      'index.html: missing.html does not exist',
      'index.html: other.html#nowhere has no such anchor',
      'index.html: ../outside.html leads out of the site',
      'index.html: loads https://elsewhere.example/script.js from elsewhere',
      'index.html: loads //elsewhere.example/picture.png from elsewhere',
    ]);
  });
});

describe('the site', () => {
  it('names what is exported without a docstring, what a public type hides, and links that lead nowhere', async () => {
    const root = folderOf({
      'package.json': '{ "name": "fixture", "type": "module" }',
      'packages/one/package.json': JSON.stringify({
        name: '@cdf/one',
        type: 'module',
        exports: { '.': { '@cdf/source': './src/index.ts' } },
      }),
      'packages/one/src/index.ts': [
        'interface Hidden { readonly a: number }',
        '/** Documented. See {@link Nothing}. */',
        'export function first(hidden: Hidden): number { return hidden.a; }',
        'export const second = 2;',
        '/** What it takes. */',
        'export interface Settings {',
        '  /** The granularity of what is read. */',
        '  readonly granularity?: string;',
        '  /** How often. */',
        '  readonly retry?: number;',
        '}',
        '/** How. */',
        'export interface ThirdQuery { readonly b?: number }',
        '/** Taken apart where it is declared. */',
        'export function third({ b }: ThirdQuery = {}): number { return b ?? 0; }',
      ].join('\n'),
      'apps/docs/tsconfig.site.json': JSON.stringify({
        compilerOptions: { module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', types: [] },
        include: ['../../packages/*/src'],
      }),
      'apps/docs/theme/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'apps/docs/theme/site.css': '',
      'apps/docs/theme/site.js': '',
      'apps/docs/home.md': 'Home.',
      'apps/docs/guides/start.md': '# Start\n\nUse `first`. See [nowhere](./nowhere.md).\n\n## Retries\n',
    });
    const guide = join(root, 'apps/docs/guides/start.md');
    const pages = [{ path: guide, group: 'Guides', words: 'granularity' }];
    const out = join(root, 'site');
    const { problems, undocumented } = await buildSite({ root, out, pages, home: join(root, 'apps/docs/home.md') });
    expect(undocumented).toEqual(['@cdf/one.second (Variable)']);
    expect(problems).toEqual([
      expect.stringContaining('./nowhere.md is not a file'),
      expect.stringContaining('Hidden, defined in @cdf/one/src/index.ts, is referenced by @cdf/one.first.hidden'),
      expect.stringContaining('Failed to resolve link to "Nothing"'),
    ]);
    expect(checkLinks(out).problems).not.toContainEqual(expect.stringContaining('first'));
    const third = readFileSync(join(out, 'functions/_cdf_one.third.html'), 'utf8');
    expect(third).toContain('>query<');
    expect(third).not.toContain('__namedParameters');
    if (!hasBrowser) return;
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(join(out, 'index.html')).href);
      await page.click('#tsd-search-trigger');
      const found = async (words: string): Promise<string[]> => {
        await page.fill('#tsd-search-input', words);
        await page.locator(`#tsd-search-results mark`, { hasText: words }).first().waitFor();
        return page.locator('#tsd-search-results a').allInnerTexts();
      };
      // Words lead to guides first, names of the reference to the reference.
      expect(await found('granularity')).toEqual(['Start', '@cdf/one.Settings.granularity']);
      expect(await found('retry')).toEqual(['Start', '@cdf/one.Settings.retry']);
      expect((await found('ThirdQuery'))[0]).toBe('@cdf/one.ThirdQuery');
    } finally {
      await browser.close();
    }
  }, 300_000);
});
