/** The versions of the matrix. They are exact: a cell that fails has changed because of us. */

/** The oldest Node that the manifests allow, and the newest of each line since. */
export const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'];

export const TYPESCRIPTS = ['5.4.5', '5.5.4', '5.6.3', '5.7.3', '5.8.3', '5.9.3', '6.0.3', '7.0.2'];

/**
 * Those that write the declarations of a project with only `@cdf/sdk`: the newest two that are
 * written in different languages.
 */
export const DECLARING_TYPESCRIPTS = ['5.9.3', '7.0.2'];

/**
 * The instances of ky that `cdfHttp` takes: the line that `@cdf/core` brings, and the one that
 * wants a newer Node.
 */
export const KYS = { 'ky-1': 'npm:ky@1.14.3', 'ky-2': 'npm:ky@2.1.0' };

/** Packages of the stranger's project, besides ours. */
export const TOOLS = {
  '@rollup/plugin-node-resolve': '16.0.3',
  esbuild: '0.28.2',
  rollup: '4.68.7',
  vite: '8.3.8',
  webpack: '5.112.2',
};
