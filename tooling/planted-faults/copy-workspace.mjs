import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A copy of the workspace in the system's temporary folder. Sources are copied, installed packages linked: a fault planted in the copy never
 * touches the workspace.
 *
 * @param {string} root
 * @param {string} prefix of the folder's name
 * @returns {string} the folder
 */
export function copyWorkspace(root, prefix) {
  const copy = mkdtempSync(join(tmpdir(), prefix));
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  for (const path of listed.stdout.split('\0').filter((each) => each !== '' && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const group of ['packages', 'apps', 'apps/examples', 'tooling'])
    for (const name of existsSync(join(root, group)) ? readdirSync(join(root, group)) : []) {
      const modules = join(root, group, name, 'node_modules');
      if (existsSync(modules))
        cpSync(modules, join(copy, group, name, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    }
  return copy;
}
