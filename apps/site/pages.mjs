import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The guides in the order of the navigation, by part. Behind each, words that people search for and
 * that its headings lack.
 */
const GUIDES = {
  Begin: {
    'getting-started': 'quickstart install first steps tutorial',
    'your-data': 'csv own data tarball emulator',
    authentication: 'sign in login token oauth pkce api key certificate',
  },
  'Read and write': {
    'data-points':
      'datapoints granularity aggregates csv insert stream synthetic subscription status unit table parquet',
    'lists-and-paging': 'page pagination cursor limit nextCursor next page list all iterate',
    hierarchies: 'hierarchy parent orphan cycle tree subtree',
    events: 'event alarm maintenance work order create list filter',
    'labels-and-data-sets': 'label tag data set dataset group organize',
    files: 'upload download multipart resume progress',
    folders: 'folder directory upload download many files recursive sync glob',
    'time-zones':
      'time zone timezone daylight saving dst utc local time wrong hour shifted offset day',
    plotting: 'chart svg png html notebook jupyter threshold',
    'other-operations':
      'ky http raw request endpoint functions workflows groups documents schema zod valibot',
  },
  'A graph': {
    'data-modeling':
      'view node edge container space schema enum relation version pull push cognite core model',
    'graph-queries': 'filter where join cursor sync changes transaction aggregate search',
    'to-data-modeling': 'migrate migration copy pygen instances cognite core model',
  },
  'In production': {
    'errors-and-retries': 'retry error timeout abort backoff failed 503 exception catch',
    'rate-limits': 'rate limit 429 throttle too many requests concurrency quota',
    'logging-and-tracing':
      'log logger debug trace tracing span opentelemetry otel metrics hooks request id',
    proxies: 'proxy HTTPS_PROXY corporate firewall private certificate authority CA TLS undici',
    testing: 'test mock fake stub emulator fault vitest jest memory transport',
    performance: 'speed memory concurrency benchmark slow fast',
    runtimes: 'node deno bun cloudflare worker webpack vite import map',
    'browser-apps': 'browser bundle vite react cors service worker',
  },
  'Move here': {
    'from-python': 'python pandas dataframe polars migrate move cognite-sdk-python',
    'from-cognite-sdk': 'javascript official migrate move',
  },
  'How it is built': {
    architecture: 'transport relation module',
    dependencies: 'licence license audit',
  },
};

/** Further Markdown files of the site, and where it has them. */
const OTHERS = {
  'README.md': 'index.md',
  'CONTRIBUTING.md': 'contributing.md',
  'apps/bench/README.md': 'benchmarks.md',
  'apps/quickstart/README.md': 'quickstart.md',
  'apps/examples/http/README.md': 'examples/http.md',
  'apps/examples/tables/README.md': 'examples/tables.md',
  'apps/examples/gallery/README.md': 'examples/gallery.md',
};

/**
 * The Markdown files of the site, where they stand in the repository, and what becomes of them.
 *
 * @param {string} root the workspace's folder
 * @returns {{ source: string, target: string, title: string, group: string, words: string }[]}
 *   `source` and `target` are relative to the workspace and to the site; `words` find the page in a
 *   search, besides its own
 */
export function pagesOf(root) {
  const guides = Object.entries(GUIDES).flatMap(([group, names]) =>
    Object.entries(names).map(([name, words]) => ({
      source: `apps/docs/guides/${name}.md`,
      target: `guides/${name}.md`,
      group,
      words,
    })),
  );
  const named = new Set(guides.map(({ source }) => source));
  const missed = namesIn(root, 'apps/docs/guides').filter((source) => !named.has(source));
  if (missed.length > 0)
    throw new Error(`apps/site/pages.mjs has no place for ${missed.join(', ')}`);
  const decisions = namesIn(root, 'apps/docs/decisions').map((source) => ({
    source,
    target: source.replace('apps/docs/', '').replace('README.md', 'index.md'),
    group: 'Decisions',
    words: '',
  }));
  const packages = readdirSync(join(root, 'packages'))
    .map((name) => ({
      source: `packages/${name}/README.md`,
      target: `packages/${name}.md`,
      group: 'Packages',
      words: '',
    }))
    .filter(({ source }) => existsSync(join(root, source)));
  const others = Object.entries(OTHERS)
    .filter(([source]) => existsSync(join(root, source)))
    .map(([source, target]) => ({ source, target, group: 'Others', words: '' }));
  return [...guides, ...packages, ...decisions, ...others].map((page) => ({
    ...page,
    title: titleOf(join(root, page.source)),
  }));
}

function namesIn(root, folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function titleOf(file) {
  return /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1].replaceAll('`', '') ?? file;
}
