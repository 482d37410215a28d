import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOnCycles } from './import-cycles.mjs';

/** A package that the table does not name is one of a resource: it knows core, and no other resource. */
const RESOURCE = ['core'];

/**
 * Which @cdf packages each package may depend on at run time. Any other edge fails the check.
 *
 * @param {readonly string[]} folders of all packages
 * @returns {Record<string, readonly string[]>}
 */
export function layersOf(folders) {
  const special = {
    core: [],
    plot: ['core', 'datapoints'],
    // A shared encoder would hide a shared bug: the emulator knows no @cdf package at all.
    emulator: [],
  };
  const umbrellas = ['sdk-core', 'sdk'];
  const resources = folders.filter((name) => !(name in special) && !umbrellas.includes(name));
  return {
    ...special,
    ...Object.fromEntries(resources.map((name) => [name, RESOURCE])),
    'sdk-core': ['core', ...resources],
    sdk: ['core', ...resources, 'plot', 'sdk-core'],
  };
}

/** The most imports on a cycle of modules that a package may have. A number may fall and never rise; 0 for packages that are not listed. */
export const MOST_ON_CYCLES = {};

const IMPORT =
  /(?:^|\s)(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s+['"]([^'"]+)['"]/gm;

/**
 * Every breach of the layers below `root`: forbidden edges, cycles of packages and of modules, imports that the manifest does not declare,
 * imports across package folders, and sources or tests that `tsc -b` does not reach.
 *
 * @param {string} root the workspace's folder
 * @returns {string[]} one line each; empty when all is well
 */
export function breaches(root) {
  const found = [];
  const edges = new Map();
  const folders = readdirSync(join(root, 'packages'));
  const layers = layersOf(folders);
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
    const allowed = layers[folder];
    const declared = cdfNames(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    edges.set(folder, declared);
    for (const name of declared)
      if (!allowed.includes(name)) found.push(`@cdf/${folder} depends on @cdf/${name}, which its layer does not allow`);
    const usable = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, [manifest.name]: '' });
    const files = [...sourceFiles(join(root, 'packages', folder, 'src'))];
    const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
    found.push(...moduleCycles(root, folder, sources));
    for (const [file, source] of sources)
      for (const specifier of importsOf(source)) {
        if (specifier.startsWith('node:') || specifier.startsWith('#')) continue;
        const where = file.slice(root.length + 1);
        if (specifier.startsWith('.')) {
          const target = join(file, '..', specifier);
          if (!target.startsWith(join(root, 'packages', folder)))
            found.push(`${where} reaches into another package: ${specifier}`);
        } else if (!usable.includes(packageName(specifier)))
          found.push(`${where} imports ${specifier}, which ${manifest.name} does not declare`);
      }
  }
  return [...found, ...cycles(edges), ...unreferenced(root, folders)];
}

/** A project that the workspace does not refer to would never have its types checked. */
function unreferenced(root, folders) {
  const config = join(root, 'tsconfig.json');
  const { references = [] } = existsSync(config) ? JSON.parse(readFileSync(config, 'utf8')) : {};
  const referenced = references.map(({ path }) => path);
  return folders
    .flatMap((folder) => [`packages/${folder}`, `packages/${folder}/test`])
    .filter((path) => existsSync(join(root, path, 'tsconfig.json')) && !referenced.includes(path))
    .map((path) => `${path} is not in the references of tsconfig.json`);
}

function cdfNames(names) {
  return names.filter((name) => name.startsWith('@cdf/')).map((name) => name.slice('@cdf/'.length));
}

function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function importsOf(source) {
  return [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3]);
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.(ts|tsx|mts|js|mjs)$/.test(entry.name)) yield path;
  }
}

function moduleCycles(root, folder, sources) {
  const onCycles = importsOnCycles(sources);
  const most = MOST_ON_CYCLES[folder] ?? 0;
  if (onCycles.length <= most) return [];
  const shown = (path) => path.slice(root.length + 1);
  const lines = onCycles.map(([from, to]) => `  ${shown(from)} -> ${shown(to)}`);
  return [
    [`packages/${folder} has ${onCycles.length} imports on a cycle, at most ${most} allowed`, ...lines].join('\n'),
  ];
}

function cycles(edges) {
  const found = [];
  const visit = (name, trail) => {
    if (trail.includes(name)) found.push(`cycle: ${[...trail.slice(trail.indexOf(name)), name].join(' -> ')}`);
    else for (const next of edges.get(name) ?? []) visit(next, [...trail, name]);
  };
  for (const name of edges.keys()) visit(name, []);
  return found;
}
