import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { run } from './install.mjs';

/** The script of each bundler, without settings for our packages, run in the stranger's project. */
const SCRIPTS = {
  esbuild: ({ entry, output, classic }) => `
import { build } from 'esbuild';
await build({ entryPoints: ['${entry}'], outfile: '${output}', bundle: true, minify: true, format: '${classic ? 'iife' : 'esm'}', target: 'es2022' });`,
  rollup: ({ entry, output }) => `
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
const bundle = await rollup({
  input: '${entry}',
  plugins: [nodeResolve({ browser: true })],
  onwarn(warning) { throw new Error(warning.message); },
});
await bundle.write({ file: '${output}', format: 'es', inlineDynamicImports: true });
await bundle.close();`,
  vite: ({ entry, output }) => `
import { build } from 'vite';
await build({
  configFile: false, logLevel: 'warn',
  build: {
    outDir: 'vite-output', minify: true, target: 'es2022',
    rollupOptions: { input: '${entry}', output: { dir: '.', entryFileNames: '${output}', chunkFileNames: 'vite-[name].js' } },
  },
});`,
  webpack: ({ entry, output }) => `
import webpack from 'webpack';
const compiler = webpack({
  mode: 'production', target: 'web', context: process.cwd(), entry: './${entry}',
  output: { path: process.cwd(), filename: '${output}' },
  performance: false,
});
await new Promise((resolve, reject) => compiler.run((error, stats) => {
  if (error) reject(error);
  else if (stats.hasErrors() || stats.hasWarnings()) reject(new Error(stats.toString({ all: false, errors: true, warnings: true })));
  else compiler.close(resolve);
}));`,
};

export const BUNDLERS = Object.keys(SCRIPTS);

/**
 * Bundles a file of the stranger's project for browsers. An error or a warning fails it.
 *
 * @param {string} bundler one of {@link BUNDLERS}
 * @param {{ project: string, entry: string, name: string, classic?: boolean }} what `classic`: a
 *   script that is not a module
 * @returns {Promise<string>} the script as a page of the project asks for it
 */
export async function bundle(bundler, { project, entry, name, classic = false }) {
  const output = `${bundler}-${name}.js`;
  const script = join(project, `${bundler}-${name}.build.mjs`);
  writeFileSync(script, SCRIPTS[bundler]({ entry, output, classic }));
  run(process.execPath, [basename(script)], project);
  return `/${output}`;
}
