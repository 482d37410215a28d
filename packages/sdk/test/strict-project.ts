import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A project as pnpm makes it for a user who installs only `@cdf/sdk`: the sources of the packages
 * below `node_modules/.pnpm`, each with links to its own dependencies. The project itself reaches
 * nothing else.
 */
export function strictProject(): string {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'only-sdk-')));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  const installed = new Set<string>();
  const install = (name: string): string => {
    const store = join(project, 'node_modules/.pnpm', name.replace('/', '+'), 'node_modules');
    const folder = join(store, name);
    if (installed.has(name)) return folder;
    installed.add(name);
    const origin = join(PACKAGES, name.slice('@cdf/'.length));
    cpSync(join(origin, 'src'), join(folder, 'src'), { recursive: true });
    cpSync(join(origin, 'package.json'), join(folder, 'package.json'));
    const { dependencies = {} } = JSON.parse(readFileSync(join(origin, 'package.json'), 'utf8'));
    for (const each of Object.keys(dependencies))
      link(
        each.startsWith('@cdf/') ? install(each) : realpathSync(join(origin, 'node_modules', each)),
        join(store, each),
      );
    return folder;
  };
  link(install('@cdf/sdk'), join(project, 'node_modules/@cdf/sdk'));
  return project;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
