import { basename, join } from 'node:path';

/** Entries that a program which imports the package loads anyway. */
const SHARED = ['.', './resource'];

/**
 * Up to this size a part is compiled sooner than a file of its own is found.
 *
 * @unit characters
 */
const SMALL = 8000;

/**
 * The sources of what a package exports, and of the `#names` that it imports, as Node chooses them.
 *
 * @param {{ name: string, exports: object, imports?: object }} manifest
 * @param {string} source the export condition that names sources
 * @returns {{ entries: string[], internals: Record<string, string> }}
 * @throws {Error} when an entry has no file for Node, or another one than is built
 */
export function sourcesForNode({ name, exports, imports = {} }, source) {
  const entries = Object.entries(exports).flatMap(([entry, conditions]) => {
    if (typeof conditions === 'string') return [];
    const file = conditions[source];
    const built = file.replace(/^\.\/src\/(.*)\.ts$/, './dist/for-node/$1.js');
    if (conditions.node !== built)
      throw new Error(`${name}: "node" of the entry ${entry} must be ${built}`);
    return [file];
  });
  const internals = Object.entries(imports).map(([id, conditions]) => [
    id,
    (conditions.node ?? conditions.default)[source],
  ]);
  return { entries, internals: Object.fromEntries(internals) };
}

/**
 * Puts what the main entries import into one file, which has the package's name. Small parts that
 * are loaded on use are in it, too.
 *
 * @param {string} folder the package's folder
 * @param {string} source the export condition that names sources
 * @returns {import('rollup').GetManualChunk}
 */
export function sharedFile(folder, { name, exports }, source) {
  let shared;
  return (id, { getModuleInfo }) => {
    shared ??= withSmallParts(
      imported(
        SHARED.flatMap((entry) => (entry in exports ? [join(folder, exports[entry][source])] : [])),
        getModuleInfo,
      ),
      getModuleInfo,
    );
    return shared.has(id) ? basename(name) : undefined;
  };
}

/** The modules, and every one that they import statically. Packages are among them. */
function imported(ids, getModuleInfo) {
  const found = new Set(ids);
  for (const id of found) for (const each of getModuleInfo(id)?.importedIds ?? []) found.add(each);
  return found;
}

/** With each part that loads no further package, and is too small to be worth a file. */
function withSmallParts(shared, getModuleInfo) {
  const found = new Set(shared);
  for (const id of found)
    for (const part of getModuleInfo(id)?.dynamicallyImportedIds ?? []) {
      const own = [...imported([part], getModuleInfo)].filter((each) => !found.has(each));
      const infos = own.map((each) => getModuleInfo(each));
      const size = infos.reduce((sum, { code }) => sum + (code?.length ?? Infinity), 0);
      if (size <= SMALL) for (const each of own) found.add(each);
    }
  return found;
}
