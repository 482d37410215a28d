import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * A story as a browser gets it: bundled, minified, and its gzip size in bytes.
 *
 * @param {string} source the story's module
 * @param {string} folder where its imports are resolved from
 */
export async function bundle(source, folder) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: folder, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    treeShaking: true,
    write: false,
    logLevel: 'error',
  });
  const text = outputFiles[0].text;
  return { text, size: gzipSync(text, { level: 9 }).length };
}

/**
 * What is wrong with a bundle, in words; empty when nothing is.
 *
 * @param {{ name: string, limit: number, absent: string[] }} story
 * @param {{ text: string, size: number }} bundled
 */
export function faults({ name, limit, absent }, { text, size }) {
  const found = absent.filter((word) => text.includes(word)).map((word) => `${name}: "${word}" is in the bundle`);
  return size > limit ? [`${name}: ${size} bytes, ${limit} allowed`, ...found] : found;
}
