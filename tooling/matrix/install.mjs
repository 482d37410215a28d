import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * A stranger's project: our tarballs, bundlers, and TypeScript in many versions, each under a name
 * of its own.
 *
 * @param {string} folder
 * @param {{ tarballs: Record<string, string>, tools: Record<string, string>, typescripts: readonly
 * string[] }} contents
 */
export function installProject(folder, { tarballs, tools, typescripts }) {
  cpSync(fileURLToPath(new URL('stranger', import.meta.url)), folder, { recursive: true });
  const files = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]),
  );
  const compilers = Object.fromEntries(
    typescripts.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]),
  );
  install(folder, { ...files, ...tools, ...compilers });
  writeEntries(folder);
}

/**
 * Writes `entries.ts`, which imports the types of every entry of the installed packages, so that
 * every declaration file is checked.
 *
 * @param {string} folder of a stranger's project
 */
export function writeEntries(folder) {
  const specifiers = createRequire(join(folder, 'any.cjs'))('./entries.cjs').entries();
  const imports = specifiers.map(
    (specifier, index) => `import type * as entry${index} from '${specifier}';`,
  );
  const types = specifiers.map((_, index) => `typeof entry${index}`);
  writeFileSync(
    join(folder, 'entries.ts'),
    `${imports.join('\n')}\nexport type Entries = [${types.join(', ')}];\n`,
  );
}

/**
 * A project with one dependency, as pnpm installs it: what that depends on is out of the project's
 * reach. Our packages are on no registry yet, so that those below it are told to be tarballs, too.
 *
 * @param {string} folder
 * @param {{ dependency: string, tarballs: Record<string, string> }} contents
 */
export function installStrictProject(folder, { dependency, tarballs }) {
  const overrides = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]),
  );
  const dependencies = { [dependency]: overrides[dependency] };
  mkdirSync(folder, { recursive: true });
  // A project of its own, whatever is above it.
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), 'packages: []\n');
  const manifest = { private: true, type: 'module', dependencies, pnpm: { overrides } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const pnpm = fileURLToPath(new URL('../../node_modules/.bin/pnpm', import.meta.url));
  run(
    pnpm,
    [
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      '--reporter=append-only',
      '--loglevel=error',
    ],
    folder,
  );
}

/** One Node for each version: `node-20.19.0/bin/node`. */
export function installRuntimes(folder, versions) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  install(
    folder,
    Object.fromEntries(
      versions.map((version) => [
        `node-${version}`,
        `npm:node-${platform}-${process.arch}@${version}`,
      ]),
    ),
  );
}

/** Runs a program and gives its output; throws with the output when it fails. */
export function run(command, words, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (status === 0) return stdout;
  throw new Error(
    `${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`.trim() ||
      `${command} ended with ${status}`,
  );
}

function install(folder, dependencies) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  );
  const quiet = [
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--ignore-scripts',
  ];
  run('npm', ['install', '--loglevel=error', ...quiet], folder);
}
