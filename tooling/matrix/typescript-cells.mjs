import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from './install.mjs';

const RESOLUTIONS = { nodenext: 'nodenext', bundler: 'esnext' };

/** Strict, with the libraries' declarations checked as well and nothing ambient. @returns {import('./cells.mjs').Cell[]} */
export function typescriptCells({ project, versions }) {
  return versions.flatMap((version) =>
    Object.entries(RESOLUTIONS).map(([moduleResolution, module]) => ({
      group: 'typescript',
      row: version,
      column: moduleResolution,
      run() {
        const compilerOptions = {
          noEmit: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          types: [],
          target: 'es2022',
          lib: ['es2022', 'dom'],
          module,
          moduleResolution,
        };
        const config = `tsconfig.${version}.${moduleResolution}.json`;
        writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: ['types.ts', 'entries.ts'] }));
        const compiler = join(project, 'node_modules', `typescript-${version}`, 'bin/tsc');
        run(process.execPath, [compiler, '-p', config], project);
      },
    })),
  );
}
