// Packs every package, installs the tarballs into an empty project and uses them there as a stranger would: at run time with
// import and require, and under TypeScript with both module resolutions and without skipLibCheck.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { consumer } from './consumer.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'pack-check-'));
const tarballs = join(work, 'tarballs');
mkdirSync(tarballs);
let failures = 0;

const names = readdirSync(join(root, 'packages'));
for (const name of names) {
  const folder = join(root, 'packages', name);
  check(`${name}: pnpm pack`, ['pnpm', 'pack', '--pack-destination', tarballs], folder);
  check(`${name}: publint`, ['publint', 'run', '--strict', '--pack', 'false'], folder);
  const tarball = tarballOf(name);
  // ESM only is meant: Node 20.19 and newer can require() it.
  check(`${name}: are the types wrong`, ['attw', tarball, '--profile', 'esm-only', '--quiet'], folder);
}

const project = join(work, 'project');
mkdirSync(project);
const versions = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tarball = Object.fromEntries(names.map((name) => [`@cdf/${name}`, `file:${tarballOf(name)}`]));
writeFileSync(
  join(project, 'package.json'),
  JSON.stringify({
    private: true,
    type: 'module',
    dependencies: tarball,
    // Packages name each other by version: until they are published, every one of them is a tarball here.
    pnpm: { overrides: tarball },
    packageManager: versions.packageManager,
  }),
);
check(
  'install the tarballs into an empty project',
  ['pnpm', 'install', '--prefer-offline', '--ignore-workspace', '--loglevel=error'],
  project,
);
for (const [file, text] of Object.entries(consumer)) writeFileSync(join(project, file), text);
check('import at run time', [process.execPath, 'import.mjs'], project);
check('require at run time', [process.execPath, 'require.cjs'], project);
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
  check(
    `types, moduleResolution ${moduleResolution}, skipLibCheck off`,
    [join(root, 'node_modules/.bin/tsc'), '-p', file],
    project,
  );
}
rmSync(work, { recursive: true, force: true });
console.log(`pack-check: ${names.length} packages, ${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;

function check(what, [command, ...words], cwd) {
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8', env, timeout: 300_000 });
  console.log(`${status === 0 ? 'ok     ' : 'FAILED '} ${what}`);
  if (status === 0) return;
  failures += 1;
  console.log(`${stdout ?? ''}${stderr ?? ''}`.split('\n').slice(-30).join('\n'));
}

function tarballOf(name) {
  const file = readdirSync(tarballs).find((each) => new RegExp(`^cdf-${name}-\\d`).test(each));
  if (file === undefined) throw new Error(`${name} was not packed`);
  return join(tarballs, file);
}
