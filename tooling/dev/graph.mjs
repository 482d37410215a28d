import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {object} Module
 * @property {{ from: string, names: string[], steps: number }[]} imports what it takes from other files of the workspace; `*` is all
 * @property {Map<string, { from: string, name: string }>} reexports what it only hands on
 * @property {string[]} stars the files of which it hands on everything
 * @property {Set<string>} exported the values that it exports itself
 */

/** How far away a file is that is only named in a string. */
const NAMED = 3;
const LEFT_OUT = new Set(['node_modules', 'dist', 'site', 'etc', 'coverage']);

const FOLDERS = ['packages', 'apps', 'tooling'];

/** Knows how far each test file is from what it runs, and learns what changes. */
export class TestGraph {
  #root;
  #isWanted;
  #modules = new Map();
  /** @type {Map<string, Map<string, number>>} of each test file the distance to each file that it runs */
  distances = new Map();

  /**
   * @param {string} root the workspace's folder
   * @param {(path: string) => boolean} isWanted which test files count
   */
  constructor(root, isWanted) {
    this.#root = root;
    this.#isWanted = isWanted;
    this.#measure();
  }

  /** Reads what changed. Distances are only measured again when a file is new or gone or imports something else. */
  update(paths) {
    const isOther = paths.map((path) => {
      const before = this.#modules.get(path);
      this.#modules.delete(path);
      if (before === undefined || !existsSync(path)) return true;
      return shapeOf(before) !== shapeOf(this.#moduleAt(path, resolverOf(this.#root)));
    });
    if (isOther.includes(true)) this.#measure();
  }

  #measure() {
    const resolveSpecifier = resolverOf(this.#root);
    const files = FOLDERS.flatMap((folder) => sourceFiles(join(this.#root, folder)));
    const tests = files.filter((path) => path.endsWith('.test.ts') && this.#isWanted(path));
    const moduleAt = (path) => this.#moduleAt(path, resolveSpecifier);
    this.distances = new Map(tests.map((test) => [test, distancesFrom(test, moduleAt)]));
  }

  #moduleAt(path, resolveSpecifier) {
    const known = this.#modules.get(path) ?? readModule(path, readFileSync(path, 'utf8'), resolveSpecifier);
    this.#modules.set(path, known);
    return known;
  }
}

function shapeOf({ imports, reexports, stars, exported }) {
  return JSON.stringify([imports, [...reexports], stars, [...exported]]);
}

/** The TypeScript and JavaScript files below a folder, without what is built. */
export function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name)) return [];
    if (entry.isDirectory()) return sourceFiles(join(folder, entry.name));
    return /\.(ts|mjs|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [join(folder, entry.name)] : [];
  });
}

/**
 * What a specifier of the workspace leads to, read from the `exports` and `imports` of each package, so that every platform counts.
 *
 * @param {string} root the workspace's folder
 * @returns {(specifier: string, importer: string) => string[]} the files; none when it leads out of the workspace
 */
export function resolverOf(root) {
  const entries = new Map();
  const inside = new Map();
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const [subpath, target] of Object.entries(manifest.exports ?? {}))
      entries.set(join(manifest.name, subpath), sourcesOf(target, folder));
    for (const [specifier, target] of Object.entries(manifest.imports ?? {}))
      inside.set(`${folder}/ ${specifier}`, sourcesOf(target, folder));
  }
  return (specifier, importer) => {
    if (specifier.startsWith('.')) {
      const path = resolve(dirname(importer), specifier);
      return [path.replace(/\.js$/, '.ts'), path]
        .filter((each) => statSync(each, { throwIfNoEntry: false })?.isFile() === true)
        .slice(0, 1);
    }
    if (!specifier.startsWith('#')) return entries.get(specifier) ?? [];
    const folder = importer.slice(0, importer.indexOf('/', join(root, 'packages').length + 1));
    return inside.get(`${folder}/ ${specifier}`) ?? [];
  };
}

function sourcesOf(target, folder) {
  if (typeof target !== 'object' || target === null) return [];
  return Object.entries(target).flatMap(([condition, inner]) =>
    condition === '@cdf/source' ? [join(folder, inner)] : sourcesOf(inner, folder),
  );
}

