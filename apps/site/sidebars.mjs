import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { entryPoints } from '../../tooling/docs/entry-points.mjs';

const KINDS = {
  classes: 'Classes',
  functions: 'Functions',
  interfaces: 'Interfaces',
  'type-aliases': 'Types',
  variables: 'Values',
};
const PACKAGES = [
  'sdk',
  'sdk-core',
  'core',
  'assets',
  'timeseries',
  'datapoints',
  'events-files',
  'data-modeling',
  'plot',
  'emulator',
];

/**
 * The navigation at the side: one for guides, packages and decisions, and one for the reference of
 * each package.
 *
 * @param {ReturnType<typeof import('./pages.mjs').pagesOf>} pages
 * @param {string} root the workspace's folder
 * @param {string} reference the folder of the generated Markdown
 */
export function sidebars(pages, root, reference) {
  const groups = grouped(pages);
  const item = ({ title, target }) => ({
    text: title,
    link: `/${target.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`,
  });
  const isGuide = (group) => !['Packages', 'Decisions', 'Others'].includes(group);
  const guides = [...groups.keys()]
    .filter(isGuide)
    .map((text) => ({ text, items: groups.get(text).map(item) }));
  const packages = [...(groups.get('Packages') ?? [])].sort(
    (left, right) => rank(left.title) - rank(right.title),
  );
  const decisions = (groups.get('Decisions') ?? []).filter(
    ({ target }) => !target.endsWith('index.md'),
  );
  const main = [
    ...guides,
    { text: 'Packages', items: packages.map(item) },
    {
      text: 'Examples and more',
      items: (groups.get('Others') ?? []).filter(({ target }) => target !== 'index.md').map(item),
    },
    { text: 'Decisions', collapsed: true, items: decisions.map(item) },
  ];
  const entries = entryPoints(root);
  const overview = [
    {
      text: 'Reference',
      items: entries.map(({ specifier }) => ({ text: specifier, link: linkOf(specifier) })),
    },
  ];
  const perPackage = PACKAGES.map((name) => [
    `/reference/${name}/`,
    [
      { text: 'All packages', link: '/reference/' },
      { text: `Read me: @cdf/${name}`, link: `/packages/${name}` },
      ...entries
        .filter(
          ({ specifier }) => specifier === `@cdf/${name}` || specifier.startsWith(`@cdf/${name}/`),
        )
        .flatMap(({ specifier }) => membersOf(specifier, reference)),
    ],
  ]);
  return { ...Object.fromEntries(perPackage), '/reference/': overview, '/': main };
}

/**
 * The page of each export. A name that several packages export for different things has no page.
 *
 * @param {string} reference the folder of the generated Markdown
 * @returns {Map<string, string>}
 */
export function referenceNames(reference) {
  const names = new Map();
  const files = existsSync(reference) ? readdirSync(reference, { recursive: true }) : [];
  for (const file of files) {
    const [, path, name] =
      /^(.+\/(?:classes|functions|interfaces|type-aliases)\/(\w+))\.md$/.exec(file) ?? [];
    if (name !== undefined)
      names.set(name, names.has(name) ? undefined : `/reference/${path}.html`);
  }
  return names;
}

function grouped(pages) {
  const groups = new Map();
  for (const page of pages) groups.set(page.group, [...(groups.get(page.group) ?? []), page]);
  return groups;
}

function linkOf(specifier) {
  return `${specifier.replace('@cdf', '/reference')}/`;
}

function membersOf(specifier, reference) {
  const folder = join(reference, specifier.replace('@cdf/', ''));
  const kinds = Object.keys(KINDS).filter((kind) => existsSync(join(folder, kind)));
  const items = kinds.map((kind) => ({
    text: KINDS[kind],
    collapsed: false,
    items: readdirSync(join(folder, kind)).map((file) => {
      const name = file.replace(/\.md$/, '');
      return { text: name, link: `${linkOf(specifier)}${kind}/${name}` };
    }),
  }));
  return [{ text: specifier, link: linkOf(specifier), items }];
}

function rank(title) {
  const name = title.replace('@cdf/', '');
  return PACKAGES.includes(name) ? PACKAGES.indexOf(name) : PACKAGES.length;
}
