import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installStrictProject, run } from './install.mjs';

/**
 * A user's helpers without return types, in a project that has only `@cdf/sdk` and reaches nothing
 * that it did not ask for. Their declarations name no other package: TypeScript would name one of
 * ours by a path that only this machine has (TS2742).
 *
 * @returns {import('./cells.mjs').Cell[]}
 */
export function onlySdkCells({ folder, compilers, tarballs, versions }) {
  let isInstalled = false;
  const install = () => {
    if (isInstalled) return;
    installStrictProject(folder, { dependency: '@cdf/sdk', tarballs: tarballs() });
    cpSync(
      fileURLToPath(new URL('only-sdk/helpers.ts', import.meta.url)),
      join(folder, 'helpers.ts'),
    );
    isInstalled = true;
  };
  return versions.map((version) => ({
    group: 'typescript',
    row: version,
    column: 'pnpm, only @cdf/sdk',
    run() {
      install();
      const outDir = `declarations-${version}`;
      const compilerOptions = {
        declaration: true,
        emitDeclarationOnly: true,
        outDir,
        rootDir: '.',
        strict: true,
        skipLibCheck: false,
        types: [],
        target: 'es2022',
        lib: ['es2022', 'dom'],
        module: 'nodenext',
      };
      const config = `tsconfig.${version}.json`;
      writeFileSync(
        join(folder, config),
        JSON.stringify({ compilerOptions, files: ['helpers.ts'] }),
      );
      run(
        process.execPath,
        [join(compilers, `typescript-${version}`, 'bin/tsc'), '-p', config],
        folder,
      );
      const named = modulesNamedIn(readFileSync(join(folder, outDir, 'helpers.d.ts'), 'utf8'));
      if (named.join() !== '@cdf/sdk') throw new Error(`the declarations name ${named.join(', ')}`);
    },
  }));
}

/** The modules that a declaration file imports, each once. */
export function modulesNamedIn(declarations) {
  const found = declarations.matchAll(/\b(?:import\(\s*|from\s+|import\s+)["']([^"']+)["']/g);
  return [...new Set([...found].map((match) => match[1]))].sort();
}
