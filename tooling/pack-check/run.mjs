// Packs every package, runs the install command of each that `npm run tarballs` prints, installs
// the tarballs into an empty project and uses them there as a stranger would: every entry with
// import and require, one copy of each class from few files, the walk against the emulator, and the
// types under the oldest TypeScript that we promise and our own, with both module resolutions and
// without skipLibCheck. `npm run matrix` does that with every runtime and compiler.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runCells } from '../matrix/cells.mjs';
import { installProject } from '../matrix/install.mjs';
import { scriptCell } from '../matrix/node-cells.mjs';
import { typescriptCells } from '../matrix/typescript-cells.mjs';
import { TYPESCRIPTS } from '../matrix/versions.mjs';
import { installCommands } from './install-commands.mjs';
import { checkInstallCommands, checkPackages } from './packages.mjs';

/** The oldest, and the one that the workspace uses. */
const COMPILERS = [TYPESCRIPTS[0], '6.0.3'];

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'pack-check-'));
const project = join(work, 'project');
let failures = 0;
let tarballs = {};
try {
  const report = ({ what, problem }) => {
    console.log(`${problem === undefined ? 'ok     ' : 'FAILED '} ${what}`);
    if (problem === undefined) return;
    failures += 1;
    console.log(problem);
  };
  tarballs = checkPackages(root, join(work, 'tarballs'), report);
  checkInstallCommands(installCommands(root, tarballs), join(work, 'commands'), report);
  const cells = [
    {
      group: 'project',
      row: 'the tarballs',
      column: 'installed',
      run: () => installProject(project, { tarballs, tools: {}, typescripts: COMPILERS }),
    },
    ...['import.mjs', 'require.cjs', 'one-copy.mjs', 'walk.mjs'].map((script) =>
      scriptCell({
        project,
        node: process.execPath,
        version: process.versions.node,
        row: script,
        script,
      }),
    ),
    ...typescriptCells({ project, versions: COMPILERS }),
  ];
  const results = await runCells(cells, (line) => console.log(line));
  failures += results.filter(({ problem }) => problem !== undefined).length;
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`pack-check: ${Object.keys(tarballs).length} packages, ${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