/**
 * What a file takes from others when it runs: types do not count. A string that names a file or a package counts as taking all
 * of it: that is how tests bundle, start programs and read sources.
 *
 * @param {string} path
 * @param {string} text
 * @param {(specifier: string, importer: string) => string[]} resolveSpecifier
 * @returns {Module}
 */
export function readModule(path, text, resolveSpecifier) {
  if (!/\.(ts|mjs|js)$/.test(path)) return { imports: [], reexports: new Map(), stars: [], exported: new Set() };
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const imports = [];
  const reexports = new Map();
  const stars = [];
  const exported = new Set();
  const take = (specifier, names, steps) => {
    for (const from of resolveSpecifier(specifier, path)) if (from !== path) imports.push({ from, names, steps });
  };
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      take(node.text, ['*'], NAMED);
      for (const [specifier] of node.text.matchAll(/@cdf\/[\w/-]+/g)) take(specifier, ['*'], NAMED);
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      take(statement.moduleSpecifier.text, namesOf(statement.importClause), 1);
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
      if (statement.isTypeOnly) continue;
      const [from] = resolveSpecifier(statement.moduleSpecifier.text, path);
      if (from === undefined) continue;
      if (statement.exportClause === undefined) stars.push(from);
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
      for (const { name, propertyName, isTypeOnly } of statement.exportClause.elements)
        if (!isTypeOnly) reexports.set(name.text, { from, name: (propertyName ?? name).text });
    } else {
      for (const name of exportedBy(statement)) exported.add(name);
      visit(statement);
    }
  }
  return { imports, reexports, stars, exported };
}

function exportedBy(statement) {
  if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
  return declared.flatMap(({ name }) => (name !== undefined && ts.isIdentifier(name) ? [name.text] : []));
}

function namesOf(clause) {
  if (clause === undefined) return ['*'];
  if (clause.isTypeOnly) return [];
  const { name, namedBindings } = clause;
  const first = name === undefined ? [] : ['default'];
  if (namedBindings === undefined) return first;
  if (ts.isNamespaceImport(namedBindings)) return ['*'];
  const values = namedBindings.elements.filter((each) => !each.isTypeOnly);
  return [...first, ...values.map((each) => (each.propertyName ?? each.name).text)];
}

/**
 * How many imports away from a test each file is that it runs. A file that only hands names on is no step, and what it hands
 * on to others does not count: so a test is far from what it does not use, although both are in one `index.ts`.
 *
 * @param {string} test
 * @param {(path: string) => Module | undefined} moduleAt
 * @returns {Map<string, number>}
 */
export function distancesFrom(test, moduleAt) {
  const distances = new Map([[test, 0]]);
  const done = new Set();
  /** Files whose imports are to be followed, by how far they are. */
  const waiting = [[test]];
  const reach = (path, distance) => distances.set(path, Math.min(distance, distances.get(path) ?? distance));
  const take = (path, name, distance) => {
    reach(path, distance);
    const handedOn = handedOnBy(path, name, moduleAt);
    if (name === '*' || handedOn.length === 0) {
      waiting[distance] ??= [];
      waiting[distance].push(path);
    }
    for (const each of handedOn) take(each.from, each.name, distance);
  };
  for (let distance = 0; distance < waiting.length; distance += 1)
    for (const path of waiting[distance] ?? []) {
      if (done.has(path)) continue;
      done.add(path);
      for (const { from, names, steps } of moduleAt(path)?.imports ?? [])
        for (const name of names) take(from, name, distance + steps);
    }
  return distances;
}

/** Where a name comes from that a file only hands on; for `*` all that it hands on. */
function handedOnBy(path, name, moduleAt) {
  const { reexports, stars, exported } = moduleAt(path) ?? readModule('', '', () => []);
  if (name === '*') return [...reexports.values(), ...stars.map((from) => ({ from, name }))];
  if (reexports.has(name)) return [reexports.get(name)];
  const from = exported.has(name) ? undefined : stars.find((each) => gives(each, name, moduleAt));
  return from === undefined ? [] : [{ from, name }];
}

function gives(path, name, moduleAt) {
  const { reexports, stars, exported } = moduleAt(path) ?? readModule('', '', () => []);
  return exported.has(name) || reexports.has(name) || stars.some((each) => gives(each, name, moduleAt));
}
