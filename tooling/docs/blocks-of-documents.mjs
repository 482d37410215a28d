// Checks the code blocks of all guides and READMEs: their types, that they run, and that they print
// the promised text. Exit 1: one does not.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasBrowser } from '../browser/launch.mjs';
import { checkBlocks } from './check-blocks.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The Markdown files that have blocks: guides, decisions and every README. */
export function documents() {
  const folders = ['apps/docs/guides', 'apps/docs/decisions'];
  const pages = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  );
  const readmes = readdirSync(join(root, 'packages')).map((name) =>
    join(root, 'packages', name, 'README.md'),
  );
  return [...pages, join(root, 'README.md'), ...readmes].filter(
    (file) => file.endsWith('.md') && existsSync(file),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { checked, ran, problems } = await checkBlocks(documents(), undefined, hasBrowser);
  for (const problem of problems) console.error(problem);
  const unseen = hasBrowser ? '' : '; those for browsers did not run: no Chromium was found';
  console.log(`blocks: ${checked} checked, ${ran} ran, ${problems.length} problems${unseen}`);
  // A way of finding blocks that finds few has shown nothing.
  process.exitCode = problems.length > 0 || ran < 80 ? 1 : 0;
}
