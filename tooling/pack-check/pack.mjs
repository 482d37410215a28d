// Makes the tarballs of all packages in the folder tarballs/. Needs built packages: `npm run tarballs` builds them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from './tarballs.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'tarballs');
// One version of each: npm would take an older one that lies beside it.
rmSync(folder, { recursive: true, force: true });
const tarballs = packAll(root, folder);
console.log(`${Object.keys(tarballs).length} tarballs: npm install ${folder}/*.tgz`);
