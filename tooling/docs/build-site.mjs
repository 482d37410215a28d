import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  Application,
  Converter,
  MinimalSourceFile,
  normalizePath,
  PageEvent,
  ReflectionKind,
  RendererEvent,
} from 'typedoc';
import { entryPoints } from './entry-points.mjs';
import { breakCodeInTables, linkNames } from './link-names.mjs';
import { nameParameters } from './name-parameters.mjs';
import { rankSearch } from './rank-search.mjs';

const UNDOCUMENTED = /^(\S+ \(\w+\)), defined in .*, does not have any documentation/;
/** Not a member of something that is exported. */
const EXPORT = /^@cdf\/[^.]+\.\w+ /;

/**
 * Makes the site: the guides, the decisions and the reference of every package, in one navigation and one search.
 *
 * @param {{ root: string, out: string, pages: readonly { path: string, group: string }[], home: string }} options
 * @returns {Promise<{ problems: string[], undocumented: string[], pages: number }>} the problems are those that TypeDoc found
 */
export async function buildSite({ root, out, pages, home }) {
  const docs = join(root, 'apps/docs');
  const entries = entryPoints(root);
  const app = await Application.bootstrap({
    name: '@cdf',
    // From the lowest layer up: what is declared there is documented there, and the umbrellas refer to it.
    entryPoints: fromLowestLayer(entries).map(({ source }) => source),
    entryPointStrategy: 'resolve',
    tsconfig: join(docs, 'tsconfig.site.json'),
    // Types are checked by `npm run types`; a site of code that is being changed is still of use.
    skipErrorChecking: true,
    alwaysCreateEntryPointModule: true,
    projectDocuments: pages.map(({ path }) => path),
    readme: home,
    basePath: root,
    displayBasePath: root,
    disableGit: true,
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    sort: ['documents-first', 'source-order'],
    sortEntryPoints: false,
    groupOrder: ['Guides', 'Decisions', 'Modules', '*'],
    kindSortOrder: ['Document', 'Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
    // `@throws {CdfError} when …`: the class is what readers look for.
    preservedTypeAnnotationTags: ['@throws'],
    blockTags: [...defaultBlockTags(), '@unit'],
    navigation: { includeCategories: false, includeGroups: true, includeFolders: false, excludeReferences: true },
    validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
    packagesRequiringDocumentation: [
      ...new Set(entries.map(({ specifier }) => specifier.split('/').slice(0, 2).join('/'))),
    ],
    requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
    searchInComments: true,
    searchInDocuments: true,
    githubPages: false,
    hideGenerator: true,
    includeVersion: false,
    navigationLinks: {},
    favicon: join(docs, 'theme/favicon.svg'),
    customCss: join(docs, 'theme/site.css'),
    customJs: join(docs, 'theme/site.js'),
    highlightLanguages: ['typescript', 'javascript', 'json', 'bash', 'python', 'html'],
    lightHighlightTheme: 'github-light',
    darkHighlightTheme: 'github-dark',
    logLevel: 'Warn',
  });
  const problems = collectProblems(app.logger);
  nameDocuments(app, pages);
  nameModules(app, entries);
  nameParameters(app);
  rankSearch(app, pages);
  const project = await app.convert();
  if (project === undefined) return { problems: [...problems, 'nothing was converted'], undocumented: [], pages: 0 };
  orderModules(project, entries);
  addReadmes(app, project, entries);
  app.validate(project);
  warmUpHighlighter(app);
  linkNames(app, project);
  breakCodeInTables(app);
  let count = 0;
  app.renderer.on(RendererEvent.END, (event) => {
    count = event.pages.length;
  });
  await app.generateDocs(project, out);
  const undocumented = problems
    .flatMap((problem) => UNDOCUMENTED.exec(problem)?.[1] ?? [])
    .filter((name) => EXPORT.test(name));
  return { problems: problems.filter((problem) => !UNDOCUMENTED.test(problem)), undocumented, pages: count };
}

/** Packages the other way round, the entries of each as they are. */
function fromLowestLayer(entries) {
  const folders = [...new Set(entries.map(({ folder }) => folder))].reverse();
  return folders.flatMap((folder) => entries.filter((entry) => entry.folder === folder));
}

/** TypeDoc's own, which a list of our own would replace. */
function defaultBlockTags() {
  return [
    '@author',
    '@callback',
    '@category',
    '@default',
    '@defaultValue',
    '@deprecated',
    '@example',
    '@group',
    '@module',
    '@param',
    '@privateRemarks',
    '@property',
    '@remarks',
    '@returns',
    '@see',
    '@since',
    '@template',
    '@throws',
    '@typeParam',
  ];
}

/** Warnings and errors as lines, instead of on the terminal. */
function collectProblems(logger) {
  const problems = [];
  const log = logger.log.bind(logger);
  logger.log = (message, level) => {
    if (level >= 2) problems.push(plain(message));
    else log(message, level);
  };
  return problems;
}

/** Without the colours of a terminal and the name of the level. */
function plain(message) {
  return stripVTControlCharacters(message)
    .replace(/^\[(warning|error)\]\s*/, '')
    .trim();
}

/** A document is named by its own first heading, and grouped by the list it is in. */
function nameDocuments(app, pages) {
  const groups = new Map(pages.map(({ path, group }) => [normalizePath(path), group]));
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const path = document.project.files.getReflectionPath(document);
    const heading = /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    if (heading !== undefined) document.name = heading.replaceAll('`', '');
    document.frontmatter.group = groups.get(path) ?? 'Guides';
  });
}

/** Modules are named as they are imported: `@cdf/core/node`. */
function nameModules(app, entries) {
  const specifiers = new Map(entries.map(({ source, specifier }) => [normalizePath(source), specifier]));
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
    const specifier = file === undefined ? undefined : specifiers.get(normalizePath(file));
    if (specifier !== undefined) reflection.name = specifier;
  });
}

/**
 * The highlighter gives a line half a second, and compiles its grammar in the first one: on a busy machine the first block of the
 * site would lose its colours.
 */
function warmUpHighlighter(app) {
  const code = "import { a, type B } from 'c';\nconst { d } = await a<B>({ e: 1, f: `g` }); // h\n";
  const warmUp = (page) => {
    app.renderer.off(PageEvent.BEGIN, warmUp);
    const context = app.renderer.theme.getRenderContext(page);
    for (const language of ['ts', 'sh', 'ts', 'sh']) context.markdown(`\`\`\`${language}\n${code}\`\`\``);
  };
  app.renderer.on(PageEvent.BEGIN, warmUp);
}

/** The navigation begins with what users begin with. */
function orderModules(project, entries) {
  const rank = new Map(entries.map(({ specifier }, index) => [specifier, index]));
  const order = (left, right) => (rank.get(left.name) ?? -1) - (rank.get(right.name) ?? -1);
  project.children?.sort(order);
  for (const group of project.groups ?? []) if (group.title === 'Modules') group.children.sort(order);
}

/** A package's README is the head of its module's page. */
function addReadmes(app, project, entries) {
  for (const { specifier, folder } of entries) {
    const path = join(folder, 'README.md');
    const module = project.children?.find((child) => child.name === specifier);
    if (module === undefined || specifier.split('/').length > 2 || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8').replace(/^# .*\n/, '');
    project.files.registerReflectionPath(normalizePath(path), module);
    module.readme = app.converter.parseRawComment(
      new MinimalSourceFile(text, normalizePath(path)),
      project.files,
    ).content;
  }
}
