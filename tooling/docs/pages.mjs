import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** In the order of the navigation, with words that people look for and that its headings do not have. One that is not named here comes last. */
const GUIDES = {
  'getting-started': 'quickstart first steps',
  'your-data': 'csv own data tarball emulator',
  authentication: 'sign in login token oauth pkce api key certificate proxy',
  'data-points':
    'datapoints granularity aggregates time zone csv insert stream synthetic subscription status unit table parquet',
  hierarchies: 'hierarchy parent orphan cycle tree subtree',
  files: 'upload download multipart resume progress',
  'data-modeling': 'view node edge container space schema enum relation version pull push cognite core model',
  'graph-queries': 'filter where join cursor sync changes transaction aggregate search',
  'to-data-modeling': 'migrate migration copy pygen instances cognite core model',
  'other-operations': 'ky http raw request endpoint functions workflows groups documents schema zod valibot',
  plotting: 'chart svg png html notebook jupyter time zone threshold',
  'browser-apps': 'browser bundle vite react cors service worker',
  runtimes: 'node deno bun cloudflare worker webpack vite import map',
  testing: 'emulator fault mock vitest',
  'errors-and-retries': 'retry rate limit 429 timeout abort cancel backoff log',
  performance: 'speed memory concurrency benchmark',
  'from-python': 'python pandas dataframe polars move',
  'from-cognite-sdk': 'javascript official move',
  architecture: 'transport relation module',
  dependencies: 'licence license audit',
};

/**
 * The pages of the site that are Markdown.
 *
 * @param {string} root the workspace's folder
 * @returns {{ path: string, group: 'Guides' | 'Decisions', words: string }[]} `words` is what else a search finds it by
 */
export function pagesOf(root) {
  const named = (name) => `${name}.md`;
  const inOrder = Object.keys(GUIDES).map(named);
  const rest = readdirSync(join(root, 'apps/docs/guides')).filter((name) => !inOrder.includes(name));
  const decisions = readdirSync(join(root, 'apps/docs/decisions'))
    .filter((name) => name.endsWith('.md'))
    // The list of them first.
    .sort((left, right) => Number(right === 'README.md') - Number(left === 'README.md'))
    .map((name) => join(root, 'apps/docs/decisions', name));
  return [
    ...[...inOrder, ...rest].map((name) => ({
      path: join(root, 'apps/docs/guides', name),
      group: 'Guides',
      words: GUIDES[basename(name, '.md')] ?? '',
    })),
    ...decisions.map((path) => ({ path, group: 'Decisions', words: '' })),
  ];
}
