import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {{ name: string, version: string, licence: string, bytes: number }} Installed
 * @typedef {Installed & { usedBy: string[], optionalIn: string[], along: Installed[] }} Dependency
 * `along` is what it brings
 */

/**
 * The run-time dependencies of the packages of a workspace, as they are installed there.
 *
 * @param {string} root the workspace's folder
 * @returns {Dependency[]} by name
 */
export function collect(root) {
  const found = new Map();
  for (const folder of readdirSync(join(root, 'packages')).sort()) {
    const manifest = manifestOf(join(root, 'packages', folder));
    const wanted = { usedBy: manifest.dependencies, optionalIn: manifest.peerDependencies };
    for (const [kind, names] of Object.entries(wanted)) {
      for (const name of Object.keys(names ?? {}).filter((each) => !each.startsWith('@cdf/'))) {
        const place = join(root, 'packages', folder, 'node_modules', name);
        if (!existsSync(place))
          throw new Error(`${name}, which packages/${folder} names, is not installed`);
        const real = realpathSync(place);
        if (!found.has(name))
          found.set(name, {
            ...installed(real),
            usedBy: [],
            optionalIn: [],
            along: alongWith(real),
          });
        found.get(name)[kind].push(folder);
      }
    }
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The size of a folder's files. */
export function bytesOf(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesOf(path);
    else if (entry.isFile()) bytes += lstatSync(path).size;
  }
  return bytes;
}

function installed(folder) {
  const { name, version, license, licenses } = manifestOf(folder);
  const licence =
    license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'unknown';
  return { name, version, licence, bytes: bytesOf(folder) };
}

/**
 * The packages that a package needs at run time, at any depth. Binaries for other platforms are not
 * installed, and not counted.
 */
function alongWith(folder, seen = new Set([folder])) {
  const { name, dependencies, optionalDependencies } = manifestOf(folder);
  // Beside it, as pnpm lays them out: two folders up where the name has a scope.
  const beside = name.includes('/') ? dirname(dirname(folder)) : dirname(folder);
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((each) => {
    const place = join(beside, each);
    if (!existsSync(place)) return [];
    const real = realpathSync(place);
    if (seen.has(real)) return [];
    seen.add(real);
    return [installed(real), ...alongWith(real, seen)];
  });
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
