import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * A stranger's project: our tarballs, bundlers, and TypeScript in many versions, each under a name of its own.
 *
 * @param {string} folder
 * @param {{ tarballs: Record<string, string>, tools: Record<string, string>, typescripts: readonly string[] }} contents
 */
export function installProject(folder, { tarballs, tools, typescripts }) {
  cpSync(fileURLToPath(new URL('stranger', import.meta.url)), folder, { recursive: true });
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  const compilers = Object.fromEntries(
    typescripts.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]),
  );
  install(folder, { ...files, ...tools, ...compilers });
}

/** One Node for each version: `node-20.19.0/bin/node`. */
export function installRuntimes(folder, versions) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  install(
    folder,
    Object.fromEntries(
      versions.map((version) => [`node-${version}`, `npm:node-${platform}-${process.arch}@${version}`]),
    ),
  );
}

/** Runs a program and gives what it printed; throws with that when it fails. */
export function run(command, words, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8', timeout: 600_000 });
  if (status === 0) return stdout;
  throw new Error(`${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`.trim() || `${command} ended with ${status}`);
}

function install(folder, dependencies) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  run('npm', ['install', '--loglevel=error', ...quiet], folder);
}
