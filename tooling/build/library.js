import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import esbuild from 'rollup-plugin-esbuild';

/** The export condition under which a package gives its TypeScript source. */
const SOURCE = '@cdf/source';

/**
 * Rollup options of a library package: ESM, one output file per module, source maps. The entries
 * are the package's `exports`, so that the build cannot drift from the published entries, and
 * `src/bin.ts` of a package with a `bin`.
 *
 * @param {string} folder the package's folder
 * @returns {import('rollup').RollupOptions}
 */
export function library(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const sources = [
    ...(manifest.bin === undefined ? [] : ['src/bin.ts']),
    ...Object.values({ ...manifest.exports, ...manifest.imports }).flatMap((entry) =>
      sourceFiles(entry),
    ),
  ];
  return {
    input: Object.fromEntries(
      sources.map((file) => [relative('src', file).replace(/\.ts$/, ''), join(folder, file)]),
    ),
    external: (id) =>
      id.startsWith('node:') ||
      id.startsWith('#') ||
      dependencies.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      esbuild({ target: 'es2022', tsconfig: join(folder, 'tsconfig.json'), sourceMap: true }),
    ],
    output: {
      dir: join(folder, 'dist'),
      format: 'es',
      preserveModules: true,
      preserveModulesRoot: join(folder, 'src'),
      entryFileNames: '[name].js',
      sourcemap: true,
      // The sources are packed beside it: a second copy in the maps would be a fifth of what users install.
      sourcemapExcludeSources: true,
    },
    onwarn(warning) {
      // An unresolved import or a cycle would ship a broken package: never only a warning.
      throw new Error(`${warning.code}: ${warning.message}`);
    },
  };
}

/** Every TypeScript file that an `exports` or `imports` entry names under the source condition, at any depth. */
function sourceFiles(entry, inSource = false) {
  if (typeof entry === 'string') return inSource ? [entry] : [];
  return Object.entries(entry ?? {}).flatMap(([key, value]) =>
    sourceFiles(value, inSource || key === SOURCE),
  );
}
