import { readdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { breaches } from './layers.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const found = breaches(root);
for (const line of found) console.error(line);
console.log(`layers: ${readdirSync(`${root}/packages`).length} packages, ${found.length} breaches`);
process.exitCode = found.length === 0 ? 0 : 1;
