// Makes the site in apps/docs/site and checks it. Exit 1: TypeDoc found a problem, a link is broken, or an export has no docstring.
import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildSite } from './build-site.mjs';
import { checkLinks } from './check-links.mjs';
import { pagesOf } from './pages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const out = `${root}/apps/docs/site`;
const { problems, undocumented } = await buildSite({
  root,
  out,
  pages: pagesOf(root),
  home: `${root}/apps/docs/home.md`,
});
const checked = checkLinks(out);

for (const name of undocumented) console.error(`${name} has no docstring`);
for (const problem of [...problems, ...checked.problems]) console.error(problem);
const failed = problems.length + undocumented.length + checked.problems.length;
console.log(
  `${relative(process.cwd(), out)}/index.html: ${checked.pages} pages, ${checked.links} links, ${failed} problems`,
);
process.exitCode = failed > 0 ? 1 : 0;
