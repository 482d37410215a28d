import { join } from 'node:path';
import { run } from './install.mjs';

/** The trials of each Node: the script, and what it shows. */
const SCRIPTS = {
  'import of every entry': 'import.mjs',
  'require of every entry': 'require.cjs',
  'one copy of each class, few files': 'one-copy.mjs',
  'the walk against the emulator': 'walk.mjs',
  'ky 1.14 on a client, and under one': 'ky-1.mjs',
  'ky 2 on a client, and under one': 'ky-2.mjs',
};

/** @returns {import('./cells.mjs').Cell[]} */
export function nodeCells({ project, runtimes, versions }) {
  return versions.flatMap((version) => {
    const node = join(runtimes, 'node_modules', `node-${version}`, 'bin/node');
    return Object.entries(SCRIPTS).map(([row, script]) =>
      scriptCell({ project, node, version, row, script }),
    );
  });
}

/** A script of the stranger's project, run by one Node. @returns {import('./cells.mjs').Cell} */
export function scriptCell({ project, node, version, row, script }) {
  return {
    group: 'node',
    row,
    column: version,
    run() {
      const printed = run(node, [script], project).trim();
      // A script that ends early has shown nothing, whatever its exit code.
      if (printed !== `v${version} done`) throw new Error(`printed ${printed}`);
    },
  };
}
