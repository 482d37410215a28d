import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** In the order of the navigation. A guide that is not named here comes last. */
const GUIDES = [
  'getting-started',
  'your-data',
  'authentication',
  'data-points',
  'hierarchies',
  'files',
  'plotting',
  'browser-apps',
  'runtimes',
  'testing',
  'errors-and-retries',
  'performance',
  'from-python',
  'from-cognite-sdk',
  'architecture',
  'dependencies',
];

/**
 * The pages of the site that are Markdown.
 *
 * @param {string} root the workspace's folder
 * @returns {{ path: string, group: 'Guides' | 'Decisions' }[]}
 */
export function pagesOf(root) {
  const named = (name) => `${name}.md`;
  const rest = readdirSync(join(root, 'apps/docs/guides')).filter((name) => !GUIDES.map(named).includes(name));
  const guides = [...GUIDES.map(named), ...rest].map((name) => join(root, 'apps/docs/guides', name));
  const decisions = readdirSync(join(root, 'apps/docs/decisions'))
    .filter((name) => name.endsWith('.md'))
    // The list of them first.
    .sort((left, right) => Number(right === 'README.md') - Number(left === 'README.md'))
    .map((name) => join(root, 'apps/docs/decisions', name));
  return [
    ...guides.map((path) => ({ path, group: 'Guides' })),
    ...decisions.map((path) => ({ path, group: 'Decisions' })),
  ];
}
