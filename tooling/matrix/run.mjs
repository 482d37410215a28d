// Installs the tarballs into an empty project and tries them there with every Node, TypeScript and bundler of versions.mjs and in
// Chromium. Prints a table; exit 1 when a cell fails. Needs built packages: `npm run matrix` builds them.
//   node tooling/matrix/run.mjs [--only "node 22"] [--only webpack] [--tarballs release] [--keep]
// --only takes cells whose name has words that begin so, and may be given more than once; --tarballs tries those of
// a folder, such as the release dry run's, and builds none; --keep leaves the project where it is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packAll, tarballsIn } from '../pack-check/tarballs.mjs';
import { browserCells } from './browser-cells.mjs';
import { chosen, runCells, tableOf } from './cells.mjs';
import { installProject, installRuntimes } from './install.mjs';
import { nodeCells } from './node-cells.mjs';
import { onlySdkCells } from './only-sdk-cells.mjs';
import { createStage } from './stage.mjs';
import { typescriptCells } from './typescript-cells.mjs';
import { DECLARING_TYPESCRIPTS, KYS, NODES, TOOLS, TYPESCRIPTS } from './versions.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    tarballs: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'matrix-'));
const project = join(work, 'project');
const runtimes = join(work, 'runtimes');

const stage = createStage(project);

const begun = Date.now();
let tarballs = {};
const cells = [
  ...nodeCells({ project, runtimes, versions: NODES }),
  ...typescriptCells({ project, versions: TYPESCRIPTS }),
  ...onlySdkCells({
    folder: join(work, 'only-sdk'),
    compilers: join(project, 'node_modules'),
    tarballs: () => tarballs,
    versions: DECLARING_TYPESCRIPTS,
  }),
  ...browserCells({ project, stage }),
].filter((cell) => chosen(cell, values.only));
if (cells.length === 0) {
  console.error('no cell has this name');
  process.exit(2);
}
try {
  const needs = new Set(cells.map(({ group }) => group));
  tarballs =
    values.tarballs === undefined
      ? packAll(root, join(work, 'tarballs'))
      : tarballsIn(values.tarballs);
  installProject(project, {
    tarballs,
    tools: { ...(needs.has('browser') && TOOLS), ...(needs.has('node') && KYS) },
    typescripts: needs.has('typescript') ? TYPESCRIPTS : [],
  });
  if (needs.has('node')) installRuntimes(runtimes, NODES);
  console.log(`installed in ${seconds()} s`);
  const results = await runCells(cells, (line) => console.log(line));
  console.log(`\n${tableOf(results)}`);
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  console.log(`matrix: ${results.length} cells, ${failed} failures, ${seconds()} s`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await stage.close();
  if (values.keep) console.log(`kept in ${work}`);
  else rmSync(work, { recursive: true, force: true });
}

function seconds() {
  return Math.round((Date.now() - begun) / 1000);
}
