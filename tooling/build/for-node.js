import { basename, join } from 'node:path';

/** Entries that a program which imports the package loads anyway. */
const SHARED = ['.', './resource'];

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
 * Puts what the main entries import into one file, which has the package's name.
 *
 * @param {string} folder the package's folder
 * @param {string} source the export condition that names sources
 * @returns {import('rollup').GetManualChunk}
 */
export function sharedFile(folder, { name, exports }, source) {
  let shared;
  return (id, { getModuleInfo }) => {
    shared ??= imported(
      SHARED.flatMap((entry) => (entry in exports ? [join(folder, exports[entry][source])] : [])),
      getModuleInfo,
    );
    return shared.has(id) ? basename(name) : undefined;
  };
}

/** The modules, and every one that they import statically. */
function imported(ids, getModuleInfo) {
  const found = new Set(ids);
  for (const id of found)
    for (const each of getModuleInfo(id)?.importedIds ?? [])
      if (getModuleInfo(each)?.isExternal === false) found.add(each);
  return found;
}
