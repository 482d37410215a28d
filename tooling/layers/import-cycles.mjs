import { dirname, resolve } from 'node:path';

const RELATIVE = /(?:\bfrom\s*|\bimport\(\s*|^\s*import\s+)['"](\.{1,2}\/[^'"]+)['"]/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * The imports of a package that lie on a cycle: those whose target leads back to the module that imports it. Type-only imports count: a reader
 * follows them as well.
 *
 * @param {ReadonlyMap<string, string>} sources the text of each module, by its absolute path
 * @returns {[from: string, to: string][]} in the order of the paths
 */
export function importsOnCycles(sources) {
  const edges = new Map([...sources].map(([path, source]) => [path, targetsOf(path, source, sources)]));
  const group = strongGroups(edges);
  return [...edges.keys()]
    .sort()
    .flatMap((from) => edges.get(from).flatMap((to) => (group.get(from) === group.get(to) ? [[from, to]] : [])));
}

function targetsOf(path, source, sources) {
  const specifiers = [...source.replace(COMMENT, '').matchAll(RELATIVE)].map((match) => match[1]);
  const targets = specifiers.map((specifier) => resolve(dirname(path), specifier.replace(/\.js$/, '.ts')));
  return [...new Set(targets)].filter((target) => sources.has(target));
}

/** The strongly connected group of each module, by Tarjan's algorithm. */
function strongGroups(edges) {
  const index = new Map();
  const low = new Map();
  const open = [];
  const group = new Map();
  const visit = (module) => {
    index.set(module, index.size);
    low.set(module, index.get(module));
    open.push(module);
    for (const target of edges.get(module)) {
      if (!index.has(target)) visit(target);
      if (!group.has(target)) low.set(module, Math.min(low.get(module), low.get(target)));
    }
    if (low.get(module) !== index.get(module)) return;
    for (let member = open.pop(); ; member = open.pop()) {
      group.set(member, module);
      if (member === module) return;
    }
  };
  for (const module of edges.keys()) if (!index.has(module)) visit(module);
  return group;
}
