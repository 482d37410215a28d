import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pack } from './tarballs.mjs';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/**
 * @typedef {{ what: string, problem: string | undefined }} Check the name of the check, and the end
 *   of the output when it failed
 */

/**
 * Packs every package of a workspace, looks for its licence, and asks publint and Are The Types
 * Wrong about it.
 *
 * @param {string} root the workspace's folder
 * @param {string} destination where the tarballs go
 * @param {(check: Check) => void} report called as soon as each check is done
 * @returns {Record<string, string>} the tarballs by the package's name
 */
export function checkPackages(root, destination, report) {
  const tarballs = {};
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    try {
      tarballs[`@cdf/${name}`] = pack(root, name, destination);
      report({ what: `${name}: pnpm pack`, problem: undefined });
    } catch (error) {
      report({ what: `${name}: pnpm pack`, problem: error.message });
      continue;
    }
    report({
      what: `${name}: has the licence`,
      problem: licenceProblem(root, tarballs[`@cdf/${name}`]),
    });
    report(
      checked(`${name}: publint`, ['publint', 'run', tarballs[`@cdf/${name}`], '--strict'], folder),
    );
    // ESM only is meant: Node 20.19 and newer can require() it.
    const words = ['attw', tarballs[`@cdf/${name}`], '--profile', 'esm-only', '--quiet'];
    report(checked(`${name}: are the types wrong`, words, folder));
  }
  return tarballs;
}

/** @returns {string | undefined} the problem of the licence in a tarball */
function licenceProblem(root, tarball) {
  const { status, stdout } = spawnSync('tar', ['-xzOf', tarball, 'package/LICENSE'], {
    encoding: 'utf8',
  });
  if (status !== 0) return 'LICENSE is not packed';
  return stdout === readFileSync(join(root, 'LICENSE'), 'utf8')
    ? undefined
    : 'LICENSE is not that of the workspace';
}

/**
 * Runs each install command in a project that has nothing, and imports the installed packages.
 *
 * @param {Record<string, readonly string[]>} commands the tarballs after `npm install`, by the
 * package's name
 * @param {string} folder for the projects
 * @param {(check: Check) => void} report called as soon as each check is done
 */
export function checkInstallCommands(commands, folder, report) {
  for (const [name, files] of Object.entries(commands)) {
    const project = join(folder, name.replace('/', '-'));
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const quiet = [
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--loglevel=error',
    ];
    const installed = checked(
      `${name}: its install command`,
      ['npm', 'install', ...quiet, ...files],
      project,
    );
    report(installed);
    if (installed.problem !== undefined) continue;
    report(
      checked(
        `${name}: imports`,
        ['node', '--input-type=module', '-e', `await import('${name}')`],
        project,
      ),
    );
  }
}

/** Runs a program, which may be one of this workspace. @returns {Check} */
function checked(what, [command, ...words], cwd) {
  const env = { ...process.env, PATH: `${BIN}:${process.env.PATH}` };
  const { status, error, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    env,
    timeout: 300_000,
  });
  if (status === 0) return { what, problem: undefined };
  const printed = `${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`;
  return { what, problem: printed.split('\n').slice(-30).join('\n') || `ended with ${status}` };
}
