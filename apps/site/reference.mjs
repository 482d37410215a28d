import { stripVTControlCharacters } from 'node:util';
import { Application, Converter, normalizePath, ReflectionKind } from 'typedoc';
import { entryPoints } from '../../tooling/docs/entry-points.mjs';
import { listMembers } from './list-members.mjs';
import { nameParameters } from './name-parameters.mjs';
import { shapePages } from './shape-pages.mjs';

const UNDOCUMENTED = /^(\S+ \(\w+\)), defined in .*, does not have any documentation/;
/** An export, and not a member of one. */
const EXPORT = /^@cdf\/[^.]+\.\w+ /;

/**
 * Writes the reference of every package as Markdown: one page for each export, in one folder for
 * each entry point.
 *
 * @param {{ root: string, out: string, tsconfig: string }} options
 * @returns {Promise<{ problems: string[], undocumented: string[] }>} the problems are TypeDoc's
 * warnings
 */
export async function writeReference({ root, out, tsconfig }) {
  const entries = entryPoints(root);
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    name: '@cdf',
    outputs: [{ name: 'markdown', path: out }],
    // From the lowest layer up: an export is documented where it is declared, and the umbrellas
    // refer to it.
    entryPoints: fromLowestLayer(entries).map(({ source }) => source),
    entryPointStrategy: 'resolve',
    tsconfig,
    // `npm run types` checks the types; the site of code in the middle of a change is still useful.
    skipErrorChecking: true,
    alwaysCreateEntryPointModule: true,
    readme: 'none',
    basePath: root,
    displayBasePath: root,
    disableGit: true,
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    sort: ['source-order'],
    sortEntryPoints: false,
    kindSortOrder: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
    // `@throws {CdfError} when …`: readers look for the class.
    preservedTypeAnnotationTags: ['@throws'],
    blockTags: [...defaultBlockTags(), '@unit'],
    validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
    packagesRequiringDocumentation: [
      ...new Set(entries.map(({ specifier }) => specifier.split('/').slice(0, 2).join('/'))),
    ],
    requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable'],
    logLevel: 'Warn',
    entryFileName: 'index',
    excludeScopesInPaths: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    propertyMembersFormat: 'table',
    enumMembersFormat: 'table',
    indexFormat: 'table',
    tableColumnSettings: {
      hideInherited: true,
      hideModifiers: true,
      hideSources: true,
      hideOverrides: true,
    },
    sanitizeComments: true,
    pretty: false,
  });
  const problems = collectProblems(app.logger);
  nameModules(app, entries);
  nameParameters(app);
  listMembers(app);
  shapePages(app);
  const project = await app.convert();
  if (project === undefined)
    return { problems: [...problems, 'nothing was converted'], undocumented: [] };
  app.validate(project);
  await app.generateOutputs(project);
  const undocumented = problems
    .flatMap((problem) => UNDOCUMENTED.exec(problem)?.[1] ?? [])
    .filter((name) => EXPORT.test(name));
  return { problems: problems.filter((problem) => !UNDOCUMENTED.test(problem)), undocumented };
}

/** Packages in reverse order, the entries of each in their own. */
function fromLowestLayer(entries) {
  const folders = [...new Set(entries.map(({ folder }) => folder))].reverse();
  return folders.flatMap((folder) => entries.filter((entry) => entry.folder === folder));
}

/** A list of block tags replaces the one of TypeDoc, which is this. */
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

/** Modules are named as they are imported: `@cdf/core/node`. */
function nameModules(app, entries) {
  const specifiers = new Map(
    entries.map(({ source, specifier }) => [normalizePath(source), specifier]),
  );
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const file = context
      .getSymbolFromReflection(reflection)
      ?.declarations?.[0]?.getSourceFile().fileName;
    const specifier = file === undefined ? undefined : specifiers.get(normalizePath(file));
    if (specifier !== undefined) reflection.name = specifier;
  });
}
