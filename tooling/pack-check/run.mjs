// Packs every package, installs the tarballs into an empty project and uses them there as a stranger would: at run time with
// import and require, and under TypeScript with both module resolutions and without skipLibCheck.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { consumer } from './consumer.mjs';
import { checked, checkPackages } from './packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'pack-check-'));
let failures = 0;

const tarballs = checkPackages(root, join(work, 'tarballs'), report);
const files = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
const project = join(work, 'project');
mkdirSync(project);
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(
  join(project, 'package.json'),
  // Packages name each other by version: until they are published, every one of them is a tarball here.
  JSON.stringify({ private: true, type: 'module', dependencies: files, pnpm: { overrides: files }, packageManager }),
);
const install = ['pnpm', 'install', '--prefer-offline', '--ignore-workspace', '--loglevel=error'];
report(checked('install the tarballs into an empty project', install, project));
for (const [file, text] of Object.entries(consumer)) writeFileSync(join(project, file), text);
report(checked('import at run time', [process.execPath, 'import.mjs'], project));
report(checked('require at run time', [process.execPath, 'require.cjs'], project));
for (const [module, moduleResolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
]) {
  const strict = {
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    types: [],
    target: 'es2022',
    lib: ['es2022', 'dom'],
  };
  const compilerOptions = { ...strict, module, moduleResolution };
  const file = `tsconfig.${moduleResolution}.json`;
  writeFileSync(join(project, file), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
  report(checked(`types, moduleResolution ${moduleResolution}, skipLibCheck off`, ['tsc', '-p', file], project));
}
rmSync(work, { recursive: true, force: true });
console.log(`pack-check: ${Object.keys(tarballs).length} packages, ${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;

function report({ what, problem }) {
  console.log(`${problem === undefined ? 'ok     ' : 'FAILED '} ${what}`);
  if (problem === undefined) return;
  failures += 1;
  console.log(problem);
}
