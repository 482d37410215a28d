import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const STORY = 'story.js';

/**
 * A story as a browser gets it, from Vite's production build: minified, and in as many files as there are lazy imports.
 *
 * @param {string} source the story's module
 * @param {string} folder where its imports are resolved from
 * @param {string[]} conditions further export conditions, such as the one that names sources
 * @returns {Promise<Bundle>}
 */
export async function bundle(source, folder, conditions = []) {
  const { output } = await build({
    root: folder,
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: 'error',
    resolve: { conditions: [...conditions, 'module', 'browser', 'production'] },
    plugins: [
      {
        name: 'story',
        resolveId: (id) => (id === STORY ? `${folder}/${STORY}` : undefined),
        load: (id) => (id === `${folder}/${STORY}` ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rollupOptions: { input: STORY, preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  });
  const chunks = output
    .filter(({ type }) => type === 'chunk')
    .map(({ fileName, code, imports }) => ({ name: fileName, text: code, imports, size: gzipped(code) }));
  return { entry: output.find(({ isEntry }) => isEntry).fileName, chunks };
}

/**
 * The chunks that come with some others, and these themselves: what a browser has to load before any of them runs.
 *
 * @param {Bundle} bundled
 * @param {string[]} names
 */
export function withStaticImports({ chunks }, names) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of chunks.find((chunk) => chunk.name === name).imports) visit(next);
  };
  for (const name of names) visit(name);
  return chunks.filter(({ name }) => found.has(name));
}

/** @param {{ size: number }[]} chunks */
export function sizeOf(chunks) {
  return chunks.reduce((sum, { size }) => sum + size, 0);
}

/**
 * What is wrong with a story, in words; empty when nothing is. The limit is for what is loaded before it is done, the forbidden names
 * are for everything.
 *
 * @param {{ name: string, limit: number, absent: string[] }} story
 * @param {Bundle} bundled
 * @param {{ size: number }[]} first
 */
export function faults({ name, limit, absent }, { chunks }, first) {
  const size = sizeOf(first);
  const found = absent
    .filter((word) => chunks.some(({ text }) => text.includes(word)))
    .map((word) => `${name}: "${word}" is in the bundle`);
  return size > limit ? [`${name}: ${size} bytes on first load, ${limit} allowed`, ...found] : found;
}

function gzipped(text) {
  return gzipSync(text, { level: 9 }).length;
}

/** @typedef {{ name: string, text: string, imports: string[], size: number }} Chunk */
/** @typedef {{ entry: string, chunks: Chunk[] }} Bundle */
