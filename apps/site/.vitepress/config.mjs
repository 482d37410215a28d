import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { slugify } from '../anchors.mjs';
import { linkNames, linkSources } from '../link-sources.mjs';
import { pagesOf } from '../pages.mjs';
import { miniSearch, renderForSearch, splitIntoSections } from '../search.mjs';
import { referenceNames, sidebars } from '../sidebars.mjs';

const site = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const pages = pagesOf(root);
const targets = new Map(pages.map(({ source, target }) => [source, target]));
const words = new Map(pages.map(({ source, words }) => [source, words]));
const names = referenceNames(`${site}/reference`);

const LANGUAGES = ['ts', 'js', 'sh', 'json', 'python', 'html'];
const CODE = "import { a, type B } from 'c';\nconst { d } = await a<B>({ e: 1, f: `g` }); // h\n";

/**
 * The highlighter gives a line half a second, and compiles its grammar in the first one: on a busy
 * machine the first blocks would lose their colours.
 */
function warmUp(highlighter) {
  const themes = { light: 'github-light', dark: 'github-dark' };
  for (const lang of LANGUAGES)
    highlighter.codeToHtml(CODE, { lang, themes, tokenizeTimeLimit: 0 });
}

export default defineConfig({
  title: '@cdf',
  description: 'A TypeScript SDK for Cognite Data Fusion',
  lang: 'en-GB',
  // The Markdown files stay where they are in the repository; `rewrites` says where the site has
  // them.
  srcDir: '../..',
  srcExclude: [
    '**/node_modules/**',
    '**/.*/**',
    '**/{etc,data,src,results}/**',
    '{release,tarballs,tooling}/**',
    '**/CHANGELOG.md',
    'SECURITY.md',
    'apps/docs/README.md',
  ],
  rewrites: (id) => targets.get(id) ?? id.replace(/^apps\/site\/reference\//, 'reference/'),
  outDir: `${site}/dist`,
  cacheDir: `${site}/.turbo/vitepress`,
  metaChunk: true,
  head: [['link', { rel: 'icon', href: '/favicon.svg' }]],
  vite: { publicDir: `${site}/public`, build: { chunkSizeWarningLimit: 10_000 } },
  markdown: {
    anchor: { slugify },
    languages: LANGUAGES,
    shikiSetup: warmUp,
    theme: { light: 'github-light', dark: 'github-dark' },
    config(md) {
      linkSources(md, root, targets);
      linkNames(md, names);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guides/getting-started', activeMatch: '/guides/' },
      { text: 'Packages', link: '/packages/sdk', activeMatch: '/packages/' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
      { text: 'Decisions', link: '/decisions/', activeMatch: '/decisions/' },
    ],
    sidebar: sidebars(pages, root, `${site}/reference`),
    outline: { level: [2, 3] },
    docFooter: { prev: false, next: false },
    search: {
      provider: 'local',
      options: {
        detailedView: true,
        _render: (text, env, md) => renderForSearch(text, env, md, words),
        miniSearch: { ...miniSearch, _splitIntoSections: splitIntoSections },
      },
    },
  },
});
