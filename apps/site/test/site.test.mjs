import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slugify } from '../anchors.mjs';
import { checkLinks } from '../check-links.mjs';
import { writeReference } from '../reference.mjs';
import { miniSearch, splitIntoSections } from '../search.mjs';

const CACHE = fileURLToPath(new URL('../.turbo', import.meta.url));
const folders = [];

/** A folder inside the workspace, where TypeScript's own declarations are found. */
function folderOf(files) {
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
  it('follows pages, folders, anchors and files, from the page or from the root', () => {
    const folder = folderOf({
      'index.html':
        '<a href="guides/a.html#part-1">a</a> <a href="/guides/">b</a> <a href="https://elsewhere.example">c</a>',
      'guides/index.html': '<a href="../index.html">up</a> <script src="/site.js"></script>',
      'guides/a.html': '<h2 id="part-1">1</h2> <a href="#part-1">again</a>',
      'site.js': '',
    });
    expect(checkLinks(folder)).toEqual({ pages: 3, links: 6, problems: [] });
  });

  it('finds links that lead nowhere, and whatever is loaded from elsewhere', () => {
    const folder = folderOf({
      'index.html': [
        '<a href="missing.html">x</a>',
        '<a href="/other.html#nowhere">x</a>',
        '<a href="../outside.html">x</a>',
        '<script src="https://elsewhere.example/script.js"></script>',
        '<img src="//elsewhere.example/picture.png">',
      ].join('\n'),
      'other.html': '<h2 id="here">x</h2>',
    });
    expect(checkLinks(folder).problems).toEqual([
      'index.html: missing.html does not exist',
      'index.html: /other.html#nowhere has no such anchor',
      'index.html: ../outside.html leads out of the site',
      'index.html: loads https://elsewhere.example/script.js from elsewhere',
      'index.html: loads //elsewhere.example/picture.png from elsewhere',
    ]);
  });
});

describe('the reference', () => {
  let root;
  let result;
  const page = (path) => readFileSync(join(root, 'reference', path), 'utf8');

  beforeAll(async () => {
    root = folderOf({
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
        '/** The settings. */',
        'export interface Settings {',
        '  /** How wide. @default 3 */',
        '  readonly width?: number;',
        '  /** How high. */',
        '  readonly height: string | number;',
        '}',
        '/** Settings without a height, and with a name. */',
        "export type Named = Omit<Settings, 'height'> & {",
        '  /** Shown to people. */',
        '  name: string;',
        '};',
        '/** The names of settings. */',
        'export type Names = keyof Settings;',
        '/** A query. */',
        'export interface ThirdQuery { readonly b?: number }',
        '/** Takes its parameter apart. */',
        'export function third({ b }: ThirdQuery = {}): number { return b ?? 0; }',
      ].join('\n'),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'NodeNext',
          moduleResolution: 'NodeNext',
          target: 'ES2022',
          types: [],
        },
        include: ['packages/*/src'],
      }),
    });
    result = await writeReference({
      root,
      out: join(root, 'reference'),
      tsconfig: join(root, 'tsconfig.json'),
    });
  });

  it('reports exports without a docstring, types that a public type hides, and links that lead nowhere', () => {
    expect(result.undocumented).toEqual(['@cdf/one.second (Variable)']);
    expect(result.problems).toEqual([
      expect.stringContaining(
        'Hidden, defined in @cdf/one/src/index.ts, is referenced by @cdf/one.first.hidden',
      ),
      expect.stringContaining('Failed to resolve link to "Nothing"'),
    ]);
  });

  it('has a page for each export, which begins with the line that imports it', () => {
    expect(readdirSync(join(root, 'reference/one/functions')).sort()).toEqual([
      'first.md',
      'third.md',
    ]);
    expect(page('one/functions/first.md')).toMatch(
      /^# first\(\)\n\n```ts\nimport { first } from '@cdf\/one';\n```/,
    );
    expect(page('one/interfaces/Settings.md')).toContain(
      "import { type Settings } from '@cdf/one';",
    );
  });

  it('lists the members of a type alias, with their docstrings, units and defaults', () => {
    const named = page('one/type-aliases/Named.md');
    expect(named).toContain('| `width?` | `number` | How wide. · default: 3 |');
    expect(named).toContain('| `name` | `string` | Shown to people. |');
    expect(named).not.toContain('height`');
    expect(page('one/type-aliases/Names.md')).toContain('`"height"`, `"width"`');
  });

  it('names a parameter that is taken apart', () => {
    expect(page('one/functions/third.md')).toContain('`query?`');
    expect(page('one/functions/third.md')).not.toContain('__namedParameters');
  });
});

describe('the search', () => {
  const heading = (level, text) =>
    `<h${level} id="${slugify(text)}">${text} <a class="header-anchor" href="#${slugify(text)}">#</a></h${level}>`;
  const index = (pages) => {
    const search = new MiniSearch({
      ...miniSearch.options,
      searchOptions: miniSearch.searchOptions,
    });
    for (const [path, html] of Object.entries(pages))
      for (const { anchor, titles, text } of splitIntoSections(path, html))
        search.add({
          id: `${path}#${anchor}`,
          text,
          title: titles.at(-1),
          titles: titles.slice(0, -1),
        });
    return (question) => search.search(question).map(({ id }) => id);
  };

  it('finds a guide before the reference for a word, and an export by its name', () => {
    const find = index({
      '/guides/errors.html': `\0${heading(1, 'Errors')}<p>See below.</p>${heading(2, 'Retries')}<p>429</p>`,
      '/reference/core/interfaces/Settings.html': `\0${heading(1, 'Settings')}<p>Of a retry</p>${heading(3, 'retryLimit')}`,
    });
    expect(find('retries')[0]).toMatch('/guides/errors.html');
    expect(find('what is a Settings')[0]).toBe('/reference/core/interfaces/Settings.html#settings');
    expect(find('limit')).toEqual(['/reference/core/interfaces/Settings.html#retrylimit']);
  });

  it('finds a page by words that it does not have', () => {
    const find = index({
      '/guides/lists.html': `pagination cursor\0${heading(1, 'Lists')}<p>All of them.</p>`,
    });
    expect(find('how do I use a cursor')).toEqual(['/guides/lists.html#lists']);
  });

  it('keeps general headings of the reference within the member above them', () => {
    const html = `\0${heading(1, 'Api')}${heading(3, 'list()')}<p>Items</p>${heading(4, 'Returns')}<p>a page</p>`;
    expect(
      splitIntoSections('/reference/a.html', html).map(({ titles, text }) => [titles.at(-1), text]),
    ).toEqual([
      ['Api', '\0'],
      ['list()', '\0Items a page'],
    ]);
  });

  it('has functions that are complete without their module, as the browser gets their text only', () => {
    for (const [name, value] of Object.entries({
      ...miniSearch.options,
      ...miniSearch.searchOptions,
    }))
      if (typeof value === 'function') {
        const copy = new Function(`return ${value}`)();
        expect(() =>
          copy(name === 'extractField' ? { text: 'a\0b' } : 'uploads', 'text'),
        ).not.toThrow();
      }
  });
});

describe('an anchor', () => {
  it('is the one that code hosts make of a heading', () => {
    expect(slugify('1. Make the packages')).toBe('1-make-the-packages');
    expect(slugify('What is `retried`?')).toBe('what-is-retried');
    expect(slugify('Über ky_2 – and more')).toBe('über-ky_2--and-more');
  });
});
