/**
 * The allowed imports between packages: `npm run layers`. A package of a resource knows core and no
 * other resource; a package that is not named here is one. The reasons are in
 * apps/docs/decisions/0001, 0002 and 0004.
 */
const NO_RESOURCE = 'core|plot|emulator|sdk|sdk-core';

/** A package may import itself and these. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^packages/${from}/src/` },
  to: { path: '^packages/', pathNot: `^packages/(${allowed})/` },
});

export default {
  forbidden: [
    only('core-knows-no-package', 'core', 'core'),
    only('emulator-knows-no-package', 'emulator', 'emulator'),
    only('plot-knows-core-and-datapoints', 'plot', 'plot|core|datapoints'),
    only('resource-knows-core-only', `(?!(?:${NO_RESOURCE})/)([^/]+)`, 'core|$1'),
    {
      name: 'sdk-core-knows-resources-only',
      severity: 'error',
      from: { path: '^packages/sdk-core/src/' },
      to: { path: '^packages/(sdk|plot|emulator)/' },
    },
    {
      name: 'sdk-knows-no-emulator',
      severity: 'error',
      from: { path: '^packages/sdk/src/' },
      to: { path: '^packages/emulator/' },
    },
    {
      name: 'no-circular',
      comment: 'Type-only imports count: a reader follows them as well.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'packages-by-name',
      comment: 'Import another package by its name, and not by a path.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'declared-in-manifest',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      // Packages of the workspace have no type here; pnpm links a package's own dependencies only,
      // and knip compares the manifests.
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^node$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['@cdf/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
