import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { run } from './install.mjs';
import { moduleOfMistakes, unsaid } from './type-mistakes.mjs';

const RESOLUTIONS = { nodenext: 'nodenext', bundler: 'esnext' };

const STRICT = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  types: [],
  target: 'es2022',
  lib: ['es2022', 'dom'],
};

/**
 * Strict, with the libraries' declarations checked as well and nothing ambient.
 *
 * @returns {import('./cells.mjs').Cell[]}
 */
export function typescriptCells({ project, versions }) {
  return versions.flatMap((version) => [
    ...Object.entries(RESOLUTIONS).map(([moduleResolution, module]) => ({
      group: 'typescript',
      row: version,
      column: moduleResolution,
      run() {
        const compilerOptions = { ...STRICT, skipLibCheck: false, module, moduleResolution };
        const config = `tsconfig.${version}.${moduleResolution}.json`;
        writeFileSync(
          join(project, config),
          JSON.stringify({ compilerOptions, files: ['types.ts', 'entries.ts'] }),
        );
        run(process.execPath, [compilerOf(project, version), '-p', config], project);
      },
    })),
    {
      group: 'typescript',
      row: version,
      column: 'mistakes',
      run: () => tellMistakes(project, version),
    },
    {
      group: 'typescript',
      row: version,
      column: 'pulled',
      run: () => compilePulled(project, version),
    },
  ]);
}

/**
 * @throws {Error} with every mistake that the compiler does not name in the words that are
 * expected.
 */
function tellMistakes(project, version) {
  const file = `mistakes-${version}.ts`;
  const config = `tsconfig.${version}.mistakes.json`;
  const compilerOptions = {
    ...STRICT,
    skipLibCheck: true,
    module: 'nodenext',
    moduleResolution: 'nodenext',
  };
  writeFileSync(join(project, file), moduleOfMistakes());
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: [file] }));
  // Some of the words are beside an error, and shown with it only in this form.
  const command = [compilerOf(project, version), '-p', config, '--pretty'];
  const { stdout } = spawnSync(process.execPath, command, { cwd: project, encoding: 'utf8' });
  const missing = unsaid(stripVTControlCharacters(stdout), file);
  if (missing.length > 0) throw new Error(missing.join('\n'));
}

/** Compiles modules that are fresh from `pull`. The first compiler has them pulled. */
function compilePulled(project, version) {
  const pulled = () => readdirSync(project).filter((name) => /^pulled-.*\.ts$/.test(name));
  if (pulled().length === 0) run(process.execPath, ['pull.mjs'], project);
  const files = pulled();
  if (files.length === 0) throw new Error('pull.mjs has written no module');
  const config = `tsconfig.${version}.pulled.json`;
  const compilerOptions = {
    ...STRICT,
    skipLibCheck: true,
    module: 'nodenext',
    moduleResolution: 'nodenext',
  };
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files }));
  run(process.execPath, [compilerOf(project, version), '-p', config], project);
}

function compilerOf(project, version) {
  return join(project, 'node_modules', `typescript-${version}`, 'bin/tsc');
}
