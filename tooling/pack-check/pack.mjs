// Makes the tarballs of all packages in the folder tarballs/, and says how each is installed. Needs
// built packages: `npm run tarballs` builds them.
import { rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installCommands } from './install-commands.mjs';
import { packAll } from './tarballs.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'tarballs');
// One version of each: npm would take an older one that lies beside it.
rmSync(folder, { recursive: true, force: true });
const tarballs = packAll(root, folder, (name, tarball) =>
  console.log(`packed ${name}: ${basename(tarball)}`),
);
const commands = installCommands(root, tarballs);
console.log(
  `\n${Object.keys(tarballs).length} tarballs in ${relative(process.cwd(), folder) || '.'}. In your project, one of:`,
);
for (const [name, files] of Object.entries(commands))
  console.log(`\n# ${name}\nnpm install ${files.map(quoted).join(' ')}`);

/** For a shell, where it needs that. */
function quoted(path) {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : JSON.stringify(path);
}
