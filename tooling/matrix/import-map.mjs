import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The conditions that a browser without a bundler would choose. */
const CONDITIONS = ['browser', 'import', 'default'];

/**
 * The import map that lets a page import an installed package and everything it depends on, from a
 * server of the project's folder.
 *
 * @param {string} project a folder with a flat `node_modules`
 * @param {string} name the package
 * @returns {{ imports: Record<string, string>, scopes: Record<string, Record<string, string>> }}
 */
export function importMap(project, name) {
  const imports = {};
  const scopes = {};
  const seen = new Set();
  const add = (each) => {
    if (seen.has(each)) return;
    seen.add(each);
    const folder = join(project, 'node_modules', each);
    if (!existsSync(folder)) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const address = (target) => `/node_modules/${each}/${target.replace(/^\.\//, '')}`;
    for (const [entry, target] of Object.entries(entriesOf(manifest))) {
      const file = chosenFile(target);
      if (file !== undefined && !entry.includes('*'))
        imports[each + entry.slice(1)] = address(file);
    }
    // `#platform` of a package is that package's own.
    for (const [specifier, target] of Object.entries(manifest.imports ?? {})) {
      const file = chosenFile(target);
      if (file !== undefined)
        scopes[`/node_modules/${each}/`] = {
          ...scopes[`/node_modules/${each}/`],
          [specifier]: address(file),
        };
    }
    for (const dependency of Object.keys(manifest.dependencies ?? {})) add(dependency);
  };
  add(name);
  return { imports, scopes };
}

function entriesOf({ exports, module, main }) {
  if (exports === undefined) return { '.': module ?? main ?? './index.js' };
  const isMap =
    typeof exports === 'object' && Object.keys(exports).every((key) => key.startsWith('.'));
  return isMap ? exports : { '.': exports };
}

/** The first condition that the package names and we know, at any depth. */
function chosenFile(target) {
  if (typeof target === 'string') return target;
  if (target === null || target === undefined) return undefined;
  const condition = Object.keys(target).find((key) => CONDITIONS.includes(key));
  return condition === undefined ? undefined : chosenFile(target[condition]);
}
