import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import esbuild from 'rollup-plugin-esbuild';
import { sharedFile, sourcesForNode } from './for-node.js';

/** The export condition under which a package gives its TypeScript source. */
const SOURCE = '@cdf/source';

/**
 * Rollup options of a library package: ESM with source maps, twice. In `dist` each module is a
 * file, of which bundlers take what is used. In `dist/for-node` the modules share files: a file
 * costs Node more than what is in it. The entries are the package's `exports`, so that the build
 * cannot drift from what is published, and `src/bin.ts` of a package with a `bin`.
 *
 * @param {string} folder the package's folder
 * @returns {import('rollup').RollupOptions[]}
 */
export function library(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const isExternal = (id) =>
    id.startsWith('node:') || dependencies.some((name) => id === name || id.startsWith(`${name}/`));
  const bin = manifest.bin === undefined ? [] : ['src/bin.ts'];
  const sources = Object.values({ ...manifest.exports, ...manifest.imports }).flatMap((entry) =>
    sourceFiles(entry),
  );
  const { entries, internals } = sourcesForNode(manifest, SOURCE);
  const common = {
    plugins: [
      esbuild({ target: 'es2022', tsconfig: join(folder, 'tsconfig.json'), sourceMap: true }),
    ],
    onwarn(warning) {
      // An unresolved import or a cycle would ship a broken package: never only a warning.
      throw new Error(`${warning.code}: ${warning.message}`);
    },
  };
  const output = {
    format: 'es',
    entryFileNames: '[name].js',
    sourcemap: true,
    // The sources are packed beside it: a second copy in the maps would be a fifth of what users install.
    sourcemapExcludeSources: true,
  };
  return [
    {
      ...common,
      input: inputs(folder, [...bin, ...sources]),
      external: (id) => isExternal(id) || id.startsWith('#'),
      output: {
        ...output,
        dir: join(folder, 'dist'),
        preserveModules: true,
        preserveModulesRoot: join(folder, 'src'),
      },
    },
    {
      ...common,
      input: inputs(folder, [...bin, ...entries]),
      external: isExternal,
      plugins: [
        {
          name: 'internals-for-node',
          resolveId: (id) => (id in internals ? join(folder, internals[id]) : null),
        },
        ...common.plugins,
      ],
      output: {
        ...output,
        dir: join(folder, 'dist/for-node'),
        chunkFileNames: '[name].js',
        minifyInternalExports: false,
        // What a part imports has been loaded by the file that loads it.
        hoistTransitiveImports: false,
        manualChunks: sharedFile(folder, manifest, SOURCE),
      },
    },
  ];
}

/** @returns {Record<string, string>} each source by its path in `src` without `.ts` */
function inputs(folder, sources) {
  return Object.fromEntries(
    sources.map((file) => [relative('src', file).replace(/\.ts$/, ''), join(folder, file)]),
  );
}

/** Every TypeScript file that an `exports` or `imports` entry names under the source condition, at any depth. */
function sourceFiles(entry, inSource = false) {
  if (typeof entry === 'string') return inSource ? [entry] : [];
  return Object.entries(entry ?? {}).flatMap(([key, value]) =>
    sourceFiles(value, inSource || key === SOURCE),
  );
}
